//! One clean table, polluted in one way at a time: the engine must read each file as the table that
//! it came from, without any hint.
//!
//! The kinds of pollution are those that robustness suites for CSV loaders found in practice: of
//! the file, of the table, of one row.

mod file;
mod layout;
mod row;
mod table;
