//! A column that is judged.

use alta_domain::{DateOrder, FieldTarget};

use crate::fix::Fixes;

/// A column that has a target.
#[derive(Clone, Debug)]
pub(super) struct Active {
    pub(super) index: u32,
    pub(super) target: FieldTarget,
    pub(super) date_order: Option<DateOrder>,
    /// What was decided about its cells, with the place in the plan.
    pub(super) fixes: Fixes,
    /// Any text is good, and nothing was decided about it.
    pub(super) takes_any: bool,
    /// Its tax ids are another country's, by its name.
    pub(super) foreign: bool,
    /// The columns of codes that stand before its phones, by their places among those judged.
    pub(super) parts: Vec<usize>,
}
