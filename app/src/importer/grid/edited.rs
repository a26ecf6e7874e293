//! The cell that is being edited, and the last change of a cell.

use alta_domain::Fix;
use leptos::prelude::*;

use super::cell::CellPlace;
use crate::importer::session::GridRows;

/// The cell that is being edited, with its text before the edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct EditedCell {
    /// The record, counted from 1.
    pub(super) record: u32,
    /// The line of the file where the record starts, counted from 1.
    pub(super) line: u32,
    /// The column, counted from 0.
    pub(super) column: u32,
    pub(super) text: String,
}

/// The last change of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LastEdit {
    pub(super) cell: EditedCell,
    pub(super) text: String,
    /// The earlier decision about the same cell that this change replaced; `None` when there was
    /// none.
    pub(super) before: Option<Fix>,
}

impl EditedCell {
    /// Returns the cell at a place; `None` when its row is not loaded.
    pub(super) fn at(rows: GridRows, place: CellPlace) -> Option<Self> {
        let row = untrack(|| rows.row(place.row))?;
        let text = row.cells.get(place.column)?.text.clone();
        Some(Self {
            record: row.record,
            line: row.line,
            column: u32::try_from(place.column).ok()?,
            text,
        })
    }
}

impl LastEdit {
    /// Returns the decision that gives the cell its new text.
    pub(super) fn of_cell(&self) -> Fix {
        Fix::SetCell {
            record: self.cell.record,
            line: self.cell.line,
            column: self.cell.column,
            text: self.text.clone(),
        }
    }

    /// Returns the decision that gives all equal cells of the column the new text; `None` for a
    /// cell that was empty, because other empty cells need not mean the same.
    pub(super) fn of_equals(&self) -> Option<Fix> {
        (!self.cell.text.trim().is_empty()).then(|| Fix::Replace {
            column: self.cell.column,
            from: self.cell.text.clone(),
            to: self.text.clone(),
        })
    }
}
