//! The import in the browser: the session (file, check, effect, transfer, drafts), the worker that
//! reads the file, and the parts of pages that show them.

mod conflicts_link;
mod copy;
mod dom;
mod effect_panel;
mod grid;
mod ledger;
mod left_out;
mod problems;
mod rejects_link;
mod session;
mod undo;
mod worker;

pub(crate) use conflicts_link::ConflictsLink;
pub(crate) use copy::{remove_copies, spawn_copy_removal};
pub(crate) use effect_panel::EffectPanel;
pub(crate) use grid::RowGrid;
pub(crate) use ledger::{CheckLedgerBar, LedgerOf, import_segments};
pub(crate) use left_out::LeftOutColumns;
pub(crate) use problems::ProblemPanel;
pub(crate) use rejects_link::RejectsLink;
pub(crate) use session::{FileCheck, ImportSession, is_temporary, use_session};
pub(crate) use undo::{UndoImport, Undoable};
