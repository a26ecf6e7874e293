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
    assert_eq!((phone.digits, phone.kind), (555_133_334_444, PhoneKind::Landline));
}

#[test]
fn a_national_reading_comes_before_a_foreign_one() {
    assert_eq!(brazilian("47 9123-4567"), Ok(5_547_991_234_567), "Joinville, not Norway");
}

#[test]
fn a_plus_is_international_and_nothing_else() {
    assert_eq!(brazilian("+47 91 23 45 67"), Ok(4_791_234_567));
    assert_eq!(brazilian("0047 91 23 45 67"), Ok(4_791_234_567));
    assert_eq!(brazilian("+999 12345678"), Err(PhoneError::NoCountry));
}

#[test]
fn old_mexican_prefixes_are_removed() {
    for writing in ["52 1 55 1234 5678", "044 55 1234 5678", "045 55 1234 5678", "01 55 1234 5678", "55 1234 5678"] {
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
    assert_eq!(read_phone("51 99999-9999 (mãe)", Country::BRAZIL).unwrap().notice, Some(ProblemCode::ExtraText));
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in ".{0,60}") {
        let _ = read_phone(&text, Country::BRAZIL);
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
