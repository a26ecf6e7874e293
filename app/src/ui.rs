//! Components that several pages use.

mod alert;
mod button;
mod field;
mod icon;
mod ledger_bar;
mod page_link;
mod pending;
mod reactive;

pub(crate) use alert::{Alert, Tone};
pub(crate) use button::{Button, ButtonKind};
pub(crate) use field::{SelectField, TextField};
pub(crate) use icon::Icon;
pub(crate) use ledger_bar::{LedgerBar, Opens, Segment};
pub(crate) use page_link::PageLink;
pub(crate) use pending::{EmptyState, LoadFailure, Skeleton};
pub(crate) use reactive::{Each, Show, item, later, on_event, reactive, reactive_attr};
