//! Custom fields.

use alta_domain::{ErrorCode, Field, FieldId, FieldKind, NewField};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

use crate::Store;
use crate::access::{Access, Admin};
use crate::entity::field;
use crate::error::{Result, StoreError};

/// Characters a field's name may have.
const NAME_LENGTH: usize = 60;
/// Custom fields an organization may have.
const MOST: u64 = 200;

/// A name as it is compared: without case and outer space.
pub(crate) fn name_key(name: &str) -> String {
    name.trim().to_lowercase()
}

/// The organization's fields, by name.
///
/// # Errors
/// When the database fails.
pub async fn all(store: &Store, access: &Access) -> Result<Vec<Field>> {
    let rows = field::Entity::find()
        .filter(field::Column::OrganizationId.eq(access.organization.0))
        .order_by_asc(field::Column::NameKey)
        .all(store.read())
        .await?;
    let read = |row: field::Model| {
        let kind = FieldKind::parse(&row.kind)
            .ok_or_else(|| StoreError::Broken(format!("field kind {}", row.kind)))?;
        Ok(Field {
            id: FieldId(row.id),
            name: row.name,
            kind,
        })
    };
    rows.into_iter().map(read).collect()
}

/// Creates a field, usable at once.
///
/// # Errors
/// [`ErrorCode::NameTaken`] when there is one of this name.
pub async fn create(store: &Store, admin: &Admin, new: &NewField) -> Result<Field> {
    let name = crate::names::checked_name(&new.name)?;
    let count = field::Entity::find()
        .filter(field::Column::OrganizationId.eq(admin.organization.0))
        .count(store.read())
        .await?;
    if name.chars().count() > NAME_LENGTH || count >= MOST {
        return Err(ErrorCode::TooLong.into());
    }
    let row = field::ActiveModel {
        organization_id: Set(admin.organization.0),
        name: Set(name.clone()),
        name_key: Set(name_key(&name)),
        kind: Set(new.kind.as_str().to_owned()),
        ..Default::default()
    };
    let inserted = field::Entity::insert(row)
        .exec(store.write())
        .await
        .map_err(|error| StoreError::on_taken(error, ErrorCode::NameTaken))?;
    Ok(Field {
        id: FieldId(inserted.last_insert_id),
        name,
        kind: new.kind,
    })
}
