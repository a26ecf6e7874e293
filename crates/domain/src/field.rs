//! The fields of a contact, built in and custom, and where a column of a file goes.

use serde::{Deserialize, Serialize};

use crate::word::word_enum;
use crate::{Channel, FieldId};

word_enum! {
    /// A field every contact has. The words are those of the command line and the API.
    pub enum BuiltInField {
        /// Mobile phone: E.164 digits without `+`. Identity.
        Phone = "phone",
        /// Landline: E.164 digits without `+`. Makes a record usable, never merges two.
        Landline = "landline",
        /// E-mail, lower case. Identity.
        Email = "email",
        /// Whole name.
        Name = "name",
        /// First name.
        FirstName = "first_name",
        /// Last name.
        LastName = "last_name",
        /// Birth date, `YYYY-MM-DD`.
        BirthDate = "birth_date",
        /// CPF, CNPJ or another country's. Identity.
        TaxId = "tax_id",
        /// Company.
        Company = "company",
        /// Country.
        Country = "country",
        /// State or province.
        State = "state",
        /// City.
        City = "city",
        /// Street and number.
        Address = "address",
        /// Postal code.
        PostalCode = "postal_code",
        /// Tags.
        Tags = "tags",
        /// The contact's id in the system the file came from.
        ExternalId = "external_id",
        /// Notes.
        Notes = "notes",
    }
}

impl BuiltInField {
    /// Whether a valid value of it makes a record usable.
    #[must_use]
    pub fn is_identity(self) -> bool {
        matches!(self, Self::Phone | Self::Landline | Self::Email)
    }
}

word_enum! {
    /// What a custom field holds.
    pub enum FieldKind {
        /// Any text.
        Text = "text",
        /// A decimal number.
        Number = "number",
        /// A day, `YYYY-MM-DD`.
        Date = "date",
        /// Yes or no.
        Boolean = "boolean",
        /// One of a few texts.
        Choice = "choice",
    }
}

/// A custom field of an organization (G20).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Its id.
    pub id: FieldId,
    /// Its name, unique in the organization whatever its case.
    pub name: String,
    /// What it holds.
    pub kind: FieldKind,
}

/// What is asked for when a field is created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewField {
    /// Its name, at most 60 characters.
    pub name: String,
    /// What it holds.
    pub kind: FieldKind,
}

word_enum! {
    /// A part of a phone number that stands in a column of its own, before the column of the
    /// number.
    pub enum PhonePart {
        /// The country's calling code: DDI, prefijo.
        CountryCode = "country_code",
        /// The area code: DDD, lada.
        AreaCode = "area_code",
    }
}

/// Where a column goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FieldTarget {
    /// To a field every contact has.
    BuiltIn(BuiltInField),
    /// To a field of the organization.
    Custom {
        /// Which.
        id: FieldId,
        /// What it holds.
        kind: FieldKind,
    },
    /// Yes or no: whether the contact may be written to by a channel. A no is for good: no later
    /// file makes a yes of it.
    Consent(Channel),
    /// In front of the phones in the columns beside it.
    PhonePart(PhonePart),
    /// Yes or no the other way round: a yes means that the contact must not be written to by the
    /// channel, or by any when none is named. A no says nothing.
    Refusal(Option<Channel>),
}

impl FieldTarget {
    /// Returns true when several columns may go to it: a contact has several of its values.
    #[must_use]
    pub fn may_repeat(self) -> bool {
        matches!(
            self,
            Self::PhonePart(_)
                | Self::BuiltIn(
                    BuiltInField::Phone
                        | BuiltInField::Landline
                        | BuiltInField::Email
                        | BuiltInField::Tags
                        | BuiltInField::Notes
                )
        )
    }

    /// Returns true when it is about permission, not a value of the contact.
    #[must_use]
    pub fn is_permission(self) -> bool {
        matches!(self, Self::Consent(_) | Self::Refusal(_))
    }

    /// What the field holds.
    #[must_use]
    pub fn kind(self) -> FieldKind {
        match self {
            Self::BuiltIn(BuiltInField::BirthDate) => FieldKind::Date,
            Self::BuiltIn(_) | Self::PhonePart(_) => FieldKind::Text,
            Self::Custom { kind, .. } => kind,
            Self::Consent(_) | Self::Refusal(_) => FieldKind::Boolean,
        }
    }
}
