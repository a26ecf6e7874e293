use alta_domain::DateOrder;

use super::*;
use proptest::prelude::*;

fn sure(text: &str) -> Option<String> {
    read_date(text, 2026)
        .under(None)
        .map(|date| date.to_string())
}

#[test]
fn days_that_can_only_be_read_one_way_are_read() {
    for text in [
        "1990-04-03",
        "1990/4/3",
        "19900403",
        "3 de abril de 1990",
        "03-abr-90",
        "Apr 3, 1990",
        "3 abr. 1990",
        "1990-04-03T00:00:00Z",
        "1990-04-03 10:20",
        "32966",
    ] {
        assert_eq!(sure(text).as_deref(), Some("1990-04-03"), "{text}");
    }
}

#[test]
fn eight_digits_are_read_from_either_end() {
    assert_eq!(read_date("31121990", 2026).proof(), Some(DateOrder::Dmy));
    assert_eq!(
        read_date("03041990", 2026),
        DateReading::Numbers {
            first: 3,
            second: 4,
            year: 1990
        }
    );
}

#[test]
fn two_small_numbers_wait_for_their_column() {
    let reading = read_date("03/04/1990", 2026);
    assert_eq!(reading.under(None), None);
    assert_eq!(
        reading
            .under(Some(DateOrder::Dmy))
            .map(|date| date.to_string())
            .as_deref(),
        Some("1990-04-03")
    );
    assert_eq!(
        reading
            .under(Some(DateOrder::Mdy))
            .map(|date| date.to_string())
            .as_deref(),
        Some("1990-03-04")
    );
}

#[test]
fn a_two_digit_year_is_never_in_the_future() {
    assert_eq!(
        read_date("01/01/26", 2026),
        DateReading::Numbers {
            first: 1,
            second: 1,
            year: 2026
        }
    );
    assert_eq!(
        read_date("01/01/27", 2026),
        DateReading::Numbers {
            first: 1,
            second: 1,
            year: 1927
        }
    );
}

#[test]
fn what_is_no_day_is_refused() {
    for text in [
        "",
        "ayer",
        "31/02/1990",
        "99/99/1990",
        "1990-13-01",
        "12/1990",
        "3/4",
        "123456",
        "-",
        "0",
    ] {
        assert_eq!(read_date(text, 2026), DateReading::Invalid, "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in ".{0,30}") {
        let _ = read_date(&text, 2026);
    }
}
