//! The lock that transactions of one organization take, so that they run one after the other.

use alta_domain::OrganizationId;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement};

use crate::error::Result;

/// Locks the organization until the transaction ends: another transaction that locks it waits.
///
/// Every change of contacts takes this lock, because two imports with the same new person must not
/// both create a contact. Every change of members takes it too, because an organization must keep
/// an active Admin. SQLite has one writer at a time, so nothing is locked there.
///
/// # Errors
/// When the database fails.
pub(crate) async fn lock_organization(
    transaction: &DatabaseTransaction,
    organization: OrganizationId,
) -> Result<()> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        let sql = "SELECT id FROM organization WHERE id = $1 FOR NO KEY UPDATE";
        transaction
            .execute_raw(Statement::from_sql_and_values(
                DbBackend::Postgres,
                sql,
                [organization.0.into()],
            ))
            .await?;
    }
    Ok(())
}
