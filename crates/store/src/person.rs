//! The rights of a person over what is stored about them: to get all of it ([`data`]), and to have
//! it erased ([`erasure`]).

pub mod data;
pub mod erasure;
mod rejects;
mod rows;
mod scrubbed;
mod systems;
mod texts;
mod traces;

use alta_domain::{Country, OrganizationId};
use sea_orm::{ConnectionTrait, EntityTrait};

use crate::entity::organization;
use crate::error::Result;

/// Returns the country of an organization.
async fn home(db: &impl ConnectionTrait, organization: OrganizationId) -> Result<Country> {
    let row = organization::Entity::find_by_id(organization.0)
        .one(db)
        .await?;
    let country = row.and_then(|row| Country::parse(&row.country));
    Ok(country.unwrap_or(Country::BRAZIL))
}
