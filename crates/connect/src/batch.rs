//! Sends the batch requests of a page. Each of them asks for more about many records at once.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::value::ValueKind;
use minijinja::{Value, context};

use crate::fault::Fault;
use crate::manifest::Batch;
use crate::rows::rows;
use crate::session::Session;
use crate::text::text_of;

/// The values that one batch finds for each key.
type Table = BTreeMap<String, Vec<Value>>;

/// The answers to the batch requests of a page.
pub(crate) struct Batches {
    /// The variable `batch` of expressions: a table for each batch, by its name.
    pub(crate) tables: Value,
    /// The records of which a batch did not return all details: for each its place on the page,
    /// counted from 0, and the name of that batch.
    pub(crate) incomplete: BTreeMap<usize, String>,
}

/// The answers to the requests of one batch.
#[derive(Default)]
struct Answered {
    table: Table,
    /// The ids whose answer is cut short even when the request is about that id alone.
    incomplete: BTreeSet<String>,
}

impl Session {
    /// Sends the batch requests of a page, in the order of the manifest: later ones may use the
    /// tables of earlier ones.
    pub(crate) async fn batches(
        &mut self,
        batches: &[Batch],
        records: &[Value],
        page_variables: &Value,
    ) -> Result<Batches, Fault> {
        let (mut tables, mut incomplete) = (BTreeMap::<String, Value>::new(), BTreeMap::new());
        for batch in batches {
            let variables = context! { batch => tables.clone(), ..page_variables.clone() };
            let answered = self
                .answer_batch(batch, &context! { records => records, ..variables.clone() })
                .await?;
            if !answered.incomplete.is_empty() {
                for (place, record) in records.iter().enumerate() {
                    let of_record = context! { records => [record.clone()], ..variables.clone() };
                    let ids = distinct(&batch.ids.eval(&of_record));
                    if ids
                        .iter()
                        .any(|id| answered.incomplete.contains(&text_of(id)))
                    {
                        incomplete.insert(place, batch.name.clone());
                    }
                }
            }
            tables.insert(batch.name.clone(), Value::from(answered.table));
        }
        Ok(Batches {
            tables: Value::from(tables),
            incomplete,
        })
    }

    /// Asks about all ids of one batch. A request whose answer is cut short is halved until each
    /// answer holds everything, or is about a single id.
    async fn answer_batch(&mut self, batch: &Batch, variables: &Value) -> Result<Answered, Fault> {
        let mut answered = Answered::default();
        let ids = distinct(&batch.ids.eval(variables));
        let mut parts: Vec<Vec<Value>> = ids
            .chunks(batch.size.max(1) as usize)
            .rev()
            .map(<[Value]>::to_vec)
            .collect();
        while let Some(mut part) = parts.pop() {
            let with_ids = context! { ids => part.clone(), ..variables.clone() };
            let Some(answer) = self.ask(&batch.request, &with_ids, None).await? else {
                continue;
            };
            let is_whole = batch
                .whole
                .as_ref()
                .is_none_or(|whole| whole.holds(&answer));
            if is_whole {
                for row in rows(&batch.records, &answer)? {
                    add_row(batch, &row, &mut answered.table);
                }
            } else if part.len() < 2 {
                answered.incomplete.extend(part.first().map(text_of));
            } else {
                let rest = part.split_off(part.len() / 2);
                parts.extend([rest, part]);
            }
        }
        Ok(answered)
    }
}

/// Adds the value of a row, or each value of its list, to the table.
fn add_row(batch: &Batch, row: &Value, table: &mut Table) {
    let found = batch
        .value
        .as_ref()
        .map_or_else(|| row.clone(), |value| value.eval(row));
    let values = table.entry(batch.key.text(row)).or_default();
    match (found.kind(), found.try_iter()) {
        (ValueKind::Seq | ValueKind::Iterable, Ok(list)) => values.extend(list),
        _ => values.push(found),
    }
}

/// Returns each value of a list once, in order, without the empty ones.
fn distinct(values: &Value) -> Vec<Value> {
    let mut seen = BTreeSet::new();
    let values = values.try_iter().into_iter().flatten();
    values
        .filter(|value| !text_of(value).is_empty() && seen.insert(text_of(value)))
        .collect()
}
