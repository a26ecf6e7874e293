//! Server functions: thin. Each proves who calls, asks `alta_store` one thing and answers with a
//! type of `alta_domain`.
//!
//! All of them are POST. Those below `/api/onboarding/` and `/api/team/` are the Admin's alone
//! (G1): the server's router refuses others before they run, and the proof that the store asks for
//! refuses them again.

#![expect(
    missing_docs,
    reason = "the server macro makes a public field of each argument"
)]

pub mod account;
#[cfg(feature = "ssr")]
pub mod caller;
pub mod contacts;
mod error;
pub mod home;
pub mod imports;
pub mod onboarding;
#[cfg(feature = "ssr")]
mod packed;
pub mod passkeys;
#[cfg(feature = "ssr")]
mod qr;
mod read;
pub mod session;
pub mod systems;
pub mod team;

pub use error::AppError;
pub use read::{Read, read};
