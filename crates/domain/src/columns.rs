//! What the engine makes of a column.

use serde::{Deserialize, Serialize};

use crate::{BuiltInField, Channel, FieldTarget, PhonePart};

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

/// What a yes in a column of permission means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PermissionSense {
    /// The contact may be written to.
    In,
    /// The contact must not be written to.
    Out,
}

/// The permission that the yes and no of a column are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ColumnPermission {
    /// The channel; none when the name does not say which.
    pub channel: Option<Channel>,
    /// What a yes means.
    pub sense: PermissionSense,
}

impl ColumnPermission {
    /// The target that is suggested for the column; none for a yes to no channel in particular.
    #[must_use]
    pub fn target(self) -> Option<FieldTarget> {
        match (self.sense, self.channel) {
            (PermissionSense::In, channel) => channel.map(FieldTarget::Consent),
            (PermissionSense::Out, channel) => Some(FieldTarget::Refusal(channel)),
        }
    }
}

impl ColumnReport {
    /// The target that is suggested for the column.
    #[must_use]
    pub fn target(&self) -> Option<FieldTarget> {
        let field = self.field.map(FieldTarget::BuiltIn);
        field
            .or(self.part.map(FieldTarget::PhonePart))
            .or_else(|| self.permission?.target())
    }
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
    /// The permission that its yes and no are about, by its name; such a column has no field.
    pub permission: Option<ColumnPermission>,
    /// The part of the phones beside it that it holds, by its name; such a column has no field.
    pub part: Option<PhonePart>,
    /// Up to three values, each once.
    pub samples: Vec<String>,
}
