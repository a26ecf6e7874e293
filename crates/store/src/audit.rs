//! The audit log: who did something, when, and from which network address.

use alta_domain::{AuditAction, AuditEntry, OrganizationId};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::access::{Account, Admin, Own};
use crate::entity::audit_entry;
use crate::error::{Result, StoreError};
use crate::{Store, now};

/// Writes an entry, in the transaction of the change itself: the entry exists exactly when the
/// change does.
pub(crate) async fn record(
    connection: &impl ConnectionTrait,
    account: &Account,
    action: AuditAction,
    subject: &str,
) -> Result<()> {
    let author = audit_entry::ActiveModel {
        user_id: Set(account.user.0),
        actor: Set(account.me.name.clone()),
        from_address: Set(account.from.clone()),
        ..Default::default()
    };
    insert(connection, author, account.organization, action, subject).await
}

/// Writes an entry about something that the server does by itself.
pub(crate) async fn record_automatic(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    action: AuditAction,
    subject: &str,
) -> Result<()> {
    let author = audit_entry::ActiveModel {
        user_id: Set(0),
        actor: Set("Alta".to_owned()),
        from_address: Set(None),
        ..Default::default()
    };
    insert(connection, author, organization, action, subject).await
}

/// Inserts an entry whose `author` has the user, the actor and the address.
async fn insert(
    connection: &impl ConnectionTrait,
    author: audit_entry::ActiveModel,
    organization: OrganizationId,
    action: AuditAction,
    subject: &str,
) -> Result<()> {
    let row = audit_entry::ActiveModel {
        organization_id: Set(organization.0),
        action: Set(action.as_str().to_owned()),
        subject: Set(subject.chars().take(255).collect()),
        at: Set(now()),
        ..author
    };
    audit_entry::Entity::insert(row)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Lists the entries older than the one of id `before` (0: all), the newest first, at most `most`;
/// with `action` only those of this action.
///
/// # Errors
/// When the database fails.
pub async fn entries(
    store: &Store,
    admin: &Admin,
    action: Option<AuditAction>,
    before: i64,
    most: u64,
) -> Result<Vec<AuditEntry>> {
    let mut query = admin.own::<audit_entry::Entity>();
    if let Some(action) = action {
        query = query.filter(audit_entry::Column::Action.eq(action.as_str()));
    }
    if before > 0 {
        query = query.filter(audit_entry::Column::Id.lt(before));
    }
    let rows = query
        .order_by_desc(audit_entry::Column::Id)
        .limit(most)
        .all(store.read())
        .await?;
    let read = |row: audit_entry::Model| {
        Ok(AuditEntry {
            id: row.id,
            at: row.at,
            actor: row.actor,
            action: AuditAction::parse(&row.action)
                .ok_or_else(|| StoreError::Broken(format!("action {}", row.action)))?,
            subject: row.subject,
            from: row.from_address,
        })
    };
    rows.into_iter().map(read).collect()
}
