//! The members of an organization. It is never left without an active Admin.

use alta_domain::{
    AuditAction, Country, ErrorCode, Language, Member, OrganizationSettings, Role, UserId,
};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    PaginatorTrait, QueryFilter,
};

use crate::access::{Admin, Own};
use crate::accounts::name;
use crate::db::lock_organization;
use crate::entity::{invitation, membership, organization, session, user};
use crate::error::{Result, StoreError};
use crate::{Store, audit, second_factor};

/// All members, by name.
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
            role: Role::parse(&row.role)
                .ok_or_else(|| StoreError::Broken(format!("role {}", row.role)))?,
            active: row.active,
            is_you: user.id == admin.user.0,
        });
    }
    members.sort_by_key(|member| member.name.to_lowercase());
    Ok(members)
}

/// Gives a member another profile; it holds from their next request on.
///
/// # Errors
/// [`ErrorCode::NotFound`] when nobody of this id is in the organization; [`ErrorCode::LastAdmin`].
pub async fn set_role(store: &Store, admin: &Admin, member: UserId, role: Role) -> Result<()> {
    let change = admin
        .own_update::<membership::Entity>()
        .col_expr(membership::Column::Role, Expr::value(role.as_str()));
    let transaction = begin(store, admin).await?;
    changed(
        change
            .filter(membership::Column::UserId.eq(member.0))
            .exec(&transaction)
            .await?
            .rows_affected,
    )?;
    let said = format!(
        "{}: {}",
        email_of(&transaction, member).await?,
        role.as_str()
    );
    finish(transaction, admin, AuditAction::RoleChanged, &said).await
}

/// Shuts a member out at once, with the invitations they sent, or lets them in again.
///
/// # Errors
/// As [`set_role`].
pub async fn set_active(store: &Store, admin: &Admin, member: UserId, active: bool) -> Result<()> {
    let change = admin
        .own_update::<membership::Entity>()
        .col_expr(membership::Column::Active, Expr::value(active));
    let transaction = begin(store, admin).await?;
    changed(
        change
            .filter(membership::Column::UserId.eq(member.0))
            .exec(&transaction)
            .await?
            .rows_affected,
    )?;
    if !active {
        end_sessions(&transaction, admin, member).await?;
        end_invitations(&transaction, admin, member).await?;
    }
    let said = email_of(&transaction, member).await?;
    finish(
        transaction,
        admin,
        if active {
            AuditAction::Reactivated
        } else {
            AuditAction::Deactivated
        },
        &said,
    )
    .await
}

/// Deletes a member, with the invitations they sent; the account goes with the last organization it
/// is in. What they did stays, under the name they had.
///
/// # Errors
/// As [`set_role`].
pub async fn remove(store: &Store, admin: &Admin, member: UserId) -> Result<()> {
    let transaction = begin(store, admin).await?;
    let said = email_of(&transaction, member).await?;
    changed(
        admin
            .own_delete::<membership::Entity>()
            .filter(membership::Column::UserId.eq(member.0))
            .exec(&transaction)
            .await?
            .rows_affected,
    )?;
    end_sessions(&transaction, admin, member).await?;
    end_invitations(&transaction, admin, member).await?;
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
    finish(transaction, admin, AuditAction::Deleted, &said).await
}

/// What the organization is called and how it reads its data.
///
/// # Errors
/// When the database fails.
pub async fn settings(store: &Store, admin: &Admin) -> Result<OrganizationSettings> {
    let row = organization::Entity::find_by_id(admin.organization.0)
        .one(store.read())
        .await?
        .ok_or(ErrorCode::NotFound)?;
    Ok(OrganizationSettings {
        name: row.name,
        country: Country::parse(&row.country).unwrap_or(Country::BRAZIL),
        language: Language::parse(&row.language).unwrap_or_default(),
        requires_second_factor: row.requires_second_factor,
    })
}

/// Changes that.
///
/// # Errors
/// [`ErrorCode::Missing`], [`ErrorCode::TooLong`] for the name; [`ErrorCode::SecondFactorNeeded`]
/// for whoever wants of others what they have not themselves.
pub async fn set_settings(
    store: &Store,
    admin: &Admin,
    settings: &OrganizationSettings,
) -> Result<()> {
    if settings.requires_second_factor && !second_factor::is_on(store.read(), admin.user.0).await? {
        return Err(ErrorCode::SecondFactorNeeded.into());
    }
    let row = organization::ActiveModel {
        id: Set(admin.organization.0),
        name: Set(name(&settings.name)?),
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

/// Of two changes of one organization the second sees the first.
async fn begin(store: &Store, admin: &Admin) -> Result<DatabaseTransaction> {
    let transaction = store.begin().await?;
    lock_organization(&transaction, admin.organization).await?;
    Ok(transaction)
}

/// Ends it, unless no active Admin would be left.
async fn finish(
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

fn changed(rows: u64) -> Result<()> {
    if rows == 0 {
        Err(ErrorCode::NotFound.into())
    } else {
        Ok(())
    }
}

async fn email_of(connection: &impl ConnectionTrait, member: UserId) -> Result<String> {
    Ok(user::Entity::find_by_id(member.0)
        .one(connection)
        .await?
        .map(|user| user.email)
        .unwrap_or_default())
}

/// Whoever is shut out could come back by an invitation that they sent to an address of their own.
async fn end_invitations(
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
