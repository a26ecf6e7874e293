//! The first organization and its first Admin, behind a link that is printed once.

use alta_domain::{Country, Email, ErrorCode, Language, NewOrganization, Role};
use sea_orm::ActiveValue::Set;
use sea_orm::{DatabaseTransaction, EntityTrait};

use crate::accounts::{any, name, slug};
use crate::entity::{membership, onboarding, organization, setup_link, user};
use crate::error::{Result, StoreError};
use crate::passwords::fit;
use crate::secret::{hash_password, new_token, token_hash};
use crate::{Store, now, sessions};

/// Makes the set-up link's token; the one made before stops being valid. None once somebody can
/// sign in.
///
/// # Errors
/// When the database fails.
pub async fn renew_link(store: &Store) -> Result<Option<String>> {
    if any(store).await? {
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

/// Whether the link may still be used.
///
/// # Errors
/// When the database fails.
pub async fn is_valid(store: &Store, token: &str) -> Result<bool> {
    Ok(setup_link::Entity::find_by_id(token_hash(token))
        .one(store.read())
        .await?
        .is_some())
}

/// Creates the organization and its first Admin, uses up the link, and opens a session; answers
/// with its token.
///
/// # Errors
/// [`ErrorCode::BadSetupLink`] when the link is not the one; what is wrong with the answers
/// otherwise.
pub async fn set_up(store: &Store, token: &str, new: NewOrganization) -> Result<String> {
    if !is_valid(store, token).await? {
        return Err(ErrorCode::BadSetupLink.into());
    }
    let founder = Founder::of(new).await?;
    let transaction = store.begin().await?;
    let spent = setup_link::Entity::delete_by_id(token_hash(token))
        .exec(&transaction)
        .await?;
    if spent.rows_affected == 0 {
        return Err(ErrorCode::BadSetupLink.into());
    }
    let (organization, user) = found(&transaction, founder).await?;
    transaction.commit().await?;
    sessions::open(store, user, organization).await
}

/// Answers of the set-up page that are in order.
pub(crate) struct Founder {
    organization: String,
    country: Country,
    language: Language,
    name: String,
    email: Email,
    password_hash: String,
}

impl Founder {
    pub(crate) async fn of(new: NewOrganization) -> Result<Self> {
        let NewOrganization {
            organization,
            country,
            language,
            name: person,
            email,
            password,
        } = new;
        let email = Email::parse(&email).ok_or(ErrorCode::InvalidEmail)?;
        let (organization, name) = (name(&organization)?, name(&person)?);
        let password_hash =
            hash_password(fit(password, &[&name, email.as_str(), &organization])?).await?;
        Ok(Self {
            organization,
            country,
            language,
            name,
            email,
            password_hash,
        })
    }
}

/// Makes an organization and its first Admin; answers with their ids.
pub(crate) async fn found(
    transaction: &DatabaseTransaction,
    founder: Founder,
) -> Result<(i64, i64)> {
    let language = founder.language.as_str().to_owned();
    let row = organization::ActiveModel {
        slug: Set(Some(slug(&founder.organization))),
        name: Set(founder.organization),
        country: Set(founder.country.as_str().to_owned()),
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
        email: Set(founder.email.to_string()),
        name: Set(founder.name),
        password_hash: Set(founder.password_hash),
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
        current: Set(Some(alta_domain::Step::Systems.as_str().to_owned())),
        steps: Set(serde_json::json!({})),
        mapping: Set(None),
    };
    onboarding::Entity::insert(row)
        .exec_without_returning(transaction)
        .await?;
    Ok((organization, user))
}
