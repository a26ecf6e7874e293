//! Completes the records of a page: asks for the details that the list does not have.

use std::collections::BTreeMap;

use alta_domain::FaultKind;
use minijinja::value::ValueKind;
use minijinja::{Value, context};

use crate::detail_failures::DetailFailures;
use crate::fault::Fault;
use crate::manifest::StreamSpec;
use crate::session::Session;

/// A record after its details were asked for.
pub(crate) enum Detailed {
    /// The record with all its details.
    Complete(Value),
    /// The record as the list has it, and why its details are missing.
    Incomplete(Value, String),
}

/// The facts about the records of a page before their details are asked for.
pub(crate) struct DetailContext<'a> {
    /// The variables of the page's requests.
    pub(crate) variables: &'a Value,
    /// The records that a batch can't complete: their places on the page, counted from 0, with the
    /// name of the batch.
    pub(crate) incomplete: &'a BTreeMap<usize, String>,
    /// The number of earlier runs in which the system failed to give a record's details, by the
    /// record's id.
    pub(crate) failed_runs: &'a BTreeMap<String, u32>,
}

/// A record with its details.
struct WithDetails {
    record: Value,
    /// True when at least one request was sent for the details.
    was_asked: bool,
}

/// Returns true for the kinds of faults at a single record's details that are counted, run by run,
/// until the record is set aside.
fn is_failure(kind: FaultKind) -> bool {
    use FaultKind::{Blocked, Down, Unreadable};
    matches!(kind, Blocked | Down | Unreadable)
}

impl Session {
    /// Asks for the details of each record of a page.
    ///
    /// A record is set aside, and the others are still read, when the system refuses its details,
    /// or when the system failed to give them in as many runs as [`crate::Limits::cut_runs`]
    /// allows. A refusal of the details of every record of the page is a fault.
    pub(crate) async fn complete_records<T>(
        &mut self,
        stream: &StreamSpec<T>,
        records: Vec<Value>,
        context: DetailContext<'_>,
    ) -> Result<Vec<Detailed>, Fault> {
        let count = records.len();
        let mut detailed = Vec::with_capacity(count);
        let mut refused = Vec::new();
        let mut failures = DetailFailures::new(context.failed_runs, self.http.limits.cut_runs);
        for (place, listed) in records.into_iter().enumerate() {
            if let Some(batch) = context.incomplete.get(&place) {
                detailed.push(Detailed::Incomplete(listed, batch.clone()));
                continue;
            }
            // A record that the system has deleted has no details.
            if stream.gone.as_ref().is_some_and(|gone| gone.holds(&listed)) {
                detailed.push(Detailed::Complete(listed));
                continue;
            }
            let with_details = self.with_details(stream, listed.clone(), context.variables);
            detailed.push(match with_details.await {
                Ok(Some(WithDetails { record, was_asked })) => {
                    if was_asked {
                        failures.note_success();
                    }
                    Detailed::Complete(record)
                }
                Ok(None) => Detailed::Incomplete(listed, String::new()),
                Err(fault) if matches!(fault.kind, FaultKind::Unexpected | FaultKind::TooLarge) => {
                    refused.push(fault.clone());
                    Detailed::Incomplete(listed, fault.message)
                }
                Err(fault) if is_failure(fault.kind) => {
                    let message = fault.message.clone();
                    failures.note_failure(stream.id.text(&listed), fault)?;
                    Detailed::Incomplete(listed, message)
                }
                Err(fault) => return Err(fault),
            });
        }
        match refused.pop() {
            Some(fault) if count > 1 && refused.len() + 1 == count => Err(fault),
            _ => failures.finish().map(|()| detailed),
        }
    }

    /// Returns a record with its details, or `None` when the system lists the record but has no
    /// details of it.
    async fn with_details<T>(
        &mut self,
        stream: &StreamSpec<T>,
        mut record: Value,
        page_variables: &Value,
    ) -> Result<Option<WithDetails>, Fault> {
        let mut was_asked = false;
        for detail in &stream.detail {
            let variables = context! { ..record.clone(), ..page_variables.clone() };
            let is_needed = detail
                .when
                .as_ref()
                .is_none_or(|when| when.holds(&variables));
            if !is_needed {
                continue;
            }
            was_asked = true;
            let answer = self.ask(&detail.request, &variables, None).await?;
            let found = answer
                .map(|answer| detail.record.eval(&answer))
                .filter(|found| found.kind() == ValueKind::Map);
            match found {
                Some(found) => record = context! { ..found, ..record },
                None if detail.optional => {}
                None => return Ok(None),
            }
        }
        Ok(Some(WithDetails { record, was_asked }))
    }
}
