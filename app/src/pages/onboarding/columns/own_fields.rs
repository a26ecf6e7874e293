//! The organization's own fields, shared by the rows of the columns page.

use std::collections::BTreeSet;

use alta_domain::{Field, FieldTarget};
use leptos::prelude::*;

/// The organization's own fields, including those created on this page, and the columns for which a
/// field is being created.
#[derive(Clone, Copy)]
pub(super) struct OwnFields {
    fields: RwSignal<Vec<Field>>,
    /// The columns whose form for a new field is open.
    open_forms: RwSignal<BTreeSet<u32>>,
}

impl OwnFields {
    pub(super) fn new() -> Self {
        Self {
            fields: RwSignal::default(),
            open_forms: RwSignal::default(),
        }
    }

    /// Takes over the fields that the server has.
    pub(super) fn load(self, fields: Vec<Field>) {
        self.fields.set(fields);
    }

    /// Adds a field that was just created.
    pub(super) fn add(self, field: Field) {
        self.fields.update(|fields| fields.push(field));
    }

    /// Records whether the form for a new field of a column is open.
    pub(super) fn note_form(self, column: u32, is_open: bool) {
        // The page may be gone by then.
        let _ = self.open_forms.try_update(|open| {
            if is_open {
                open.insert(column);
            } else {
                open.remove(&column);
            }
        });
    }

    /// Returns true when the form for a new field of a column is open.
    pub(super) fn has_form(self, column: u32) -> bool {
        self.open_forms.with(|open| open.contains(&column))
    }

    /// Returns the first column whose form for a new field is open; `None` when no form is.
    pub(super) fn open_form(self) -> Option<u32> {
        self.open_forms.with(|open| open.first().copied())
    }

    /// Returns all fields.
    pub(super) fn all(self) -> Vec<Field> {
        self.fields.get()
    }

    /// Returns all fields as targets of a column, without following changes.
    pub(super) fn targets(self) -> Vec<FieldTarget> {
        self.fields
            .with_untracked(|fields| fields.iter().map(target_of_field).collect())
    }
}

/// Returns the target of a column that goes to a field.
pub(super) fn target_of_field(field: &Field) -> FieldTarget {
    FieldTarget::Custom {
        id: field.id,
        kind: field.kind,
    }
}
