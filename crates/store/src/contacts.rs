//! The contacts of an organization, and every query that reads or writes them.
//!
//! The screens use [`search`], [`card`], [`find`], [`lists`], [`fields`] and [`consents`]. An
//! import uses `people`, which loads the contacts that a batch is about, changes them in memory
//! (`state`) and writes them back in few statements (`bulk`), with a record of each change
//! (`changes`).

pub(crate) mod bulk;
mod card;
pub(crate) mod changes;
pub mod consents;
pub mod fields;
mod known;
pub mod lists;
pub(crate) mod people;
mod search;
pub(crate) mod state;

pub use card::card;
pub use known::{ContactRow, find};
#[cfg(feature = "testing")]
pub use search::dump;
pub use search::{count, search};
