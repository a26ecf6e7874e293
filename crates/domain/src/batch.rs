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
    pub cells: Vec<String>,
    /// All cells, when the record is rejected: they go into the file of rejects.
    pub rejected: Option<Vec<String>>,
    /// The cells with text of the columns that are left out, with their columns, when the record
    /// is not rejected here: the server may have to, and a reject comes back whole.
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
    /// The rows; at most [`Batch::MAX_RECORDS`].
    #[serde(deserialize_with = "at_most_max_records")]
    pub rows: Vec<RowInput>,
    /// The records among them that the admin leaves out: the physical lines where they start, in
    /// the file's order.
    pub dropped: Vec<u32>,
    /// Records of the file in front of them. The server has exactly those, or it refuses the
    /// batch: whoever cuts batches elsewhere loses no row by it.
    pub behind: u32,
}

impl Batch {
    /// Records of a batch at most. Senders cut there, and what has more is refused while it is
    /// read: the smallest rows take fifty times as much memory as bytes on their way.
    pub const MAX_RECORDS: u32 = 50_000;
}

/// Reads rows until there are too many.
fn at_most_max_records<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<RowInput>, D::Error> {
    struct Rows;

    impl<'de> Visitor<'de> for Rows {
        type Value = Vec<RowInput>;

        fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(out, "at most {} rows", Batch::MAX_RECORDS)
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut input: A) -> Result<Self::Value, A::Error> {
            let mut rows = Vec::new();
            while let Some(row) = input.next_element()? {
                if rows.len() == Batch::MAX_RECORDS as usize {
                    return Err(A::Error::invalid_length(rows.len() + 1, &self));
                }
                rows.push(row);
            }
            Ok(rows)
        }
    }

    input.deserialize_seq(Rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(records: u32) -> Batch {
        let row = |record| RowInput {
            record,
            line: record + 1,
            cells: vec![String::new()],
            rejected: None,
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
    fn a_batch_of_more_records_than_allowed_is_not_read() {
        for (records, is_read) in [(Batch::MAX_RECORDS, true), (Batch::MAX_RECORDS + 1, false)] {
            let batch = batch(records);
            let bytes = postcard::to_allocvec(&batch).unwrap();
            let read = postcard::from_bytes::<Batch>(&bytes).ok();
            assert_eq!(read, is_read.then_some(batch));
        }
    }
}
