//! The judging of cells with phones, e-mail addresses, tax ids and plain text.

use std::borrow::Cow;

use alta_domain::{CellProblem, Country, FieldTarget, ProblemCode, Severity};

use super::outcome::{Clean, Outcome};
use crate::damage;
use crate::email::{Emails, read_emails};
use crate::mail_domain;
use crate::phone::{PhoneError, read_phones};
use crate::tax_id::{TaxIdReading, read_tax_id};

/// Judges a cell of phones.
pub(super) fn phone<'a>(text: &str, country: Country) -> Outcome<'a> {
    match read_phones(text, country) {
        Ok((phone, more)) => Outcome {
            more: more.into_iter().map(Clean::Phone).collect(),
            ..Outcome::good(Clean::Phone(phone), phone.notice)
        },
        Err(PhoneError::LostDigits) => Outcome::bad(ProblemCode::LostDigits),
        Err(_) => Outcome::bad(ProblemCode::InvalidPhone),
    }
}

/// Judges a cell of e-mail addresses.
pub(super) fn email(text: &str) -> Outcome<'_> {
    let Some(Emails {
        first: email,
        further,
        has_extra,
    }) = read_emails(text)
    else {
        return Outcome::bad(ProblemCode::InvalidEmail);
    };
    let suspect = mail_domain::of_address(&email)
        .and_then(mail_domain::meant)
        .map(|_| ProblemCode::SuspectDomain)
        .or(has_extra.then_some(ProblemCode::ExtraText));
    Outcome {
        more: further
            .into_iter()
            .map(|email| Clean::Text(Cow::Owned(email)))
            .collect(),
        ..Outcome::good(Clean::Text(email), suspect)
    }
}

/// Judges a tax id.
pub(super) fn tax_id<'a>(text: &str, country: Country, is_foreign: bool) -> Outcome<'a> {
    match read_tax_id(text, country, is_foreign) {
        TaxIdReading::LostDigits => Outcome::bad(ProblemCode::LostDigits),
        TaxIdReading::Valid { id, mended } => Outcome::good(
            Clean::Text(Cow::Owned(id)),
            mended.then_some(ProblemCode::InvalidTaxId),
        ),
        TaxIdReading::Invalid => Outcome::bad(ProblemCode::InvalidTaxId),
    }
}

/// Accepts any text. Damage is reported, and the text stays as it is until the Admin decides.
pub(super) fn text_cell(text: &str, target: FieldTarget) -> Outcome<'_> {
    Outcome {
        problem: damage::of(text, target).map(|code| CellProblem {
            code,
            severity: Severity::Warning,
        }),
        ..Outcome::good(Clean::Text(Cow::Borrowed(text)), None)
    }
}
