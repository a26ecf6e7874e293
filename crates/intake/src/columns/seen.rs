//! The findings about a column from its name and its values.

use alta_domain::{BuiltInField, ColumnKind, ColumnPermission};

use super::synonyms::Likeness;

/// The findings about a column, from its name and from its values separately.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen<'a> {
    pub(super) header: &'a str,
    pub(super) named: Option<(BuiltInField, Likeness)>,
    pub(super) kind: ColumnKind,
    /// True when all phones of the column are landlines.
    pub(super) landlines: bool,
    /// The permission that the column's answers are about; `None` when it is no column of
    /// permission.
    pub(super) permission: Option<ColumnPermission>,
}
