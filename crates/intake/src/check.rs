//! The check of one row under a mapping: the values of its cells, and its verdict.

mod active;
mod cell;
mod cells;
mod given;
mod identity;
mod note;
mod outcome;
mod phone_parts;
mod verdict;

use std::borrow::Cow;

use alta_domain::{BuiltInField, ColumnPlan, Country, FieldTarget, Fix, KeyKind, Mapping};

use crate::columns::names_a_foreign_tax_id;
use crate::country_words;
use crate::fix::{Edits, Fixes};
use crate::identity::Keys;

use active::Active;
use given::Given;
use identity::Identity;
pub(crate) use identity::is_cpf;
pub use identity::is_cpf_of;
pub(crate) use note::Note;
use note::{final_problem, takes_any};
pub use outcome::{Clean, Outcome};
pub use verdict::{RowVerdict, Verdict};

/// The largest size of a cell in bytes: no name, address or note of a person is longer.
pub const CELL_BYTES: usize = 16 * 1024;

/// The most bytes that a letter takes in UTF-8 when it is one byte in the file.
const LONGEST_LETTER: usize = 3;

/// Judges rows under one mapping.
#[derive(Clone, Debug)]
pub struct Checker {
    columns: Vec<Active>,
    /// The cells that the Admin typed by hand.
    edits: Edits,
    /// The index of the column that names the record's own country, among the judged columns.
    country_column: Option<usize>,
    /// The country of records that name no country.
    country: Country,
    year: u16,
    /// The largest size of a cell in bytes.
    cell_bytes: usize,
    /// True for one of Alta's lists of rejects, whose cells are protected against formulas.
    is_protected: bool,
}

impl Checker {
    /// Makes a checker for the columns of the mapping that have a target.
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

    /// Returns the checker with another limit for a cell's bytes than [`CELL_BYTES`].
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

    /// Returns the country of a record from the text in its country column.
    fn country_of(&self, named: Option<&str>) -> Country {
        named.and_then(country_words::named).unwrap_or(self.country)
    }

    /// Returns true when the tax id of a record of this country may be a CPF.
    fn has_cpf(&self, country: Country) -> bool {
        country == Country::BRAZIL && !self.columns.iter().any(|column| column.foreign)
    }

    /// Returns the index in the file and the target of each judged column, in order.
    pub fn targets(&self) -> impl Iterator<Item = (u32, FieldTarget)> + '_ {
        self.columns
            .iter()
            .map(|column| (column.index, column.target))
    }

    /// Returns the texts that an Admin has typed into single cells.
    pub(crate) fn edits(&self) -> &Edits {
        &self.edits
    }

    /// Returns the text of a record's cell, with the place among the plan's decisions of the one
    /// that typed it; `None` for a cell of the file.
    fn given<'a>(&self, record: u32, column: &Active, text: &'a str) -> Given<'a> {
        // Only decisions about the column ask for the place.
        let is_decided = !column.fixes.is_empty();
        let typed = is_decided.then(|| self.edits.place(record, column.index));
        Given {
            text,
            typed: typed.flatten(),
        }
    }

    /// Judges the cells of a record: those of the columns that have a target, in order. `record`
    /// counts from 1. Missing cells are empty, and a text typed by hand is already in `cells`.
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

    /// Judges the cells of a record as [`Checker::row`] does, but hands the problems to `notes` and
    /// keeps no value. `is_text` is true when the file's bytes are valid text: then cells whose
    /// field takes any text are skipped.
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
            // A value is not left out when nothing else identifies the record.
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

    /// Returns a cell's text and its stored value as the screen shows it; `None` when both are the
    /// same, or the cell has no value.
    pub(crate) fn sample(&self, column: u32, text: &str) -> Option<(String, String)> {
        let column = self.columns.iter().find(|active| active.index == column)?;
        let given = Given { text, typed: None };
        let after = self.cell(column, given, self.country).value?.shown(text)?;
        Some((text.to_owned(), after))
    }
}

#[cfg(test)]
mod tests;
