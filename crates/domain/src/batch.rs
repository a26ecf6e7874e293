//! The rows that the browser sends to the server.

use std::fmt;

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::RowIdentity;

/// One record of the file, with the findings of the browser's engine. The server checks the record
/// again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowInput {
    /// The record's number in the file, counted from 1.
    pub record: u32,
    /// The physical line on which the record starts, counted from 1.
    pub line: u32,
    /// The cells of the columns that have a target, in the plan's order.
    #[serde(deserialize_with = "cells")]
    pub cells: Vec<String>,
    /// All cells of a rejected record, for the list of rejects; `None` when the record is not
    /// rejected.
    #[serde(deserialize_with = "cells_if_any")]
    pub rejected: Option<Vec<String>>,
    /// The cells with text in the columns without a target, each with the index of its column in
    /// the file, because the list of rejects shows all cells should the server reject the record.
    /// Empty for a record that the browser rejects: `rejected` has all its cells.
    #[serde(deserialize_with = "cells")]
    pub left_out: Vec<(u32, String)>,
    /// The number of the first record of the same person; `None` when this is the first.
    pub same_as: Option<u32>,
    /// Facts about the record's identity that only a reading of the whole file shows; `None` when
    /// there are none.
    pub identity: Option<Box<RowIdentity>>,
    /// The number of the rejected record that this record corrects; `None` outside a correction.
    pub corrects: Option<u32>,
}

/// A batch: rows in the file's order that are sent and written together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// The rows: at most [`Batch::MAX_RECORDS`], with at most [`Batch::MAX_CELLS`] cells in all.
    #[serde(deserialize_with = "rows")]
    pub rows: Vec<RowInput>,
    /// The records in the range of the batch that the Admin leaves out: the physical lines on which
    /// they start, in the file's order.
    pub dropped: Vec<u32>,
    /// The number of records of the file that precede the batch. The server refuses the batch when
    /// it has received another number, so no row is lost when two senders cut the file differently.
    pub records_before: u32,
}

impl RowInput {
    /// The largest number of cells of a row; a record of the import engine has no more.
    pub const MAX_CELLS: usize = 4096;

    fn count_cells(&self) -> usize {
        let rejected = self.rejected.as_ref().map_or(0, Vec::len);
        self.cells.len() + rejected + self.left_out.len()
    }
}

impl Batch {
    /// The largest number of records of a batch. Senders close a batch with it, and the server
    /// refuses a larger one.
    pub const MAX_RECORDS: u32 = 50_000;

    /// The largest number of cells in the rows of a batch; the server refuses more. Senders close a
    /// batch earlier: they count its bytes, and one byte more for each cell.
    pub const MAX_CELLS: usize = 2 * 1024 * 1024;
}

/// Deserializes a sequence, up to a number of values and a number of cells in all of them; fails at
/// the first one beyond.
struct AtMost<T> {
    values: usize,
    cells: usize,
    count_cells: fn(&T) -> usize,
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for AtMost<T> {
    type Value = Vec<T>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "at most {} values", self.values)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut input: A) -> Result<Self::Value, A::Error> {
        let mut values = Vec::new();
        let mut cells = 0;
        while let Some(value) = input.next_element()? {
            cells += (self.count_cells)(&value);
            if values.len() == self.values || cells > self.cells {
                return Err(A::Error::invalid_length(values.len() + 1, &self));
            }
            values.push(value);
        }
        Ok(values)
    }
}

fn rows<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<RowInput>, D::Error> {
    input.deserialize_seq(AtMost {
        values: Batch::MAX_RECORDS as usize,
        cells: Batch::MAX_CELLS,
        count_cells: RowInput::count_cells,
    })
}

fn cells<'de, D: Deserializer<'de>, T: Deserialize<'de>>(input: D) -> Result<Vec<T>, D::Error> {
    input.deserialize_seq(AtMost {
        values: RowInput::MAX_CELLS,
        cells: 0,
        count_cells: |_: &T| 0,
    })
}

fn cells_if_any<'de, D: Deserializer<'de>>(input: D) -> Result<Option<Vec<String>>, D::Error> {
    #[derive(Deserialize)]
    struct Cells(#[serde(deserialize_with = "cells")] Vec<String>);

    Ok(Option::<Cells>::deserialize(input)?.map(|cells| cells.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(records: u32, cells: usize) -> Batch {
        let row = |record| RowInput {
            record,
            line: record + 1,
            cells: vec![String::new(); cells],
            rejected: (record == 1).then(|| vec!["x".to_owned()]),
            left_out: Vec::new(),
            same_as: None,
            identity: None,
            corrects: None,
        };
        Batch {
            rows: (1..=records).map(row).collect(),
            ..Batch::default()
        }
    }

    #[test]
    fn a_batch_of_more_records_or_cells_than_allowed_is_not_read() {
        let most_cells = RowInput::MAX_CELLS;
        for (records, cells, is_read) in [
            (Batch::MAX_RECORDS, 1, true),
            (Batch::MAX_RECORDS + 1, 1, false),
            (2, most_cells, true),
            (2, most_cells + 1, false),
            (511, most_cells, true),
            (512, most_cells, false),
        ] {
            let batch = batch(records, cells);
            let bytes = postcard::to_allocvec(&batch).unwrap();
            let read = postcard::from_bytes::<Batch>(&bytes).ok();
            assert_eq!(read, is_read.then_some(batch), "{records} of {cells}");
        }
    }
}
