//! The server functions. Each function checks who calls, calls one function of `alta_store`, and
//! answers with a type of `alta_domain`.
//!
//! All of them are called by POST. Only Admins may call the functions under `/api/onboarding/`,
//! `/api/person/` and `/api/team/`. The server's router refuses others before a function runs, and
//! the store refuses them again, because its functions take an `Admin` value.

#![expect(
    missing_docs,
    reason = "the server macro makes a public field of each argument"
)]

pub mod account;
#[cfg(feature = "ssr")]
pub mod caller;
pub mod contacts;
mod error;
#[cfg(feature = "ssr")]
pub mod failures;
pub mod home;
pub mod import_page;
pub mod imports;
#[cfg(feature = "ssr")]
mod limit;
pub mod onboarding;
#[cfg(feature = "ssr")]
mod packed;
pub mod passkeys;
pub mod person;
#[cfg(feature = "ssr")]
mod qr;
mod read;
pub mod session;
pub mod systems;
pub mod team;

pub use error::AppError;
pub use read::{Read, read};
