//! The decoding: any bytes become text in any encoding, and a census by chunks equals one over all
//! bytes.
#![no_main]

use alta_domain::Encoding;
use alta_intake::{Utf8Census, text_of};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for encoding in Encoding::ALL {
        let (text, bad) = text_of(bytes, encoding);
        if encoding == Encoding::Utf8 {
            assert_eq!(bad, std::str::from_utf8(bytes).is_err(), "{text}");
        }
    }
    let mut whole = Utf8Census::default();
    whole.push(bytes);
    let mut parts = Utf8Census::default();
    bytes.chunks(3).for_each(|part| parts.push(part));
    assert_eq!(whole.encoding(), parts.encoding());
});
