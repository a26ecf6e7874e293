//! The reading of a file's first part, whole or cut off. Corrections of the Admin must not make it
//! panic.
#![no_main]

use alta_domain::{Country, Delimiter, FileLimits, HeaderChoice, ShapeChoice};
use alta_intake::understand;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for whole in [true, false] {
        let Ok(found) = understand(bytes, whole, Country::BRAZIL, 2026, &ShapeChoice::default(),
            FileLimits::default()) else { continue };
        assert!(found.shape.first_data_line >= 1);
        assert_eq!((found.shape.width as usize).min(1000), found.columns.len());
        let choice = ShapeChoice { delimiter: Some(Delimiter::Tab),
            header: Some(HeaderChoice::Line(2)), ..ShapeChoice::default() };
        let _ = understand(bytes, whole, Country::MEXICO, 2026, &choice, FileLimits::default());
    }
});
