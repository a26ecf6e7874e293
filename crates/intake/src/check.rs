//! One row under a mapping: what each cell becomes, and whether the record can be used.

mod outcome;

use std::borrow::Cow;

use alta_domain::{
    BuiltInField, CellProblem, ColumnPlan, Country, DateOrder, FieldKind, FieldTarget, Fix,
    Mapping, ProblemCode, ProblemFilter, Severity,
};

use crate::columns::names_a_foreign_tax_id;
use crate::date::{DateReading, read_date};
use crate::email::read_email;
use crate::fix;
use crate::identity::Keys;
use crate::mail_domain;
use crate::number::{read_boolean, read_number};
use crate::phone::{Phone, PhoneError, PhoneKind, read_phone};
use crate::tax_id::{TaxIdReading, read_tax_id};

pub use outcome::{Clean, Outcome};

/// Whether a record can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It has a valid phone or e-mail.
    Ready,
    /// It has neither: the identity cells are wrong, or all empty.
    Rejected(ProblemCode),
}

/// What became of one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowVerdict<'a> {
    /// An outcome for each column that has a target, in the mapping's order.
    pub cells: Vec<Outcome<'a>>,
    /// Whether it can be used.
    pub verdict: Verdict,
    /// What it is known by.
    pub keys: Keys,
}

/// A column that has a target.
#[derive(Clone, Debug)]
struct Active {
    index: u32,
    target: FieldTarget,
    date_order: Option<DateOrder>,
    /// What was decided about its cells, with the place in the plan.
    fixes: Vec<(usize, Fix)>,
    /// Any text is good, and nothing was decided about it.
    takes_any: bool,
    /// Its name says that its tax ids are another country's.
    foreign: bool,
}

/// Judges rows under one mapping.
#[derive(Clone, Debug)]
pub struct Checker {
    columns: Vec<Active>,
    country: Country,
    year: u16,
    /// The file is a list of rejects of ours: what a spreadsheet would run as a formula has an
    /// apostrophe in front.
    disarmed: bool,
}

impl Checker {
    /// For the columns of the mapping that have a target.
    #[must_use]
    pub fn new(mapping: &Mapping) -> Self {
        let active = |column: &ColumnPlan| {
            let target = column.target?;
            let fixes: Vec<(usize, Fix)> = mapping
                .fixes
                .iter()
                .cloned()
                .enumerate()
                .filter(|(_, fix)| fix.column() == Some(column.index))
                .collect();
            let decided = fixes.iter().rev().find_map(|(_, fix)| {
                if let Fix::ReadDates { order, .. } = fix {
                    Some(*order)
                } else {
                    None
                }
            });
            let takes_any = fixes.is_empty() && takes_any(target);
            let foreign = target == FieldTarget::BuiltIn(BuiltInField::TaxId)
                && names_a_foreign_tax_id(&column.header);
            Some(Active {
                index: column.index,
                target,
                date_order: decided.or(column.date_order),
                fixes,
                takes_any,
                foreign,
            })
        };
        Self {
            columns: mapping.columns.iter().filter_map(active).collect(),
            country: mapping.country,
            year: mapping.year,
            disarmed: mapping.correction.is_some(),
        }
    }

    /// Target and index in the file of each column judged, in order.
    pub fn targets(&self) -> impl Iterator<Item = (u32, FieldTarget)> + '_ {
        self.columns
            .iter()
            .map(|column| (column.index, column.target))
    }

    /// Judges the cells of the columns that have a target, in order; missing ones are empty.
    #[must_use]
    pub fn row<'a, T: AsRef<str>>(&self, cells: &'a [T]) -> RowVerdict<'a> {
        let mut identity = Identity::default();
        let mut outcomes = Vec::with_capacity(self.columns.len());
        for (at, column) in self.columns.iter().enumerate() {
            let text = cells.get(at).map(AsRef::as_ref).unwrap_or_default();
            let outcome = self.cell(column, text);
            identity.add(column.target, &outcome);
            outcomes.push(outcome);
        }
        let verdict = identity.verdict();
        for (column, outcome) in self.columns.iter().zip(&mut outcomes) {
            outcome.problem = outcome
                .problem
                .and_then(|problem| settled(column, verdict, problem));
        }
        RowVerdict {
            cells: outcomes,
            verdict,
            keys: identity.keys,
        }
    }

    /// The same verdict for a whole file's rows: what is wrong goes to `notes`, and no value is
    /// kept. In a record that `is_text` no cell is looked at that may be anything.
    pub(crate) fn notes<'a>(
        &self,
        cell: impl Fn(u32) -> Cow<'a, str>,
        is_text: bool,
        notes: &mut Vec<Note>,
    ) -> (Verdict, Keys) {
        let mut identity = Identity::default();
        notes.clear();
        for (at, column) in self.columns.iter().enumerate() {
            if is_text && column.takes_any {
                continue;
            }
            let text = cell(column.index);
            let outcome = self.cell(column, &text);
            identity.add(column.target, &outcome);
            if outcome.problem.is_some() || outcome.fix.is_some() {
                notes.push(Note {
                    column: column.index,
                    at,
                    problem: outcome.problem,
                    pending: outcome.pending,
                    fix: outcome.fix,
                });
            }
        }
        let verdict = identity.verdict();
        for note in notes {
            note.problem = note
                .problem
                .and_then(|problem| settled(&self.columns[note.at], verdict, problem));
            note.pending = note.pending.filter(|_| note.problem.is_some());
            // A value that could not be left out, because nothing else would tell whose record it
            // is.
            note.fix = note
                .fix
                .filter(|at| note.problem.is_none() || !self.leaves_out(note.at, *at));
        }
        (verdict, identity.keys)
    }

    fn leaves_out(&self, column: usize, at: usize) -> bool {
        self.columns[column]
            .fixes
            .iter()
            .any(|(place, fix)| *place == at && matches!(fix, Fix::LeaveOut { .. }))
    }

    /// A cell's text before and after, where it is stored otherwise than it is written.
    pub(crate) fn sample(&self, column: u32, text: &str) -> Option<(String, String)> {
        let column = self.columns.iter().find(|active| active.index == column)?;
        let after = self.cell(column, text).value?.shown(text)?;
        Some((text.to_owned(), after))
    }

    fn cell<'a>(&self, column: &Active, text: &'a str) -> Outcome<'a> {
        let mut text = crate::words::trim(text);
        if text.is_empty() {
            return Outcome::EMPTY;
        }
        if self.disarmed {
            let bare = text
                .strip_prefix('\'')
                .filter(|bare| bare.starts_with(['=', '@', '+', '-', '\t', '\r', '\n']));
            text = bare.unwrap_or(text);
        }
        if column.fixes.is_empty() {
            self.judge(column, text)
        } else {
            self.fixed(column, text)
        }
    }

    /// A cell of a column that something was decided about.
    fn fixed<'a>(&self, column: &Active, text: &'a str) -> Outcome<'a> {
        let (written, mut by) = fix::rewritten(&column.fixes, text);
        let mut outcome = match &written {
            Cow::Borrowed(_) => self.judge(column, text),
            Cow::Owned(written) => self.judge(column, written).owned(),
        };
        if outcome
            .problem
            .is_some_and(|problem| problem.code == ProblemCode::InvalidPhone)
            && let Some((at, phone)) = fix::other_country(&column.fixes, &written)
        {
            outcome = Outcome::good(Clean::Phone(phone), phone.notice);
            by = Some(at);
        }
        if let Some(problem) = outcome.problem
            && let Some(at) = fix::left_out(&column.fixes, problem.code)
        {
            outcome.value = None;
            by = Some(at);
        }
        if matches!(outcome.value, Some(Clean::Date(_))) {
            by = by.or_else(|| {
                column
                    .fixes
                    .iter()
                    .find(|(_, fix)| matches!(fix, Fix::ReadDates { .. }))
                    .map(|(at, _)| *at)
            });
        }
        Outcome { fix: by, ..outcome }
    }

    fn judge<'a>(&self, column: &Active, text: &'a str) -> Outcome<'a> {
        match column.target {
            FieldTarget::BuiltIn(BuiltInField::Phone | BuiltInField::Landline) => {
                match read_phone(text, self.country) {
                    Ok(phone) => Outcome::good(Clean::Phone(phone), phone.notice),
                    Err(PhoneError::LostDigits) => Outcome::bad(ProblemCode::LostDigits),
                    Err(_) => Outcome::bad(ProblemCode::InvalidPhone),
                }
            }
            FieldTarget::BuiltIn(BuiltInField::Email) => match read_email(text) {
                Some(email) => {
                    let suspect = mail_domain::of_address(&email)
                        .and_then(mail_domain::meant)
                        .map(|_| ProblemCode::SuspectDomain);
                    Outcome::good(Clean::Text(email), suspect)
                }
                None => Outcome::bad(ProblemCode::InvalidEmail),
            },
            FieldTarget::BuiltIn(BuiltInField::TaxId) => {
                match read_tax_id(text, self.country, column.foreign) {
                    TaxIdReading::LostDigits => Outcome::bad(ProblemCode::LostDigits),
                    TaxIdReading::Valid { id, mended } => Outcome::good(
                        Clean::Text(Cow::Owned(id)),
                        mended.then_some(ProblemCode::InvalidTaxId),
                    ),
                    TaxIdReading::Invalid => Outcome::bad(ProblemCode::InvalidTaxId),
                }
            }
            FieldTarget::BuiltIn(BuiltInField::BirthDate)
            | FieldTarget::Custom {
                kind: FieldKind::Date,
                ..
            } => self.date(column, text),
            FieldTarget::Custom {
                kind: FieldKind::Number,
                ..
            } => match read_number(text, self.country) {
                Some(number) => Outcome::good(Clean::Text(Cow::Owned(number)), None),
                None => Outcome::bad(ProblemCode::InvalidNumber),
            },
            FieldTarget::Consent(_)
            | FieldTarget::Custom {
                kind: FieldKind::Boolean,
                ..
            } => match read_boolean(text) {
                Some(value) => Outcome::good(Clean::Boolean(value), None),
                None => Outcome::bad(ProblemCode::InvalidBoolean),
            },
            FieldTarget::BuiltIn(_)
            | FieldTarget::Custom {
                kind: FieldKind::Text | FieldKind::Choice,
                ..
            } => Outcome::good(Clean::Text(Cow::Borrowed(text)), None),
        }
    }

    fn date<'a>(&self, column: &Active, text: &str) -> Outcome<'a> {
        let reading = read_date(text, self.year);
        if column.target == FieldTarget::BuiltIn(BuiltInField::BirthDate)
            && reading.year() > Some(self.year)
        {
            return Outcome::bad(ProblemCode::InvalidDate);
        }
        match (reading.under(column.date_order), reading) {
            (Some(date), _) => Outcome::good(Clean::Date(date), None),
            (None, DateReading::Numbers { .. }) if column.date_order.is_none() => Outcome {
                pending: Some(reading),
                ..Outcome::bad(ProblemCode::AmbiguousDate)
            },
            _ => Outcome::bad(ProblemCode::InvalidDate),
        }
    }
}

/// Whether any text is good for a field.
fn takes_any(target: FieldTarget) -> bool {
    use BuiltInField as F;
    match target {
        FieldTarget::BuiltIn(field) => !matches!(
            field,
            F::Phone | F::Landline | F::Email | F::TaxId | F::BirthDate
        ),
        FieldTarget::Custom { kind, .. } => matches!(kind, FieldKind::Text | FieldKind::Choice),
        FieldTarget::Consent(_) => false,
    }
}

/// What is wrong with a cell, or was mended.
pub(crate) struct Note {
    pub(crate) column: u32,
    /// Its place among the columns judged.
    at: usize,
    pub(crate) problem: Option<CellProblem>,
    pub(crate) pending: Option<DateReading>,
    pub(crate) fix: Option<usize>,
}

impl Note {
    pub(crate) fn has(&self, filter: &ProblemFilter) -> bool {
        filter.column == Some(self.column)
            && self.problem.is_some_and(|problem| {
                (problem.code, problem.severity) == (filter.code, filter.severity)
            })
    }
}

/// Whether a record has an identity, as its cells are judged one by one.
#[derive(Default)]
struct Identity {
    keys: Keys,
    usable: bool,
    wrong: Option<ProblemCode>,
}

impl Identity {
    fn add(&mut self, target: FieldTarget, outcome: &Outcome<'_>) {
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

    fn verdict(&self) -> Verdict {
        if self.usable {
            Verdict::Ready
        } else {
            Verdict::Rejected(self.wrong.unwrap_or(ProblemCode::NoIdentity))
        }
    }
}

/// A cell's problem once its record's verdict is known. In a rejected record the identity cells are
/// what it is rejected for; in any other, a value that the admin leaves out is no problem any more.
fn settled(column: &Active, verdict: Verdict, problem: CellProblem) -> Option<CellProblem> {
    let is_identity = matches!(column.target, FieldTarget::BuiltIn(field) if field.is_identity());
    if is_identity && verdict != Verdict::Ready {
        return Some(CellProblem {
            severity: Severity::Error,
            ..problem
        });
    }
    (fix::left_out(&column.fixes, problem.code).is_none()).then_some(problem)
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use alta_domain::FileShape;

    fn checker(fields: &[BuiltInField]) -> Checker {
        let column = |(field, index): (&BuiltInField, u32)| ColumnPlan {
            index,
            header: String::new(),
            target: Some(FieldTarget::BuiltIn(*field)),
            date_order: None,
        };
        let columns = fields.iter().zip(0..).map(column).collect();
        Checker::new(&Mapping {
            shape: FileShape::default(),
            country: Country::BRAZIL,
            year: 2026,
            columns,
            fixes: Vec::new(),
            correction: None,
        })
    }

    #[test]
    fn a_bad_phone_beside_a_good_email_is_left_out_and_the_record_kept() {
        let checker = checker(&[BuiltInField::Phone, BuiltInField::Email]);
        let row = ["123", "ana@example.com"];
        let verdict = checker.row(&row);
        assert_eq!(verdict.verdict, Verdict::Ready);
        assert_eq!(
            verdict.cells[0].problem,
            Some(CellProblem {
                code: ProblemCode::InvalidPhone,
                severity: Severity::Warning
            })
        );
    }

    #[test]
    fn without_any_good_identity_the_record_is_rejected_for_what_is_wrong_or_missing() {
        let checker = checker(&[BuiltInField::Phone, BuiltInField::Email]);
        let row = ["123", "ana@"];
        let verdict = checker.row(&row);
        assert_eq!(
            verdict.verdict,
            Verdict::Rejected(ProblemCode::InvalidPhone)
        );
        assert!(verdict.cells.iter().all(|cell| {
            cell.problem
                .is_some_and(|problem| problem.severity == Severity::Error)
        }));
        assert_eq!(
            checker.row(&["", " "]).verdict,
            Verdict::Rejected(ProblemCode::NoIdentity)
        );
    }

    #[test]
    fn nobody_is_born_in_the_future() {
        let checker = checker(&[BuiltInField::Email, BuiltInField::BirthDate]);
        for (text, problem) in [
            ("2090-04-03", Some(ProblemCode::InvalidDate)),
            ("03/04/2027", Some(ProblemCode::InvalidDate)),
            ("2026-12-31", None),
        ] {
            let row = ["ana@example.com", text];
            assert_eq!(
                checker.row(&row).cells[1]
                    .problem
                    .map(|problem| problem.code),
                problem,
                "{text}"
            );
        }
    }

    #[test]
    fn a_landline_makes_a_record_usable_but_is_no_key() {
        let checker = checker(&[BuiltInField::Phone]);
        let row = ["51 3333-4444"];
        let verdict = checker.row(&row);
        assert_eq!(
            (verdict.verdict, verdict.keys),
            (Verdict::Ready, Keys::default())
        );
    }
}
