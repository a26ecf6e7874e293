//! A number that is read has at most 19 digits (toll free ones of Japan), and the same again when
//! it is written internationally.
#![no_main]

use alta_domain::Country;
use alta_intake::phone::{format_phone, read_phone};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &str)| {
    let (which, text) = input;
    let code = Country::OFFERED[usize::from(which) % Country::OFFERED.len()].0;
    let Some(country) = Country::parse(code) else { return };
    if let Ok(phone) = read_phone(text, country) {
        // A cell without seven digits is no number, even where some country has shorter ones.
        if phone.digits < 1_000_000 {
            return;
        }
        assert!(phone.digits < 10_000_000_000_000_000_000);
        let again = read_phone(&format!("+{}", phone.digits), country).map(|phone| phone.digits);
        assert_eq!(again, Ok(phone.digits), "{text:?}");
        assert_eq!(read_phone(&format_phone(phone.digits), country).map(|phone| phone.digits),
            Ok(phone.digits));
    }
});
