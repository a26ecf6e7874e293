//! What can be wrong with a cell or a record, by the codes of the command line.

use serde::{Deserialize, Serialize};

use crate::word::word_enum;

word_enum! {
    /// A kind of trouble with a cell or a record, or a mending. The words are those of
    /// `alta check --json`.
    pub enum ProblemCode {
        /// Not a phone number of any country.
        InvalidPhone = "invalid_phone",
        /// Not an e-mail address.
        InvalidEmail = "invalid_email",
        /// Not a day, or against the order of its column.
        InvalidDate = "invalid_date",
        /// Not a number.
        InvalidNumber = "invalid_number",
        /// Neither yes nor no.
        InvalidBoolean = "invalid_boolean",
        /// Check digits do not fit.
        InvalidTaxId = "invalid_tax_id",
        /// A spreadsheet wrote 5,55E+12: the digits are lost.
        LostDigits = "lost_digits",
        /// The same person as an earlier record.
        Duplicate = "duplicate",
        /// A phone, e-mail or CPF that belongs to somebody else.
        SharedKey = "shared_key",
        /// A cell above the limit of bytes.
        TooLong = "too_long",
        /// More phones and e-mails than a contact may have.
        TooMany = "too_many",
        /// All identity cells are empty.
        NoIdentity = "no_identity",
        /// Fewer cells than the header has.
        TooFewCells = "too_few_cells",
        /// More cells with text than the header has.
        TooManyCells = "too_many_cells",
        /// A quotation mark that is never closed; taken as text.
        UnclosedQuote = "unclosed_quote",
        /// Bytes that are no text in the file's encoding.
        BadEncoding = "bad_encoding",
        /// UTF-8 that was read in another encoding: `JoÃ£o`.
        Mojibake = "mojibake",
        /// Letters that are gone: a question mark or U+FFFD stands in their place.
        LostLetters = "lost_letters",
        /// Text written as HTML: `Jo&atilde;o`.
        Entities = "entities",
        /// Day/month or month/day: nothing in the column decides.
        AmbiguousDate = "ambiguous_date",
        /// Matches two contacts that are not the same: left alone.
        Conflict = "conflict",
        /// A country code was added, known from the country.
        CountryCodeAdded = "country_code_added",
        /// Brazil's ninth digit was added.
        NinthDigitAdded = "ninth_digit_added",
        /// A trunk, carrier or old prefix was removed.
        PrefixRemoved = "prefix_removed",
        /// Text beside the number was left out.
        ExtraText = "extra_text",
        /// A mail domain that looks like a slip of the keys; taken as it is.
        SuspectDomain = "suspect_domain",
    }
}

/// What a problem costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The record is rejected.
    Error,
    /// A value is left out.
    Warning,
    /// Mended without loss.
    Notice,
}

/// A problem of one cell, for the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CellProblem {
    /// What.
    pub code: ProblemCode,
    /// What it costs.
    pub severity: Severity,
}

/// Records with one problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ProblemFilter {
    /// With this problem.
    pub code: ProblemCode,
    /// In this column, counted from 0; none when it is the record's.
    pub column: Option<u32>,
    /// At this cost.
    pub severity: Severity,
}
