//! The buttons of the problems panel: their names in the document, and their actions.

use std::fmt::{self, Display, Formatter};

use alta_domain::{Fix, ProblemFilter};

/// The action of a button.
#[derive(Clone)]
pub(super) enum PanelAction {
    /// Takes this decision about a problem.
    Decide(Fix),
    /// Shows only the rows with a problem, or all rows again.
    ToggleRows(ProblemFilter),
    /// Removes a decision, by its place in the plan.
    Undo { decision: usize },
}

/// The name of a button in the document, made of places that are counted from 0.
#[derive(Clone, Copy)]
pub(super) enum ButtonName {
    Remedy { problem: usize, remedy: usize },
    Rows { problem: usize },
    OnePerson { pair: usize },
    Undo { decision: usize },
}

impl Display for ButtonName {
    fn fmt(&self, to: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Remedy { problem, remedy } => write!(to, "remedy {problem} {remedy}"),
            Self::OnePerson { pair } => write!(to, "one-person {pair}"),
            Self::Rows { problem } => write!(to, "rows {problem}"),
            Self::Undo { decision } => write!(to, "undo {decision}"),
        }
    }
}

/// A button that the panel has drawn.
pub(super) struct PanelButton {
    pub(super) name: String,
    pub(super) action: PanelAction,
}

/// Returns the action of the button with this name; `None` when there is no such button.
pub(super) fn find(buttons: &[PanelButton], name: &str) -> Option<PanelAction> {
    buttons
        .iter()
        .find(|button| button.name == name)
        .map(|button| button.action.clone())
}
