//! The import as the browser sees it: the file in the worker, the mapping, the check, the sending.
//! Lives as long as the wizard is open.

mod conflicts_link;
mod copy;
mod decisions;
mod dom;
mod effect;
mod effect_panel;
mod grid;
mod ledger;
mod problems;
mod sending;
mod session;
mod undo;
mod worker;

pub(crate) use conflicts_link::ConflictsLink;
pub(crate) use copy::{copies_forgotten, forget_copies};
pub(crate) use effect::Rehearsal;
pub(crate) use effect_panel::EffectPanel;
pub(crate) use grid::RowGrid;
pub(crate) use ledger::{CheckLedgerBar, import_segments};
pub(crate) use problems::ProblemPanel;
pub(crate) use sending::{Sending, SendingState, is_passing};
pub(crate) use session::{ImportSession, use_session};
pub(crate) use undo::UndoImport;
