//! The queries over the rows of an organization: each is already filtered by the organization of
//! its caller.

use alta_domain::OrganizationId;
use sea_orm::{ColumnTrait, Condition, DeleteMany, EntityTrait, QueryFilter, Select, UpdateMany};

use crate::entity;

/// An entity whose table has the column `organization_id`.
pub(crate) trait Owned: EntityTrait {
    /// The column that names the organization of a row.
    const ORGANIZATION: Self::Column;
}

/// Implements [`Owned`] for the entities of these modules.
macro_rules! owned {
    ($($table:ident),* $(,)?) => {$(
        impl Owned for entity::$table::Entity {
            const ORGANIZATION: Self::Column = entity::$table::Column::OrganizationId;
        }
    )*};
}

owned!(
    audit_entry,
    connection,
    contact,
    contact_edit,
    contact_key,
    field,
    import,
    invitation,
    kept_refusal,
    list,
    membership,
    onboarding,
    product,
    refusal_key,
    session,
    system_interest,
    transaction,
);

/// Starts queries over the rows of one organization. [`crate::access::Member`] and
/// [`crate::access::Admin`] start them for the organization of the session; a worker that has no
/// session starts them from an [`OrganizationId`].
pub(crate) trait Own {
    /// Returns the organization whose rows the queries see.
    fn organization_id(&self) -> OrganizationId;

    /// Selects the organization's rows of a table.
    fn own<E: Owned>(&self) -> Select<E> {
        E::find().filter(self.is_own::<E>())
    }

    /// Updates the organization's rows of a table.
    fn own_update<E: Owned>(&self) -> UpdateMany<E> {
        E::update_many().filter(self.is_own::<E>())
    }

    /// Deletes the organization's rows of a table.
    fn own_delete<E: Owned>(&self) -> DeleteMany<E> {
        E::delete_many().filter(self.is_own::<E>())
    }

    /// Returns the condition that a row belongs to the organization, for joins and subqueries.
    fn is_own<E: Owned>(&self) -> Condition {
        Condition::all().add(E::ORGANIZATION.eq(self.organization_id().0))
    }
}

impl Own for OrganizationId {
    fn organization_id(&self) -> OrganizationId {
        *self
    }
}
