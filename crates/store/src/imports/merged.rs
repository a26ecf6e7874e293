//! The records that joined the contact of an earlier record. The Imports page lists each of them
//! with its contact.

use sea_orm::ActiveValue::Set;
use sea_orm::{DatabaseTransaction, EntityTrait};

use crate::entity::import_merged;
use crate::error::Result;

/// The most rows of one statement, each of five parameters.
const ROWS: usize = 1000;

/// A record that joined a contact.
#[derive(Clone, Copy, Debug)]
pub(in crate::imports) struct MergedRecord {
    /// The number of the reading within the import: 0 for its file, above 0 for a corrected list of
    /// its rejects.
    pub(in crate::imports) reading: i32,
    /// The record's number in the file, counted from 1.
    pub(in crate::imports) record: u32,
    /// The physical line on which the record starts, counted from 1.
    pub(in crate::imports) line: u32,
    pub(in crate::imports) contact: i64,
}

/// Collects merged records, and writes them.
#[derive(Default)]
pub(in crate::imports) struct MergedRecords {
    records: Vec<MergedRecord>,
}

impl MergedRecords {
    /// Adds a record that joined a contact.
    pub(in crate::imports) fn add(&mut self, record: MergedRecord) {
        self.records.push(record);
    }

    /// Returns the number of records that were added.
    pub(in crate::imports) fn len(&self) -> usize {
        self.records.len()
    }

    /// Removes the records after the first `len` ones.
    pub(in crate::imports) fn truncate(&mut self, len: usize) {
        self.records.truncate(len);
    }

    /// Writes the records as those of an import.
    pub(in crate::imports) async fn write(
        self,
        transaction: &DatabaseTransaction,
        import: i64,
    ) -> Result<()> {
        for records in self.records.chunks(ROWS) {
            let rows = records.iter().map(|merged| {
                let number = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
                import_merged::ActiveModel {
                    import_id: Set(import),
                    reading: Set(merged.reading),
                    record: Set(number(merged.record)),
                    line: Set(number(merged.line)),
                    contact_id: Set(merged.contact),
                }
            });
            import_merged::Entity::insert_many(rows)
                .exec_without_returning(transaction)
                .await?;
        }
        Ok(())
    }
}
