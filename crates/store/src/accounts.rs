//! Users and their choices.

use alta_domain::{Email, ErrorCode, Language, Role};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

use crate::access::Access;
use crate::entity::{membership, organization, session, user};
use crate::error::{Result, StoreError};
use crate::passwords::fit;
use crate::secret::hash_password;
use crate::{Store, emails, now};

/// Characters a name may have.
const NAME_LENGTH: usize = 120;

/// A name, trimmed.
pub(crate) fn name(text: &str) -> Result<String> {
    // What would break a mail's head or a line of a log is no part of a name.
    let text = text.replace(char::is_control, " ");
    let text = text.trim();
    match text.chars().count() {
        0 => Err(ErrorCode::Missing.into()),
        length if length > NAME_LENGTH => Err(ErrorCode::TooLong.into()),
        _ => Ok(text.to_owned()),
    }
}

/// What the command line calls an organization of this name: `comercial-andina`.
pub(crate) fn slug(name: &str) -> String {
    let folded = alta_intake::fold(name);
    let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        "organization".to_owned()
    } else {
        words.join("-")
    }
}

/// Whether anybody can sign in yet.
///
/// # Errors
/// When the database fails.
pub async fn any(store: &Store) -> Result<bool> {
    Ok(user::Entity::find().count(store.read()).await? > 0)
}

/// Adds a user to the first organization, from the command line of the server.
///
/// # Errors
/// [`ErrorCode::NotFound`] before set-up; [`ErrorCode::NameTaken`] when the address is known.
pub async fn add(
    store: &Store,
    email: &str,
    person: &str,
    password: String,
    role: Role,
) -> Result<()> {
    let organization = organization::Entity::find()
        .order_by_asc(organization::Column::Id)
        .one(store.read())
        .await?;
    let organization = organization.ok_or(ErrorCode::NotFound)?;
    let email = Email::parse(email).ok_or(ErrorCode::InvalidEmail)?;
    let row = user::ActiveModel {
        email: Set(email.to_string()),
        name: Set(name(person)?),
        password_hash: Set(hash_password(fit(password, &[person, email.as_str()])?).await?),
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

/// Shuts somebody out of every organization and ends their sessions, or lets them in again; from
/// the command line of the server, which may leave an organization without an Admin.
///
/// # Errors
/// [`ErrorCode::NotFound`] for an unknown address.
pub async fn set_active(store: &Store, email: &str, active: bool) -> Result<()> {
    let email = Email::parse(email).ok_or(ErrorCode::InvalidEmail)?;
    let user = user::Entity::find()
        .filter(user::Column::Email.eq(email.as_str()))
        .one(store.read())
        .await?
        .ok_or(ErrorCode::NotFound)?;
    let transaction = store.begin().await?;
    let change =
        membership::Entity::update_many().col_expr(membership::Column::Active, Expr::value(active));
    change
        .filter(membership::Column::UserId.eq(user.id))
        .exec(&transaction)
        .await?;
    if !active {
        session::Entity::delete_many()
            .filter(session::Column::UserId.eq(user.id))
            .exec(&transaction)
            .await?;
        emails::forget(&transaction, user.id).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Everybody who has an account: organization, address, name, role, and whether they may sign in.
///
/// # Errors
/// When the database fails.
pub async fn all(store: &Store) -> Result<Vec<(String, String, String, String, bool)>> {
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
            all.push((
                organization.slug.unwrap_or_default(),
                user.email,
                user.name,
                row.role,
                row.active,
            ));
        }
    }
    Ok(all)
}

/// Keeps the language a user chose.
///
/// # Errors
/// When the database fails.
pub async fn set_language(store: &Store, access: &Access, language: Language) -> Result<()> {
    let change = user::Entity::update_many()
        .col_expr(user::Column::Language, Expr::value(language.as_str()));
    change
        .filter(user::Column::Id.eq(access.user.0))
        .exec(store.write())
        .await?;
    Ok(())
}
