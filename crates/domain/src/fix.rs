//! What the admin decided about problems: applied while the file streams, and undone one by one.

use serde::{Deserialize, Serialize};

use crate::{Country, DateOrder, ProblemCode, ProblemFilter, SharedKeyRemedy};

/// Which of several records of one person is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repeated {
    /// The first stands; the later ones give what it lacks.
    #[default]
    Merge,
    /// The first alone; of the later ones only a no to being written to.
    First,
    /// The last stands; the earlier ones give what it lacks.
    Last,
}

/// One decision. Columns are counted from 0, as in [`crate::ColumnPlan`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Fix {
    /// Phones that are no numbers of the organization's country are read as numbers of this one,
    /// with the area code in front.
    ReadPhones {
        /// The column.
        column: u32,
        /// The country they are of.
        country: Country,
        /// Digits that go in front; often none.
        area: String,
    },
    /// Dates are read in this order.
    ReadDates {
        /// The column.
        column: u32,
        /// The order.
        order: DateOrder,
    },
    /// The domain of e-mail addresses is replaced.
    MailDomain {
        /// The column.
        column: u32,
        /// What stands behind the `@`, in lower case.
        from: String,
        /// What should.
        to: String,
    },
    /// Text that a program damaged is written as it was before.
    RepairText {
        /// The column.
        column: u32,
        /// The damage: [`ProblemCode::Mojibake`] or [`ProblemCode::Entities`].
        damage: ProblemCode,
    },
    /// Cells of this text, apart from case and the space around it, get another.
    Replace {
        /// The column.
        column: u32,
        /// The text.
        from: String,
        /// The other.
        to: String,
    },
    /// One cell gets another text. It belongs to one file and is not kept for the next.
    SetCell {
        /// The record, counted from 1.
        record: u32,
        /// The physical line where it starts, by which people know it.
        line: u32,
        /// The column.
        column: u32,
        /// The text.
        text: String,
    },
    /// Values with this problem are left out, and the problem with them. A record that has no other
    /// identity is rejected all the same.
    LeaveOut {
        /// The column.
        column: u32,
        /// The problem.
        code: ProblemCode,
    },
    /// Records with this problem are not imported.
    Drop(ProblemFilter),
    /// Which of several records of one person is used.
    Repeated(Repeated),
    /// What happens to keys that people of the file share.
    SharedKey {
        /// The column that they stand in; none for every column.
        column: Option<u32>,
        /// The one value it is about, as it is stored; none for all.
        value: Option<String>,
        /// What happens to them.
        remedy: SharedKeyRemedy,
    },
    /// A part of the cells' text is replaced, wherever it stands; case counts.
    ReplaceText {
        /// The column.
        column: u32,
        /// The part.
        find: String,
        /// What takes its place.
        to: String,
    },
}

impl Fix {
    /// The column whose cells it changes; none when it is about records.
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

    /// Whether it holds for another file with the same columns too.
    #[must_use]
    pub fn is_lasting(&self) -> bool {
        !matches!(self, Self::SetCell { .. } | Self::SharedKey { .. })
    }

    /// Whether both answer the same question, so that the later one stands alone.
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
