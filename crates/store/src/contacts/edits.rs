//! Changes of contacts by hand. Each is an edit: it has a row of its own, and what it changed is a
//! part of the contact's history, so it can be taken back, and an undo of an import spares it.

mod add;
mod bin;
mod log;
mod take_back;
mod targets;
mod value;

pub use self::add::add;
pub use self::bin::{delete, restore};
pub use self::take_back::take_back;
pub use self::value::{edit, make_first};
