//! Outside systems: one engine, and a manifest for each.
//!
//! A [`Manifest`] tells how a system is asked and what its records mean; a [`Session`] asks it for
//! page after page. Nothing here knows a database: what is read comes out in the words of
//! `alta_domain`, with the position to keep beside it.

mod batch;
mod budget;
mod catalogue;
mod credentials;
mod expression;
mod fault;
mod filters;
mod http;
mod login;
mod manifest;
mod microvix;
mod oauth;
mod page;
mod position;
mod read;
mod records;
mod session;
mod time;
mod webhook;

pub use budget::Budget;
pub use catalogue::{Catalogue, CustomManifest};
pub use credentials::{Credentials, Keep, Kept, Newer, Token};
pub use fault::Fault;
pub use http::{Http, Limits};
pub use manifest::{Credential, Manifest, Tested, Words};
pub use oauth::consent_page;
pub use position::{cut_off, first_page};
pub use records::UnreadPage;
pub use session::Session;

/// The JSON Schema of manifests, for editors that check while one types.
#[must_use]
pub fn schema() -> String {
    serde_json::to_string_pretty(&schemars::schema_for!(Manifest)).unwrap_or_default()
}
