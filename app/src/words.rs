//! The words of the domain's enums in the reader's language, and the macros that look up a text.

mod contacts;
mod people;
mod problems;
mod systems;

pub(crate) use contacts::{accepts, basis, channel, field, kind, phone_part, refuses};
#[cfg(feature = "ssr")]
pub use contacts::{field_head, permission_head, yes_or_no};
pub(crate) use people::{action, role, step};
pub(crate) use problems::{error, format, problem, shared_key_remedy, way_out};
#[cfg(feature = "ssr")]
pub use problems::{reason, reason_head};
pub(crate) use systems::{
    connection_state, counted_stream, fault, fault_remedy, stream, system_kind, transaction_status,
};

pub(crate) use crate::reader::Reader;
pub(crate) use crate::wording::{plural, plural_text, text, word};
