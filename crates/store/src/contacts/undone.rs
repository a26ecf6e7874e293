//! The facts that decide what may be put back when an import or an edit is taken out of a contact's
//! history.

use std::collections::{HashMap, HashSet};

use alta_domain::{ImportState, OrganizationId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use super::history::Part;
use super::keys::{owners, stored};
use super::values::{MultiValueField, key_of};
use crate::entity::{contact_edit, import};
use crate::error::Result;

/// Finds those of these imports and edits that were undone or taken back. Edits have negative
/// numbers.
pub(crate) async fn undone_among(
    db: &impl ConnectionTrait,
    ids: impl Iterator<Item = i64>,
) -> Result<HashSet<i64>> {
    let (edits, imports): (HashSet<i64>, HashSet<i64>) = ids.partition(|id| *id < 0);
    let gone = [ImportState::Undone, ImportState::Undoing].map(ImportState::as_str);
    let mut undone: Vec<i64> = import::Entity::find()
        .select_only()
        .column(import::Column::Id)
        .filter(import::Column::Id.is_in(imports))
        .filter(import::Column::State.is_in(gone))
        .into_tuple()
        .all(db)
        .await?;
    if !edits.is_empty() {
        let taken_back: Vec<i64> = contact_edit::Entity::find()
            .select_only()
            .column(contact_edit::Column::Id)
            .filter(contact_edit::Column::Id.is_in(edits.iter().map(|id| -id)))
            .filter(contact_edit::Column::TakenBackAt.is_not_null())
            .into_tuple()
            .all(db)
            .await?;
        undone.extend(taken_back.iter().map(|id| -id));
    }
    Ok(undone.into_iter().collect())
}

/// Finds the contacts that the old keys of these histories belong to now: old CPFs, and phones and
/// e-mail addresses that a member removed.
pub(crate) async fn owners_of_old_keys<'a>(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    parts: impl Iterator<Item = &'a Part>,
) -> Result<HashMap<String, i64>> {
    let mut keys = Vec::new();
    for Part { entry, .. } in parts {
        for (name, (old, _)) in &entry.set {
            keys.extend(old.as_deref().and_then(|old| key_of(name, old)));
        }
        for many in MultiValueField::ALL {
            let removed = entry.removed.get(&many).into_iter().flatten();
            keys.extend(removed.filter_map(|element| key_of(many.name(), element)));
        }
    }
    owners(db, organization, keys.iter().map(stored).collect()).await
}

/// Returns true when a contact may have an old value again: the value is no key, or a key that no
/// other contact has.
pub(crate) fn is_free(owners: &HashMap<String, i64>, contact: i64, name: &str, old: &str) -> bool {
    let Some(key) = key_of(name, old) else {
        return true;
    };
    let owner = owners.get(&stored(&key));
    owner.is_none_or(|owner| *owner == contact)
}
