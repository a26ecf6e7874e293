//! Entities, migrations and queries over SQLite and PostgreSQL.
//!
//! The types say who may call: a function that needs an Admin takes [`access::Admin`], which only
//! [`access::Member::admin`] gives out, after a look at the session. The organization comes from
//! there too, and is part of every query. Entities never leave this crate; its answers are types of
//! `alta_domain`.
//!
//! The modules stand in stairs, and each uses only those below it:
//!
//! 1. The base: `error`, `clock`, `names`, `entity`, `migration`, `secret`, [`vault`], `db`,
//!    [`access`], [`audit`].
//! 2. Side by side, none knows another: [`account`] (sign-in and team), [`contacts`] with their
//!    lists and fields, [`onboarding`] (the first steps of an organization).
//! 3. [`imports`], which write contacts.
//! 4. [`systems`], which bring imports.
//! 5. [`home`], which reads all of them for the first page; `testing`, which prepares databases for
//!    tests.
//!
//! `tests/it/stairs.rs` holds this order.

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
mod secret;
pub mod systems;
#[cfg(feature = "testing")]
pub mod testing;
pub mod vault;

pub(crate) use clock::DAY;
pub use clock::now;
pub(crate) use db::parts;
pub use db::{Store, StoreLimits};
pub use error::{Result, StoreError};
