//! The text of a manifest with the places of its values, so that an error can name its line.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::complaint::Complaint;

/// The element of a path that stands for any place in a list.
pub(super) const IN_LIST: &str = "[]";

/// A manifest as TOML, with the places of its keys and values.
pub(super) struct Document<'t> {
    text: &'t str,
    root: Spanned<DeTable<'t>>,
    /// The places of the line ends, in bytes.
    line_ends: Vec<usize>,
}

/// A text of a manifest.
pub(super) struct Leaf<'d> {
    /// The keys that lead to the text, from the root. [`IN_LIST`] stands for a place in a list.
    pub(super) path: Vec<&'d str>,
    /// The line on which the text begins, from 1.
    pub(super) line: usize,
    pub(super) text: &'d str,
}

impl<'t> Document<'t> {
    /// Parses a manifest as TOML.
    pub(super) fn parse(text: &'t str) -> Result<Self, Complaint> {
        let root = DeTable::parse(text).map_err(|error| Complaint::of_toml(text, &error))?;
        let line_ends = text.match_indices('\n').map(|(at, _)| at).collect();
        Ok(Self {
            text,
            root,
            line_ends,
        })
    }

    /// Returns the text of the manifest.
    pub(super) fn text(&self) -> &'t str {
        self.text
    }

    /// Returns the line of a byte, from 1.
    pub(super) fn line(&self, byte: usize) -> usize {
        self.line_ends.partition_point(|end| *end < byte) + 1
    }

    /// Returns the outermost table.
    pub(super) fn table(&self) -> &DeTable<'t> {
        self.root.get_ref()
    }

    /// Returns the line of the value at a path of keys with points between them, such as
    /// `contacts.fields`. When there is no such value, returns the line of the last table on the
    /// way.
    pub(super) fn line_of(&self, path: &str) -> usize {
        let (mut table, mut at) = (self.root.get_ref(), 0);
        for key in path.split('.') {
            let Some((found, value)) = table.iter().find(|(name, _)| name.get_ref() == key) else {
                break;
            };
            at = found.span().start;
            match value.get_ref() {
                DeValue::Table(inner) => table = inner,
                _ => break,
            }
        }
        self.line(at)
    }

    /// Returns all texts of the manifest, in the order of their lines.
    pub(super) fn leaves(&self) -> Vec<Leaf<'_>> {
        let mut leaves = Vec::new();
        self.leaves_of_table(self.root.get_ref(), &mut Vec::new(), &mut leaves);
        leaves.sort_by_key(|leaf| leaf.line);
        leaves
    }

    fn leaves_of_table<'d>(
        &'d self,
        table: &'d DeTable<'t>,
        path: &mut Vec<&'d str>,
        leaves: &mut Vec<Leaf<'d>>,
    ) {
        for (key, value) in table {
            path.push(key.get_ref());
            self.leaves_of_value(value, path, leaves);
            path.pop();
        }
    }

    fn leaves_of_value<'d>(
        &'d self,
        value: &'d Spanned<DeValue<'t>>,
        path: &mut Vec<&'d str>,
        leaves: &mut Vec<Leaf<'d>>,
    ) {
        match value.get_ref() {
            DeValue::String(text) => leaves.push(Leaf {
                path: path.clone(),
                line: self.line(value.span().start),
                text,
            }),
            DeValue::Table(table) => self.leaves_of_table(table, path, leaves),
            DeValue::Array(values) => {
                path.push(IN_LIST);
                for value in values {
                    self.leaves_of_value(value, path, leaves);
                }
                path.pop();
            }
            _ => {}
        }
    }
}
