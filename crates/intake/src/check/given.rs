//! A cell as it reaches the engine.

/// A cell as it reaches the engine.
#[derive(Clone, Copy)]
pub(super) struct Given<'a> {
    pub(super) text: &'a str,
    /// The place in the plan of the decision that gave it its text; none as it stands in the file.
    pub(super) typed: Option<usize>,
}
