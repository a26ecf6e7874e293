//! The rows of the database, one module for each table. Times are milliseconds since 1970.

#![expect(
    unreachable_pub,
    reason = "the derive makes public items of a private module"
)]

pub(crate) mod audit_entry;
pub(crate) mod connection;
pub(crate) mod consent;
pub(crate) mod contact;
pub(crate) mod contact_change;
pub(crate) mod contact_edit;
pub(crate) mod contact_key;
pub(crate) mod email_change;
pub(crate) mod field;
pub(crate) mod import;
pub(crate) mod import_batch;
pub(crate) mod import_dropped;
pub(crate) mod import_list;
pub(crate) mod import_merged;
pub(crate) mod import_nobody;
pub(crate) mod import_person;
pub(crate) mod import_reject;
pub(crate) mod invitation;
pub(crate) mod kept_refusal;
pub(crate) mod line_item;
pub(crate) mod list;
pub(crate) mod list_member;
pub(crate) mod mail;
pub(crate) mod membership;
pub(crate) mod missed;
pub(crate) mod onboarding;
pub(crate) mod organization;
pub(crate) mod passkey;
pub(crate) mod passkey_challenge;
pub(crate) mod password_reset;
pub(crate) mod product;
pub(crate) mod recovery_code;
pub(crate) mod refusal_key;
pub(crate) mod second_factor;
pub(crate) mod session;
pub(crate) mod setup_link;
pub(crate) mod source_contact;
pub(crate) mod sync_position;
pub(crate) mod sync_problem;
pub(crate) mod sync_run;
pub(crate) mod system_interest;
pub(crate) mod transaction;
pub(crate) mod user;
