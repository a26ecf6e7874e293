//! The values that a record brings to its contact.

use alta_domain::{BuiltInField, Channel, FieldTarget, Key, KeyKind};

use crate::check::{Checker, Clean, RowVerdict, is_cpf};
use crate::identity::{KeyMark, Name};
use crate::phone::PhoneKind;

/// The largest size in bytes of a name in the key of a landline; a longer name is replaced by its
/// hash.
const LONGEST_HOUSEHOLD: usize = 200;

/// The values of one record, ready to be stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Incoming {
    /// The mobile phones in the record's order: E.164 digits without `+`.
    pub phones: Vec<String>,
    /// The e-mail addresses in the record's order.
    pub emails: Vec<String>,
    /// The tax id when it is a CPF, which is a key; `None` otherwise.
    pub cpf: Option<String>,
    /// The values of the other fields, in the order of the columns; each field occurs once.
    pub values: Vec<(FieldTarget, String)>,
    /// The record's answers about permission: true for a yes to the channel, false for a no.
    pub consents: Vec<(Channel, bool)>,
}

impl Incoming {
    /// Takes the values from a record's verdict, given by this checker.
    #[must_use]
    pub fn of(checker: &Checker, verdict: &RowVerdict<'_>) -> Self {
        let mut incoming = Self::default();
        for ((_, target), outcome) in checker.targets().zip(&verdict.cells) {
            for value in outcome.value.iter().chain(&outcome.more) {
                incoming.add(target, value);
            }
        }
        let is_of_brazil = checker.is_of_brazil(verdict);
        incoming.cpf = incoming
            .value(BuiltInField::TaxId)
            .filter(|id| is_of_brazil && is_cpf(id))
            .map(str::to_owned);
        incoming
    }

    fn add(&mut self, target: FieldTarget, value: &Clean<'_>) {
        match (target, value) {
            (FieldTarget::Consent(channel), Clean::Boolean(yes)) => {
                self.consents.push((channel, *yes));
            }
            (FieldTarget::Refusal(channel), Clean::Boolean(true)) => {
                let all = Channel::ALL.into_iter();
                let refused = all.filter(|known| channel.is_none_or(|named| named == *known));
                self.consents.extend(refused.map(|known| (known, false)));
            }
            (FieldTarget::Consent(_) | FieldTarget::Refusal(_) | FieldTarget::PhonePart(_), _) => {}
            (_, Clean::Phone(phone)) if phone.kind == PhoneKind::Mobile => {
                add_once(&mut self.phones, value.stored());
            }
            (_, Clean::Phone(_)) => {
                self.set(FieldTarget::BuiltIn(BuiltInField::Landline), value.stored());
            }
            (FieldTarget::BuiltIn(BuiltInField::Email), _) => {
                add_once(&mut self.emails, value.stored());
            }
            _ => self.set(target, storable(value.stored())),
        }
    }

    /// Sets a value unless the field has one already. Tags and notes of several columns are joined.
    fn set(&mut self, target: FieldTarget, value: String) {
        let known = self.values.iter_mut().find(|(known, _)| *known == target);
        match known {
            None => self.values.push((target, value)),
            Some((FieldTarget::BuiltIn(BuiltInField::Tags), tags)) => {
                if let Some(more) = crate::tags::with_more_tags(tags, &value) {
                    *tags = more;
                }
            }
            Some((FieldTarget::BuiltIn(BuiltInField::Notes), notes)) => {
                notes.push('\n');
                notes.push_str(&value);
            }
            Some(_) => {}
        }
    }

    /// Returns the value of a field; `None` for a phone or an e-mail address, and when there is no
    /// value.
    #[must_use]
    pub fn value(&self, field: BuiltInField) -> Option<&str> {
        self.values
            .iter()
            .find(|(known, _)| *known == FieldTarget::BuiltIn(field))
            .map(|(_, value)| value.as_str())
    }

    /// Returns the name by which the person is compared.
    #[must_use]
    pub fn name(&self) -> Name {
        Name::of_parts(
            self.value(BuiltInField::Name),
            self.value(BuiltInField::FirstName),
            self.value(BuiltInField::LastName),
        )
    }

    /// Returns the phones, e-mails and CPF as keys, in the order in which they are looked up.
    #[must_use]
    pub fn keys(&self) -> Vec<Key> {
        let phones = self
            .phones
            .iter()
            .map(|text| Key::new(KeyKind::Phone, text));
        let emails = self
            .emails
            .iter()
            .map(|text| Key::new(KeyKind::Email, text));
        let cpf = self.cpf.iter().map(|text| Key::new(KeyKind::Cpf, text));
        phones.chain(emails).chain(cpf).collect()
    }

    /// Returns the key of a record that has no other key: its landline together with its name;
    /// `None` without a landline.
    #[must_use]
    pub fn household(&self) -> Option<Key> {
        Some(household(self.value(BuiltInField::Landline)?, &self.name()))
    }
}

/// Returns the key that a landline forms together with a name.
#[must_use]
pub fn household(landline: &str, name: &Name) -> Key {
    let mut words = name.text();
    if words.len() > LONGEST_HOUSEHOLD {
        words = format!("{:016x}", KeyMark::email(&words).number());
    }
    Key::new(KeyKind::Landline, format!("{landline}/{words}"))
}

fn add_once(values: &mut Vec<String>, value: String) {
    if !values.contains(&value) {
        values.push(value);
    }
}

/// Returns a text in the form in which it can be stored. PostgreSQL can't store NUL, so each NUL
/// becomes U+FFFD.
#[must_use]
pub fn storable(text: String) -> String {
    if text.contains('\0') {
        text.replace('\0', "\u{fffd}")
    } else {
        text
    }
}
