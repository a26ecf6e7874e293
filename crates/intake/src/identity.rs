//! The rules that decide who is the same person, in one place for browser, server, command line and
//! systems.

mod agree;
mod choose;
mod keys;
mod names;
pub(crate) mod persons;
pub(crate) mod sharing;

pub use agree::{Shared, Traits, agree};
pub use choose::{Choice, choose};
pub use keys::{KeyMark, Keys};
pub use names::Name;
