//! The import engine: it turns bytes into records, and records into checked contacts.
//!
//! The engine has no I/O, no clock and no async. The browser's worker, the server and the command
//! line use the same code and get the same results. The steps for a file:
//!
//! 1. [`understand`] reads the first part of the file and finds the encoding, the delimiter, the
//!    header, and the kind of each column.
//! 2. [`FileCheck`] reads the whole file in chunks, checks every cell under a mapping, finds
//!    repeated people, and keeps a sparse index, so that any row can be shown by reading one slice.
//! 3. [`Checker`] judges one row; the server uses it to check the rows that it receives.

mod check;
mod check_digits;
mod code_pages;
mod columns;
mod country_words;
mod damage;
mod date;
mod decode;
mod detect;
mod effect;
mod email;
mod file_check;
mod fingerprint;
mod fix;
#[cfg(test)]
mod growth_tests;
mod header;
mod identity;
mod incoming;
mod mail_domain;
mod number;
pub mod phone;
mod plain;
mod record;
mod remedies;
mod search;
mod sending;
mod sniff;
mod spreadsheet;
pub mod steps;
mod tags;
mod tax_id;
mod typed;
mod understand;
mod words;

pub use check::{CELL_BYTES, Checker, Clean, Outcome, RowVerdict, Verdict, is_cpf_of};
pub use date::{Date, DateReading, read_birthday, read_date};
pub use decode::{Utf8Census, text_of};
pub use effect::{Base, Rehearsal, Standing, person_household, person_keys, write_marks};
pub use email::{Emails, read_email, read_emails};
pub use file_check::{FileCheck, FoundRows, RowIndex, Stretch};
pub use identity::{Choice, KeyMark, Keys, Name, Shared, Traits, agree, choose};
pub use incoming::{Incoming, household, storable};
pub use number::{read_boolean, read_number};
pub use record::{Cell, Open, Reader, Record, Step};
pub use search::Search;
pub use sending::Batcher;
pub use sniff::{HEAD_BYTES, foreign_format};
pub use spreadsheet::{protect, unprotect};
pub use tags::{tags, with_more_tags};
pub use tax_id::{TaxIdReading, read_tax_id};
pub use typed::{TypedValues, read_typed};
pub use understand::{Slice, Understood, suggested, understand};
pub use words::{fold, is_blank};
