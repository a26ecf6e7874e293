//! Reads contacts, products and transactions out of outside systems: shops, ERPs, CRMs.
//!
//! # When you want this crate
//!
//! You want it to read the records of a business system over its HTTP API, without code of its
//! own for each system. One engine reads them all; a TOML file, the manifest, describes each. The
//! crate knows no database: it returns records of `alta_domain`, and the position to keep with
//! them. It only reads, and never writes into a system.
//!
//! To add a system, write a manifest (`docs/systems.md`). To change how all systems are asked,
//! work here.
//!
//! # The central types
//!
//! * [`Catalogue`]: the list of all systems, with or without a manifest. It reads the built-in
//!   manifests (`crates/connect/systems`) and those of a server's data directory.
//! * [`Manifest`]: the description of one system, read from TOML. It says how the system is asked,
//!   and what its answers and records mean.
//! * `StreamSpec` (`crate::manifest`): the part of a manifest about one stream, which is one kind
//!   of record. It has the request for a page, the order of pages, and the expressions for fields.
//! * `Expr` and `Template` (`crate::expression`): the language of manifests. An expression takes a
//!   value out of an answer; a template is a text with expressions in it.
//! * [`Session`]: a conversation with one account of a system. It checks credentials, exchanges the
//!   code of a consent, and reads streams page by page.
//! * [`Credentials`] and [`TokenStore`]: what the admin typed, with the tokens, and where new
//!   tokens are saved before they are used.
//! * [`Http`] and [`Limits`]: the client for requests. It bounds the size and the time of answers,
//!   and keeps typed addresses away from private networks.
//! * [`Budget`]: how many requests a connection may send within which time. Each request waits
//!   until the budget allows it.
//! * `Position` (`crate::position`): how far a stream has been read, with the cursor or the number
//!   of the next page. It is kept as JSON beside the records of each page.
//! * [`UnreadPage`]: one page of a stream, with its position, in the vendor's words. Its records
//!   are turned into ours by [`UnreadPage::read`], while the next page is asked for.
//! * [`Fault`]: why a system did not answer as it should. It has a kind, the vendor's own words,
//!   the time to wait, and what the admin must do.
//!
//! # Walk: a run reads one list
//!
//! 1. The caller takes the manifest of the connection with [`Catalogue::manifest`] and opens a
//!    session with [`Session::new`]. It calls [`Session::page`] with the stream and the position
//!    that it has kept, which is empty for the first run.
//! 2. `crate::position::Position::read` reads that position, and
//!    `crate::position::Position::begin_run` begins a run where none is under way: it decides
//!    whether changes or all records are read, and from which time on.
//! 3. `crate::paging::page_variables` makes the variables of the request: the number of the page or
//!    its cursor, and the window of time.
//! 4. `crate::session::Session::ask` (in `ask.rs`) gets a new token where one is due, by
//!    `crate::session::Session::refresh` (in `oauth.rs`) or `crate::session::Session::log_in` (in
//!    `login.rs`), and tries again after faults that pass. Each try is one
//!    `crate::session::Session::send_once`.
//! 5. That fills in the address and the body (`crate::prepare::url`, `crate::prepare::fill_body`),
//!    waits as long as `crate::budget::Budget::wait` says, sends the request with
//!    `crate::http::Http::send`, and judges the answer with `crate::judge::judge`.
//! 6. `crate::rows::page_rows` finds the rows in the answer and `crate::rows::group_rows` makes
//!    records of them. `crate::paging::has_next_page` and `crate::position::Position::advance` find
//!    the next page.
//! 7. `crate::session::Session::batches` (in `batch.rs`) and
//!    `crate::session::Session::complete_records` (in `detail.rs`) ask for what the list lacks.
//! 8. After the last page of a list or of a window of time,
//!    `crate::position::Position::finish_window` moves on to the next window or ends the run.
//! 9. The caller gets an [`UnreadPage`], and reads it with [`UnreadPage::read`], which calls
//!    `crate::records::read_all`: each record becomes one of `alta_domain`, or is set aside with
//!    the field that can't be read.
//! 10. The caller writes the records and the position in one transaction, and calls
//!     [`Session::page`] again until [`UnreadPage::done`] is true. After a fault that repeating
//!     can't mend it keeps [`restart_position`] instead; after one at single records,
//!     [`count_failed_records`].

mod account;
mod ask;
mod batch;
mod budget;
mod catalogue;
mod clock;
mod credentials;
mod detail;
mod detail_failures;
mod expression;
mod fault;
mod filters;
mod headers;
mod http;
mod judge;
mod login;
mod manifest;
mod mask;
mod microvix;
mod names;
mod oauth;
mod page;
mod paging;
mod parser;
mod position;
mod prepare;
mod public_address;
mod read;
mod records;
mod room;
mod rows;
mod session;
mod text;
mod time;
mod trash;
mod webhook;
mod weight;

pub use budget::Budget;
pub use catalogue::{Catalogue, CustomManifest};
pub use credentials::{Credentials, LoadingNewer, Saving, Token, TokenStore};
pub use fault::Fault;
pub use http::{Http, Limits};
pub use manifest::{Credential, Manifest, Tested, Words};
pub use oauth::consent_page;
pub use position::{count_failed_records, restart_position};
pub use records::UnreadPage;
pub use session::Session;

/// Returns the JSON Schema of manifests. Editors check a manifest with it while somebody types.
#[must_use]
pub fn schema() -> String {
    serde_json::to_string_pretty(&schemars::schema_for!(Manifest)).unwrap_or_default()
}
