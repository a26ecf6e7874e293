//! The lock that transactions of one organization take, so that they run one after the other.

use alta_domain::OrganizationId;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement};

use crate::error::Result;

/// Locks the organization until the transaction ends: another transaction that locks it waits.
///
/// Whatever changes contacts takes this lock, because two imports with the same new person must
/// not both make it; and whatever changes members, because the last Admin must stay. SQLite has one
/// writer anyway, so there it does nothing.
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
