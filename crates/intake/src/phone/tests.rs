use alta_domain::ProblemCode;

use super::*;
use alta_domain::Country;
use proptest::prelude::*;

fn digits(text: &str, country: &str) -> Result<u64, PhoneError> {
    read_phone(text, Country::parse(country).unwrap()).map(|phone| phone.digits)
}

fn brazilian(text: &str) -> Result<u64, PhoneError> {
    digits(text, "BR")
}

#[test]
fn all_writings_of_one_brazilian_mobile_are_one_number() {
    for writing in [
        "5551999999999",
        "+55 51 99999-9999",
        "(51) 99999-9999",
        "51 9999-9999",
        "555199999999",
        "051999999999",
        "0 15 51 99999-9999",
        "(0XX51) 99999-9999",
        "=\"51999999999\"",
        "'51999999999",
        "51999999999.0",
        "+55 (0)51 99999-9999",
        "Tel: 51 99999-9999",
        "51 99999-9999 ramal 12",
        "51 99999-9999 / 51 3333-4444",
        "5.551999999999E+12",
    ] {
        assert_eq!(brazilian(writing), Ok(5_551_999_999_999), "{writing}");
    }
}

#[test]
fn brazilian_landlines_are_left_alone() {
    let phone = read_phone("(51) 3333-4444", Country::BRAZIL).unwrap();
    assert_eq!(
        (phone.digits, phone.kind),
        (555_133_334_444, PhoneKind::Landline)
    );
}

#[test]
fn a_national_reading_comes_before_a_foreign_one() {
    assert_eq!(
        brazilian("47 9123-4567"),
        Ok(5_547_991_234_567),
        "Joinville, not Norway"
    );
}

#[test]
fn a_plus_is_international_and_nothing_else() {
    assert_eq!(brazilian("+47 91 23 45 67"), Ok(4_791_234_567));
    assert_eq!(brazilian("0047 91 23 45 67"), Ok(4_791_234_567));
    assert_eq!(brazilian("+999 12345678"), Err(PhoneError::NoCountry));
}

#[test]
fn old_mexican_prefixes_are_removed() {
    for writing in [
        "52 1 55 1234 5678",
        "044 55 1234 5678",
        "045 55 1234 5678",
        "01 55 1234 5678",
        "55 1234 5678",
    ] {
        assert_eq!(digits(writing, "MX"), Ok(525_512_345_678), "{writing}");
    }
}

#[test]
fn the_argentinian_15_becomes_a_9() {
    assert_eq!(digits("011 15 2345-6789", "AR"), Ok(5_491_123_456_789));
    assert_eq!(digits("+54 9 11 2345-6789", "AR"), Ok(5_491_123_456_789));
}

#[test]
fn colombian_mobiles_are_valid_at_home_and_abroad() {
    assert_eq!(digits("300 123 4567", "CO"), Ok(573_001_234_567));
    assert_eq!(brazilian("+57 300 123 4567"), Ok(573_001_234_567));
}

#[test]
fn what_is_wrong_is_named() {
    assert_eq!(brazilian("5,55E+12"), Err(PhoneError::LostDigits));
    assert_eq!(brazilian("12345"), Err(PhoneError::NotANumber));
    assert_eq!(brazilian("ana@example.com"), Err(PhoneError::NotANumber));
    assert_eq!(brazilian("(20) 99999-9999"), Err(PhoneError::Invalid));
    assert_eq!(brazilian("55519999999991234"), Err(PhoneError::TooLong));
}

#[test]
fn text_beside_the_number_is_said() {
    assert_eq!(
        read_phone("51 99999-9999 (mãe)", Country::BRAZIL)
            .unwrap()
            .notice,
        Some(ProblemCode::ExtraText)
    );
}

#[test]
fn labels_and_remarks_are_no_digits_of_the_number() {
    for (writing, number) in [
        ("Tel1: (98) 5907-4391", 559_859_074_391),
        ("1) (98) 5907-4391", 559_859_074_391),
        ("Fone 1: (85) 4681-6788", 558_546_816_788),
        ("Tel 2: +55 51 99999-9999", 5_551_999_999_999),
        ("(85) 2223-7782 (8h às 18h)", 558_522_237_782),
        ("(11) 98347-1188 1º andar", 5_511_983_471_188),
        ("(11) 2012-8446 24h", 551_120_128_446),
        ("51 3333-4444 (2 linhas)", 555_133_334_444),
        ("123 / 51 98888-8888", 5_551_988_888_888),
        ("12/05/2021 +51 91234-0481", 51_912_340_481),
        ("Ramal 12 - 11 3333-4444", 551_133_334_444),
        ("cel51999999999", 5_551_999_999_999),
    ] {
        assert_eq!(brazilian(writing), Ok(number), "{writing}");
    }
}

/// Returns the digits of all numbers of a cell, and true when text is left out.
fn all(text: &str) -> (Vec<u64>, bool) {
    let (first, further) =
        read_phones(text, Country::BRAZIL).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    assert_eq!(read_phone(text, Country::BRAZIL), Ok(first), "{text}");
    let digits = std::iter::once(first).chain(further);
    (
        digits.map(|phone| phone.digits).collect(),
        first.notice == Some(ProblemCode::ExtraText),
    )
}

#[test]
fn of_one_number_there_is_no_further_one() {
    for (writing, extra) in [
        ("51999999999", false),
        ("+55 51 99999-9999", false),
        ("51.99999.9999", false),
        ("51 99999/9999", false),
        ("5.551999999999E+12", false),
        ("51 99999-9999 /", false),
        ("51 99999-9999;", false),
        ("51 99999-9999 / 51999999999", false),
        ("51 99999-9999 (mãe)", true),
        ("51 99999-9999 / Ana", true),
        ("51 99999-9999 ramal 12", true),
        ("51 99999-9999 ramal 5133334444", true),
        ("51 99999-9999 CPF 11987654321", true),
        ("51 99999-9999 / 3333-4444", true),
        ("51 99999-9999 12/05/2021", true),
        ("+1 / +55 51 99999-9999", true),
        ("123 / 51 99999-9999", true),
        ("(20) 99999-9999 ou 51 99999-9999", true),
    ] {
        assert_eq!(all(writing), (vec![5_551_999_999_999], extra), "{writing}");
    }
}

#[test]
fn all_numbers_of_a_cell_are_read_in_their_order() {
    for writing in [
        "51999999999 51988888888",
        "(51) 99999-9999 (51) 98888-8888",
        "(51)99999-9999(51)98888-8888",
        "51 99999-9999 - 51 98888-8888",
        "+5551999999999 5551988888888",
        "51 99999-9999 / 51 98888-8888",
        "51 99999-9999; 51 98888-8888",
        "51 99999-9999, 51 98888-8888",
        "51 99999-9999 | 51 98888-8888 |",
        "51 99999-9999 ou 51 98888-8888",
        "51 99999-9999 o 51 98888-8888",
        "51 99999-9999 e 51 98888-8888",
        "51 99999-9999 y 51 98888-8888",
        "51 99999-9999 or +55 51 98888-8888",
        "51 99999-9999\r\n51 98888-8888",
        "51 99999-9999 ::: 51 98888-8888",
        "51 99999-9999 / 51 98888-8888 / 51 99999-9999",
    ] {
        let both = vec![5_551_999_999_999, 5_551_988_888_888];
        assert_eq!(all(writing), (both, false), "{writing}");
    }
    for writing in [
        "Cel: 51 99999-9999 / Zap: 51 98888-8888",
        "51 99999-9999 (Ana) 51 98888-8888 (Bia)",
        "51 99999-9999 / (20) 99999-9999 / 51 98888-8888",
        "51999999999 51988888888 casa",
    ] {
        let both = vec![5_551_999_999_999, 5_551_988_888_888];
        assert_eq!(all(writing), (both, true), "{writing}");
    }
    let three = vec![5_551_999_999_999, 5_551_988_888_888, 573_001_234_567];
    assert_eq!(
        all("51999999999 51988888888 / +57 300 123 4567"),
        (three, false)
    );
}

#[test]
fn a_mobile_goes_before_a_landline() {
    for writing in [
        "51 3333-4444 / 51 99999-9999 / 51 3333-5555",
        "(51) 3333-4444 (51) 99999-9999 (51) 3333-5555",
        "51 3333-4444 ou 51 99999-9999 ou 51 3333-5555",
    ] {
        let three = vec![5_551_999_999_999, 555_133_334_444, 555_133_335_555];
        assert_eq!(all(writing), (three, false), "{writing}");
    }
    let landlines = vec![555_133_334_444, 555_133_335_555];
    assert_eq!(all("51 3333-4444 / 51 3333-5555"), (landlines, false));
}

#[test]
fn the_mending_of_the_first_is_said_where_nothing_is_left_out() {
    let (first, _) = read_phones("51 9999-9999 / 51 98888-8888", Country::BRAZIL).unwrap();
    assert_eq!(first.notice, Some(ProblemCode::NinthDigitAdded));
}

#[test]
fn a_long_text_is_no_phone() {
    let text = format!("51.99999.9999 {}", "a".repeat(200));
    assert_eq!(brazilian(&text), Err(PhoneError::TooLong));
}

#[test]
fn a_digit_too_many_is_no_second_number() {
    assert_eq!(brazilian("51 99999-99999"), Err(PhoneError::Invalid));
}

#[test]
fn no_number_of_another_country_is_made_of_a_wrong_one() {
    for writing in [
        "084 3322-8221 7",
        "041 41555-5267",
        "01415 555-2671",
        "(011) 99876-54321",
        "0119987654321",
        "+0 51 99999-9999",
    ] {
        assert!(brazilian(writing).is_err(), "{writing}");
    }
    assert_eq!(digits("03 321 1234567", "CO"), Ok(573_211_234_567));
    assert_eq!(digits("0414 601 2345678", "CO"), Ok(576_012_345_678));
    assert_eq!(digits("0 10 71234567", "BO"), Ok(59_171_234_567));
    assert_eq!(digits("416 555 1234", "US"), Ok(14_165_551_234));
    assert_eq!(digits("+56600128681.0", "CL"), Ok(56_600_128_681));
}

#[test]
fn ten_digits_that_become_valid_get_a_ninth() {
    for (writing, number) in [
        ("98 6612-5853", 5_598_966_125_853),
        ("553486151938", 5_534_986_151_938),
        ("0 51 8888-7777", 5_551_988_887_777),
    ] {
        assert_eq!(brazilian(writing), Ok(number), "{writing}");
    }
    for landline in [
        "051 3333-4444",
        "0 15 51 3333-4444",
        "55 51 3333-4444",
        "90 51 3333-4444",
    ] {
        assert_eq!(brazilian(landline), Ok(555_133_334_444), "{landline}");
    }
}

#[test]
fn digits_and_marks_of_other_scripts_and_of_links_are_read() {
    for writing in [
        "５１９９９９９９９９９",
        "51\u{2212}99999\u{2212}9999",
        "51 99999\u{200b}9999",
        "51 99999\t9999",
        "51 99999/9999",
        "https://api.whatsapp.com/send?phone=%2B5551999999999",
        "tel:+55%2051%2099999-9999",
        "5,551,999,999,999",
    ] {
        assert_eq!(brazilian(writing), Ok(5_551_999_999_999), "{writing}");
    }
}

#[test]
fn scientific_notation_is_written_out_when_no_digit_is_lost() {
    for writing in [
        "5.551999999999000e+12",
        "5,551999999999E+012",
        "5.551999999999E12",
        "55.51999999999E+11",
    ] {
        assert_eq!(brazilian(writing), Ok(5_551_999_999_999), "{writing}");
    }
    for writing in [
        "+5,55E+12",
        "55E+11",
        "5,55 E+12",
        "5,55E+99",
        "Tel 5,55E+12",
        "5,55E+12 (cel)",
    ] {
        assert_eq!(brazilian(writing), Err(PhoneError::LostDigits), "{writing}");
    }
    assert_eq!(brazilian("5.5519999999991E+12"), Err(PhoneError::Invalid));
    assert_eq!(brazilian("5.551999999999E-12"), Err(PhoneError::Invalid));
    assert_eq!(brazilian("5,55E+12 / 51 98888-8888"), Ok(5_551_988_888_888));
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in ".{0,60}") {
        let _ = read_phone(&text, Country::BRAZIL);
    }

    #[test]
    fn numbers_side_by_side_are_read_without_panic(text in "[0-9+() /;,.|eo\n%E-]{0,80}") {
        if let Ok((first, further)) = read_phones(&text, Country::BRAZIL) {
            prop_assert_eq!(read_phone(&text, Country::BRAZIL), Ok(first));
            prop_assert!(further.iter().all(|other| other.digits != first.digits));
        }
    }

    #[test]
    fn a_valid_number_read_again_is_itself(text in "[0-9+() -]{7,20}") {
        if let Ok(phone) = read_phone(&text, Country::BRAZIL) {
            let again = read_phone(&format!("+{}", phone.digits), Country::BRAZIL).unwrap();
            prop_assert_eq!(again.digits, phone.digits);
            prop_assert_eq!(again.kind, phone.kind);
        }
    }
}
