//! The contacts of an organization, and every query that reads or writes them.
//!
//! The screens use [`search`], [`card`], [`find`], [`lists`], [`fields`], [`consents`] and
//! [`edits`]. An import uses `people`, which loads the contacts that a batch is about by their keys
//! (`keys`), changes them in memory (`state`) and writes them back in few statements (`bulk`), with
//! what it found and changed of each (`history`).

mod bin_days;
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
pub mod refusals;
mod search;
pub(crate) mod state;
pub(crate) mod timeline;
pub(crate) mod undone;
pub(crate) mod values;

pub(crate) use bin_days::erased_before;
pub use card::card;
pub(crate) use card::{answers, card_with};
pub use known::{ContactRow, find};
#[cfg(feature = "testing")]
pub use search::dump;
pub(crate) use search::entries;
pub use search::{Place, count, counts, search};
