//! What a record brings to its contact.

use alta_domain::{BuiltInField, Channel, FieldTarget};

use crate::check::{Checker, Clean, RowVerdict};
use crate::phone::{Phone, PhoneKind};

/// The values of one record, ready to be stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Incoming {
    /// Values of fields, in the order of the columns.
    pub values: Vec<(FieldTarget, String)>,
    /// What the record says of permission, by channel.
    pub consents: Vec<(Channel, bool)>,
    /// What the contact is known by: the mobile phone, or landline and name where there is nothing
    /// else.
    pub phone_key: Option<String>,
}

impl Incoming {
    /// Of a record's verdict under the checker that gave it.
    #[must_use]
    pub fn of(checker: &Checker, verdict: &RowVerdict<'_>) -> Self {
        let mut incoming = Self::default();
        let (mut landline, mut mobile) = (None, None);
        for ((_, target), outcome) in checker.targets().zip(&verdict.cells) {
            let Some(value) = &outcome.value else {
                continue;
            };
            match (target, value) {
                (
                    FieldTarget::BuiltIn(BuiltInField::Phone),
                    Clean::Phone(Phone {
                        digits,
                        kind: PhoneKind::Mobile,
                        ..
                    }),
                ) => {
                    incoming.phone_key = Some(digits.to_string());
                }
                (
                    _,
                    Clean::Phone(Phone {
                        digits,
                        kind: PhoneKind::Mobile,
                        is_sure: true,
                        ..
                    }),
                ) => mobile = Some(digits.to_string()),
                (_, Clean::Phone(phone)) => landline = Some(phone.digits),
                (FieldTarget::Consent(channel), Clean::Boolean(yes)) => {
                    incoming.consents.push((channel, *yes));
                }
                _ => {}
            }
            if !matches!(target, FieldTarget::Consent(_)) {
                incoming.values.push((target, storable(value.stored())));
            }
        }
        // A mobile in the landlines' column.
        incoming.phone_key = incoming.phone_key.or(mobile);
        // Without mobile, e-mail and tax id a landline is shared by a household: it stands for one
        // person only together with the name.
        let keyless = incoming.phone_key.is_none()
            && incoming.value(BuiltInField::Email).is_none()
            && incoming.value(BuiltInField::TaxId).is_none();
        if let (true, Some(digits)) = (keyless, landline) {
            let names = [
                BuiltInField::Name,
                BuiltInField::FirstName,
                BuiltInField::LastName,
            ]
            .map(|field| incoming.value(field).unwrap_or_default().to_lowercase());
            incoming.phone_key = Some(format!("{digits}/{}", names.join(" ").trim()));
        }
        incoming
    }

    /// The value of a field.
    #[must_use]
    pub fn value(&self, field: BuiltInField) -> Option<&str> {
        self.values
            .iter()
            .find(|(known, _)| *known == FieldTarget::BuiltIn(field))
            .map(|(_, value)| value.as_str())
    }

    /// Phone, e-mail and tax id, in the order in which they are asked.
    #[must_use]
    pub fn keys(&self) -> [Option<&str>; 3] {
        [
            self.phone_key.as_deref(),
            self.value(BuiltInField::Email),
            self.value(BuiltInField::TaxId),
        ]
    }
}

/// A text as it is stored. PostgreSQL's can't hold a NUL: it becomes what any byte that is no text
/// becomes.
#[must_use]
pub fn storable(text: String) -> String {
    if text.contains('\0') {
        text.replace('\0', "\u{fffd}")
    } else {
        text
    }
}
