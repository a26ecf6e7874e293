//! Accounts as the command line of the server manages them, and the choices of their owners.

use alta_domain::{Email, ErrorCode, Language, Role};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

use super::lookup::existing_user;
use super::rules::checked_password;
use super::{emails, sessions};
use crate::access::Account;
use crate::entity::{membership, organization, user};
use crate::error::{Result, StoreError};
use crate::names::checked_name;
use crate::secret::hash_password;
use crate::{Store, now};

/// A user in one organization, as the command line lists them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountEntry {
    /// The slug of the organization.
    pub organization: String,
    /// The address that the user signs in with.
    pub email: String,
    /// The name of the user.
    pub name: String,
    /// The word of the role in the organization, as it is stored.
    pub role: String,
    /// True when the user may sign in.
    pub active: bool,
}

/// Returns true when there is at least one account.
///
/// # Errors
/// When the database fails.
pub async fn any(store: &Store) -> Result<bool> {
    Ok(user::Entity::find().count(store.read()).await? > 0)
}

/// Adds a user to the first organization, from the command line of the server.
///
/// # Errors
/// [`ErrorCode::NotFound`] before set-up; [`ErrorCode::NameTaken`] when the address has an account.
pub async fn add(
    store: &Store,
    email: &str,
    name: &str,
    password: String,
    role: Role,
) -> Result<()> {
    let organization = organization::Entity::find()
        .order_by_asc(organization::Column::Id)
        .one(store.read())
        .await?;
    let organization = organization.ok_or(ErrorCode::NotFound)?;
    let email = Email::parse(email).ok_or(ErrorCode::InvalidEmail)?;
    let checked = checked_name(name)?;
    let password = checked_password(password, &[name, email.as_str(), &organization.name])?;
    let row = user::ActiveModel {
        email: Set(email.to_string()),
        name: Set(checked),
        password_hash: Set(hash_password(password).await?),
        language: Set(organization.language),
        created_at: Set(now()),
        ..Default::default()
    };
    let transaction = store.begin().await?;
    let user = user::Entity::insert(row)
        .exec(&transaction)
        .await
        .map_err(|error| StoreError::on_taken(error, ErrorCode::NameTaken))?;
    let row = membership::ActiveModel {
        organization_id: Set(organization.id),
        user_id: Set(user.last_insert_id),
        role: Set(role.as_str().to_owned()),
        active: Set(true),
    };
    membership::Entity::insert(row)
        .exec_without_returning(&transaction)
        .await?;
    transaction.commit().await?;
    Ok(())
}

/// Shuts a user out of every organization and ends their sessions, or lets them in again; from the
/// command line of the server, which may leave an organization without an Admin.
///
/// # Errors
/// [`ErrorCode::NotFound`] for an unknown address.
pub async fn set_active(store: &Store, email: &str, active: bool) -> Result<()> {
    let user = existing_user(store, email).await?;
    let transaction = store.begin().await?;
    membership::Entity::update_many()
        .col_expr(membership::Column::Active, Expr::value(active))
        .filter(membership::Column::UserId.eq(user.id))
        .exec(&transaction)
        .await?;
    if !active {
        sessions::end_all(&transaction, user.id).await?;
        emails::cancel_change(&transaction, user.id).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Lists the members of all organizations, in the order in which their accounts were made.
///
/// # Errors
/// When the database fails.
pub async fn all(store: &Store) -> Result<Vec<AccountEntry>> {
    let rows = membership::Entity::find()
        .order_by_asc(membership::Column::UserId)
        .all(store.read())
        .await?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let organization = organization::Entity::find_by_id(row.organization_id)
            .one(store.read())
            .await?;
        let user = user::Entity::find_by_id(row.user_id)
            .one(store.read())
            .await?;
        if let (Some(organization), Some(user)) = (organization, user) {
            all.push(AccountEntry {
                organization: organization.slug.ok_or_else(|| {
                    StoreError::Broken(format!("organization {} without slug", organization.id))
                })?,
                email: user.email,
                name: user.name,
                role: row.role,
                active: row.active,
            });
        }
    }
    Ok(all)
}

/// Stores the language that a user chose.
///
/// # Errors
/// When the database fails.
pub async fn set_language(store: &Store, account: &Account, language: Language) -> Result<()> {
    user::Entity::update_many()
        .col_expr(user::Column::Language, Expr::value(language.as_str()))
        .filter(user::Column::Id.eq(account.user.0))
        .exec(store.write())
        .await?;
    Ok(())
}
