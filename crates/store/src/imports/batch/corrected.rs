//! Rejects of a system's import that a batch has corrected.

use sea_orm::DatabaseTransaction;

use crate::entity::import;
use crate::error::Result;
use crate::imports::from_system::{RefusedRecord, assign_contact};

/// A reject of a system's import that a batch has corrected.
pub(super) struct CorrectedReject {
    /// The number of the record in the import.
    pub(super) record: i32,
    /// The contact that the correction was written to.
    pub(super) contact: i64,
}

/// Assigns the corrected rejects of a system's import to the contacts that they were written to.
pub(super) async fn assign_corrected(
    transaction: &DatabaseTransaction,
    import: &import::Model,
    corrected: &[CorrectedReject],
) -> Result<()> {
    let Some(connection) = import.connection_id else {
        return Ok(());
    };
    for reject in corrected {
        let refused = RefusedRecord {
            connection,
            import: import.id,
            record: reject.record,
        };
        assign_contact(transaction, refused, reject.contact).await?;
    }
    Ok(())
}
