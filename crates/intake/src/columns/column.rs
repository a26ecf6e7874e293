//! A column of the sample.

/// A column of the sample: its header and its values.
pub(crate) struct Column<'a> {
    pub(crate) header: &'a str,
    pub(crate) values: Vec<&'a str>,
}
