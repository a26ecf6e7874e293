//! Constants for the stored records of every stream.

/// Rows that one statement writes. At most 15 values a row stay below SQLite's limit of 32,766
/// values a statement.
pub(super) const ROWS_PER_STATEMENT: usize = 1000;

/// The first character of the stored id of a record that has no id in its system. The hash of the
/// record's text follows.
pub(super) const NO_ID_PREFIX: char = '?';
