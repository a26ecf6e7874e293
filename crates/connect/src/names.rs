//! The names that expressions of manifests may use besides those of records.

/// The names of the account.
pub(crate) const ACCOUNT: &[&str] = &["credentials", "token", "time_zone"];
/// The names of the position in a list.
pub(crate) const POSITION: &[&str] = &[
    "page", "offset", "size", "cursor", "mark", "since", "until", "initial",
];
/// The names of an answer.
pub(crate) const ANSWER: &[&str] = &["status", "answer", "text", "headers", "link", "date"];
