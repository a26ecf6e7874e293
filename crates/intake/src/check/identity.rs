//! What identifies a record: its keys, and the verdict that follows from them.

use alta_domain::{BuiltInField, FieldTarget, ProblemCode};

use super::outcome::{Clean, Outcome};
use super::verdict::Verdict;
use crate::identity::Keys;
use crate::phone::{Phone, PhoneKind};

/// Collects what identifies a record while its cells are judged one by one.
#[derive(Default)]
pub(super) struct Identity {
    /// The keys found so far.
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
        add_key(&mut self.keys, field, outcome.value.as_ref());
        if field.is_identity() {
            self.usable |= outcome.value.is_some();
            self.wrong = self.wrong.or(outcome
                .problem
                .filter(|_| outcome.value.is_none())
                .map(|problem| problem.code));
        }
    }

    /// Returns the verdict on the record: rejected for the first wrong identity cell, or for
    /// having none.
    pub(super) fn verdict(&self) -> Verdict {
        if self.usable {
            Verdict::Ready
        } else {
            Verdict::Rejected(self.wrong.unwrap_or(ProblemCode::NoIdentity))
        }
    }
}

/// Adds a valid value to the keys when its field identifies people.
fn add_key(keys: &mut Keys, field: BuiltInField, value: Option<&Clean<'_>>) {
    match (field, value) {
        (
            BuiltInField::Phone,
            Some(Clean::Phone(Phone {
                digits,
                kind: PhoneKind::Mobile,
                ..
            })),
        ) => keys.phone = Some(*digits),
        // A mobile in the landlines' column is one all the same, where the two can be told apart.
        (
            BuiltInField::Landline,
            Some(Clean::Phone(Phone {
                digits,
                kind: PhoneKind::Mobile,
                is_sure: true,
                ..
            })),
        ) => {
            keys.phone = keys.phone.or(Some(*digits));
        }
        (BuiltInField::Email, Some(Clean::Text(email))) => keys.email = Some(Keys::of_text(email)),
        (BuiltInField::TaxId, Some(Clean::Text(id))) => keys.tax_id = Some(Keys::of_text(id)),
        _ => {}
    }
}
