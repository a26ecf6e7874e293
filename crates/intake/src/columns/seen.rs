//! What a column's name and its values say.

use alta_domain::{BuiltInField, ColumnKind, ColumnPermission};

use super::synonyms::Likeness;

/// What a column's name and its values say, each by itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen<'a> {
    pub(super) header: &'a str,
    pub(super) named: Option<(BuiltInField, Likeness)>,
    pub(super) kind: ColumnKind,
    /// All its phones are landlines.
    pub(super) landlines: bool,
    /// It says yes and no to being written to.
    pub(super) permission: Option<ColumnPermission>,
}
