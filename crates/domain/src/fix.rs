//! The Admin's decisions about the problems of a file. The engine applies them while the file
//! streams; each one can be undone alone.

use serde::{Deserialize, Serialize};

use crate::{Country, DateOrder, ProblemCode, ProblemFilter, SharedKeyRemedy};

/// The rule for several records of one person: which values count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repeated {
    /// The first record's values count. Later records fill the fields that the first one leaves
    /// empty.
    #[default]
    Merge,
    /// Only the first record's values count. Of a later record only a refusal of permission is
    /// taken.
    First,
    /// The last record's values count. Earlier records fill the fields that the last one leaves
    /// empty.
    Last,
}

/// One decision of the Admin. Columns are counted from 0, as in [`crate::ColumnPlan`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Fix {
    /// Reads phones that are not valid in the organization's country as numbers of another country.
    /// An area code is put before them when `area` is not empty.
    ReadPhones {
        /// The column of the phones.
        column: u32,
        /// The country whose numbers the phones are.
        country: Country,
        /// The area code to put before each phone; often empty.
        area: String,
    },
    /// Reads the dates of a column in this order.
    ReadDates {
        /// The column of the dates.
        column: u32,
        /// The order of day and month.
        order: DateOrder,
    },
    /// Replaces the domain of e-mail addresses.
    MailDomain {
        /// The column of the addresses.
        column: u32,
        /// The domain to replace, in lower case.
        from: String,
        /// The domain to write in its place.
        to: String,
    },
    /// Restores text that a program damaged.
    RepairText {
        /// The column of the text.
        column: u32,
        /// The damage: [`ProblemCode::Mojibake`] or [`ProblemCode::Entities`].
        damage: ProblemCode,
    },
    /// Replaces the whole text of each cell that has a certain text. The comparison ignores case
    /// and surrounding space.
    Replace {
        /// The column of the cells.
        column: u32,
        /// The text to replace.
        from: String,
        /// The new text.
        to: String,
    },
    /// Replaces the text of one cell. The decision belongs to one file and is not kept for the
    /// next.
    SetCell {
        /// The number of the record, counted from 1.
        record: u32,
        /// The physical line on which the record starts, as people see it in their editor.
        line: u32,
        /// The column of the cell.
        column: u32,
        /// The new text of the cell.
        text: String,
    },
    /// Leaves out all values that have a certain problem, and no longer reports that problem. A
    /// record without any other identity is still rejected.
    LeaveOut {
        /// The column of the values.
        column: u32,
        /// The problem of the values.
        code: ProblemCode,
    },
    /// Leaves out all records that have a certain problem: they are not imported.
    Drop(ProblemFilter),
    /// Sets the rule for several records of one person.
    Repeated(Repeated),
    /// Decides about keys that several people of the file share.
    SharedKey {
        /// The column that contains the keys; `None` for every column.
        column: Option<u32>,
        /// The one key value concerned, in its stored form; `None` for all shared keys.
        value: Option<String>,
        /// The decision about the keys.
        remedy: SharedKeyRemedy,
    },
    /// Replaces a part of the cells' text wherever the part occurs. Case counts.
    ReplaceText {
        /// The column of the cells.
        column: u32,
        /// The part to replace.
        find: String,
        /// The text to write in its place.
        to: String,
    },
}

impl Fix {
    /// Returns the column whose cells the decision changes. `None` for decisions about whole
    /// records or about shared keys.
    #[must_use]
    pub fn column(&self) -> Option<u32> {
        match self {
            Self::ReadPhones { column, .. }
            | Self::ReadDates { column, .. }
            | Self::MailDomain { column, .. }
            | Self::RepairText { column, .. }
            | Self::Replace { column, .. }
            | Self::ReplaceText { column, .. }
            | Self::SetCell { column, .. }
            | Self::LeaveOut { column, .. } => Some(*column),
            Self::Drop(_) | Self::Repeated(_) | Self::SharedKey { .. } => None,
        }
    }

    /// Returns true when the decision also applies to another file with the same columns.
    #[must_use]
    pub fn is_lasting(&self) -> bool {
        !matches!(self, Self::SetCell { .. } | Self::SharedKey { .. })
    }

    /// Returns true when this decision answers the same question as an earlier one, so that only
    /// this one is kept.
    #[must_use]
    pub fn replaces(&self, earlier: &Self) -> bool {
        match (self, earlier) {
            (Self::ReadDates { column, .. }, Self::ReadDates { column: other, .. }) => {
                column == other
            }
            (
                Self::SetCell { record, column, .. },
                Self::SetCell {
                    record: other,
                    column: at,
                    ..
                },
            ) => (record, column) == (other, at),
            (Self::Repeated(_), Self::Repeated(_)) => true,
            (
                Self::SharedKey { column, value, .. },
                Self::SharedKey {
                    column: other,
                    value: text,
                    ..
                },
            ) => (column, value) == (other, text),
            _ => self == earlier,
        }
    }
}
