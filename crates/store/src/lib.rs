//! Entities, migrations and queries over SQLite and PostgreSQL.
//!
//! Types prove who calls: a function that only an Admin may call takes [`access::Admin`], which
//! only [`access::Account::admin`] makes, after a check of the session's role. The organization
//! comes from the same type, and is part of every query. Entities never leave this crate.
//!
//! The modules have levels, and each uses only modules of earlier levels; those of the first level
//! also use each other:
//!
//! 1. The base: `error`, `clock`, `names`, `entity`, `migration`, `secret`, [`vault`], `db`,
//!    [`access`], [`audit`].
//! 2. Three modules that do not use each other: [`account`] (sign-in and team), [`contacts`] with
//!    their lists and fields, [`onboarding`] (the first steps of an organization).
//! 3. [`imports`], which write contacts.
//! 4. [`systems`], whose contacts are imports.
//! 5. [`home`], which reads all of them for the first page; [`person`], which collects and erases
//!    the data of one person; `testing`, which prepares databases for tests.
//!
//! `tests/it/stairs.rs` tests this order.

pub mod access;
pub mod account;
pub mod audit;
mod clock;
pub mod contacts;
mod db;
mod entity;
mod error;
pub mod home;
pub mod imports;
mod migration;
mod names;
pub mod onboarding;
pub mod person;
mod secret;
pub mod systems;
#[cfg(feature = "testing")]
pub mod testing;
pub mod vault;

pub use clock::now;
pub(crate) use clock::{DAY, HOUR};
pub(crate) use db::parts;
pub use db::{Store, StoreLimits};
pub use error::{Result, StoreError};
