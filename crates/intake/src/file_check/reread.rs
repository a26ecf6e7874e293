//! The data kept of the records that share keys: what identifies their persons, and the values that
//! may be replaced.

use std::collections::HashSet;

use alta_domain::{
    BuiltInField, FieldTarget, Fix, Key, KeyKind, LaterRecords, Mapping, SharedKeyRemedy,
};

use crate::check::{Checker, Clean, RowVerdict};
use crate::fingerprint::of_text;
use crate::identity::KeyMark;
use crate::identity::persons::{Candidate, FileKey, Identified};
use crate::incoming::Incoming;
use crate::phone::PhoneKind;

/// A part of the file that is read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The offset of its first byte in the file.
    pub start: u64,
    /// The offset of its end; `None` for the end of the file.
    pub end: Option<u64>,
    /// The physical line at the beginning of the part.
    pub(super) line: u32,
    /// The number of the record before the first one of the part.
    pub(super) before: u32,
}

/// The results of the second reading.
pub(super) struct Again {
    pub(super) checker: Checker,
    pub(super) candidates: Vec<Candidate>,
    pub(super) details: Vec<Detail>,
}

/// The data of a record that are kept beside its [`Candidate`]: texts, and hashes of values.
pub(super) struct Detail {
    /// The e-mail addresses of the record. Other keys can be read from their marks.
    emails: Vec<String>,
    /// The name as the file writes it.
    pub(super) name: Option<String>,
    /// The hashes of the record's values, each with the index of its column among those with a
    /// target.
    pub(super) values: Vec<(u32, u64)>,
}

impl Again {
    /// Returns the stored value of a key. `at` is the index of the record among the candidates.
    pub(super) fn text(&self, at: usize, key: &FileKey) -> String {
        if key.kind != KeyKind::Email {
            return key.mark.stored(key.kind);
        }
        let mut emails = self.details[at].emails.iter();
        let email = emails.find(|email| KeyMark::email(email) == key.mark);
        email.cloned().unwrap_or_default()
    }

    /// Returns what the later records of a person add to its identity.
    pub(super) fn later(
        &self,
        records: &[usize],
        verdicts: &[Identified],
        is_last: bool,
    ) -> LaterRecords {
        let mut later = LaterRecords::default();
        let mut added: HashSet<KeyMark> = HashSet::new();
        let first = &self.candidates[records[0]];
        for at in &records[1..] {
            let left = &verdicts[*at].left;
            for key in &self.candidates[*at].keys {
                let is_left = left.iter().any(|(other, _)| other.mark == key.mark);
                let is_known = first.keys.iter().any(|known| known.mark == key.mark);
                if is_left || is_known {
                    continue;
                }
                if added.insert(key.mark) {
                    later.keys.push(Key::new(key.kind, self.text(*at, key)));
                }
            }
        }
        let has_landline = |at: &&usize| self.candidates[**at].landline.is_some();
        let speaker = if is_last {
            records.iter().rfind(has_landline)
        } else {
            records.iter().find(has_landline)
        };
        let landline = speaker.filter(|at| **at != records[0]);
        later.landline = landline
            .and_then(|at| self.candidates[*at].landline)
            .map(|digits| digits.to_string());
        if is_last {
            later.cpf = self.last_cpf(records, verdicts);
        }
        let named = |at: &&usize| !self.candidates[**at].name.is_missing();
        let speaker = if is_last {
            records.iter().rfind(named)
        } else {
            records.iter().find(named)
        };
        later.name = speaker
            .filter(|at| **at != records[0])
            .and_then(|at| self.details[*at].name.clone());
        later
    }

    /// Returns the CPF of the last record of a person that has one; `None` when no record has one,
    /// or only the person's first record has.
    fn last_cpf(&self, records: &[usize], verdicts: &[Identified]) -> Option<String> {
        let own = |at: usize| {
            let left = &verdicts[at].left;
            let mut keys = self.candidates[at].keys.iter();
            keys.find(|key| {
                let is_left = left.iter().any(|(other, _)| other.mark == key.mark);
                key.kind == KeyKind::Cpf && !is_left
            })
        };
        let last = records.iter().rev().find_map(|at| Some((*at, own(*at)?)));
        let (at, key) = last.filter(|(at, _)| *at != records[0])?;
        Some(Key::new(key.kind, self.text(at, key)).value)
    }
}

/// Returns the keys that belong to nobody before the file is read: in a list of corrected rejects,
/// the keys that the import's file has found to be nobody's.
pub(super) fn nobodys_before(mapping: &Mapping) -> impl Iterator<Item = KeyMark> + '_ {
    let correction = mapping.correction.iter();
    let keys = correction.flat_map(|correction| &correction.nobodys);
    keys.map(|key| KeyMark::of(key.kind, &key.value))
}

pub(super) fn candidate(
    checker: &Checker,
    record: u32,
    verdict: &RowVerdict<'_>,
    incoming: &Incoming,
) -> Candidate {
    let mut keys: Vec<FileKey> = Vec::new();
    let columns = checker.targets().zip(&verdict.cells);
    for ((column, target), outcome) in columns {
        for value in outcome.value.iter().chain(&outcome.more) {
            let key = match (target, value) {
                (_, Clean::Phone(phone)) if phone.kind == PhoneKind::Mobile => (
                    KeyKind::Phone,
                    KeyMark::digits(KeyKind::Phone, phone.digits),
                ),
                (FieldTarget::BuiltIn(BuiltInField::Email), Clean::Text(email)) => {
                    (KeyKind::Email, KeyMark::email(email))
                }
                (FieldTarget::BuiltIn(BuiltInField::TaxId), Clean::Text(id))
                    if incoming.cpf.as_deref() == Some(id) =>
                {
                    (KeyKind::Cpf, KeyMark::of(KeyKind::Cpf, id))
                }
                _ => continue,
            };
            let (kind, mark) = key;
            if !keys.iter().any(|known| known.mark == mark) {
                keys.push(FileKey { kind, mark, column });
            }
        }
    }
    keys.sort_by_key(|key| key.kind as u8);
    let landline = incoming.value(BuiltInField::Landline);
    Candidate {
        record,
        keys,
        name: incoming.name(),
        cpf: incoming.cpf.as_deref().and_then(|cpf| cpf.parse().ok()),
        landline: landline.and_then(|digits| digits.parse().ok()),
    }
}

pub(super) fn detail(checker: &Checker, incoming: Incoming) -> Detail {
    let targets: Vec<FieldTarget> = checker.targets().map(|(_, target)| target).collect();
    let place = |target: &FieldTarget| {
        let place = targets.iter().position(|known| known == target)?;
        u32::try_from(place).ok()
    };
    let is_joined = |target: &FieldTarget| *target == FieldTarget::BuiltIn(BuiltInField::Tags);
    let values = incoming
        .values
        .iter()
        .filter(|(target, _)| !is_joined(target))
        .filter_map(|(target, value)| Some((place(target)?, of_text(value))))
        .collect();
    let parts = [
        BuiltInField::Name,
        BuiltInField::FirstName,
        BuiltInField::LastName,
    ]
    .map(|field| incoming.value(field).unwrap_or_default());
    let [whole, first, last] = parts;
    let name = if crate::identity::Name::of(whole).is_missing() {
        format!("{first} {last}")
    } else {
        whole.to_owned()
    };
    Detail {
        name: Some(name).filter(|name| !name.trim().is_empty()),
        emails: incoming.emails,
        values,
    }
}

/// The decisions about shared keys.
pub(super) struct Remedies<'a>(Vec<(Option<u32>, Option<&'a str>, SharedKeyRemedy)>);

impl<'a> Remedies<'a> {
    pub(super) fn of(fixes: &'a [Fix]) -> Self {
        let decided = fixes.iter().filter_map(|fix| match fix {
            Fix::SharedKey {
                column,
                value,
                remedy,
            } => Some((*column, value.as_deref(), *remedy)),
            _ => None,
        });
        Self(decided.collect())
    }
}

impl Remedies<'_> {
    /// Returns the last decision about a key; `None` when there is none.
    pub(super) fn about(
        &self,
        key: &FileKey,
        text: impl FnOnce() -> String,
    ) -> Option<SharedKeyRemedy> {
        if self.0.is_empty() {
            return None;
        }
        let text = text();
        let is_about = |(of, value, _): &&(Option<u32>, Option<&str>, SharedKeyRemedy)| {
            of.is_none_or(|of| of == key.column) && value.is_none_or(|value| value == text)
        };
        self.0.iter().rfind(is_about).map(|(.., remedy)| *remedy)
    }
}
