//! The report at the end of a check: the ledger, the problems with their remedies, and the proved
//! date orders.

use alta_domain::{
    CellProblem, CheckLedger, Country, DateOrder, ProblemCode, ProblemReport, Severity,
};

use super::found::Dates;
use super::{FileCheck, HEADER};
use crate::remedies::{Context, remedies};

impl FileCheck {
    /// Counts the records of each place of the ledger.
    pub(super) fn ledger(&self) -> CheckLedger {
        let records = self.found.records;
        let merged = u32::try_from(self.found.merged.len()).unwrap_or(u32::MAX);
        let (rejected, dropped) = (count(&self.found.rejected), count(&self.found.dropped));
        CheckLedger {
            records,
            ready: records - merged - rejected - dropped,
            merged,
            rejected,
            dropped,
        }
    }

    /// Makes the report of each problem with its remedies, the worst and most frequent problems
    /// first. The records of each problem are stored in the found rows.
    pub(super) fn report_problems(&mut self) -> Vec<ProblemReport> {
        let is_brazil = self.country == Country::BRAZIL;
        let context = Context {
            country: self.country,
            year: self.year,
            area: self.areas.usual().filter(|_| is_brazil),
        };
        let mut problems = Vec::new();
        for (filter, mut found) in std::mem::take(&mut self.problems).all() {
            let records = count(&found.records);
            let sample = if filter.code == ProblemCode::SharedKey {
                found.texts.most_frequent()
            } else {
                filter
                    .column
                    .and_then(|column| self.checker.sample(column, found.texts.first()?))
            };
            problems.push(ProblemReport {
                code: filter.code,
                severity: filter.severity,
                column: filter.column,
                records,
                lines: found.lines,
                sample,
                remedies: remedies(&filter, records, &found.texts, &context),
            });
            found.records.retain(|record| *record != HEADER);
            self.found.by_problem.insert(filter, found.records);
        }
        problems.sort_by_key(|problem| {
            let most_first = std::cmp::Reverse(problem.records);
            (problem.severity, most_first, problem.code, problem.column)
        });
        problems
    }

    /// Decides the date order of each column: the order that most of its values prove. A value that
    /// contradicts it is reported as no date. Where no value proves an order, all dates of the
    /// column wait for the Admin.
    pub(super) fn decide_date_orders(&mut self) -> Vec<(u32, DateOrder, u32)> {
        let mut orders = Vec::new();
        for (column, dates) in (0..).zip(std::mem::take(&mut self.dates)) {
            let Dates {
                dmy,
                mdy,
                ambiguous,
            } = dates;
            let order = match (dmy.records.len(), mdy.records.len()) {
                (0, 0) => None,
                (day, month) if day >= month => Some(DateOrder::Dmy),
                _ => Some(DateOrder::Mdy),
            };
            let (proof, against, code) = match order {
                Some(DateOrder::Dmy) => (dmy.lines.first(), mdy, ProblemCode::InvalidDate),
                Some(DateOrder::Mdy) => (mdy.lines.first(), dmy, ProblemCode::InvalidDate),
                None => (None, ambiguous, ProblemCode::AmbiguousDate),
            };
            if let (Some(order), Some(line)) = (order, proof) {
                orders.push((column, order, *line));
            }
            if !against.records.is_empty() {
                self.problems
                    .of(
                        CellProblem {
                            code,
                            severity: Severity::Warning,
                        },
                        Some(column),
                    )
                    .join(against);
            }
        }
        orders.sort_unstable_by_key(|(column, ..)| *column);
        orders
    }
}

/// Returns the length of a list of records, which never exceeds a `u32`.
fn count(records: &[u32]) -> u32 {
    u32::try_from(records.len()).unwrap_or(u32::MAX)
}
