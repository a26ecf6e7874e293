//! A contact that an import creates, before it has values.

use crate::entity::contact;

/// The ids (of contact, organization and import) and the time of a contact that an import creates.
pub(crate) struct NewContact {
    pub(crate) id: i64,
    pub(crate) organization_id: i64,
    pub(crate) import_id: i64,
    /// Milliseconds since 1970.
    pub(crate) created_at: i64,
}

impl NewContact {
    /// Returns the row of a contact that has no values yet.
    pub(super) fn without_values(self) -> contact::Model {
        contact::Model {
            id: self.id,
            organization_id: self.organization_id,
            created_import_id: Some(self.import_id),
            last_import_id: Some(self.import_id),
            created_at: self.created_at,
            updated_at: self.created_at,
            ..contact::Model::default()
        }
    }
}
