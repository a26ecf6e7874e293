//! One clean table, polluted one way at a time: each file must be read as the table it came from,
//! with nothing told about it.
//!
//! The kinds of pollution are those that robustness suites for CSV loaders found in the wild: of
//! the file, of the table, of one row.

mod file;
mod layout;
mod row;
mod table;
