//! Everything that the administrator sees: pages, components, translations and server functions.
//!
//! The crate is built twice: with `ssr` for the server, which renders each page once, and with
//! `hydrate` for the browser, which takes over the page. A page is one file in `pages/`; components
//! that several pages use are in `ui/`; what browser and server send each other is in `api/`.

#![recursion_limit = "512"]
#![expect(
    unreachable_pub,
    reason = "the component macro makes public types of private components"
)]

pub mod api;
mod app;
mod errors;
mod format;
mod frame;
mod importer;
#[cfg(feature = "ssr")]
pub mod letter;
mod pages;
mod parts;
mod passkey;
mod reader;
#[cfg(feature = "ssr")]
pub mod shell;
#[cfg_attr(
    not(feature = "ssr"),
    expect(dead_code, reason = "a browser does not say all of them")
)]
#[expect(
    non_upper_case_globals,
    reason = "made by build.rs: names are those of the texts"
)]
mod texts;
mod ui;
mod wording;
mod words;

pub use app::App;
#[cfg(feature = "ssr")]
pub use errors::status;
#[cfg(feature = "ssr")]
pub use words::{field_head, permission_head, reason, reason_head, yes_or_no};

/// Takes over the document that the server rendered. `texts` holds the texts of the document's
/// language, one in each line.
#[cfg(not(feature = "ssr"))]
pub fn hydrate(texts: String) {
    reader::keep_first_texts(texts);
    leptos::mount::hydrate_lazy(App);
}
