//! A new e-mail address: confirmed by a link that is sent to it.

use alta_domain::{AuditAction, Email, ErrorCode};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::access::Access;
use crate::entity::{email_change, membership, password_reset, user};
use crate::error::{Result, StoreError};
use crate::secret::{new_token, token_hash};
use crate::{Store, audit, mail, now, second_factor, sessions};

/// How long the link is valid, in milliseconds: a day.
pub const VALID_FOR: i64 = 24 * 60 * 60 * 1000;

/// Queues a mail to the new address; the old one counts until its link is followed. Whether
/// somebody has it already shows only then.
///
/// # Errors
/// [`ErrorCode::BadCredentials`] for a wrong password; [`ErrorCode::InvalidEmail`].
pub async fn ask(store: &Store, access: &Access, email: &str, password: String) -> Result<()> {
    second_factor::own_password(store, access, password).await?;
    let email = Email::parse(email).ok_or(ErrorCode::InvalidEmail)?;
    mail::queue_email_change(store, access.user.0, email.as_str()).await
}

/// Forgets what was asked for, sent or not: whoever asked may not have been the owner.
pub(crate) async fn forget(connection: &impl ConnectionTrait, user: i64) -> Result<()> {
    email_change::Entity::delete_many()
        .filter(email_change::Column::UserId.eq(user))
        .exec(connection)
        .await?;
    mail::forget_user(connection, user).await
}

/// Makes the link in place of those before; answers with its token.
pub(crate) async fn new_link(store: &Store, user: i64, email: &str) -> Result<String> {
    let (token, hash) = new_token();
    let transaction = store.begin().await?;
    email_change::Entity::delete_many()
        .filter(email_change::Column::UserId.eq(user))
        .exec(&transaction)
        .await?;
    let row = email_change::ActiveModel {
        token_hash: Set(hash),
        user_id: Set(user),
        email: Set(email.to_owned()),
        expires_at: Set(now() + VALID_FOR),
    };
    email_change::Entity::insert(row)
        .exec_without_returning(&transaction)
        .await?;
    transaction.commit().await?;
    Ok(token)
}

/// Takes the new address into use; answers with it.
///
/// # Errors
/// [`ErrorCode::BadLink`]; [`ErrorCode::NameTaken`] when somebody has the address.
pub async fn confirm(store: &Store, token: &str) -> Result<String> {
    let valid = email_change::Entity::find_by_id(token_hash(token))
        .filter(email_change::Column::ExpiresAt.gt(now()));
    let row = valid.one(store.read()).await?.ok_or(ErrorCode::BadLink)?;
    let transaction = store.begin().await?;
    // Of two requests with one link one gets past this line.
    let spent = email_change::Entity::delete_by_id(&row.token_hash)
        .exec(&transaction)
        .await?;
    if spent.rows_affected == 0 {
        return Err(ErrorCode::BadLink.into());
    }
    let change =
        user::Entity::update_many().col_expr(user::Column::Email, Expr::value(row.email.clone()));
    let changed = change
        .filter(user::Column::Id.eq(row.user_id))
        .exec(&transaction)
        .await;
    changed.map_err(|error| StoreError::on_taken(error, ErrorCode::NameTaken))?;
    // A link for a new password may stand in a mailbox that is not theirs any more.
    password_reset::Entity::delete_many()
        .filter(password_reset::Column::UserId.eq(row.user_id))
        .exec(&transaction)
        .await?;
    mail::forget_user(&transaction, row.user_id).await?;
    for member in membership::Entity::find()
        .filter(membership::Column::UserId.eq(row.user_id))
        .all(&transaction)
        .await?
    {
        if let Some(access) =
            sessions::of_member(store, member.organization_id, row.user_id).await?
        {
            audit::record(&transaction, &access, AuditAction::EmailChanged, &row.email).await?;
        }
    }
    transaction.commit().await?;
    Ok(row.email)
}
