//! More about a page's records, where a system tells it for many at a time.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::value::ValueKind;
use minijinja::{Value, context};

use crate::expression::text_of;
use crate::fault::Fault;
use crate::manifest::Batch;
use crate::page::rows;
use crate::session::Session;

/// What is found, by what it is looked up by.
type Table = BTreeMap<String, Vec<Value>>;

/// What the batches of a page tell.
pub(crate) struct Batches {
    /// The variable `batch`.
    pub(crate) tables: Value,
    /// The records of which one answer does not tell all, by their places, and the batch that has
    /// more.
    pub(crate) cut: BTreeMap<usize, String>,
}

impl Session {
    /// Asks for more about a page's records.
    pub(crate) async fn batches(
        &mut self,
        batches: &[Batch],
        records: &[Value],
        asked: &Value,
    ) -> Result<Batches, Fault> {
        let (mut tables, mut cut) = (BTreeMap::<String, Value>::new(), BTreeMap::new());
        for batch in batches {
            let known = context! { batch => tables.clone(), ..asked.clone() };
            let (table, too_long) = self
                .table(batch, &context! { records => records, ..known.clone() })
                .await?;
            for (place, record) in records.iter().enumerate().filter(|_| !too_long.is_empty()) {
                let own = distinct(
                    &batch
                        .ids
                        .eval(&context! { records => [record.clone()], ..known.clone() }),
                );
                if own.iter().any(|id| too_long.contains(&text_of(id))) {
                    cut.insert(place, batch.name.clone());
                }
            }
            tables.insert(batch.name.clone(), Value::from(table));
        }
        Ok(Batches {
            tables: Value::from(tables),
            cut,
        })
    }

    /// What is found, and those about which there is more than one answer tells.
    async fn table(
        &mut self,
        batch: &Batch,
        known: &Value,
    ) -> Result<(Table, BTreeSet<String>), Fault> {
        let (mut table, mut too_long) = (Table::new(), BTreeSet::new());
        let ids = distinct(&batch.ids.eval(known));
        let mut parts: Vec<Vec<Value>> = ids
            .chunks(batch.size.max(1) as usize)
            .rev()
            .map(<[Value]>::to_vec)
            .collect();
        while let Some(mut part) = parts.pop() {
            let Some(answer) = self
                .ask(
                    &batch.request,
                    &context! { ids => part.clone(), ..known.clone() },
                    None,
                )
                .await?
            else {
                continue;
            };
            if batch
                .whole
                .as_ref()
                .is_some_and(|whole| !whole.holds(&answer))
            {
                if part.len() < 2 {
                    too_long.extend(part.first().map(text_of));
                    continue;
                }
                let rest = part.split_off(part.len() / 2);
                parts.extend([rest, part]);
                continue;
            }
            for row in rows(&batch.records, &answer)? {
                let found = batch
                    .value
                    .as_ref()
                    .map_or_else(|| row.clone(), |value| value.eval(&row));
                let known = table.entry(batch.key.text(&row)).or_default();
                match (found.kind(), found.try_iter()) {
                    (ValueKind::Seq | ValueKind::Iterable, Ok(values)) => known.extend(values),
                    _ => known.push(found),
                }
            }
        }
        Ok((table, too_long))
    }
}

/// Each value once, in order; none for those that are empty.
fn distinct(values: &Value) -> Vec<Value> {
    let mut seen = BTreeSet::new();
    let values = values.try_iter().into_iter().flatten();
    values
        .filter(|value| !text_of(value).is_empty() && seen.insert(text_of(value)))
        .collect()
}
