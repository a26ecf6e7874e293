//! Writes the row of a connection.

use alta_domain::{Account, AuditAction, ConnectionState};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::account::to_stored;
use crate::access::Admin;
use crate::entity::connection;
use crate::error::Result;
use crate::vault::connection_purpose;
use crate::{Store, audit, now};

/// Inserts a connection without credentials, and returns its id.
pub(super) async fn insert(
    db: &impl ConnectionTrait,
    admin: &Admin,
    slug: &str,
    state: ConnectionState,
) -> Result<i64> {
    let row = connection::ActiveModel {
        organization_id: Set(admin.organization.0),
        user_id: Set(admin.user.0),
        slug: Set(slug.to_owned()),
        account: Set(String::new()),
        account_id: Set(None),
        state: Set(state.as_str().to_owned()),
        secrets: Set(String::new()),
        consent_hash: Set(None),
        consent_until: Set(None),
        reopens: Set(None),
        fault_kind: Set(None),
        fault_said: Set(None),
        created_at: Set(now()),
        next_run_at: Set(None),
        failures: Set(0),
        lease: Set(None),
        lease_until: Set(0),
        notice_word: Set(None),
        noticed_at: Set(None),
        ..Default::default()
    };
    Ok(connection::Entity::insert(row)
        .exec(db)
        .await?
        .last_insert_id)
}

/// The account that a connection is activated for.
pub(super) struct Activation<'a> {
    /// The id of the connection.
    pub(super) id: i64,
    /// The slug of its system in the catalogue.
    pub(super) slug: &'a str,
    pub(super) account: &'a Account,
    /// Credentials that the system has accepted.
    pub(super) credentials: &'a [u8],
}

/// Stores accepted credentials of a connection, and makes its next run due at once. The lease is
/// revoked: a run with the old credentials can write no more.
pub(super) async fn activate(
    store: &Store,
    transaction: &DatabaseTransaction,
    admin: &Admin,
    activation: Activation<'_>,
) -> Result<()> {
    use connection::Column;
    let Activation {
        id,
        slug,
        account,
        credentials,
    } = activation;
    let mut change = connection::Entity::update_many();
    if let Some(account) = &account.id {
        change = change.col_expr(Column::AccountId, Expr::value(to_stored(account)));
    }
    let sealed = store.seal(&connection_purpose(id), credentials)?;
    let active = ConnectionState::Active.as_str();
    change
        .col_expr(Column::Secrets, Expr::value(sealed))
        .col_expr(Column::Account, Expr::value(to_stored(&account.name)))
        .col_expr(Column::State, Expr::value(active))
        .col_expr(Column::ConsentHash, Expr::value(None::<String>))
        .col_expr(Column::ConsentUntil, Expr::value(None::<i64>))
        .col_expr(Column::Reopens, Expr::value(None::<i64>))
        .col_expr(Column::FaultKind, Expr::value(None::<String>))
        .col_expr(Column::FaultSaid, Expr::value(None::<String>))
        .col_expr(Column::Failures, Expr::value(0))
        .col_expr(Column::Lease, Expr::value(None::<String>))
        .col_expr(Column::LeaseUntil, Expr::value(0_i64))
        .col_expr(Column::NextRunAt, Expr::value(now()))
        .filter(Column::Id.eq(id))
        .exec(transaction)
        .await?;
    audit::record(
        transaction,
        admin,
        AuditAction::SystemConnected,
        &format!("{slug} ({})", account.name),
    )
    .await
}
