//! The first organization and its first Admin, made through a link that the server prints once.

use alta_domain::{
    Country, Email, ErrorCode, Language, NewOrganization, OrganizationId, Role, Step, UserId,
};
use sea_orm::ActiveValue::Set;
use sea_orm::{DatabaseTransaction, EntityTrait};

use super::lookup::MemberId;
use super::rules::checked_password;
use super::{accounts, sessions};
use crate::entity::{membership, onboarding, organization, setup_link, user};
use crate::error::{Result, StoreError};
use crate::names::{checked_name, slug};
use crate::secret::{hash_password, new_token, token_hash};
use crate::{Store, now};

/// Makes the set-up link in place of the one before; returns its token, or `None` once there is an
/// account.
///
/// # Errors
/// When the database fails.
pub async fn renew_link(store: &Store) -> Result<Option<String>> {
    if accounts::any(store).await? {
        return Ok(None);
    }
    let (token, hash) = new_token();
    let transaction = store.begin().await?;
    setup_link::Entity::delete_many().exec(&transaction).await?;
    let row = setup_link::ActiveModel {
        token_hash: Set(hash),
        created_at: Set(now()),
    };
    setup_link::Entity::insert(row)
        .exec_without_returning(&transaction)
        .await?;
    transaction.commit().await?;
    Ok(Some(token))
}

/// Returns true when the link may still be used.
///
/// # Errors
/// When the database fails.
pub async fn is_valid(store: &Store, token: &str) -> Result<bool> {
    Ok(setup_link::Entity::find_by_id(token_hash(token))
        .one(store.read())
        .await?
        .is_some())
}

/// Creates the organization and its first Admin, uses up the link, and opens a session; returns its
/// token.
///
/// # Errors
/// [`ErrorCode::BadSetupLink`] when the link is not valid; [`ErrorCode::InvalidEmail`]; those of
/// the rules for names and passwords.
pub async fn set_up(store: &Store, token: &str, new: NewOrganization) -> Result<String> {
    if !is_valid(store, token).await? {
        return Err(ErrorCode::BadSetupLink.into());
    }
    let new = CheckedOrganization::check(new).await?;
    let transaction = store.begin().await?;
    let spent = setup_link::Entity::delete_by_id(token_hash(token))
        .exec(&transaction)
        .await?;
    if spent.rows_affected == 0 {
        return Err(ErrorCode::BadSetupLink.into());
    }
    let admin = create_organization(&transaction, new).await?;
    transaction.commit().await?;
    sessions::open(store, admin).await
}

/// What the set-up page's form has, after its checks, with the password hashed.
pub(crate) struct CheckedOrganization {
    organization: String,
    country: Country,
    language: Language,
    name: String,
    email: Email,
    password_hash: String,
}

impl CheckedOrganization {
    /// Checks what the set-up page's form has.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidEmail`]; those of the rules for names and passwords.
    pub(crate) async fn check(new: NewOrganization) -> Result<Self> {
        let email = Email::parse(&new.email).ok_or(ErrorCode::InvalidEmail)?;
        let organization = checked_name(&new.organization)?;
        let name = checked_name(&new.name)?;
        let known = [&*name, email.as_str(), &organization];
        let password_hash = hash_password(checked_password(new.password, &known)?).await?;
        Ok(Self {
            organization,
            country: new.country,
            language: new.language,
            name,
            email,
            password_hash,
        })
    }
}

/// Creates an organization and its first Admin, at the first step of the onboarding; returns the
/// Admin.
pub(crate) async fn create_organization(
    transaction: &DatabaseTransaction,
    new: CheckedOrganization,
) -> Result<MemberId> {
    let language = new.language.as_str().to_owned();
    let row = organization::ActiveModel {
        slug: Set(Some(slug(&new.organization))),
        name: Set(new.organization),
        country: Set(new.country.as_str().to_owned()),
        language: Set(language.clone()),
        created_at: Set(now()),
        requires_second_factor: Set(false),
        ..Default::default()
    };
    let organization = organization::Entity::insert(row)
        .exec(transaction)
        .await?
        .last_insert_id;
    let row = user::ActiveModel {
        email: Set(new.email.to_string()),
        name: Set(new.name),
        password_hash: Set(new.password_hash),
        language: Set(language),
        created_at: Set(now()),
        ..Default::default()
    };
    let added = user::Entity::insert(row).exec(transaction).await;
    let user = added
        .map_err(|error| StoreError::on_taken(error, ErrorCode::NameTaken))?
        .last_insert_id;
    let row = membership::ActiveModel {
        organization_id: Set(organization),
        user_id: Set(user),
        role: Set(Role::Admin.as_str().to_owned()),
        active: Set(true),
    };
    membership::Entity::insert(row)
        .exec_without_returning(transaction)
        .await?;
    let row = onboarding::ActiveModel {
        organization_id: Set(organization),
        current: Set(Some(Step::Systems.as_str().to_owned())),
        steps: Set(serde_json::json!({})),
        mapping: Set(None),
    };
    onboarding::Entity::insert(row)
        .exec_without_returning(transaction)
        .await?;
    Ok(MemberId {
        organization: OrganizationId(organization),
        user: UserId(user),
    })
}
