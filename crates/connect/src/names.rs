//! The names that expressions of manifests may use besides those of records.

/// The variables that hold facts of the account.
pub(crate) const ACCOUNT: &[&str] = &["credentials", "token", "time_zone"];
/// The variables that hold the position in a list while it is read.
pub(crate) const POSITION: &[&str] = &[
    "page", "offset", "size", "cursor", "mark", "since", "until", "initial",
];
/// The variables that hold parts of an answer.
pub(crate) const ANSWER: &[&str] = &["status", "answer", "text", "headers", "link", "date"];
