//! What the engine makes of a column.

use serde::{Deserialize, Serialize};

use crate::BuiltInField;

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// Phone numbers.
    Phone,
    /// E-mail addresses.
    Email,
    /// Days.
    Date,
    /// Decimal numbers.
    Number,
    /// CPF or CNPJ.
    TaxId,
    /// Yes and no.
    Boolean,
    /// A few texts, again and again.
    Choice,
    /// Anything else.
    Text,
    /// Nothing at all.
    Empty,
}

/// Which part of a date such as 03/04/1990 comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// Day, month, year.
    Dmy,
    /// Month, day, year.
    Mdy,
}

/// One column as found in the first part of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnReport {
    /// Counted from 0.
    pub index: u32,
    /// The name in the header; empty when there is none.
    pub header: String,
    /// What the values are.
    pub kind: ColumnKind,
    /// The field suggested from the name and the values.
    pub field: Option<BuiltInField>,
    /// Up to three values, each once.
    pub samples: Vec<String>,
}
