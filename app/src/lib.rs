//! What the administrator sees: pages, components, translations and server functions.
//!
//! Built twice: with `ssr` for the server, which renders each page once, and with `hydrate` for the browser, which takes over. A page is one file
//! in `pages/`; what several pages use is in `ui/`; what crosses the wire is in `api/`.

#![recursion_limit = "512"]
#![expect(unreachable_pub, reason = "the component macro makes public types of private components")]

#[expect(
    unreachable_pub,
    unused_imports,
    dead_code,
    clippy::pedantic,
    clippy::expect_used,
    clippy::wrong_self_convention,
    clippy::new_ret_no_self,
    reason = "made by build.rs from locales/"
)]
mod translations {
    include!(concat!(env!("OUT_DIR"), "/i18n.rs"));
}
use translations::i18n;

pub mod api;
mod app;
mod format;
mod frame;
mod importer;
mod pages;
mod reader;
#[cfg(feature = "ssr")]
pub mod shell;
mod ui;
mod words;

pub use app::App;
#[cfg(feature = "ssr")]
pub use words::{reason, reason_head};
