//! Finds the records in the answer to a request for a list.

use std::collections::HashMap;

use alta_domain::FaultKind;
use minijinja::value::ValueKind;
use minijinja::{Value, context};

use crate::expression::Expr;
use crate::fault::Fault;
use crate::manifest::StreamSpec;
use crate::read::RecordDefaults;
use crate::time;

/// Returns the list that an expression finds in an answer. The list is empty when the answer has
/// null.
///
/// # Errors
/// [`FaultKind::Down`] when there is no list. An answer without its list must not count as one with
/// an empty list: the rest of the stream would be skipped.
pub(crate) fn rows(list: &Expr, answer: &Value) -> Result<Vec<Value>, Fault> {
    let rows = list.eval(answer);
    match rows.kind() {
        ValueKind::None => Ok(Vec::new()),
        ValueKind::Seq | ValueKind::Iterable => {
            Ok(rows.try_iter().map(Iterator::collect).unwrap_or_default())
        }
        _ => Err(Fault::new(
            FaultKind::Down,
            "the answer has no list of records",
        )),
    }
}

/// Returns the rows of a page.
///
/// # Errors
/// Those of [`rows`]; [`FaultKind::TooLarge`] for more than `limit` rows.
pub(crate) fn page_rows<T>(
    stream: &StreamSpec<T>,
    answer: &Value,
    limit: usize,
) -> Result<Vec<Value>, Fault> {
    let rows = rows(&stream.records, answer)?;
    if rows.len() > limit {
        return Err(Fault::new(
            FaultKind::TooLarge,
            format!("more than {limit} records at once"),
        ));
    }
    Ok(rows)
}

/// Groups the rows of a page into records, for streams whose records have several rows. The first
/// and the last record get `edge`: the pages before and after may hold further rows of these
/// records.
pub(crate) fn group_rows<T>(stream: &StreamSpec<T>, rows: Vec<Value>) -> Vec<Value> {
    let Some(group) = &stream.group else {
        return rows;
    };
    let mut groups: Vec<Vec<Value>> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for row in rows {
        let place = *places.entry(group.text(&row)).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(row),
            None => groups.push(vec![row]),
        }
    }
    let last = groups.len().saturating_sub(1);
    let record = |(rows, at): (Vec<Value>, usize)| {
        let first = rows.first().cloned().unwrap_or_default();
        context! { rows => rows, edge => at == 0 || at == last, ..first }
    };
    groups.into_iter().zip(0..).map(record).collect()
}

/// Returns the latest time of change among records, in milliseconds since 1970; `None` when no
/// record has one.
pub(crate) fn latest_change<T>(
    stream: &StreamSpec<T>,
    records: &[Value],
    defaults: &RecordDefaults,
) -> Option<i64> {
    let updated = stream.updated.as_ref()?;
    records
        .iter()
        .filter_map(|record| time::millis(&updated.text(record), defaults.zone))
        .max()
}
