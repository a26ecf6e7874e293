//! The identity of a record: its keys, and the verdict that follows from its identity cells.

use alta_domain::{BuiltInField, FieldTarget, KeyKind, ProblemCode};

use super::outcome::{Clean, Outcome};
use super::verdict::Verdict;
use crate::identity::{KeyMark, Keys};
use crate::phone::PhoneKind;

/// A collector of a record's identity, filled while its cells are judged one by one.
#[derive(Default)]
pub(super) struct Identity {
    /// The keys found so far, and the first landline.
    pub(super) keys: Keys,
    /// True once a cell holds a valid phone, landline or e-mail.
    usable: bool,
    /// The problem of the first identity cell without a valid value.
    wrong: Option<ProblemCode>,
}

impl Identity {
    /// Adds the outcome of one cell.
    pub(super) fn add(&mut self, target: FieldTarget, outcome: &Outcome<'_>) {
        let FieldTarget::BuiltIn(field) = target else {
            return;
        };
        for value in outcome.value.iter().chain(&outcome.more) {
            add_key(&mut self.keys, field, value);
        }
        if field.is_identity() {
            self.usable |= outcome.value.is_some();
            self.wrong = self.wrong.or(outcome
                .problem
                .filter(|_| outcome.value.is_none())
                .map(|problem| problem.code));
        }
    }

    /// Removes the CPF from the keys, because the record's country is not Brazil.
    pub(super) fn without_cpf(&mut self) {
        self.keys.remove(KeyKind::Cpf);
    }

    /// Returns the verdict on the record: ready when an identity cell is valid, and otherwise
    /// rejected with the problem of the first wrong identity cell, or because all are empty.
    pub(super) fn verdict(&self) -> Verdict {
        if self.usable {
            Verdict::Ready
        } else {
            Verdict::Rejected(self.wrong.unwrap_or(ProblemCode::NoIdentity))
        }
    }
}

/// Adds a valid value to the keys when its field identifies people. The number itself decides
/// whether a phone is a mobile or a landline, whatever its column is called.
fn add_key(keys: &mut Keys, field: BuiltInField, value: &Clean<'_>) {
    match (field, value) {
        (BuiltInField::Phone | BuiltInField::Landline, Clean::Phone(phone)) => {
            let kind = match phone.kind {
                PhoneKind::Mobile => KeyKind::Phone,
                PhoneKind::Landline | PhoneKind::Other => KeyKind::Landline,
            };
            if kind == KeyKind::Phone || keys.first(kind).is_none() {
                keys.add(kind, KeyMark::digits(kind, phone.digits));
            }
        }
        (BuiltInField::Email, Clean::Text(email)) => {
            keys.add(KeyKind::Email, KeyMark::email(email));
        }
        (BuiltInField::TaxId, Clean::Text(id)) if is_cpf(id) => {
            keys.add(KeyKind::Cpf, KeyMark::of(KeyKind::Cpf, id));
        }
        _ => {}
    }
}

/// Returns true when a tax id that was read is a valid CPF. The digits are checked again, because
/// tax ids of other countries are stored as written.
pub(crate) fn is_cpf(id: &str) -> bool {
    crate::check_digits::is_cpf(id.as_bytes())
}

/// Returns true when a tax id is a CPF of somebody in Brazil. `named` is the country that the
/// contact names, `home` the country that applies when it names none.
#[must_use]
pub fn is_cpf_of(id: &str, named: Option<&str>, home: alta_domain::Country) -> bool {
    let own = named.and_then(crate::country_words::named);
    own.unwrap_or(home) == alta_domain::Country::BRAZIL && is_cpf(id)
}
