//! Connected systems: their credentials, the leases of the servers that read them, and the records
//! that a sync writes.
//!
//! The path of a sync, in the order of its calls:
//!
//! 1. [`lease_due`] leases the connection whose run is due first (`lease.rs`).
//! 2. [`begin_run`] begins a run, or goes on with an interrupted one (`run.rs`).
//! 3. [`read_position`] reads the place from which a stream goes on (`position.rs`).
//! 4. [`write_page`] writes each page with the position that follows it, in one transaction
//!    (`pages.rs`).
//! 5. [`release`] ends the run, makes the next one due, and gives the lease back (`release.rs`).
//!
//! `connections` holds what Admins do with a connection, `history` what they read of its runs.
//! `notices` brings a run forward when the system has sent a notice of a change.

mod connections;
mod contacts;
mod credentials;
mod deletions;
mod fault_note;
mod history;
mod lease;
mod lookup;
mod notice_delay;
mod notices;
mod pages;
mod position;
mod records;
mod release;
mod run;
#[cfg(feature = "testing")]
mod stored_records;

pub use connections::{
    ConsentGiven, begin_consent, connect, disconnect, finish_consent, get, list, pause, reconnect,
    redeem_consent, resume, sync_now,
};
pub use credentials::{replace_credentials, stored_credentials};
pub use history::{problems, runs};
pub use lease::{Lease, lease_due, renew};
pub use notices::{NoticeTarget, find_by_notice_word, notice_word, run_soon};
pub use pages::{PageOutcome, write_page};
pub use position::{read_position, write_position};
pub use release::release;
pub use run::{Run, begin_run};
#[cfg(feature = "testing")]
pub use stored_records::stored_records;
