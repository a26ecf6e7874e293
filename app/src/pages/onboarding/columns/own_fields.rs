//! The organization's own fields, shared by the rows of the columns page.

use alta_domain::{Field, FieldTarget};
use leptos::prelude::*;

/// The organization's own fields, those created on this page included.
#[derive(Clone, Copy)]
pub(super) struct OwnFields(RwSignal<Vec<Field>>);

impl OwnFields {
    pub(super) fn new() -> Self {
        Self(RwSignal::default())
    }

    /// Takes over the fields that the server knows.
    pub(super) fn load(self, fields: Vec<Field>) {
        self.0.set(fields);
    }

    /// Adds a field that was just created.
    pub(super) fn add(self, field: Field) {
        self.0.update(|fields| fields.push(field));
    }

    /// All fields.
    pub(super) fn all(self) -> Vec<Field> {
        self.0.get()
    }

    /// All fields as targets of a column, without following changes.
    pub(super) fn targets(self) -> Vec<FieldTarget> {
        self.0
            .with_untracked(|fields| fields.iter().map(target_of_field).collect())
    }
}

/// The target of a column that goes to a field.
pub(super) fn target_of_field(field: &Field) -> FieldTarget {
    FieldTarget::Custom {
        id: field.id,
        kind: field.kind,
    }
}
