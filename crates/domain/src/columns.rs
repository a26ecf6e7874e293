//! The engine's findings about a column.

use serde::{Deserialize, Serialize};

use crate::{BuiltInField, Channel, FieldTarget, PhonePart};

/// The kind of a column's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// Phone numbers.
    Phone,
    /// E-mail addresses.
    Email,
    /// Days of the calendar.
    Date,
    /// Decimal numbers.
    Number,
    /// CPF or CNPJ numbers.
    TaxId,
    /// Answers: yes or no.
    Boolean,
    /// A few texts that repeat often.
    Choice,
    /// Any other text.
    Text,
    /// No values at all.
    Empty,
}

/// The order of day and month in a date such as 03/04/1990.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// Day, month, year.
    Dmy,
    /// Month, day, year.
    Mdy,
}

/// The meaning of a yes in a column of permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PermissionSense {
    /// The contact may be written to.
    In,
    /// The contact must not be written to.
    Out,
}

/// The permission that the answers of a column are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ColumnPermission {
    /// The channel; `None` when the column's name does not say which.
    pub channel: Option<Channel>,
    /// The meaning of a yes.
    pub sense: PermissionSense,
}

impl ColumnPermission {
    /// Returns the target to suggest for the column: consent to its channel, or refusal of its
    /// channel or of all. `None` for a consent without a channel.
    #[must_use]
    pub fn target(self) -> Option<FieldTarget> {
        match (self.sense, self.channel) {
            (PermissionSense::In, channel) => channel.map(FieldTarget::Consent),
            (PermissionSense::Out, channel) => Some(FieldTarget::Refusal(channel)),
        }
    }
}

impl ColumnReport {
    /// Returns the target to suggest for the column; `None` when there is none.
    #[must_use]
    pub fn target(&self) -> Option<FieldTarget> {
        let field = self.field.map(FieldTarget::BuiltIn);
        field
            .or(self.part.map(FieldTarget::PhonePart))
            .or_else(|| self.permission?.target())
    }
}

/// A column as the first part of the file shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnReport {
    /// The index of the column, counted from 0.
    pub index: u32,
    /// The name of the column in the header; empty when there is none.
    pub header: String,
    /// The kind of the values.
    pub kind: ColumnKind,
    /// The suggested field, found by the name and the values; `None` when nothing fits.
    pub field: Option<BuiltInField>,
    /// The permission that the answers are about, found by the column's name; such a column has no
    /// field. `None` for all other columns.
    pub permission: Option<ColumnPermission>,
    /// The part of phone numbers that the column holds, found by its name; such a column has no
    /// field. `None` for all other columns.
    pub part: Option<PhonePart>,
    /// Up to three different values of the column.
    pub samples: Vec<String>,
}
