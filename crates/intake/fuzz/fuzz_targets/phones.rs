//! The reading of phones: a number has at most 19 digits (toll-free ones of Japan), and is the same
//! when its international form is read again.
#![no_main]

use alta_domain::Country;
use alta_intake::phone::{format_phone, read_phone};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &str)| {
    let (which, text) = input;
    let code = Country::OFFERED[usize::from(which) % Country::OFFERED.len()].0;
    let Some(country) = Country::parse(code) else { return };
    if let Ok(phone) = read_phone(text, country) {
        // A cell with fewer than seven digits is not a number, even where some country has shorter
        // ones.
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
