//! Finds contacts by an identity: a phone (E.164 digits), an e-mail address or a tax id.

use alta_domain::{Key, KeyKind, OrganizationId};
use sea_orm::sea_query::{ExprTrait, SimpleExpr};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use crate::Store;
use crate::access::{Member, Own};
use crate::contacts::keys::stored;
use crate::contacts::state::ContactState;
use crate::entity::{contact, contact_key};
use crate::error::Result;

/// The values of a contact: pairs of a field's word and its value. Empty fields are left out. A
/// custom field's word is its id.
pub type ContactRow = Vec<(String, String)>;

/// Finds the contact that has this phone (E.164 digits), e-mail address or tax id. Several contacts
/// can have the same text as different kinds of identity: then the oldest contact is returned.
///
/// # Errors
/// When the database fails.
pub async fn find(store: &Store, member: &Member, identity: &str) -> Result<Option<ContactRow>> {
    let found = row(store, member, identity).await?;
    Ok(found.map(ContactState::values))
}

/// Finds the contact as [`find`] does, and returns its row.
pub(super) async fn row(
    store: &Store,
    member: &Member,
    identity: &str,
) -> Result<Option<contact::Model>> {
    Ok(member
        .own::<contact::Entity>()
        .filter(is_known_by(member.organization, identity))
        .order_by_asc(contact::Column::Id)
        .one(store.read())
        .await?)
}

/// Returns the condition that a key or the tax id of a contact equals this text.
pub(super) fn is_known_by(organization: OrganizationId, identity: &str) -> SimpleExpr {
    let keys = [KeyKind::Phone, KeyKind::Email, KeyKind::Cpf]
        .map(|kind| stored(&Key::new(kind, identity)));
    let owners = organization
        .own::<contact_key::Entity>()
        .select_only()
        .column(contact_key::Column::ContactId)
        .filter(contact_key::Column::Key.is_in(keys))
        .into_query();
    contact::Column::Id
        .in_subquery(owners)
        .or(contact::Column::TaxId.eq(identity))
}
