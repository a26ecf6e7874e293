//! Moves from one cell with a problem to the next one, over all rows.

use alta_domain::worker::{CheckPlace, GridRow, RowFilter};
use alta_domain::{FieldTarget, ProblemCode, Severity};
use leptos::prelude::*;

use super::cell::CellPlace;
use super::edited::EditedCell;
use super::state::Grid;
use crate::importer::session::ProblemSearch;

/// The number of columns that a phone shows at first (`style/grid.css`).
const COLUMNS_ON_PHONE: usize = 2;

impl Grid {
    /// Edits the nearest cell with a problem after the active cell, or before it when `backwards`.
    pub(super) fn edit_next_problem(self, backwards: bool) {
        let CellPlace { row, column } = self.active.get_untracked();
        if self.session.check.has_report_now() {
            self.search_from(row, Some(column), backwards);
        }
    }

    /// Continues a search for a problem as soon as the row that it waits for is loaded.
    pub(super) fn follow_problem_search(self) {
        Effect::new(move |_| {
            let rows = self.session.check.rows();
            rows.track();
            let Some(search) = rows.problem_search() else {
                return;
            };
            match search {
                ProblemSearch::Row { number, backwards } => {
                    if rows.row(number).is_some() {
                        rows.end_problem_search();
                        self.search_from(number, None, backwards);
                    } else {
                        // The grid requests the row when it scrolls to it.
                        self.move_to(CellPlace {
                            row: number,
                            ..self.active.get_untracked()
                        });
                    }
                }
                ProblemSearch::Ended => {
                    rows.end_problem_search();
                    self.has_no_problem_left.set(true);
                    self.focus();
                }
            }
        });
    }

    /// Looks for a problem among the loaded rows: from row `first` down, or up when `backwards`. In
    /// row `first` only cells after `column` count (before it when `backwards`), all of them when
    /// `column` is `None`. When the loaded rows have no problem, the worker goes on with the
    /// others.
    fn search_from(self, first: u32, column: Option<usize>, backwards: bool) {
        let rows = self.session.check.rows();
        let mut number = first;
        let mut from = column;
        while let Some(row) = untrack(|| rows.row(number)) {
            if let Some(column) = self.problem_in(&row, from, backwards) {
                self.move_to(CellPlace {
                    row: number,
                    column,
                });
                self.begin_editing();
                return;
            }
            from = None;
            let next = if backwards {
                number.checked_sub(1)
            } else {
                number.checked_add(1)
            };
            match next {
                Some(next) => number = next,
                None => return rows.go_to_problem(ProblemSearch::Ended),
            }
        }
        if number >= self.total.get_untracked() {
            rows.go_to_problem(ProblemSearch::Ended);
        } else if let Some(filter) = untrack(|| rows.filter()) {
            // Every row of these filters has a problem. Under other filters the search ends with
            // the loaded rows.
            rows.go_to_problem(match filter {
                RowFilter::Problem(_) | RowFilter::Place(CheckPlace::Rejected) => {
                    ProblemSearch::Row { number, backwards }
                }
                _ => ProblemSearch::Ended,
            });
        } else if backwards {
            // Rows are counted from 0 and records from 1: the search covers the record of this row
            // and those before it.
            rows.find_problem(number + 2, true);
        } else {
            rows.find_problem(number, false);
        }
    }

    /// Returns the column of a row's first problem after the column `from`, or of the last one
    /// before it when `backwards`; with `from` as `None` of the first or last in the whole row.
    /// Problems that are only notices do not count. Returns `None` when there is none.
    fn problem_in(self, row: &GridRow, from: Option<usize>, backwards: bool) -> Option<usize> {
        let is_behind = |column: usize| match from {
            None => true,
            Some(from) if backwards => column < from,
            Some(from) => column > from,
        };
        let has_problem = |column: &usize| {
            let cell = row.cells.get(*column);
            let problem = cell.and_then(|cell| cell.problem);
            problem.is_some_and(|problem| problem.severity != Severity::Notice)
                || self.has_problem_of_row(row, *column)
        };
        let mut columns = (0..row.cells.len()).filter(|column| is_behind(*column));
        if backwards {
            columns.rev().find(has_problem)
        } else {
            columns.find(has_problem)
        }
    }

    /// Returns true for the cell at which a problem of the whole row is shown. When the row
    /// identifies nobody, this is the cell of the first column that could identify a person; for
    /// other problems it is the first cell of the row.
    fn has_problem_of_row(self, row: &GridRow, column: usize) -> bool {
        let Some(problem) = row
            .problem
            .filter(|problem| problem.severity != Severity::Notice)
        else {
            return false;
        };
        if problem.code != ProblemCode::NoIdentity {
            return column == 0;
        }
        let columns = untrack(|| self.session.check.columns());
        let first_key = columns.iter().position(
            |plan| matches!(plan.target, Some(FieldTarget::BuiltIn(field)) if field.is_identity()),
        );
        first_key == Some(column)
    }

    /// Edits the active cell in its place, when its row is loaded.
    pub(super) fn begin_editing(self) {
        self.has_no_problem_left.set(false);
        let rows = self.session.check.rows();
        rows.end_search();
        let place = self.active.get_untracked();
        if place.column >= COLUMNS_ON_PHONE {
            self.all_columns.set(true);
        }
        self.editing.set(EditedCell::at(rows, place));
    }

    /// Gives the focus to the grid.
    pub(super) fn focus(self) {
        if let Some(body) = self.body.get_untracked() {
            let _ = body.focus();
        }
    }
}
