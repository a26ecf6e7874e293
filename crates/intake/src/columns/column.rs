//! A column as the sample has it.

/// One column of the sample.
pub(crate) struct Column<'a> {
    pub(crate) header: &'a str,
    pub(crate) values: Vec<&'a str>,
}
