//! The keys of an import's file that belong to nobody, because different people have them. They
//! also belong to nobody in the corrections of the import's rejects.

use std::collections::HashSet;

use alta_domain::{ImportId, Key, KeyRole, RowIdentity};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::row::get;
use crate::Store;
use crate::access::Admin;
use crate::entity::{contact_key, import_nobody};
use crate::error::{Result, StoreError};

/// The most keys of one statement.
const KEYS: usize = 2000;
/// The most keys that are listed for a correction.
const MOST: u64 = 10_000;

/// Lists the keys of an import's file that belong to nobody.
///
/// # Errors
/// [`alta_domain::ErrorCode::NotFound`] when the organization has no such import.
pub async fn nobodys(store: &Store, admin: &Admin, id: ImportId) -> Result<Vec<Key>> {
    get(store.read(), admin, id).await?;
    let rows = import_nobody::Entity::find()
        .filter(import_nobody::Column::ImportId.eq(id.0))
        .order_by_asc(import_nobody::Column::Key)
        .limit(MOST)
        .all(store.read())
        .await?;
    let read = |row: import_nobody::Model| {
        let broken = || StoreError::Broken(format!("import {} has an unknown key", id.0));
        contact_key::read(&row.key).ok_or_else(broken)
    };
    rows.into_iter().map(read).collect()
}

/// Returns those of `keys` that the import's file has found to be nobody's.
pub(super) async fn nobodys_among(
    connection: &impl ConnectionTrait,
    import: i64,
    keys: impl Iterator<Item = Key>,
) -> Result<HashSet<Key>> {
    let keys: HashSet<Key> = keys.collect();
    let keys: Vec<Key> = keys.into_iter().collect();
    let mut found = HashSet::new();
    for keys in keys.chunks(KEYS) {
        let rows = import_nobody::Entity::find()
            .filter(import_nobody::Column::ImportId.eq(import))
            .filter(import_nobody::Column::Key.is_in(keys.iter().map(contact_key::stored)))
            .all(connection)
            .await?;
        found.extend(rows.iter().filter_map(|row| contact_key::read(&row.key)));
    }
    Ok(found)
}

/// Writes the keys that belong to nobody: those to which the sender gives [`KeyRole::Nobodys`].
pub(super) async fn write_nobodys(
    transaction: &DatabaseTransaction,
    import: i64,
    identities: impl Iterator<Item = &RowIdentity>,
) -> Result<()> {
    let roles = identities.flat_map(|identity| &identity.roles);
    let nobodys = roles.filter(|(_, role)| *role == KeyRole::Nobodys);
    let keys: HashSet<String> = nobodys.map(|(key, _)| contact_key::stored(key)).collect();
    let keys: Vec<String> = keys.into_iter().collect();
    for keys in keys.chunks(KEYS) {
        let rows = keys.iter().map(|key| import_nobody::ActiveModel {
            import_id: Set(import),
            key: Set(key.clone()),
        });
        let known = [import_nobody::Column::ImportId, import_nobody::Column::Key];
        import_nobody::Entity::insert_many(rows)
            .on_conflict(OnConflict::columns(known).do_nothing().to_owned())
            .exec_without_returning(transaction)
            .await?;
    }
    Ok(())
}
