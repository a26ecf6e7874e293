//! Opens sessions: checks passwords, and signs in members who have proved who they are.

use alta_domain::{AuditAction, Email, ErrorCode};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter};

use crate::access::Account;
use crate::account::lookup::{
    MemberId, active_membership, has_second_factor, member_access, user_of,
};
use crate::entity::{session, user};
use crate::error::Result;
use crate::secret::{hash_password, is_outdated, new_token, token_hash, verify_password};
use crate::{Store, audit, now};

/// Milliseconds that a session lasts: 30 days.
pub const SESSION_LENGTH: i64 = 30 * 24 * 60 * 60 * 1000;

/// Milliseconds after which a session ends that nobody uses: 7 days.
pub const IDLE_LENGTH: i64 = 7 * 24 * 60 * 60 * 1000;
/// Milliseconds that a session waits for the code of its second factor: 10 minutes.
const CODE_WITHIN: i64 = 10 * 60 * 1000;

/// A member who has proved who they are. [`enter`] opens their session.
#[derive(Debug)]
#[must_use]
pub struct Proven(MemberId);

/// From where somebody signs in, and in which way.
#[derive(Debug)]
pub struct Arrival<'a> {
    /// The network address, by which the owner of the session recognizes it.
    pub address: Option<String>,
    /// The browser, by which the owner of the session recognizes it, too.
    pub browser: Option<String>,
    /// The entry that the audit log gets.
    pub way: AuditAction,
    /// The token of the session that this browser had before. That session ends.
    pub before: Option<&'a str>,
}

/// Checks the password of an address. A wrong password and an unknown address give the same answer,
/// and take the same time.
///
/// # Errors
/// [`ErrorCode::BadCredentials`].
pub async fn check_password(store: &Store, email: &str, password: String) -> Result<Proven> {
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
    Ok(Proven(member.ok_or(ErrorCode::BadCredentials)?))
}

/// Opens the session of a member, and records it in the audit log. Returns the session's token, and
/// its account; `None` when the session waits for a code and gives no account yet.
///
/// All is written in one transaction: beside a large import each transaction waits for the writer.
///
/// # Errors
/// When the database fails.
pub async fn enter(
    store: &Store,
    Proven(member): Proven,
    arrival: Arrival<'_>,
) -> Result<(String, Option<Account>)> {
    let awaits_code = has_second_factor(store.read(), member.user).await?;
    let account = if awaits_code {
        None
    } else {
        member_access(store, member).await?
    };
    let account = account.map(|account| Account {
        from: arrival.address.clone(),
        ..account
    });
    let session = NewSession {
        member,
        awaits_code,
        address: arrival.address,
        browser: arrival.browser,
        before: arrival.before,
    };
    let transaction = store.begin().await?;
    let token = insert(&transaction, session).await?;
    if let Some(account) = &account {
        audit::record(&transaction, account, arrival.way, "").await?;
    }
    transaction.commit().await?;
    Ok((token, account))
}

/// Checks a password and opens a session, without a word in the audit log; returns its token.
///
/// # Errors
/// [`ErrorCode::BadCredentials`].
#[cfg(feature = "testing")]
pub async fn sign_in(store: &Store, email: &str, password: String) -> Result<String> {
    let Proven(member) = check_password(store, email, password).await?;
    open(store, member).await
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

/// Finds the owner of an address that an identity provider has checked; returns `None` when no
/// account with this address may sign in.
///
/// `subject` is the provider's id of the person. The account keeps the first one that it is asked
/// for with, and opens for no other: the next owner of the address does not get the account of one
/// who has left. And a person who has an account gets no other one by an address that becomes
/// theirs.
///
/// # Errors
/// When the database fails.
pub async fn identified(store: &Store, email: &Email, subject: &str) -> Result<Option<Proven>> {
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
    Ok(active_membership(store, user.id).await?.map(Proven))
}

/// Opens a session; returns its token. The session of a user with a second factor waits for its
/// code, and gives no account until then.
pub(in crate::account) async fn open(store: &Store, member: MemberId) -> Result<String> {
    let awaits_code = has_second_factor(store.read(), member.user).await?;
    open_alone(store, member, awaits_code).await
}

/// Opens a session of a user whose second factor was checked; returns its token.
pub(in crate::account) async fn open_with_factor(
    store: &Store,
    member: MemberId,
) -> Result<String> {
    open_alone(store, member, false).await
}

/// Opens a session in a transaction of its own.
async fn open_alone(store: &Store, member: MemberId, awaits_code: bool) -> Result<String> {
    let session = NewSession {
        member,
        awaits_code,
        address: None,
        browser: None,
        before: None,
    };
    let transaction = store.begin().await?;
    let token = insert(&transaction, session).await?;
    transaction.commit().await?;
    Ok(token)
}

/// A session that is to be added.
struct NewSession<'a> {
    member: MemberId,
    awaits_code: bool,
    address: Option<String>,
    browser: Option<String>,
    /// The token of a session that ends for it.
    before: Option<&'a str>,
}

/// Adds a session and returns its token. Deletes the sessions that have ended, and the one that
/// ends for it.
async fn insert(connection: &impl ConnectionTrait, new: NewSession<'_>) -> Result<String> {
    let (token, hash) = new_token();
    let length = if new.awaits_code {
        CODE_WITHIN
    } else {
        SESSION_LENGTH
    };
    let row = session::ActiveModel {
        token_hash: Set(hash),
        user_id: Set(new.member.user.0),
        organization_id: Set(new.member.organization.0),
        created_at: Set(now()),
        expires_at: Set(now() + length),
        seen_at: Set(now()),
        awaits_code: Set(new.awaits_code),
        from_address: Set(new.address),
        browser: Set(new.browser),
    };
    session::Entity::insert(row)
        .exec_without_returning(connection)
        .await?;
    let before = new.before.map(token_hash);
    let ended = Condition::any()
        .add(session::Column::ExpiresAt.lte(now()))
        .add(session::Column::SeenAt.lte(now() - IDLE_LENGTH))
        .add_option(before.map(|before| session::Column::TokenHash.eq(before)));
    session::Entity::delete_many()
        .filter(ended)
        .exec(connection)
        .await?;
    Ok(token)
}
