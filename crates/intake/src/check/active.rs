//! A column under check.

use alta_domain::{DateOrder, FieldTarget};

use crate::fix::Fixes;

/// A column that has a target, with the decisions about it.
#[derive(Clone, Debug)]
pub(super) struct Active {
    pub(super) index: u32,
    pub(super) target: FieldTarget,
    pub(super) date_order: Option<DateOrder>,
    /// The decisions about the column's cells, each with its index in the plan.
    pub(super) fixes: Fixes,
    /// True when any text is valid and no decision concerns the column.
    pub(super) takes_any: bool,
    /// True when the column's name says that its tax ids are those of another country than Brazil.
    pub(super) foreign: bool,
    /// The columns with the codes of its phones, as indexes among the judged columns.
    pub(super) parts: Vec<usize>,
}
