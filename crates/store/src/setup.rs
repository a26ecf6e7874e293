//! The first organization and its first Admin, behind a link that is printed once.

use alta_domain::{Email, ErrorCode, NewOrganization, Role};
use sea_orm::ActiveValue::Set;
use sea_orm::EntityTrait;

use crate::accounts::{any, name, slug};
use crate::entity::{membership, onboarding, organization, setup_link, user};
use crate::error::{Result, StoreError};
use crate::passwords::fit;
use crate::secret::{hash_password, new_token, token_hash};
use crate::{Store, now, sessions};

/// Makes the set-up link's token; the one made before stops being valid. None once somebody can sign in.
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
    let row = setup_link::ActiveModel { token_hash: Set(hash), created_at: Set(now()) };
    setup_link::Entity::insert(row).exec_without_returning(&transaction).await?;
    transaction.commit().await?;
    Ok(Some(token))
}

/// Whether the link may still be used.
///
/// # Errors
/// When the database fails.
pub async fn is_valid(store: &Store, token: &str) -> Result<bool> {
    Ok(setup_link::Entity::find_by_id(token_hash(token)).one(store.read()).await?.is_some())
}

/// Creates the organization and its first Admin, uses up the link, and opens a session; answers with its token.
///
/// # Errors
/// [`ErrorCode::BadSetupLink`] when the link is not the one; what is wrong with the answers otherwise.
pub async fn set_up(store: &Store, token: &str, new: NewOrganization) -> Result<String> {
    if !is_valid(store, token).await? {
        return Err(ErrorCode::BadSetupLink.into());
    }
    let email = Email::parse(&new.email).ok_or(ErrorCode::InvalidEmail)?;
    let organization_name = name(&new.organization)?;
    let person = name(&new.name)?;
    let password_hash = hash_password(fit(new.password, &[&person, email.as_str(), &organization_name])?).await?;
    let language = new.language.as_str().to_owned();
    let transaction = store.begin().await?;
    let spent = setup_link::Entity::delete_by_id(token_hash(token)).exec(&transaction).await?;
    if spent.rows_affected == 0 {
        return Err(ErrorCode::BadSetupLink.into());
    }
    let row = organization::ActiveModel {
        slug: Set(Some(slug(&organization_name))),
        name: Set(organization_name),
        country: Set(new.country.as_str().to_owned()),
        language: Set(language.clone()),
        created_at: Set(now()),
        ..Default::default()
    };
    let organization = organization::Entity::insert(row).exec(&transaction).await?.last_insert_id;
    let row = user::ActiveModel {
        email: Set(email.to_string()),
        name: Set(person),
        password_hash: Set(password_hash),
        language: Set(language),
        created_at: Set(now()),
        ..Default::default()
    };
    let user_id = user::Entity::insert(row)
        .exec(&transaction)
        .await
        .map_err(|error| StoreError::on_taken(error, ErrorCode::NameTaken))?
        .last_insert_id;
    let row = membership::ActiveModel {
        organization_id: Set(organization),
        user_id: Set(user_id),
        role: Set(Role::Admin.as_str().to_owned()),
        active: Set(true),
    };
    membership::Entity::insert(row).exec_without_returning(&transaction).await?;
    let row = onboarding::ActiveModel {
        organization_id: Set(organization),
        current: Set(Some(alta_domain::Step::Systems.as_str().to_owned())),
        steps: Set(serde_json::json!({})),
        mapping: Set(None),
    };
    onboarding::Entity::insert(row).exec_without_returning(&transaction).await?;
    transaction.commit().await?;
    sessions::open(store, user_id, organization).await
}
