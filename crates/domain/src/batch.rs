//! Rows on their way from the browser to the server.

use serde::{Deserialize, Serialize};

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
    /// The rows.
    pub rows: Vec<RowInput>,
    /// The records among them that the admin leaves out: the physical lines where they start, in
    /// the file's order.
    pub dropped: Vec<u32>,
    /// Records of the file in front of them. The server has exactly those, or it refuses the
    /// batch: whoever cuts batches elsewhere loses no row by it.
    pub behind: u32,
}
