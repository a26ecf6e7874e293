//! Contacts looked up by an identity: a phone (E.164 digits), an e-mail address or a tax id.

use sea_orm::sea_query::{ExprTrait, SimpleExpr};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use crate::Store;
use crate::access::{Access, Own};
use crate::contacts::state::ContactState;
use crate::entity::contact;
use crate::error::Result;

/// The values of a contact: pairs of a field's word and its value. Empty fields are left out. A
/// custom field's word is its id.
pub type ContactRow = Vec<(String, String)>;

/// Finds the contact that has this phone (E.164 digits), e-mail address or tax id. Several can have
/// it, each as another kind of identity: then the oldest of them.
///
/// # Errors
/// When the database fails.
pub async fn find(store: &Store, access: &Access, identity: &str) -> Result<Option<ContactRow>> {
    let found = row(store, access, identity).await?;
    Ok(found.map(|contact| ContactState::of(contact).values()))
}

/// Finds the contact as [`find`] does, and returns its row.
pub(super) async fn row(
    store: &Store,
    access: &Access,
    identity: &str,
) -> Result<Option<contact::Model>> {
    Ok(access
        .own::<contact::Entity>()
        .filter(is_known_by(identity))
        .order_by_asc(contact::Column::Id)
        .one(store.read())
        .await?)
}

/// The condition that a contact's phone, e-mail address or tax id equals this text.
pub(super) fn is_known_by(identity: &str) -> SimpleExpr {
    contact::Column::PhoneKey
        .eq(identity)
        .or(contact::Column::Email.eq(identity))
        .or(contact::Column::TaxId.eq(identity))
}
