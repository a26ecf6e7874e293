//! Sessions: sign-in, sign-out, and the account that a token stands for.

mod opening;

use alta_domain::{AuditAction, ErrorCode, OpenSession, OrganizationId, Role, UserId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::lookup::{MemberId, member_access};
use crate::access::{Account, Admin, Own};
use crate::entity::{membership, organization, session};
use crate::error::Result;
use crate::secret::token_hash;
use crate::{HOUR, Store, audit, now};

#[cfg(feature = "testing")]
pub use opening::sign_in;
pub use opening::{
    Arrival, IDLE_LENGTH, Proven, SESSION_LENGTH, check_password, enter, identified,
};
pub(super) use opening::{open, open_with_factor};

/// The most sessions that are listed.
const MOST_LISTED: u64 = 100;
/// Milliseconds between two updates of a session's `seen_at`: an hour.
const SEEN_WITHIN: i64 = HOUR;

/// Ends all sessions of a user but the one of this token; returns how many it ended.
///
/// # Errors
/// When the database fails.
pub async fn end_others(store: &Store, account: &Account, token: &str) -> Result<u64> {
    end_all_but(store.write(), account, token).await
}

/// Does what [`end_others`] does, in a transaction of the caller's.
pub(super) async fn end_all_but(
    connection: &impl ConnectionTrait,
    account: &Account,
    token: &str,
) -> Result<u64> {
    let others = session::Entity::delete_many()
        .filter(session::Column::UserId.eq(account.user.0))
        .filter(session::Column::TokenHash.ne(token_hash(token)));
    Ok(others.exec(connection).await?.rows_affected)
}

/// Ends all sessions of a user, in every organization.
pub(super) async fn end_all(connection: &impl ConnectionTrait, user: i64) -> Result<()> {
    session::Entity::delete_many()
        .filter(session::Column::UserId.eq(user))
        .exec(connection)
        .await?;
    Ok(())
}

/// Lists the open sessions of the user, the one used last first. `token` is that of the session
/// that asks.
///
/// # Errors
/// When the database fails.
pub async fn list(store: &Store, account: &Account, token: &str) -> Result<Vec<OpenSession>> {
    let own = session::Entity::find()
        .filter(session::Column::UserId.eq(account.user.0))
        .filter(is_open());
    let rows = own
        .order_by_desc(session::Column::SeenAt)
        .limit(MOST_LISTED)
        .all(store.read())
        .await?;
    let asking = token_hash(token);
    let read = |row: session::Model| OpenSession {
        is_this: row.token_hash == asking,
        id: row.token_hash,
        opened_at: row.created_at,
        seen_at: row.seen_at,
        from: row.from_address,
        browser: row.browser,
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Ends one session of the user.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the user has no such session.
pub async fn end(store: &Store, account: &Account, id: &str) -> Result<()> {
    let own = session::Entity::delete_by_id(id).filter(session::Column::UserId.eq(account.user.0));
    if own.exec(store.write()).await?.rows_affected == 0 {
        Err(ErrorCode::NotFound.into())
    } else {
        Ok(())
    }
}

/// Stores the network address and the browser that a session was opened from, by which its owner
/// recognizes it, and records the sign-in with its way in the audit log. Returns the account of the
/// session, or `None` for a session that waits for a code and gives no account yet.
///
/// # Errors
/// When the database fails.
pub async fn record_opened(
    store: &Store,
    token: &str,
    (address, browser): (Option<String>, Option<String>),
    way: AuditAction,
) -> Result<Option<Account>> {
    let account = account(store, token).await?.map(|account| Account {
        from: address.clone(),
        ..account
    });
    let transaction = store.begin().await?;
    session::Entity::update_many()
        .col_expr(session::Column::FromAddress, Expr::value(address))
        .col_expr(session::Column::Browser, Expr::value(browser))
        .filter(session::Column::TokenHash.eq(token_hash(token)))
        .exec(&transaction)
        .await?;
    if let Some(account) = &account {
        audit::record(&transaction, account, way, "").await?;
    }
    transaction.commit().await?;
    Ok(account)
}

/// Records in the audit log that a user signed out.
///
/// # Errors
/// When the database fails.
pub async fn record_closed(store: &Store, account: &Account) -> Result<()> {
    audit::record(store.write(), account, AuditAction::SignedOut, "").await
}

/// Finds the member whose session waits for a code, by the token of the session; returns `None`
/// when it does not wait.
pub(super) async fn member_awaiting_code(store: &Store, token: &str) -> Result<Option<MemberId>> {
    let row = session::Entity::find_by_id(token_hash(token))
        .filter(session::Column::AwaitsCode.eq(true))
        .filter(session::Column::ExpiresAt.gt(now()))
        .one(store.write())
        .await?;
    Ok(row.map(|row| MemberId {
        organization: OrganizationId(row.organization_id),
        user: UserId(row.user_id),
    }))
}

/// Finds the user whose session waits for a code, by the token of the session; returns `None` when
/// it does not wait.
///
/// # Errors
/// When the database fails.
pub async fn user_awaiting_code(store: &Store, token: &str) -> Result<Option<UserId>> {
    let member = member_awaiting_code(store, token).await?;
    Ok(member.map(|member| member.user))
}

/// Ends a session; an unknown token ends nothing.
///
/// # Errors
/// When the database fails.
pub async fn sign_out(store: &Store, token: &str) -> Result<()> {
    session::Entity::delete_by_id(token_hash(token))
        .exec(store.write())
        .await?;
    Ok(())
}

/// Reads the account of the session with this token. Returns `None` when the session has ended, or
/// waits for a code.
///
/// # Errors
/// When the database fails.
pub async fn account(store: &Store, token: &str) -> Result<Option<Account>> {
    let Some(row) = session::Entity::find_by_id(token_hash(token))
        .filter(is_open())
        .one(store.read())
        .await?
    else {
        return Ok(None);
    };
    if row.seen_at + SEEN_WITHIN < now() {
        session::Entity::update_many()
            .col_expr(session::Column::SeenAt, Expr::value(now()))
            .filter(session::Column::TokenHash.eq(row.token_hash))
            .exec(store.write())
            .await?;
    }
    let member = MemberId {
        organization: OrganizationId(row.organization_id),
        user: UserId(row.user_id),
    };
    member_access(store, member).await
}

/// Returns the condition that a session has not ended by age or by disuse, and waits for no code.
fn is_open() -> Condition {
    Condition::all()
        .add(session::Column::ExpiresAt.gt(now()))
        .add(session::Column::SeenAt.gt(now() - IDLE_LENGTH))
        .add(session::Column::AwaitsCode.eq(false))
}

/// Returns the first Admin of the organization with this slug. The server's own command line works
/// with the rights of this Admin.
///
/// # Errors
/// [`ErrorCode::NotFound`] when there is no such organization, or it has no Admin.
pub async fn operator(store: &Store, slug: &str) -> Result<Admin> {
    let organization = organization::Entity::find()
        .filter(organization::Column::Slug.eq(slug))
        .one(store.read())
        .await?;
    let organization = organization.ok_or(ErrorCode::NotFound)?;
    let first = OrganizationId(organization.id)
        .own::<membership::Entity>()
        .filter(membership::Column::Role.eq(Role::Admin.as_str()))
        .filter(membership::Column::Active.eq(true))
        .order_by_asc(membership::Column::UserId)
        .one(store.read())
        .await?
        .ok_or(ErrorCode::NotFound)?;
    let account = member_access(store, MemberId::from(&first))
        .await?
        .ok_or(ErrorCode::NotFound)?;
    // Whoever has the server's command line needs no second factor.
    Account {
        needs_factor: false,
        ..account
    }
    .admin()
}

/// Lists the slugs of all organizations, in the order in which they were made.
///
/// # Errors
/// When the database fails.
pub async fn slugs(store: &Store) -> Result<Vec<String>> {
    let rows = organization::Entity::find()
        .order_by_asc(organization::Column::Id)
        .all(store.read())
        .await?;
    Ok(rows.into_iter().filter_map(|row| row.slug).collect())
}

/// Returns the slug of the organization that an import belongs to; `None` when there is no such
/// import.
///
/// # Errors
/// When the database fails.
pub async fn slug_of_import(store: &Store, id: alta_domain::ImportId) -> Result<Option<String>> {
    let import = crate::entity::import::Entity::find_by_id(id.0)
        .one(store.read())
        .await?;
    let Some(import) = import else {
        return Ok(None);
    };
    let organization = organization::Entity::find_by_id(import.organization_id)
        .one(store.read())
        .await?;
    Ok(organization.and_then(|row| row.slug))
}
