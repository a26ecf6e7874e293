//! Change records: the values that a batch of an import replaced in a contact, stored so that the
//! import can be undone.
//!
//! A record is one JSON object: `{"name": ["old", "new"], ..., "last_import_id": 4, "updated_at":
//! 1700000000000}`. Each value has its name in the words of [`Change::field`]; the last two entries
//! hold the contact's columns of these names as they were before the batch.

use sea_orm::ActiveValue::Set;
use serde_json::{Map, Value, json};

use super::state::{Change, ContactState};
use crate::entity::import_change;
use crate::error::{Result, StoreError};

/// The entry of the import that had changed the contact last.
const LAST_IMPORT: &str = "last_import_id";
/// The entry of the time when the contact had been changed last.
const UPDATED_AT: &str = "updated_at";

/// A batch of an import.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BatchId {
    pub(crate) import: i64,
    /// The number of the batch in its import, counted from 0.
    pub(crate) sequence: i32,
}

/// A change record, read back.
pub(crate) struct ChangeRecord {
    pub(crate) contact: i64,
    pub(crate) changes: Vec<Change>,
    /// The import that had changed the contact last before.
    pub(crate) last_import: Option<i64>,
    /// When the contact had been changed last before, in milliseconds since 1970.
    pub(crate) updated_at: Option<i64>,
}

/// The record of what a batch changes of a contact, to be inserted before the contact is written.
pub(super) fn record(batch: BatchId, state: &ContactState) -> import_change::ActiveModel {
    let mut fields: Map<String, Value> = state
        .changes
        .iter()
        .map(|change| (change.field.clone(), json!([change.old, change.new])))
        .collect();
    fields.insert(LAST_IMPORT.to_owned(), json!(state.row.last_import_id));
    fields.insert(UPDATED_AT.to_owned(), json!(state.row.updated_at));
    import_change::ActiveModel {
        import_id: Set(batch.import),
        sequence: Set(batch.sequence),
        contact_id: Set(state.row.id),
        fields: Set(Value::Object(fields)),
    }
}

impl ChangeRecord {
    /// Reads a stored record.
    ///
    /// # Errors
    /// When it has another shape than the one that [`record`] writes.
    pub(crate) fn read(row: &import_change::Model) -> Result<Self> {
        let broken = || {
            StoreError::Broken(format!(
                "change of contact {} by import {}",
                row.contact_id, row.import_id
            ))
        };
        let mut record = Self {
            contact: row.contact_id,
            changes: Vec::new(),
            last_import: None,
            updated_at: None,
        };
        for (field, value) in row.fields.as_object().ok_or_else(broken)? {
            match field.as_str() {
                LAST_IMPORT => record.last_import = value.as_i64(),
                UPDATED_AT => record.updated_at = value.as_i64(),
                _ => {
                    let (old, new) = serde_json::from_value(value.clone())?;
                    record.changes.push(Change {
                        field: field.clone(),
                        old,
                        new,
                    });
                }
            }
        }
        Ok(record)
    }
}
