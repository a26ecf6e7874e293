//! The check of the whole file under a mapping, and the decisions about its problems.

mod rows;

use std::time::Duration;

use alta_domain::worker::{CheckPlace, CheckReport, GridRow, RowFilter, ToWorker};
use alta_domain::{
    CheckLedger, ColumnPlan, DateOrder, FieldTarget, FileShape, Fix, ImportId, Key, Mapping,
};
use leptos::prelude::*;

use crate::importer::worker::ImportWorker;

pub(crate) use self::rows::{GridRows, ProblemSearch};

/// The time that the page gets for drawing a decision before the check begins.
const DRAWING_TIME: Duration = Duration::from_millis(50);

/// The part of the file that the running check has read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct CheckProgress {
    pub(crate) bytes: u64,
    pub(crate) records: u32,
}

/// The mapping, the check under it with its report, and the rows of the grid.
#[derive(Clone, Copy)]
pub(crate) struct FileCheck {
    mapping: RwSignal<Option<Mapping>>,
    is_running: RwSignal<bool>,
    progress: RwSignal<CheckProgress>,
    report: RwSignal<Option<CheckReport>>,
    /// The number of the current check; answers to an earlier check are ignored.
    run: StoredValue<u32>,
    rows: GridRows,
    /// The number of files that were opened.
    files: RwSignal<u32>,
}

/// Methods with which the pages read the mapping.
impl FileCheck {
    /// Returns the mapping; `None` before the file's first part was read.
    pub(crate) fn mapping(self) -> Option<Mapping> {
        self.mapping.get()
    }

    /// Returns the shape of the file: how its bytes become cells.
    pub(crate) fn shape(self) -> FileShape {
        self.mapping.with(|mapping| {
            mapping
                .as_ref()
                .map(|mapping| mapping.shape)
                .unwrap_or_default()
        })
    }

    /// Returns true when the file is read without a header.
    pub(crate) fn lacks_header(self) -> bool {
        self.mapping.with(|mapping| {
            mapping
                .as_ref()
                .is_some_and(|mapping| mapping.shape.header_line.is_none())
        })
    }

    /// Returns true when the file is a list of rejects that was corrected.
    pub(crate) fn is_correction(self) -> bool {
        self.mapping.with(|mapping| {
            mapping
                .as_ref()
                .is_some_and(|mapping| mapping.correction.is_some())
        })
    }

    /// Returns all columns in the file's order.
    pub(crate) fn columns(self) -> Vec<ColumnPlan> {
        self.mapping.with(|mapping| {
            mapping
                .as_ref()
                .map(|mapping| mapping.columns.clone())
                .unwrap_or_default()
        })
    }

    /// Returns the number of columns.
    pub(crate) fn column_count(self) -> usize {
        self.mapping
            .with(|mapping| mapping.as_ref().map_or(0, |mapping| mapping.columns.len()))
    }

    /// Returns the field that a column goes to; `None` when the column is left out.
    pub(crate) fn target(self, column: u32) -> Option<FieldTarget> {
        self.mapping
            .with(|mapping| mapping.as_ref()?.columns.get(column as usize)?.target)
    }

    /// Returns the name of a column in the file; empty when it has none.
    pub(crate) fn header(self, column: u32) -> String {
        self.mapping.with(|mapping| {
            let columns = mapping.as_ref().map(|mapping| &mapping.columns);
            columns
                .and_then(|columns| columns.get(column as usize))
                .map(|column| column.header.clone())
                .unwrap_or_default()
        })
    }

    /// Returns the name of the column that goes to a field; empty when none does.
    pub(crate) fn header_of_target(self, target: FieldTarget) -> String {
        self.mapping.with(|mapping| {
            let mut columns = mapping.iter().flat_map(|mapping| &mapping.columns);
            columns
                .find(|column| column.target == Some(target))
                .map(|column| column.header.clone())
                .unwrap_or_default()
        })
    }

    /// Returns true when a column other than this one goes to the field, and only one column may.
    pub(crate) fn is_taken(self, target: FieldTarget, column: u32) -> bool {
        self.mapping.with(|mapping| {
            let mut columns = mapping.iter().flat_map(|mapping| &mapping.columns);
            !target.may_repeat()
                && columns.any(|other| other.index != column && other.target == Some(target))
        })
    }

    /// Returns true when a column goes to a field that identifies a contact, such as a phone or an
    /// e-mail.
    pub(crate) fn has_identity(self) -> bool {
        self.mapping
            .with(|mapping| mapping.as_ref().is_some_and(Mapping::has_identity))
    }

    /// Returns the place of a decision in the mapping; `None` when it was not taken, or was undone.
    pub(crate) fn place_of(self, fix: &Fix) -> Option<usize> {
        self.mapping.with(|mapping| {
            let fixes = mapping.as_ref().map(|mapping| &mapping.fixes);
            fixes.and_then(|fixes| fixes.iter().position(|other| other == fix))
        })
    }

    /// Returns the decision by which the Admin gave a cell another text; `None` when there is none.
    /// Whoever calls this is not called again when the decisions change.
    pub(crate) fn edit_of(self, record: u32, column: u32) -> Option<Fix> {
        let is_of_cell = |fix: &&Fix| {
            matches!(fix, Fix::SetCell { record: other, column: at, .. }
                if (*other, *at) == (record, column))
        };
        self.mapping.with_untracked(|mapping| {
            let mut fixes = mapping.iter().flat_map(|mapping| &mapping.fixes);
            fixes.find(is_of_cell).cloned()
        })
    }

    /// Returns the number of decisions that were taken, without following changes.
    pub(crate) fn decisions(self) -> usize {
        self.mapping
            .with_untracked(|mapping| mapping.as_ref().map_or(0, |mapping| mapping.fixes.len()))
    }
}

/// Methods with which the pages read the check.
impl FileCheck {
    /// Returns true while a check runs.
    pub(crate) fn is_running(self) -> bool {
        self.is_running.get()
    }

    /// Returns true when a check has ended, even while another one runs.
    pub(crate) fn has_report(self) -> bool {
        self.report.with(Option::is_some)
    }

    /// Returns true when a check has ended, without following changes.
    pub(crate) fn has_report_now(self) -> bool {
        self.report.with_untracked(Option::is_some)
    }

    /// Returns true when the whole file was checked under the mapping as it is now.
    pub(crate) fn is_complete(self) -> bool {
        self.has_report() && !self.is_running()
    }

    /// Returns how much of the file the running check has read.
    pub(crate) fn progress(self) -> CheckProgress {
        self.progress.get()
    }

    /// Returns the report of the last check that ended.
    pub(crate) fn report(self) -> Option<CheckReport> {
        self.report.get()
    }

    /// Returns the counts of the last check that ended.
    pub(crate) fn ledger(self) -> Option<CheckLedger> {
        self.report
            .with(|report| report.as_ref().map(|report| report.ledger))
    }

    /// Returns for each date column its index, counted from 0, the order of its dates, and the line
    /// of the file that proves this order.
    pub(crate) fn date_orders(self) -> Vec<(u32, DateOrder, u32)> {
        self.report.with(|report| {
            report
                .as_ref()
                .map(|report| report.date_orders.clone())
                .unwrap_or_default()
        })
    }

    /// Returns the rows of the grid.
    pub(crate) fn rows(self) -> GridRows {
        self.rows
    }

    /// Returns the number of records that the grid has under its filter; `None` before a check has
    /// ended.
    pub(super) fn matching_records(self) -> Option<u32> {
        let filter = self.rows.filter();
        self.report.with(|report| {
            let report = report.as_ref()?;
            let Some(filter) = filter else {
                return Some(report.ledger.records);
            };
            let ledger = report.ledger;
            Some(match filter {
                RowFilter::Place(CheckPlace::Ready) => ledger.ready,
                RowFilter::Place(CheckPlace::Merged) => ledger.merged,
                RowFilter::Place(CheckPlace::Rejected) => ledger.rejected,
                RowFilter::Place(CheckPlace::Dropped) => ledger.dropped,
                RowFilter::Search(run) => self.rows.found_by(run),
                RowFilter::Problem(filter) => {
                    let mut problems = report.problems.iter();
                    let problem = problems.find(|problem| problem.filter() == filter);
                    problem.map_or(0, |problem| problem.records)
                }
            })
        })
    }

    /// Makes the effect that calls this run again when another file is opened or the filter
    /// changes, because the grid then goes back to its first row.
    pub(crate) fn track_content(self) {
        self.rows.filter();
        self.files.track();
    }
}

/// Methods with which the session changes the check.
impl FileCheck {
    pub(super) fn new() -> Self {
        Self {
            mapping: RwSignal::default(),
            is_running: RwSignal::default(),
            progress: RwSignal::default(),
            report: RwSignal::default(),
            run: StoredValue::new(0),
            rows: GridRows::new(),
            files: RwSignal::default(),
        }
    }

    /// Takes over the mapping of another file, and shows its first rows.
    pub(super) fn begin_file(self, mapping: Mapping, first_rows: Vec<GridRow>) {
        self.report.set(None);
        self.rows.show_first(first_rows);
        self.files.update(|files| *files += 1);
        self.mapping.set(Some(mapping));
    }

    /// Forgets the mapping, the report and the rows.
    pub(super) fn clear(self) {
        self.mapping.set(None);
        self.is_running.set(false);
        self.report.set(None);
        self.rows.clear();
    }

    /// Returns the mapping, without following changes.
    pub(super) fn current_mapping(self) -> Option<Mapping> {
        self.mapping.get_untracked()
    }

    /// Returns the report, without following changes.
    pub(super) fn current_report(self) -> Option<CheckReport> {
        self.report.get_untracked()
    }

    /// Sets the field that a column goes to; `None` leaves the column out.
    pub(super) fn assign(self, column: u32, target: Option<FieldTarget>) {
        self.change(|mapping| {
            if let Some(column) = mapping.columns.get_mut(column as usize) {
                column.target = target;
            }
        });
        // The columns may have other problems now, so the filter goes.
        self.rows.show_all();
    }

    /// Adds a decision about a problem.
    pub(super) fn decide(self, fix: Fix) {
        self.change(|mapping| mapping.decide(fix));
    }

    /// Removes a decision by its place.
    pub(super) fn undo_decision(self, place: usize) {
        self.change(|mapping| {
            if place < mapping.fixes.len() {
                mapping.fixes.remove(place);
            }
        });
    }

    /// Sets the keys that an import has found to be nobody's in the mapping. Returns false, and
    /// sets nothing, when the open file is not a corrected list of this import's rejects.
    pub(super) fn set_nobodys(self, import: ImportId, nobodys: Vec<Key>) -> bool {
        let mut is_set = false;
        self.change(|mapping| {
            let correction = mapping.correction.as_mut();
            if let Some(correction) = correction.filter(|correction| correction.import == import) {
                correction.nobodys = nobodys;
                is_set = true;
            }
        });
        is_set
    }

    fn change(self, change: impl FnOnce(&mut Mapping)) {
        self.mapping.update(|mapping| {
            if let Some(mapping) = mapping {
                change(mapping);
            }
        });
    }

    /// Starts to check the whole file under the mapping, and replaces a check that runs. Returns
    /// false when there is no mapping yet.
    pub(super) fn start(self) -> bool {
        let Some(mapping) = self.mapping.get_untracked() else {
            return false;
        };
        self.run.update_value(|run| *run += 1);
        self.is_running.set(true);
        self.progress.set(CheckProgress::default());
        let run = self.run.get_value();
        let send = move || {
            if self.run.try_get_value() == Some(run) {
                ImportWorker::send(&ToWorker::Check { run, mapping }, None);
            }
        };
        // The page draws the decision before the worker takes a core: on a machine with two cores
        // the page would freeze.
        set_timeout(send, DRAWING_TIME);
        true
    }

    /// Ends the check that runs.
    pub(crate) fn stop(self) {
        self.is_running.set(false);
        ImportWorker::send(&ToWorker::Stop, None);
    }

    /// Records that the worker ended the check because it refused the file.
    pub(super) fn end(self) {
        self.is_running.set(false);
    }

    /// Records how much of the file the check has read.
    pub(super) fn receive_progress(self, run: u32, progress: CheckProgress) {
        if run == self.run.get_value() {
            self.progress.set(progress);
        }
    }

    /// Takes in the report of a check; the report of an earlier check is ignored. Returns true when
    /// the file turned out to have no records.
    pub(super) fn receive_report(self, run: u32, report: CheckReport) -> bool {
        if run != self.run.get_value() {
            return false;
        }
        self.change(|mapping| {
            mapping.shape = report.shape;
            mapping.set_date_orders(&report.date_orders);
        });
        self.is_running.set(false);
        let is_empty = report.ledger.records == 0;
        self.report.set(Some(report));
        self.rows.reload();
        is_empty
    }
}
