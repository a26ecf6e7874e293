//! Decides when records whose details a system fails to give are set aside, and when the run ends.

use std::collections::BTreeMap;

use crate::fault::Fault;

/// The factor by which [`crate::Limits::cut_runs`] is multiplied for a page of which no record's
/// details came: there the system itself may be down.
const RUNS_FACTOR_WITHOUT_SUCCESS: u32 = 4;
/// The number of records in a row whose failure ends the run. No further records are asked for
/// then.
const FAILURES_IN_A_ROW: usize = 3;

/// The records of one page whose details the system fails to give.
pub(crate) struct DetailFailures<'a> {
    /// The number of earlier runs in which a record's details failed, by the record's id.
    failed_runs: &'a BTreeMap<String, u32>,
    /// The number of runs in which a record's details fail before it is set aside.
    limit: u32,
    /// The ids of the records that failed in this run.
    records: Vec<String>,
    /// The last fault at a record that failed in fewer runs than `limit`. Such a fault may pass.
    passing: Option<Fault>,
    /// The last fault at a record that failed in `limit` runs or more.
    lasting: Option<Fault>,
    in_a_row: usize,
    /// True when the details of any record of the page came.
    has_success: bool,
}

impl<'a> DetailFailures<'a> {
    pub(crate) fn new(failed_runs: &'a BTreeMap<String, u32>, limit: u32) -> Self {
        Self {
            failed_runs,
            limit,
            records: Vec::new(),
            passing: None,
            lasting: None,
            in_a_row: 0,
            has_success: false,
        }
    }

    /// Notes that the details of a record came.
    pub(crate) fn note_success(&mut self) {
        (self.in_a_row, self.has_success) = (0, true);
    }

    /// Notes that the details of a record failed.
    ///
    /// # Errors
    /// The fault, when too many records failed in a row.
    pub(crate) fn note_failure(&mut self, record: String, fault: Fault) -> Result<(), Fault> {
        let may_pass = self.runs(&record) < self.limit;
        self.records.push(record);
        if may_pass {
            self.in_a_row += 1;
            self.passing = Some(fault.clone());
        } else {
            self.lasting = Some(fault.clone());
        }
        if self.in_a_row < FAILURES_IN_A_ROW {
            Ok(())
        } else {
            Err(Fault {
                records: std::mem::take(&mut self.records),
                ..fault
            })
        }
    }

    /// Called after the last record of a page. Succeeds when each failed record has failed in
    /// enough runs to be set aside.
    ///
    /// # Errors
    /// The last fault, unless each record has failed often enough to be set aside.
    pub(crate) fn finish(self) -> Result<(), Fault> {
        let limit = self.limit.saturating_mul(RUNS_FACTOR_WITHOUT_SUCCESS);
        let may_set_aside =
            self.has_success || self.records.iter().all(|record| self.runs(record) >= limit);
        match self.passing.or(self.lasting.filter(|_| !may_set_aside)) {
            Some(fault) => Err(Fault {
                records: self.records,
                ..fault
            }),
            None => Ok(()),
        }
    }

    fn runs(&self, record: &str) -> u32 {
        self.failed_runs.get(record).copied().unwrap_or(0)
    }
}
