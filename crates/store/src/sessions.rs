//! Sign in, sign out, and who a session belongs to.

use alta_domain::{
    AuditAction, Country, Email, ErrorCode, Language, Me, OpenSession, OrganizationId, Role, UserId,
};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crate::access::{Access, Admin, Own};
use crate::entity::{membership, organization, session, user};
use crate::error::{Result, StoreError};
use crate::secret::{new_token, token_hash, verify_password};
use crate::{Store, audit, now, second_factor};

/// How long a session lasts, in milliseconds: 30 days.
pub const SESSION_LENGTH: i64 = 30 * 24 * 60 * 60 * 1000;

/// How long it lasts when nobody uses it, in milliseconds: 7 days.
pub const IDLE_LENGTH: i64 = 7 * 24 * 60 * 60 * 1000;
/// How long a session waits for its code, in milliseconds: 10 minutes.
const CODE_WITHIN: i64 = 10 * 60 * 1000;
/// Sessions listed.
const MOST_LISTED: u64 = 100;
/// How exactly it is known when it was used last, in milliseconds: an hour.
const SEEN_WITHIN: i64 = 60 * 60 * 1000;

/// Checks the password and opens a session; answers with its token. A wrong password and an unknown
/// address answer alike, and take the same time.
///
/// # Errors
/// [`ErrorCode::BadCredentials`].
pub async fn sign_in(store: &Store, email: &str, password: String) -> Result<String> {
    let found = match Email::parse(email) {
        Some(email) => {
            user::Entity::find()
                .filter(user::Column::Email.eq(email.as_str()))
                .one(store.read())
                .await?
        }
        None => None,
    };
    let known = verify_password(
        password,
        found.as_ref().map(|user| user.password_hash.clone()),
    )
    .await;
    let Some(user) = found.filter(|_| known) else {
        return Err(ErrorCode::BadCredentials.into());
    };
    let active = membership::Column::Active.eq(true);
    let member = membership::Entity::find()
        .filter(membership::Column::UserId.eq(user.id))
        .filter(active)
        .one(store.read())
        .await?;
    let member = member.ok_or(ErrorCode::BadCredentials)?;
    open(store, user.id, member.organization_id).await
}

/// Opens a session for whoever another party has proved to have this address; none when no account
/// of it may sign in. `subject` is what the party knows them by: an account stays with the first
/// one, so that whoever gets the address of somebody who has left gets nothing else of theirs.
///
/// # Errors
/// When the database fails.
pub async fn sign_in_as(store: &Store, email: &Email, subject: &str) -> Result<Option<String>> {
    user::Entity::update_many()
        .col_expr(user::Column::SignOnSubject, Expr::value(subject))
        .filter(user::Column::Email.eq(email.as_str()))
        .filter(user::Column::SignOnSubject.is_null())
        .exec(store.write())
        .await?;
    let of_subject = user::Column::SignOnSubject.eq(subject);
    let Some(user) = user::Entity::find()
        .filter(user::Column::Email.eq(email.as_str()))
        .filter(of_subject)
        .one(store.write())
        .await?
    else {
        return Ok(None);
    };
    let active = membership::Column::Active.eq(true);
    let member = membership::Entity::find()
        .filter(membership::Column::UserId.eq(user.id))
        .filter(active)
        .one(store.read())
        .await?;
    match member {
        Some(member) => Ok(Some(open(store, user.id, member.organization_id).await?)),
        None => Ok(None),
    }
}

/// Ends all sessions of a user but the one that asks; answers with how many there were.
///
/// # Errors
/// When the database fails.
pub async fn end_others(store: &Store, access: &Access, token: &str) -> Result<u64> {
    end_all_but(store.write(), access, token).await
}

pub(crate) async fn end_all_but(
    connection: &impl ConnectionTrait,
    access: &Access,
    token: &str,
) -> Result<u64> {
    let others = session::Entity::delete_many().filter(session::Column::UserId.eq(access.user.0));
    Ok(others
        .filter(session::Column::TokenHash.ne(token_hash(token)))
        .exec(connection)
        .await?
        .rows_affected)
}

/// Sessions of the user that are open, the one used last first. `token` is that of the session that
/// asks.
///
/// # Errors
/// When the database fails.
pub async fn list(store: &Store, access: &Access, token: &str) -> Result<Vec<OpenSession>> {
    let own = session::Entity::find()
        .filter(session::Column::UserId.eq(access.user.0))
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
/// [`ErrorCode::NotFound`] when it is not theirs.
pub async fn end(store: &Store, access: &Access, id: &str) -> Result<()> {
    let own = session::Entity::delete_by_id(id).filter(session::Column::UserId.eq(access.user.0));
    if own.exec(store.write()).await?.rows_affected == 0 {
        Err(ErrorCode::NotFound.into())
    } else {
        Ok(())
    }
}

/// Keeps where a session was opened, for its owner to know it by, and in the audit log that it was;
/// answers with whose it is. One that waits for a code is nobody's yet.
///
/// # Errors
/// When the database fails.
pub async fn note_opened(
    store: &Store,
    token: &str,
    address: Option<String>,
    browser: Option<String>,
) -> Result<Option<Access>> {
    session::Entity::update_many()
        .col_expr(session::Column::FromAddress, Expr::value(address.clone()))
        .col_expr(session::Column::Browser, Expr::value(browser))
        .filter(session::Column::TokenHash.eq(token_hash(token)))
        .exec(store.write())
        .await?;
    let Some(access) = access(store, token).await? else {
        return Ok(None);
    };
    let access = Access {
        from: address,
        ..access
    };
    audit::record(store.write(), &access, AuditAction::SignedIn, "").await?;
    Ok(Some(access))
}

/// Opens a session; of a user with a second factor one that waits for its code, and opens nothing
/// until then.
pub(crate) async fn open(store: &Store, user: i64, organization: i64) -> Result<String> {
    let awaits_code = second_factor::is_on(store.read(), user).await?;
    insert(store, user, organization, awaits_code).await
}

/// Opens a session of somebody whose second factor was seen.
pub(crate) async fn open_with_factor(
    store: &Store,
    user: i64,
    organization: i64,
) -> Result<String> {
    insert(store, user, organization, false).await
}

/// The session of this token, when it waits for a code.
pub(crate) async fn waiting(store: &Store, token: &str) -> Result<Option<session::Model>> {
    let waits =
        session::Entity::find_by_id(token_hash(token)).filter(session::Column::AwaitsCode.eq(true));
    Ok(waits
        .filter(session::Column::ExpiresAt.gt(now()))
        .one(store.write())
        .await?)
}

/// Whose session waits for a code; none when it does not.
///
/// # Errors
/// When the database fails.
pub async fn waits_for_code(store: &Store, token: &str) -> Result<Option<UserId>> {
    Ok(waiting(store, token).await?.map(|row| UserId(row.user_id)))
}

async fn insert(store: &Store, user: i64, organization: i64, awaits_code: bool) -> Result<String> {
    let (token, hash) = new_token();
    let row = session::ActiveModel {
        token_hash: Set(hash),
        user_id: Set(user),
        organization_id: Set(organization),
        created_at: Set(now()),
        expires_at: Set(now()
            + if awaits_code {
                CODE_WITHIN
            } else {
                SESSION_LENGTH
            }),
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

/// Whose session this is; none when it has ended.
///
/// # Errors
/// When the database fails.
pub async fn access(store: &Store, token: &str) -> Result<Option<Access>> {
    let Some(row) = session::Entity::find_by_id(token_hash(token))
        .filter(is_open())
        .one(store.read())
        .await?
    else {
        return Ok(None);
    };
    if row.seen_at + SEEN_WITHIN < now() {
        let change =
            session::Entity::update_many().col_expr(session::Column::SeenAt, Expr::value(now()));
        change
            .filter(session::Column::TokenHash.eq(row.token_hash))
            .exec(store.write())
            .await?;
    }
    of_member(store, row.organization_id, row.user_id).await
}

/// Sessions that have not ended by age or by disuse, and wait for no code.
fn is_open() -> Condition {
    let young = Condition::all()
        .add(session::Column::ExpiresAt.gt(now()))
        .add(session::Column::SeenAt.gt(now() - IDLE_LENGTH));
    young.add(session::Column::AwaitsCode.eq(false))
}

/// The server's own command line acts for an organization, named by its slug, as its first Admin.
///
/// # Errors
/// [`ErrorCode::NotFound`] when there is no such organization, or it has no Admin.
pub async fn operator(store: &Store, slug: &str) -> Result<Admin> {
    let organization = organization::Entity::find()
        .filter(organization::Column::Slug.eq(slug))
        .one(store.read())
        .await?;
    let organization = organization.ok_or(ErrorCode::NotFound)?;
    let admins = OrganizationId(organization.id)
        .own::<membership::Entity>()
        .filter(membership::Column::Role.eq(Role::Admin.as_str()))
        .filter(membership::Column::Active.eq(true))
        .order_by_asc(membership::Column::UserId);
    let first = admins.one(store.read()).await?.ok_or(ErrorCode::NotFound)?;
    let first = of_member(store, organization.id, first.user_id)
        .await?
        .ok_or(ErrorCode::NotFound)?;
    // Whoever has the server's command line needs no factor.
    Access {
        needs_factor: false,
        ..first
    }
    .admin()
}

/// The slugs of all organizations.
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

pub(crate) async fn of_member(
    store: &Store,
    organization: i64,
    user: i64,
) -> Result<Option<Access>> {
    let member = membership::Entity::find_by_id((organization, user))
        .filter(membership::Column::Active.eq(true))
        .one(store.read())
        .await?;
    let user = user::Entity::find_by_id(user).one(store.read()).await?;
    let organization = organization::Entity::find_by_id(organization)
        .one(store.read())
        .await?;
    let (Some(member), Some(user), Some(organization)) = (member, user, organization) else {
        return Ok(None);
    };
    let role = Role::parse(&member.role)
        .ok_or_else(|| StoreError::Broken(format!("role {}", member.role)))?;
    let me = Me {
        name: user.name,
        email: user.email,
        organization: organization.name,
        country: Country::parse(&organization.country).unwrap_or(Country::BRAZIL),
        role,
        language: Language::parse(&user.language).unwrap_or_default(),
    };
    let needs_factor = organization.requires_second_factor
        && role == Role::Admin
        && !second_factor::is_on(store.read(), user.id).await?;
    Ok(Some(Access {
        user: UserId(user.id),
        organization: OrganizationId(organization.id),
        role,
        me,
        from: None,
        needs_factor,
    }))
}
