//! Removes repeated records from a page.

use std::collections::HashMap;

use alta_domain::{GUEST, SourceRecord, Sourced};

use crate::secret::token_hash;
use crate::systems::records::NO_ID_PREFIX;

/// Keeps the last of the records with the same id. A page has a record twice when the system's list
/// shifted while it was read, and one statement can't write a row twice.
///
/// A record without an id gets one from the hash of its text. A guest gets the values of all
/// records with its id, because each order has some of them.
pub(super) fn latest(mut records: Vec<Sourced>) -> Vec<Sourced> {
    for record in records.iter_mut().filter(|record| record.id.is_empty()) {
        record.id = format!("{NO_ID_PREFIX}{}", token_hash(&record.raw));
    }
    merge_guests(&mut records);
    let last: HashMap<String, usize> = records
        .iter()
        .zip(0..)
        .map(|(record, at)| (record.id.clone(), at))
        .collect();
    let is_last = |(record, at): &(Sourced, usize)| last.get(&record.id) == Some(at);
    records
        .into_iter()
        .zip(0..)
        .filter(is_last)
        .map(|(record, _)| record)
        .collect()
}

/// Fills the empty cells of each guest (a buyer who is known only from orders) from the earlier
/// records of the same guest.
fn merge_guests(records: &mut [Sourced]) {
    let mut guests: HashMap<String, Vec<String>> = HashMap::new();
    for Sourced { id, record, .. } in records
        .iter_mut()
        .filter(|record| record.id.starts_with(GUEST))
    {
        let Ok(SourceRecord::Contact(contact)) = record else {
            continue;
        };
        let merged = guests
            .entry(id.clone())
            .or_insert_with(|| contact.cells.clone());
        for (cell, merged) in contact.cells.iter_mut().zip(merged) {
            if cell.is_empty() {
                cell.clone_from(merged);
            } else {
                merged.clone_from(cell);
            }
        }
    }
}
