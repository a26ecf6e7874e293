//! The records that joined the contact of an earlier record: the Imports page lists them
//! beside whom they joined.

use sea_orm::ActiveValue::Set;
use sea_orm::{DatabaseTransaction, EntityTrait};

use crate::entity::import_merged;
use crate::error::Result;

/// Rows of one statement, of five parameters each.
const ROWS: usize = 1000;

/// Collects merged records, and writes them.
#[derive(Default)]
pub(in crate::imports) struct MergedRecords {
    /// The number of each record, the physical line where it starts, and its contact.
    records: Vec<(u32, u32, i64)>,
}

impl MergedRecords {
    /// Adds a record that joined a contact.
    pub(in crate::imports) fn add(&mut self, record: u32, line: u32, contact: i64) {
        self.records.push((record, line, contact));
    }

    /// The number of records so far.
    pub(in crate::imports) fn len(&self) -> usize {
        self.records.len()
    }

    /// Forgets the records after the first ones.
    pub(in crate::imports) fn truncate(&mut self, len: usize) {
        self.records.truncate(len);
    }

    /// Writes the records as those of a reading of an import: 0 for its file, above for a
    /// corrected list of its rejects.
    pub(in crate::imports) async fn write(
        self,
        transaction: &DatabaseTransaction,
        import: i64,
        reading: i32,
    ) -> Result<()> {
        for records in self.records.chunks(ROWS) {
            let rows = records.iter().map(|(record, line, contact)| {
                let number = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
                import_merged::ActiveModel {
                    import_id: Set(import),
                    reading: Set(reading),
                    record: Set(number(*record)),
                    line: Set(number(*line)),
                    contact_id: Set(*contact),
                }
            });
            import_merged::Entity::insert_many(rows)
                .exec_without_returning(transaction)
                .await?;
        }
        Ok(())
    }
}
