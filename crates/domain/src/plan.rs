//! Everything the admin decided about an import: small, serialisable, enough to do it again.

use serde::{Deserialize, Serialize};

use crate::{Country, DateOrder, FieldTarget, FileShape, ListId};

/// Where one column goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnPlan {
    /// The column, counted from 0.
    pub index: u32,
    /// Its name in the file, for the rejects file; empty when there is none.
    pub header: String,
    /// None leaves the column out (G18).
    pub target: Option<FieldTarget>,
    /// How its dates are read; none until the file or the admin decides.
    pub date_order: Option<DateOrder>,
}

/// How a file is read and what its columns are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// How the bytes become cells.
    pub shape: FileShape,
    /// How national phone numbers are read.
    pub country: Country,
    /// The year of the import: a two-digit year is never read as one that comes after it.
    pub year: u16,
    /// Every column of the file, in its order.
    pub columns: Vec<ColumnPlan>,
}

/// The list the contacts are added to (G15).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ListTarget {
    /// None.
    None,
    /// One that exists.
    Existing(ListId),
    /// A new one of this name.
    New(String),
}

/// What happens to contacts that exist already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExistingPolicy {
    /// The file's values replace theirs; an empty cell replaces nothing.
    #[default]
    Update,
    /// The file's values go only where theirs are empty.
    Fill,
    /// They stay as they are.
    Keep,
}

/// Everything the admin decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportPlan {
    /// How the file is read.
    pub mapping: Mapping,
    /// Where the contacts are added.
    pub list: ListTarget,
    /// What happens to those that exist.
    pub policy: ExistingPolicy,
}
