//! The search over all rows of the file.

use std::rc::Rc;

use alta_domain::worker::FromWorker;
use alta_intake::{Checker, Reader, Search, Slice};
use wasm_bindgen::prelude::JsValue;

use super::with;
use crate::answer;
use crate::file::{size, slice};

/// The number of bytes read at a time.
const SLICE: u64 = 1024 * 1024;

/// The result of a search: its number, and the records in the file's order.
pub(super) struct Found {
    run: u32,
    records: Vec<u32>,
}

impl Found {
    /// Returns `count` records of a search from the place `first` on; none when another search has
    /// replaced this one.
    pub(super) fn page(&self, run: u32, first: u32, count: u32) -> Vec<u32> {
        if run != self.run {
            return Vec::new();
        }
        let from = self.records.iter().skip(first as usize);
        from.take(count as usize).copied().collect()
    }
}

/// Looks for a text in all cells, after the decisions about single cells are applied.
pub(super) async fn search(run: u32, text: &str) -> Result<(), JsValue> {
    let (Some(file), Some(done)) = with(|state| {
        state.search = Some(run);
        (state.file.clone(), state.checked.clone())
    }) else {
        return Ok(());
    };
    let mut records = Vec::new();
    if let Some(search) = Search::of(text) {
        let checker = Checker::new(&done.mapping);
        let reader = Reader::new(&done.mapping.shape);
        let mut part = Slice::new(&done.mapping, &checker, &done.found, reader, 0);
        let size = size(&file);
        let mut read = 0;
        while read < size {
            let to = (read + SLICE).min(size);
            let bytes = slice(&file, read, to).await?;
            if with(|state| state.search) != Some(run) {
                return Ok(());
            }
            part.push(&bytes, to >= size);
            while let Some((record, _, cells)) = part.next_cells() {
                if search.is_in(&cells) {
                    records.push(record);
                }
            }
            read = to;
        }
    }
    let found = u32::try_from(records.len()).unwrap_or(u32::MAX);
    with(|state| state.searched = Some(Rc::new(Found { run, records })));
    answer(&FromWorker::Searched {
        run,
        records: found,
    });
    Ok(())
}
