//! The contacts of an organization, and every query that reads or writes them.
//!
//! The screens use [`search`], [`card`], [`find`], [`lists`], [`fields`], [`consents`] and
//! [`edits`]. An import uses `people`, which loads the contacts that a batch is about by their keys
//! (`keys`), changes them in memory (`state`) and writes them back in few statements (`bulk`), with
//! what it found and changed of each (`history`).

pub(crate) mod bulk;
mod card;
pub(crate) mod changes;
pub mod consents;
pub mod edits;
pub mod export;
pub mod fields;
pub(crate) mod history;
pub(crate) mod keys;
mod known;
pub mod lists;
pub(crate) mod people;
mod search;
pub(crate) mod state;
mod timeline;
pub(crate) mod undone;
pub(crate) mod values;

pub use card::card;
pub use known::{ContactRow, find};
#[cfg(feature = "testing")]
pub use search::dump;
pub(crate) use search::entries;
pub use search::{Place, count, count_bin, search};
