//! The exit statuses of `alta` besides 0 (done) and 1 (failed).

/// The exit status when the arguments or the settings are wrong.
pub(crate) const BAD_ARGUMENTS: u8 = 2;
/// The exit status when the file cannot be used.
pub(crate) const UNUSABLE_FILE: u8 = 3;
