//! Custom fields: the fields of a contact that an organization adds to the built-in ones.

use alta_domain::{ErrorCode, Field, FieldId, FieldKind, NewField};
use sea_orm::ActiveValue::Set;
use sea_orm::{EntityTrait, PaginatorTrait, QueryOrder};

use crate::Store;
use crate::access::{Admin, Member, Own};
use crate::entity::field;
use crate::error::{Result, StoreError};
use crate::names::checked_name;

/// The most characters of a field's name.
const MAX_NAME_LENGTH: usize = 60;
/// The most custom fields of an organization.
const MAX_FIELDS: u64 = 200;

/// Returns the form in which names are compared: without outer spaces, in lower case.
pub(super) fn name_key(name: &str) -> String {
    name.trim().to_lowercase()
}

/// Lists the organization's custom fields, by name.
///
/// # Errors
/// When the database fails.
pub async fn all(store: &Store, member: &Member) -> Result<Vec<Field>> {
    let rows = member
        .own::<field::Entity>()
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

/// Creates a custom field; imports can use it at once.
///
/// # Errors
/// [`ErrorCode::NameTaken`] when the organization has a field of this name; [`ErrorCode::Missing`]
/// for an empty name; [`ErrorCode::TooLong`] for a long one, and when the organization has as many
/// fields as it may.
pub async fn create(store: &Store, admin: &Admin, new: &NewField) -> Result<Field> {
    let name = checked_name(&new.name)?;
    let count = admin.own::<field::Entity>().count(store.read()).await?;
    if name.chars().count() > MAX_NAME_LENGTH || count >= MAX_FIELDS {
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
