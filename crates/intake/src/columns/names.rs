//! The known names of columns in Spanish, Portuguese and English.

mod details;
mod person;

use alta_domain::BuiltInField;

/// Returns the known names of each field, folded. A longer name may also begin or end with one of
/// these.
pub(super) fn names() -> impl Iterator<Item = &'static (BuiltInField, &'static [&'static str])> {
    person::NAMES.iter().chain(details::NAMES)
}
