//! Looks up users, their memberships, and what they may do.

use alta_domain::{Country, Email, ErrorCode, Language, Me, OrganizationId, Role, UserId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::Store;
use crate::access::Account;
use crate::entity::{membership, organization, second_factor, user};
use crate::error::{Result, StoreError};
use crate::secret::verify_password;

/// A user in an organization.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MemberId {
    /// The organization.
    pub(crate) organization: OrganizationId,
    /// The user.
    pub(crate) user: UserId,
}

impl From<&membership::Model> for MemberId {
    fn from(row: &membership::Model) -> Self {
        Self {
            organization: OrganizationId(row.organization_id),
            user: UserId(row.user_id),
        }
    }
}

/// Finds the user of an e-mail address.
pub(super) async fn user_of(
    connection: &impl ConnectionTrait,
    email: &str,
) -> Result<Option<user::Model>> {
    let of_email = user::Entity::find().filter(user::Column::Email.eq(email));
    Ok(of_email.one(connection).await?)
}

/// Finds the user of an e-mail address that was typed on the command line.
///
/// # Errors
/// [`ErrorCode::InvalidEmail`]; [`ErrorCode::NotFound`] for an unknown address.
pub(super) async fn existing_user(store: &Store, email: &str) -> Result<user::Model> {
    let email = Email::parse(email).ok_or(ErrorCode::InvalidEmail)?;
    let user = user_of(store.read(), email.as_str()).await?;
    user.ok_or_else(|| ErrorCode::NotFound.into())
}

/// Lists the words that everybody knows of a user: name, address, and the names of the
/// organizations. A password must not consist of them.
pub(super) async fn known_words(store: &Store, user: &user::Model) -> Result<Vec<String>> {
    let of_user = membership::Entity::find().filter(membership::Column::UserId.eq(user.id));
    let memberships = of_user.all(store.read()).await?;
    let ids = memberships.iter().map(|row| row.organization_id);
    let theirs = organization::Entity::find().filter(organization::Column::Id.is_in(ids));
    let names = theirs.all(store.read()).await?.into_iter();
    let own = [user.name.clone(), user.email.clone()];
    Ok(own.into_iter().chain(names.map(|row| row.name)).collect())
}

/// Finds the first organization, by its id, in which a user is an active member; `None` when there
/// is none.
pub(super) async fn active_membership(store: &Store, user: i64) -> Result<Option<MemberId>> {
    let row = membership::Entity::find()
        .filter(membership::Column::UserId.eq(user))
        .filter(membership::Column::Active.eq(true))
        .one(store.read())
        .await?;
    Ok(row.as_ref().map(MemberId::from))
}

/// Returns true when a user signs in with a second factor.
pub(super) async fn has_second_factor(
    connection: &impl ConnectionTrait,
    user: UserId,
) -> Result<bool> {
    let on = second_factor::Entity::find_by_id(user.0)
        .filter(second_factor::Column::Since.is_not_null());
    Ok(on.count(connection).await? > 0)
}

/// Checks the password of the user once more, before a change that a stranger at an unlocked screen
/// must not make.
///
/// # Errors
/// [`ErrorCode::BadCredentials`] for a wrong password.
pub(super) async fn check_own_password(
    store: &Store,
    account: &Account,
    password: String,
) -> Result<()> {
    let user = user::Entity::find_by_id(account.user.0)
        .one(store.read())
        .await?
        .ok_or(ErrorCode::SignedOut)?;
    if verify_password(password, Some(user.password_hash)).await {
        Ok(())
    } else {
        Err(ErrorCode::BadCredentials.into())
    }
}

/// Reads the account of an active member of an organization; returns `None` for everybody else.
///
/// # Errors
/// [`StoreError::Broken`] for a stored role, country or language that is unknown.
pub(super) async fn member_access(store: &Store, member: MemberId) -> Result<Option<Account>> {
    let MemberId { organization, user } = member;
    let membership = membership::Entity::find_by_id((organization.0, user.0))
        .filter(membership::Column::Active.eq(true))
        .one(store.read())
        .await?;
    let user = user::Entity::find_by_id(user.0).one(store.read()).await?;
    let organization = organization::Entity::find_by_id(organization.0)
        .one(store.read())
        .await?;
    let (Some(membership), Some(user), Some(organization)) = (membership, user, organization)
    else {
        return Ok(None);
    };
    let role = stored_role(&membership.role)?;
    let me = Me {
        name: user.name,
        email: user.email,
        organization: organization.name,
        country: stored_country(&organization.country)?,
        role,
        language: stored_language(&user.language)?,
    };
    let needs_factor = organization.requires_second_factor
        && role == Role::Admin
        && !has_second_factor(store.read(), member.user).await?;
    Ok(Some(Account {
        user: member.user,
        organization: member.organization,
        role,
        me,
        from: None,
        needs_factor,
    }))
}

/// Reads a role from its column.
pub(super) fn stored_role(word: &str) -> Result<Role> {
    Role::parse(word).ok_or_else(|| StoreError::Broken(format!("role {word}")))
}

/// Reads a country from its column.
pub(super) fn stored_country(code: &str) -> Result<Country> {
    Country::parse(code).ok_or_else(|| StoreError::Broken(format!("country {code}")))
}

/// Reads a language from its column.
pub(super) fn stored_language(tag: &str) -> Result<Language> {
    Language::parse(tag).ok_or_else(|| StoreError::Broken(format!("language {tag}")))
}
