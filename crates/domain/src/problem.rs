//! The kinds of problems of a cell or a record, with the codes of the command line.

use serde::{Deserialize, Serialize};

use crate::word::word_enum;

word_enum! {
    /// A kind of problem of a cell or a record, or a kind of mending. The words are those of
    /// `alta check --json`.
    pub enum ProblemCode {
        /// The text is not a phone number of any country.
        InvalidPhone = "invalid_phone",
        /// The text is not an e-mail address.
        InvalidEmail = "invalid_email",
        /// The text is not a day, or does not fit the date order of its column.
        InvalidDate = "invalid_date",
        /// The text is not a number.
        InvalidNumber = "invalid_number",
        /// The text is neither yes nor no.
        InvalidBoolean = "invalid_boolean",
        /// The check digits of the tax id are wrong.
        InvalidTaxId = "invalid_tax_id",
        /// A spreadsheet wrote a number such as 5,55E+12: its last digits are lost.
        LostDigits = "lost_digits",
        /// The record is the same person as an earlier record.
        Duplicate = "duplicate",
        /// A phone, e-mail address or CPF of the record belongs to another person: of the file or
        /// of the contact base.
        SharedKey = "shared_key",
        /// The cell is longer than the limit in bytes.
        TooLong = "too_long",
        /// The record has more phones and e-mails than a contact may have.
        TooMany = "too_many",
        /// All identity cells of the record are empty.
        NoIdentity = "no_identity",
        /// The record has fewer cells than the header.
        TooFewCells = "too_few_cells",
        /// The record has text in cells beyond the last column of the header.
        TooManyCells = "too_many_cells",
        /// A quotation mark is never closed; it is read as text.
        UnclosedQuote = "unclosed_quote",
        /// Some bytes are not text in the file's encoding.
        BadEncoding = "bad_encoding",
        /// UTF-8 text was read in another encoding: `JoÃ£o`.
        Mojibake = "mojibake",
        /// Letters are lost: a question mark or U+FFFD has replaced them.
        LostLetters = "lost_letters",
        /// The text contains HTML entities: `Jo&atilde;o`.
        Entities = "entities",
        /// The date is day/month or month/day: no value of the column decides which.
        AmbiguousDate = "ambiguous_date",
        /// The record agrees with several contacts; nothing is written.
        Conflict = "conflict",
        /// The country code was added to a phone.
        CountryCodeAdded = "country_code_added",
        /// Brazil's ninth digit was added.
        NinthDigitAdded = "ninth_digit_added",
        /// A trunk, carrier or outdated prefix of a phone was removed.
        PrefixRemoved = "prefix_removed",
        /// Text beside the phone number was left out.
        ExtraText = "extra_text",
        /// The mail domain looks like a typing error; it is kept as it is.
        SuspectDomain = "suspect_domain",
    }
}

/// The severity of a problem: what it costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The record is rejected.
    Error,
    /// A value is left out, and the record is imported.
    Warning,
    /// The value is used: as it is, or mended without loss.
    Notice,
}

/// A problem of one cell, for the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CellProblem {
    /// The kind of the problem.
    pub code: ProblemCode,
    /// The severity of the problem.
    pub severity: Severity,
}

/// A filter that selects the records with a certain problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ProblemFilter {
    /// The kind of the problem.
    pub code: ProblemCode,
    /// The column of the problem, counted from 0; `None` for a problem of records as a whole.
    pub column: Option<u32>,
    /// The severity of the problem.
    pub severity: Severity,
}
