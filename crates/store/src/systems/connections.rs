//! Connections of an organization: how Admins make, list, pause and end them.

mod account;
mod connect;
mod consent;
mod disconnect;
mod list;
mod rows;
mod schedule;

pub use connect::{connect, reconnect};
pub use consent::{ConsentGiven, begin_consent, finish_consent, redeem_consent};
pub use disconnect::disconnect;
pub use list::{get, list};
pub use schedule::{pause, resume, sync_now};
