//! Systems that are connected: their credentials, whose turn it is to read them, and what they
//! bring.

mod connections;
#[cfg(feature = "testing")]
mod dump;
mod gone;
mod lease;
mod notices;
mod runs;
mod taking;

pub(crate) use crate::vault::connection_purpose as purpose;
pub(crate) use connections::halt;
pub use connections::{
    Consented, begin_consent, connect, consented, disconnect, get, list, pause, reconnect, resume,
    settle, sync_now,
};
#[cfg(feature = "testing")]
pub use dump::dump;
pub(crate) use gone::is_there;
pub use lease::{Lease, keep_credentials, kept_credentials, release, renew, take_due};
pub use notices::{Noticed, hurry, notice_word, noticed};
pub use runs::{problems, runs};
pub use taking::{Run, Taken, begin_run, leave_place, position, take};
