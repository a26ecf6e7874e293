//! Sessions: sign-in, sign-out, and the account that a token stands for.

use alta_domain::{AuditAction, Email, ErrorCode, OpenSession, OrganizationId, Role, UserId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::lookup::{MemberId, active_membership, has_second_factor, member_access, user_of};
use crate::access::{Account, Admin, Own};
use crate::entity::{membership, organization, session, user};
use crate::error::Result;
use crate::secret::{hash_password, is_outdated, new_token, token_hash, verify_password};
use crate::{HOUR, Store, audit, now};

/// Milliseconds that a session lasts: 30 days.
pub const SESSION_LENGTH: i64 = 30 * 24 * 60 * 60 * 1000;

/// Milliseconds after which a session ends that nobody uses: 7 days.
pub const IDLE_LENGTH: i64 = 7 * 24 * 60 * 60 * 1000;
/// Milliseconds that a session waits for the code of its second factor: 10 minutes.
const CODE_WITHIN: i64 = 10 * 60 * 1000;
/// The most sessions that are listed.
const MOST_LISTED: u64 = 100;
/// Milliseconds between two updates of a session's `seen_at`: an hour.
const SEEN_WITHIN: i64 = HOUR;

/// Checks the password and opens a session; returns its token. A wrong password and an unknown
/// address give the same answer, and take the same time.
///
/// # Errors
/// [`ErrorCode::BadCredentials`].
pub async fn sign_in(store: &Store, email: &str, password: String) -> Result<String> {
    let found = match Email::parse(email) {
        Some(email) => user_of(store.read(), email.as_str()).await?,
        None => None,
    };
    let hash = found.as_ref().map(|user| user.password_hash.clone());
    let is_right = verify_password(password.clone(), hash).await;
    let Some(user) = found.filter(|_| is_right) else {
        return Err(ErrorCode::BadCredentials.into());
    };
    if is_outdated(&user.password_hash) {
        hash_again(store, &user, password).await?;
    }
    let member = active_membership(store, user.id).await?;
    open(store, member.ok_or(ErrorCode::BadCredentials)?).await
}

/// Replaces a password's hash by one with the settings of today. Nobody but its owner, who signs
/// in, can give the password for it.
async fn hash_again(store: &Store, user: &user::Model, password: String) -> Result<()> {
    let hash = hash_password(password).await?;
    user::Entity::update_many()
        .col_expr(user::Column::PasswordHash, Expr::value(hash))
        .filter(user::Column::Id.eq(user.id))
        // A change of the password meanwhile counts.
        .filter(user::Column::PasswordHash.eq(user.password_hash.as_str()))
        .exec(store.write())
        .await?;
    Ok(())
}

/// Opens a session for the owner of an address that an identity provider has checked; returns its
/// token, or `None` when no account with this address may sign in.
///
/// `subject` is the provider's id of the person. An account stays with the first subject, so that
/// the next owner of the address does not get the account of one who has left; and a person who has
/// an account gets no other one by an address that becomes theirs.
///
/// # Errors
/// When the database fails.
pub async fn sign_in_as(store: &Store, email: &Email, subject: &str) -> Result<Option<String>> {
    let of_subject = || user::Entity::find().filter(user::Column::SignOnSubject.eq(subject));
    if of_subject().one(store.write()).await?.is_none() {
        user::Entity::update_many()
            .col_expr(user::Column::SignOnSubject, Expr::value(subject))
            .filter(user::Column::Email.eq(email.as_str()))
            .filter(user::Column::SignOnSubject.is_null())
            .exec(store.write())
            .await?;
    }
    let theirs = of_subject().filter(user::Column::Email.eq(email.as_str()));
    let Some(user) = theirs.one(store.write()).await? else {
        return Ok(None);
    };
    match active_membership(store, user.id).await? {
        Some(member) => Ok(Some(open(store, member).await?)),
        None => Ok(None),
    }
}

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
    session::Entity::update_many()
        .col_expr(session::Column::FromAddress, Expr::value(address.clone()))
        .col_expr(session::Column::Browser, Expr::value(browser))
        .filter(session::Column::TokenHash.eq(token_hash(token)))
        .exec(store.write())
        .await?;
    let Some(account) = account(store, token).await? else {
        return Ok(None);
    };
    let account = Account {
        from: address,
        ..account
    };
    audit::record(store.write(), &account, way, "").await?;
    Ok(Some(account))
}

/// Records in the audit log that a user signed out.
///
/// # Errors
/// When the database fails.
pub async fn record_closed(store: &Store, account: &Account) -> Result<()> {
    audit::record(store.write(), account, AuditAction::SignedOut, "").await
}

/// Opens a session; returns its token. The session of a user with a second factor waits for its
/// code, and gives no account until then.
pub(super) async fn open(store: &Store, member: MemberId) -> Result<String> {
    let awaits_code = has_second_factor(store.read(), member.user).await?;
    insert(store, member, awaits_code).await
}

/// Opens a session of a user whose second factor was checked; returns its token.
pub(super) async fn open_with_factor(store: &Store, member: MemberId) -> Result<String> {
    insert(store, member, false).await
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

/// Adds a session and returns its token. Deletes the sessions that have ended.
async fn insert(store: &Store, member: MemberId, awaits_code: bool) -> Result<String> {
    let (token, hash) = new_token();
    let length = if awaits_code {
        CODE_WITHIN
    } else {
        SESSION_LENGTH
    };
    let row = session::ActiveModel {
        token_hash: Set(hash),
        user_id: Set(member.user.0),
        organization_id: Set(member.organization.0),
        created_at: Set(now()),
        expires_at: Set(now() + length),
        seen_at: Set(now()),
        awaits_code: Set(awaits_code),
        from_address: Set(None),
        browser: Set(None),
    };
    session::Entity::insert(row)
        .exec_without_returning(store.write())
        .await?;
    let ended = Condition::any()
        .add(session::Column::ExpiresAt.lte(now()))
        .add(session::Column::SeenAt.lte(now() - IDLE_LENGTH));
    session::Entity::delete_many()
        .filter(ended)
        .exec(store.write())
        .await?;
    Ok(token)
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
