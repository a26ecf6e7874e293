//! The reading of dates: the result is a day of the calendar, and the same when it is read again.
//! The other readers of cells accept any text.
#![no_main]

use alta_domain::{Country, DateOrder};
use alta_intake::{read_boolean, read_date, read_email, read_number, read_tax_id};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for order in [DateOrder::Dmy, DateOrder::Mdy] {
        if let Some(date) = read_date(text, 2026).under(Some(order)) {
            assert_eq!(read_date(&date.to_string(), 2026).under(Some(order)), Some(date),
                "{text:?}");
        }
    }
    if let Some(email) = read_email(text) {
        assert_eq!(read_email(&email).as_deref(), Some(&*email));
    }
    let _ = (
        read_boolean(text),
        read_number(text, Country::BRAZIL),
        read_number(text, Country::MEXICO),
        read_tax_id(text, Country::BRAZIL, text.len() % 2 == 0),
    );
});
