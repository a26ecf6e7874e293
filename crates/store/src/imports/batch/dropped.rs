//! The records that the Admin leaves out of an import. Only their lines are stored, for the Imports
//! page; their cells are not.

use alta_domain::ImportId;
use sea_orm::ActiveValue::Set;
use sea_orm::{DatabaseTransaction, EntityTrait};

use crate::entity::import_dropped;
use crate::error::Result;

/// The most rows of one statement, each of two parameters.
const ROWS: usize = 2000;

/// The physical lines of the records of a batch that the Admin leaves out, counted from 1.
pub(super) struct DroppedRecords(Vec<u32>);

impl DroppedRecords {
    pub(super) fn new(lines: Vec<u32>) -> Self {
        Self(lines)
    }

    /// Writes the records as those of an import; returns their number.
    pub(super) async fn write(
        self,
        transaction: &DatabaseTransaction,
        import: ImportId,
    ) -> Result<u32> {
        for lines in self.0.chunks(ROWS) {
            let rows = lines.iter().map(|line| import_dropped::ActiveModel {
                import_id: Set(import.0),
                line: Set(i32::try_from(*line).unwrap_or(i32::MAX)),
            });
            import_dropped::Entity::insert_many(rows)
                .exec_without_returning(transaction)
                .await?;
        }
        Ok(u32::try_from(self.0.len()).unwrap_or(u32::MAX))
    }
}
