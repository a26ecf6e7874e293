//! The lists that an import adds its contacts to.

use std::collections::{BTreeSet, HashSet};

use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use crate::contacts::bulk::add_to_list;
use crate::contacts::lists::members;
use crate::entity::{import, import_list};
use crate::error::Result;

/// Reads the ids of the lists that an import adds its contacts to.
pub(super) async fn lists_of(connection: &impl ConnectionTrait, import: i64) -> Result<Vec<i64>> {
    let rows = import_list::Entity::find()
        .filter(import_list::Column::ImportId.eq(import))
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| row.list_id).collect())
}

/// The members that a batch adds to the lists of its import.
pub(super) struct Members {
    lists: Vec<i64>,
    /// Pairs of a list and a contact on it.
    known: HashSet<(i64, i64)>,
    added: BTreeSet<i64>,
}

impl Members {
    /// Loads which of these contacts are on the import's lists already.
    pub(super) async fn load(
        connection: &impl ConnectionTrait,
        import: &import::Model,
        contacts: &[i64],
    ) -> Result<Self> {
        let lists = lists_of(connection, import.id).await?;
        let known = members(connection, &lists, contacts).await?;
        Ok(Self {
            lists,
            known,
            added: BTreeSet::new(),
        })
    }

    /// Adds a contact to the lists of the import. Returns true when at least one list did not have
    /// the contact.
    pub(super) fn add(&mut self, contact: i64) -> bool {
        if self.lists.is_empty() || !self.added.insert(contact) {
            return false;
        }
        let is_known = |list: &i64| self.known.contains(&(*list, contact));
        !self.lists.iter().all(is_known)
    }

    /// Writes the members.
    pub(super) async fn write(
        self,
        transaction: &DatabaseTransaction,
        import: &import::Model,
    ) -> Result<()> {
        let contacts: Vec<i64> = self.added.into_iter().collect();
        for list in self.lists {
            add_to_list(transaction, import.id, list, &contacts).await?;
        }
        Ok(())
    }
}
