//! The members of an organization, and its settings. An organization always keeps an active Admin.

use alta_domain::{AuditAction, ErrorCode, Member, OrganizationSettings, Role, UserId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    PaginatorTrait, QueryFilter,
};

use super::lookup::{has_second_factor, stored_country, stored_language, stored_role};
use crate::access::{Admin, Own};
use crate::db::lock_organization;
use crate::entity::{invitation, membership, organization, session, user};
use crate::error::Result;
use crate::names::checked_name;
use crate::{Store, audit};

/// Lists the members, by name.
///
/// # Errors
/// When the database fails.
pub async fn members(store: &Store, admin: &Admin) -> Result<Vec<Member>> {
    let rows = admin.own::<membership::Entity>().all(store.read()).await?;
    let users = user::Entity::find()
        .filter(user::Column::Id.is_in(rows.iter().map(|row| row.user_id)))
        .all(store.read())
        .await?;
    let mut members = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(user) = users.iter().find(|user| user.id == row.user_id) else {
            continue;
        };
        members.push(Member {
            user: UserId(user.id),
            name: user.name.clone(),
            email: user.email.clone(),
            role: stored_role(&row.role)?,
            active: row.active,
            is_you: user.id == admin.user.0,
        });
    }
    members.sort_by_key(|member| member.name.to_lowercase());
    Ok(members)
}

/// Gives a member another role; it holds from their next request on.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the user is not in the organization; [`ErrorCode::LastAdmin`] when
/// no active Admin would be left.
pub async fn set_role(store: &Store, admin: &Admin, member: UserId, role: Role) -> Result<()> {
    let change = admin
        .own_update::<membership::Entity>()
        .col_expr(membership::Column::Role, Expr::value(role.as_str()));
    let transaction = begin(store, admin).await?;
    let changed = change
        .filter(membership::Column::UserId.eq(member.0))
        .exec(&transaction)
        .await?;
    check_found(changed.rows_affected)?;
    let email = email_of(&transaction, member).await?;
    let subject = format!("{email}: {}", role.as_str());
    commit(transaction, admin, AuditAction::RoleChanged, &subject).await
}

/// Shuts a member out at once and deletes the invitations they sent, or lets them in again.
///
/// # Errors
/// As [`set_role`].
pub async fn set_active(store: &Store, admin: &Admin, member: UserId, active: bool) -> Result<()> {
    let change = admin
        .own_update::<membership::Entity>()
        .col_expr(membership::Column::Active, Expr::value(active));
    let transaction = begin(store, admin).await?;
    let changed = change
        .filter(membership::Column::UserId.eq(member.0))
        .exec(&transaction)
        .await?;
    check_found(changed.rows_affected)?;
    let action = if active {
        AuditAction::Reactivated
    } else {
        end_sessions(&transaction, admin, member).await?;
        delete_invitations(&transaction, admin, member).await?;
        AuditAction::Deactivated
    };
    let email = email_of(&transaction, member).await?;
    commit(transaction, admin, action, &email).await
}

/// Removes a member, and deletes the invitations they sent. The account is deleted with its last
/// organization. The audit log keeps the name that they had.
///
/// # Errors
/// As [`set_role`].
pub async fn remove(store: &Store, admin: &Admin, member: UserId) -> Result<()> {
    let transaction = begin(store, admin).await?;
    let email = email_of(&transaction, member).await?;
    let removed = admin
        .own_delete::<membership::Entity>()
        .filter(membership::Column::UserId.eq(member.0))
        .exec(&transaction)
        .await?;
    check_found(removed.rows_affected)?;
    end_sessions(&transaction, admin, member).await?;
    delete_invitations(&transaction, admin, member).await?;
    let member_elsewhere = membership::Entity::find()
        .filter(membership::Column::UserId.eq(member.0))
        .count(&transaction)
        .await?;
    let invited_elsewhere = invitation::Entity::find()
        .filter(invitation::Column::InvitedBy.eq(member.0))
        .count(&transaction)
        .await?;
    if member_elsewhere + invited_elsewhere == 0 {
        user::Entity::delete_by_id(member.0)
            .exec(&transaction)
            .await?;
    }
    commit(transaction, admin, AuditAction::Deleted, &email).await
}

/// Reads the settings of the organization.
///
/// # Errors
/// [`crate::StoreError::Broken`] for a stored country or language that is unknown.
pub async fn settings(store: &Store, admin: &Admin) -> Result<OrganizationSettings> {
    let row = organization::Entity::find_by_id(admin.organization.0)
        .one(store.read())
        .await?
        .ok_or(ErrorCode::NotFound)?;
    Ok(OrganizationSettings {
        name: row.name,
        country: stored_country(&row.country)?,
        language: stored_language(&row.language)?,
        requires_second_factor: row.requires_second_factor,
    })
}

/// Changes the settings of the organization.
///
/// # Errors
/// [`ErrorCode::Missing`], [`ErrorCode::TooLong`] for the name; [`ErrorCode::SecondFactorNeeded`]
/// for an Admin who requires a second factor and has none.
pub async fn set_settings(
    store: &Store,
    admin: &Admin,
    settings: &OrganizationSettings,
) -> Result<()> {
    if settings.requires_second_factor && !has_second_factor(store.read(), admin.user).await? {
        return Err(ErrorCode::SecondFactorNeeded.into());
    }
    let row = organization::ActiveModel {
        id: Set(admin.organization.0),
        name: Set(checked_name(&settings.name)?),
        country: Set(settings.country.as_str().to_owned()),
        language: Set(settings.language.as_str().to_owned()),
        requires_second_factor: Set(settings.requires_second_factor),
        ..Default::default()
    };
    let transaction = store.begin().await?;
    row.update(&transaction).await?;
    audit::record(
        &transaction,
        admin,
        AuditAction::OrganizationChanged,
        settings.name.trim(),
    )
    .await?;
    transaction.commit().await?;
    Ok(())
}

/// Begins a transaction that locks the organization: of two changes the second sees the first.
async fn begin(store: &Store, admin: &Admin) -> Result<DatabaseTransaction> {
    let transaction = store.begin().await?;
    lock_organization(&transaction, admin.organization).await?;
    Ok(transaction)
}

/// Records a change in the audit log and commits it, unless no active Admin would be left.
async fn commit(
    transaction: DatabaseTransaction,
    admin: &Admin,
    action: AuditAction,
    subject: &str,
) -> Result<()> {
    let admins = admin
        .own::<membership::Entity>()
        .filter(membership::Column::Role.eq(Role::Admin.as_str()))
        .filter(membership::Column::Active.eq(true))
        .count(&transaction)
        .await?;
    if admins == 0 {
        return Err(ErrorCode::LastAdmin.into());
    }
    audit::record(&transaction, admin, action, subject).await?;
    transaction.commit().await?;
    Ok(())
}

/// Refuses a change of a member that changed no row, because the organization has no such member.
fn check_found(rows: u64) -> Result<()> {
    if rows == 0 {
        Err(ErrorCode::NotFound.into())
    } else {
        Ok(())
    }
}

/// Reads the address of a user, as the subject of an entry in the audit log.
async fn email_of(transaction: &DatabaseTransaction, member: UserId) -> Result<String> {
    let user = user::Entity::find_by_id(member.0).one(transaction).await?;
    Ok(user.ok_or(ErrorCode::NotFound)?.email)
}

/// Deletes the invitations that a member sent: a removed member could come back by an invitation to
/// another address of their own.
async fn delete_invitations(
    connection: &impl ConnectionTrait,
    admin: &Admin,
    member: UserId,
) -> Result<()> {
    admin
        .own_delete::<invitation::Entity>()
        .filter(invitation::Column::InvitedBy.eq(member.0))
        .exec(connection)
        .await?;
    Ok(())
}

/// Ends the sessions of a member in this organization.
async fn end_sessions(
    connection: &impl ConnectionTrait,
    admin: &Admin,
    member: UserId,
) -> Result<()> {
    admin
        .own_delete::<session::Entity>()
        .filter(session::Column::UserId.eq(member.0))
        .exec(connection)
        .await?;
    Ok(())
}
