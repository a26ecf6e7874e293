//! The place of a cell in the grid, and its element in the document.

use leptos::prelude::document;
use web_sys::Element;

/// The place of a cell: its row under the filter and its column, both counted from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct CellPlace {
    pub(super) row: u32,
    pub(super) column: usize,
}

impl CellPlace {
    /// Returns the id of the cell's element.
    pub(super) fn id(self) -> String {
        format!("cell-{}-{}", self.row, self.column)
    }

    /// Returns the place of the cell that contains an element; `None` when no cell contains it.
    pub(super) fn of(element: &Element) -> Option<Self> {
        let cell = element.closest("[role=gridcell]").ok().flatten()?;
        let id = cell.id();
        let (row, column) = id.strip_prefix("cell-")?.split_once('-')?;
        Some(Self {
            row: row.parse().ok()?,
            column: column.parse().ok()?,
        })
    }

    /// Highlights the cell, or removes its highlight.
    pub(super) fn highlight(self, is_active: bool) {
        if let Some(cell) = document().get_element_by_id(&self.id()) {
            let _ = cell.class_list().toggle_with_force("is-active", is_active);
        }
    }
}
