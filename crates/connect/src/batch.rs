//! More about a page's records, where a system tells it for many at a time.

use std::collections::{BTreeMap, BTreeSet};

use alta_domain::FaultKind;
use minijinja::value::ValueKind;
use minijinja::{Value, context};

use crate::expression::text_of;
use crate::fault::Fault;
use crate::manifest::Batch;
use crate::session::Session;

/// What is found, by what it is looked up by.
type Table = BTreeMap<String, Vec<Value>>;

impl Session {
    /// The variable `batch` of a page's records.
    pub(crate) async fn batches(&mut self, batches: &[Batch], records: &[Value], asked: &Value) -> Result<Value, Fault> {
        let mut tables: BTreeMap<String, Value> = BTreeMap::new();
        for batch in batches {
            let known = context! { records => records, batch => tables.clone(), ..asked.clone() };
            let table = self.table(batch, &known).await?;
            tables.insert(batch.name.clone(), Value::from(table));
        }
        Ok(Value::from(tables))
    }

    async fn table(&mut self, batch: &Batch, known: &Value) -> Result<Table, Fault> {
        let mut table = Table::new();
        let ids = distinct(&batch.ids.eval(known));
        let mut parts: Vec<Vec<Value>> = ids.chunks(batch.size.max(1) as usize).rev().map(<[Value]>::to_vec).collect();
        while let Some(mut part) = parts.pop() {
            let Some(answer) = self.ask(&batch.request, &context! { ids => part.clone(), ..known.clone() }, None).await? else { continue };
            if batch.whole.as_ref().is_some_and(|whole| !whole.holds(&answer)) {
                if part.len() < 2 {
                    return Err(Fault::new(FaultKind::TooLarge, format!("{} of one record", batch.name)));
                }
                let rest = part.split_off(part.len() / 2);
                parts.extend([rest, part]);
                continue;
            }
            for row in batch.records.eval(&answer).try_iter().into_iter().flatten() {
                let found = batch.value.as_ref().map_or_else(|| row.clone(), |value| value.eval(&row));
                let known = table.entry(batch.key.text(&row)).or_default();
                match (found.kind(), found.try_iter()) {
                    (ValueKind::Seq | ValueKind::Iterable, Ok(values)) => known.extend(values),
                    _ => known.push(found),
                }
            }
        }
        Ok(table)
    }
}

/// Each value once, in order; none for those that are empty.
fn distinct(values: &Value) -> Vec<Value> {
    let mut seen = BTreeSet::new();
    let values = values.try_iter().into_iter().flatten();
    values.filter(|value| !text_of(value).is_empty() && seen.insert(text_of(value))).collect()
}
