//! Rows on their way from the browser to the server.

use std::fmt;

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::RowIdentity;

/// One record as the file has it, with what the browser's engine made of it. The server checks it
/// again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowInput {
    /// The record's number in the file, counted from 1.
    pub record: u32,
    /// The physical line where it starts, counted from 1.
    pub line: u32,
    /// The cells of the columns that have a target, in the plan's order.
    #[serde(deserialize_with = "cells")]
    pub cells: Vec<String>,
    /// All cells, when the record is rejected: they go into the file of rejects.
    #[serde(deserialize_with = "cells_if_any")]
    pub rejected: Option<Vec<String>>,
    /// The cells with text of the columns that are left out, with their columns, when the record
    /// is not rejected here: the server may have to, and a reject comes back whole.
    #[serde(deserialize_with = "cells")]
    pub left_out: Vec<(u32, String)>,
    /// The first record of the same person, where this is a later one.
    pub same_as: Option<u32>,
    /// What the whole file says of who it is; none when there is nothing to say.
    pub identity: Option<Box<RowIdentity>>,
    /// The rejected record of the import that this one corrects.
    pub corrects: Option<u32>,
}

/// Rows in the file's order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// The rows; at most [`Batch::MAX_RECORDS`], with [`Batch::MAX_CELLS`] in all.
    #[serde(deserialize_with = "rows")]
    pub rows: Vec<RowInput>,
    /// The records among them that the admin leaves out: the physical lines where they start, in
    /// the file's order.
    pub dropped: Vec<u32>,
    /// Records of the file in front of them. The server has exactly those, or it refuses the
    /// batch: whoever cuts batches elsewhere loses no row by it.
    pub behind: u32,
}

impl RowInput {
    /// Cells of a row at most; a record of the import engine has no more.
    pub const MAX_CELLS: usize = 4096;

    fn count_cells(&self) -> usize {
        let rejected = self.rejected.as_ref().map_or(0, Vec::len);
        self.cells.len() + rejected + self.left_out.len()
    }
}

impl Batch {
    /// Records of a batch at most. Senders cut there, and what has more is refused while it is
    /// read: in memory the smallest rows take fifty times their bytes.
    pub const MAX_RECORDS: u32 = 50_000;

    /// Cells of its rows at most. Senders count a byte for each cell besides its text, and cut at
    /// half of that many bytes.
    pub const MAX_CELLS: usize = 2 * 1024 * 1024;
}

/// Reads values until there are too many, or too many cells in them.
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
