//! The fields of a contact, built-in and custom, and the targets of a file's columns.

use serde::{Deserialize, Serialize};

use crate::word::word_enum;
use crate::{Channel, FieldId};

word_enum! {
    /// A field that every contact has. The words are those of the command line and the API.
    pub enum BuiltInField {
        /// The mobile phone: E.164 digits without `+`. A key.
        Phone = "phone",
        /// The landline: E.164 digits without `+`. It makes a record usable, but does not merge two
        /// records by itself.
        Landline = "landline",
        /// The e-mail address in lower case. A key.
        Email = "email",
        /// The whole name.
        Name = "name",
        /// The first name.
        FirstName = "first_name",
        /// The last name.
        LastName = "last_name",
        /// The birth date, `YYYY-MM-DD`.
        BirthDate = "birth_date",
        /// The tax id: CPF, CNPJ or that of another country. A valid CPF is a key.
        TaxId = "tax_id",
        /// The company that the contact works for.
        Company = "company",
        /// The country of the address.
        Country = "country",
        /// The state or province of the address.
        State = "state",
        /// The city of the address.
        City = "city",
        /// The street and number of the address.
        Address = "address",
        /// The postal code of the address.
        PostalCode = "postal_code",
        /// The tags of the contact.
        Tags = "tags",
        /// The contact's id in the system that the file came from.
        ExternalId = "external_id",
        /// Notes about the contact.
        Notes = "notes",
    }
}

impl BuiltInField {
    /// Returns true when a valid value of the field makes a record usable.
    #[must_use]
    pub fn is_identity(self) -> bool {
        matches!(self, Self::Phone | Self::Landline | Self::Email)
    }
}

word_enum! {
    /// The type of a custom field's values.
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

/// A custom field of an organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// The field's id.
    pub id: FieldId,
    /// The name of the field, unique in the organization without regard to case.
    pub name: String,
    /// The type of the field's values.
    pub kind: FieldKind,
}

/// The input for a new custom field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewField {
    /// The name of the field, at most 60 characters.
    pub name: String,
    /// The type of the field's values.
    pub kind: FieldKind,
}

word_enum! {
    /// A part of a phone number in a column of its own, before the column of the number.
    pub enum PhonePart {
        /// The country's calling code: DDI, prefijo.
        CountryCode = "country_code",
        /// The area code: DDD, lada.
        AreaCode = "area_code",
    }
}

/// The target of a column: the field that its values go into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FieldTarget {
    /// A field that every contact has.
    BuiltIn(BuiltInField),
    /// A custom field of the organization.
    Custom {
        /// The field's id.
        id: FieldId,
        /// The type of the field's values.
        kind: FieldKind,
    },
    /// Permission to write by a channel, as yes or no. A no is final: no later file turns it into a
    /// yes.
    Consent(Channel),
    /// A part of the phone numbers in the columns beside this one.
    PhonePart(PhonePart),
    /// Refusal of permission, as yes or no: a yes means that nobody may write to the contact by the
    /// channel, or by any channel for `None`. A no has no effect.
    Refusal(Option<Channel>),
}

impl FieldTarget {
    /// Returns true when several columns may have this target, because a contact may have several
    /// of its values.
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

    /// Returns true when the target is about permission, not about a value of the contact.
    #[must_use]
    pub fn is_permission(self) -> bool {
        matches!(self, Self::Consent(_) | Self::Refusal(_))
    }

    /// Returns the type of the target's values.
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
