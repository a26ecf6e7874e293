//! One row under a mapping: what each cell becomes, and whether the record can be used.

mod active;
mod cells;
mod identity;
mod note;
mod outcome;
mod phone_parts;
mod verdict;

use std::borrow::Cow;

use alta_domain::{
    BuiltInField, ColumnPlan, Country, FieldKind, FieldTarget, Fix, KeyKind, Mapping, ProblemCode,
};

use crate::columns::names_a_foreign_tax_id;
use crate::country_words;
use crate::date::{DateReading, read_birthday, read_date};
use crate::fix::{self, Edits, Fixes};
use crate::identity::Keys;
use crate::number::{read_boolean, read_number};
use crate::plain::plain;
use crate::spreadsheet::unprotect;

use active::Active;
use cells::{email, phone, tax_id, text_cell};
use identity::Identity;
pub(crate) use identity::is_cpf;
pub use identity::is_cpf_of;
pub(crate) use note::Note;
use note::{final_problem, takes_any};
pub use outcome::{Clean, Outcome};
pub use verdict::{RowVerdict, Verdict};

/// Bytes that a cell may have: no name, address or note of a person is longer.
pub const CELL_BYTES: usize = 16 * 1024;

/// Bytes in UTF-8 of a letter that is one byte in the file.
const LONGEST_LETTER: usize = 3;

/// A cell as it reaches the engine.
#[derive(Clone, Copy)]
struct Given<'a> {
    text: &'a str,
    /// The place in the plan of the decision that gave it its text; none as it stands in the file.
    typed: Option<usize>,
}

/// Judges rows under one mapping.
#[derive(Clone, Debug)]
pub struct Checker {
    columns: Vec<Active>,
    /// The cells that were typed by hand.
    edits: Edits,
    /// The place, among the columns judged, of the one with the record's own country.
    country_column: Option<usize>,
    /// The country of records that name none.
    country: Country,
    year: u16,
    /// Bytes that a cell may have.
    cell_bytes: usize,
    /// The file is a list of rejects of ours, whose cells are protected from running as formulas.
    is_protected: bool,
}

impl Checker {
    /// For the columns of the mapping that have a target.
    #[must_use]
    pub fn new(mapping: &Mapping) -> Self {
        let active = |column: &ColumnPlan| {
            let target = column.target?;
            let fixes = Fixes::of(&mapping.fixes, column.index);
            let decided = fixes.iter().rev().find_map(|(_, fix)| match fix {
                Fix::ReadDates { order, .. } => Some(*order),
                _ => None,
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
                parts: Vec::new(),
            })
        };
        let mut columns: Vec<Active> = mapping.columns.iter().filter_map(active).collect();
        phone_parts::find(&mut columns);
        let country = FieldTarget::BuiltIn(BuiltInField::Country);
        Self {
            country_column: columns.iter().position(|column| column.target == country),
            columns,
            edits: Edits::of(mapping),
            country: mapping.country,
            year: mapping.year,
            cell_bytes: CELL_BYTES,
            is_protected: mapping.correction.is_some(),
        }
    }

    /// The same with another limit of a cell's bytes than [`CELL_BYTES`].
    #[must_use]
    pub fn with_cell_bytes(self, cell_bytes: usize) -> Self {
        Self { cell_bytes, ..self }
    }

    /// Returns true when the tax id of a record may be a CPF: its country is Brazil.
    pub(crate) fn is_of_brazil(&self, verdict: &RowVerdict<'_>) -> bool {
        let text = self
            .country_column
            .and_then(|at| verdict.cells.get(at)?.value.as_ref());
        self.has_cpf(self.country_of(text.map(Clean::stored).as_deref()))
    }

    /// The country of a record that names this one.
    fn country_of(&self, named: Option<&str>) -> Country {
        named.and_then(country_words::named).unwrap_or(self.country)
    }

    /// Returns true when the tax id of a record of this country may be a CPF.
    fn has_cpf(&self, country: Country) -> bool {
        country == Country::BRAZIL && !self.columns.iter().any(|column| column.foreign)
    }

    /// Target and index in the file of each column judged, in order.
    pub fn targets(&self) -> impl Iterator<Item = (u32, FieldTarget)> + '_ {
        self.columns
            .iter()
            .map(|column| (column.index, column.target))
    }

    /// The cells that the mapping's decisions give another text.
    pub(crate) fn edits(&self) -> &Edits {
        &self.edits
    }

    /// A cell of a record, with the place of the decision that gave it its text.
    fn given<'a>(&self, record: u32, column: &Active, text: &'a str) -> Given<'a> {
        let typed = self.edits.place(record, column.index);
        Given { text, typed }
    }

    /// Judges the cells of a record, counted from 1: those of the columns that have a target, in
    /// order; missing ones are empty. What was typed by hand stands in them.
    #[must_use]
    pub fn row<'a, T: AsRef<str>>(&self, record: u32, cells: &'a [T]) -> RowVerdict<'a> {
        let mut identity = Identity::default();
        let mut outcomes = Vec::with_capacity(self.columns.len());
        let named = self.country_column.and_then(|at| cells.get(at));
        let country = self.country_of(named.map(AsRef::as_ref));
        for (at, column) in self.columns.iter().enumerate() {
            let text = cells.get(at).map(AsRef::as_ref).unwrap_or_default();
            let part = |at: usize| Cow::Borrowed(cells.get(at).map_or("", AsRef::as_ref));
            let text = self.given(record, column, text);
            let outcome = self.cell_with_parts(column, text, part, country);
            identity.add(column.target, &outcome);
            outcomes.push(outcome);
        }
        if !self.has_cpf(country) {
            identity.without_cpf();
        }
        let verdict = identity.verdict();
        for (column, outcome) in self.columns.iter().zip(&mut outcomes) {
            outcome.problem = outcome
                .problem
                .and_then(|problem| final_problem(column, verdict, problem));
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
        record: u32,
        cell: impl Fn(u32) -> Cow<'a, str>,
        length: impl Fn(u32) -> usize,
        is_text: bool,
        notes: &mut Vec<Note>,
    ) -> (Verdict, Keys) {
        let mut identity = Identity::default();
        notes.clear();
        let named = self.country_column.map(|at| cell(self.columns[at].index));
        let country = self.country_of(named.as_deref());
        for (at, column) in self.columns.iter().enumerate() {
            if is_text
                && column.takes_any
                && length(column.index) * LONGEST_LETTER <= self.cell_bytes
            {
                continue;
            }
            let text = cell(column.index);
            let part = |at: usize| cell(self.columns[at].index);
            let given = self.given(record, column, &text);
            let outcome = self.cell_with_parts(column, given, part, country);
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
        if identity.keys.first(KeyKind::Cpf).is_some() && !self.has_cpf(country) {
            identity.without_cpf();
        }
        let verdict = identity.verdict();
        for note in notes {
            note.problem = note
                .problem
                .and_then(|problem| final_problem(&self.columns[note.at], verdict, problem));
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
            .any(|(place, fix)| place == at && matches!(fix, Fix::LeaveOut { .. }))
    }

    /// A cell's text before and after, where it is stored otherwise than it is written.
    pub(crate) fn sample(&self, column: u32, text: &str) -> Option<(String, String)> {
        let column = self.columns.iter().find(|active| active.index == column)?;
        let given = Given { text, typed: None };
        let after = self.cell(column, given, self.country).value?.shown(text)?;
        Some((text.to_owned(), after))
    }

    /// A cell with the codes of the columns before it, where there are any: the number that they
    /// make, or else the number of the cell alone.
    fn cell_with_parts<'a, 'p>(
        &self,
        column: &Active,
        given: Given<'a>,
        part: impl Fn(usize) -> Cow<'p, str>,
        country: Country,
    ) -> Outcome<'a> {
        if !column.parts.is_empty() && !crate::words::is_blank(given.text) {
            // What was decided about the cell is about the cell alone.
            let (written, by) = fix::rewritten(&column.fixes, given.text, given.typed);
            let parts = column
                .parts
                .iter()
                .map(|at| (self.columns[*at].target, part(*at)));
            for joined in phone_parts::joined(parts, &written) {
                let outcome = phone(&joined.text, country);
                if outcome.is_phone_of(joined.calling_code.as_deref(), country) {
                    return Outcome { fix: by, ..outcome };
                }
            }
        }
        self.cell(column, given, country)
    }

    fn cell<'a>(&self, column: &Active, given: Given<'a>, country: Country) -> Outcome<'a> {
        // As it stands: what was protected is not known any more without the space around it.
        match self.is_protected.then(|| unprotect(given.text)) {
            Some(Cow::Owned(bare)) => {
                let given = Given {
                    text: &bare,
                    ..given
                };
                self.bare_cell(column, given, country).owned()
            }
            _ => self.bare_cell(column, given, country),
        }
    }

    fn bare_cell<'a>(
        &self,
        column: &Active,
        Given { text, typed }: Given<'a>,
        country: Country,
    ) -> Outcome<'a> {
        crate::steps::count(text.len() + 1);
        let text = if column.target == FieldTarget::BuiltIn(BuiltInField::Email) {
            // Its other white space is told of.
            text.trim_matches([' ', '\t', '\n', '\r'])
        } else {
            crate::words::trim(text)
        };
        let begins = text.as_bytes().first();
        if !begins.is_some_and(u8::is_ascii_graphic) && crate::words::is_blank(text) {
            return Outcome::EMPTY;
        }
        if text.len() > self.cell_bytes {
            return Outcome::bad(ProblemCode::TooLong);
        }
        if column.fixes.is_empty() {
            self.plainly(column, text, country)
        } else {
            self.fixed(column, Given { text, typed }, country)
        }
    }

    /// A cell of a column that something was decided about.
    fn fixed<'a>(&self, column: &Active, given: Given<'a>, country: Country) -> Outcome<'a> {
        let text = given.text;
        let (written, mut by) = fix::rewritten(&column.fixes, text, given.typed);
        if crate::words::trim(&written).is_empty() {
            // Replaced by nothing: an empty cell, which replaces nothing.
            return Outcome {
                fix: by,
                ..Outcome::EMPTY
            };
        }
        let mut outcome = match &written {
            Cow::Borrowed(_) => self.plainly(column, text, country),
            Cow::Owned(written) => self.plainly(column, written, country).owned(),
        };
        if outcome
            .problem
            .is_some_and(|problem| problem.code == ProblemCode::InvalidPhone)
            && let Some((at, phone)) = fix::other_country(&column.fixes, &written, country)
        {
            outcome = Outcome::good(Clean::Phone(phone), phone.notice);
            by = Some(at);
        }
        if let Some(problem) = outcome.problem
            && let Some(at) = fix::left_out(&column.fixes, problem.code)
        {
            outcome.value = None;
            outcome.more.clear();
            by = Some(at);
        }
        if matches!(outcome.value, Some(Clean::Date(_))) {
            by = by.or_else(|| {
                column
                    .fixes
                    .iter()
                    .find(|(_, fix)| matches!(fix, Fix::ReadDates { .. }))
                    .map(|(at, _)| at)
            });
        }
        Outcome { fix: by, ..outcome }
    }

    /// Judges a cell without what programs put around its value, or in place of none.
    fn plainly<'a>(&self, column: &Active, text: &'a str, country: Country) -> Outcome<'a> {
        match plain(text, column.target) {
            Cow::Borrowed("") => Outcome::EMPTY,
            Cow::Borrowed(text) => self.judge(column, text, country),
            Cow::Owned(text) => self.judge(column, &text, country).owned(),
        }
    }

    /// Judges a cell that is not empty by the field that its column goes into.
    fn judge<'a>(&self, column: &Active, text: &'a str, country: Country) -> Outcome<'a> {
        match column.target {
            FieldTarget::BuiltIn(BuiltInField::Phone | BuiltInField::Landline) => {
                phone(text, country)
            }
            FieldTarget::BuiltIn(BuiltInField::Email) => email(text),
            FieldTarget::BuiltIn(BuiltInField::TaxId) => tax_id(text, country, column.foreign),
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
            FieldTarget::PhonePart(_) => Outcome::EMPTY,
            FieldTarget::Consent(_)
            | FieldTarget::Refusal(_)
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
            } => text_cell(text, column.target),
        }
    }

    fn date<'a>(&self, column: &Active, text: &str) -> Outcome<'a> {
        let is_birthday = column.target == FieldTarget::BuiltIn(BuiltInField::BirthDate);
        let reading = if is_birthday {
            read_birthday(text, self.year)
        } else {
            read_date(text, self.year)
        };
        if is_birthday && reading.year() > Some(self.year) {
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

#[cfg(test)]
mod tests;
