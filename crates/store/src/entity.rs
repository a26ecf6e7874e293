//! One module a table. Times are milliseconds since 1970.

#![expect(unreachable_pub, reason = "the derive makes public items of a private module")]

pub(crate) mod audit_entry;
pub(crate) mod consent;
pub(crate) mod contact;
pub(crate) mod email_change;
pub(crate) mod field;
pub(crate) mod import;
pub(crate) mod import_batch;
pub(crate) mod import_change;
pub(crate) mod import_reject;
pub(crate) mod invitation;
pub(crate) mod list;
pub(crate) mod list_member;
pub(crate) mod mail;
pub(crate) mod membership;
pub(crate) mod onboarding;
pub(crate) mod organization;
pub(crate) mod password_reset;
pub(crate) mod recovery_code;
pub(crate) mod second_factor;
pub(crate) mod session;
pub(crate) mod setup_link;
pub(crate) mod system_interest;
pub(crate) mod user;
