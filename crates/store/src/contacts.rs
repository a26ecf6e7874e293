//! Contacts, as far as the first steps show them.

use sea_orm::sea_query::{ExprTrait, SimpleExpr};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

use crate::Store;
use crate::access::Access;
use crate::entity::contact;
use crate::error::Result;

/// How many contacts the organization has.
///
/// # Errors
/// When the database fails.
pub async fn count(store: &Store, access: &Access) -> Result<u64> {
    Ok(contact::Entity::find()
        .filter(contact::Column::OrganizationId.eq(access.organization.0))
        .count(store.read())
        .await?)
}

/// A contact as a test or the command line looks at it: words of the fields and their values, empty
/// ones left out.
pub type ContactRow = Vec<(String, String)>;

/// The contact of a phone (E.164 digits), an e-mail or a tax id.
///
/// # Errors
/// When the database fails.
pub async fn find(store: &Store, access: &Access, identity: &str) -> Result<Option<ContactRow>> {
    let of_organization = contact::Column::OrganizationId.eq(access.organization.0);
    let found = contact::Entity::find()
        .filter(of_organization.and(is_known_by(identity)))
        .order_by_asc(contact::Column::Id)
        .one(store.read())
        .await?;
    Ok(found.map(|contact| {
        let state = crate::imports::ContactState::of(contact);
        state.values()
    }))
}

/// Phone, e-mail or tax id are this.
pub(crate) fn is_known_by(identity: &str) -> SimpleExpr {
    contact::Column::PhoneKey
        .eq(identity)
        .or(contact::Column::Email.eq(identity))
        .or(contact::Column::TaxId.eq(identity))
}

/// All contacts of the organization, whole, by id: what a test compares.
///
/// # Errors
/// When the database fails.
#[cfg(feature = "testing")]
pub async fn dump(store: &Store, access: &Access) -> Result<Vec<serde_json::Value>> {
    let of_organization = contact::Column::OrganizationId.eq(access.organization.0);
    Ok(contact::Entity::find()
        .filter(of_organization)
        .order_by_asc(contact::Column::Id)
        .into_json()
        .all(store.read())
        .await?)
}
