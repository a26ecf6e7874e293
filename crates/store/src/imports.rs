//! Imports: the way in which contacts of a file or of a system become the organization's.
//!
//! [`begin`] checks the plan and creates the import's row, [`receive`] writes the records batch by
//! batch, and [`finish`] or [`stop`] ends the import. Every record is counted once in its ledger.
//! Afterwards an Admin can read the [`rejects`], send them again corrected, decide the
//! [`conflicts`], or [`undo`] the import. [`effect`] reads the data for the preview of an import
//! that has not begun.

mod batch;
mod begin;
mod conflicts;
mod corrections;
mod detail;
pub mod effect;
mod end;
pub(crate) mod from_system;
mod ledger_rows;
mod listing;
mod members;
mod merged;
mod nobodys;
mod rejects;
mod retention;
mod row;
mod summary;
mod undo;
mod waiting;

pub(crate) use batch::{KnownRecord, apply_within};
pub use batch::{Prepared, prepare, receive, receive_prepared};
pub use begin::{FileFacts, begin};
pub(crate) use begin::{SystemImport, begin_of_system};
pub use conflicts::{conflicts, resolve};
pub use detail::detail;
pub(crate) use end::finish_or_remove;
pub use end::{finish, stop};
pub use ledger_rows::{LEDGER_ROWS, contacts_of, records_of};
pub use listing::{ImportFilter, all};
pub use nobodys::nobodys;
pub use rejects::{Reject, rejects};
pub use retention::forget_rejects;
pub use row::plan;
pub(crate) use row::{Plans, state};
pub(crate) use summary::several;
pub use summary::{last, last_unfinished, last_with_header, one};
pub(crate) use undo::{Age, undo_of_age};
pub use undo::{undo, undo_for, undo_preview};
pub(crate) use waiting::CheckedReject;
