//! The exit statuses of `alta` beside 0 (done) and 1 (failed).

/// The arguments or the settings are wrong.
pub(crate) const BAD_ARGUMENTS: u8 = 2;
/// The file cannot be used.
pub(crate) const UNUSABLE_FILE: u8 = 3;
