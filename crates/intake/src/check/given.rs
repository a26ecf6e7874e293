//! The text of a cell, as the check receives it.

/// The text of a cell, as the check receives it.
#[derive(Clone, Copy)]
pub(super) struct Given<'a> {
    pub(super) text: &'a str,
    /// The index, in the plan, of the decision that gave the text; `None` for the file's text.
    pub(super) typed: Option<usize>,
}
