//! One page of an undo: some contacts that an import found, or some that it created.

use std::collections::{HashMap, HashSet};

use alta_domain::{Country, ImportState, OrganizationId, SparedWhy};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
};

use super::super::row::home;
use super::queries::{ContactScope, consents, created, found, remove_answers, sources};
use crate::access::Own;
use crate::contacts::bulk::{integers, replace};
use crate::contacts::history::{Part, TakenOut, take_out};
use crate::contacts::keys::{self, keys_of, stored};
use crate::contacts::people::{histories, insert_parts};
use crate::contacts::refusals::{give_keys, release_refusals};
use crate::contacts::undone::{is_free, owners_of_old_keys, undone_among};
use crate::entity::consent::{self, OF_ERASED};
use crate::entity::{contact, contact_change, import, list_member};
use crate::error::Result;
use crate::now;
use crate::vault::Vault;

/// The position of an undo among the contacts of its import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Contacts that the import found, with ids above this one.
    Found(i64),
    /// Contacts that the import created, with ids above this one.
    Created(i64),
}

impl Phase {
    /// Returns the position of an import's undo; `None` when the import is undone.
    pub(super) fn of(row: &import::Model) -> Option<Self> {
        if row.state == ImportState::Undone.as_str() {
            return None;
        }
        let cursor = row.undo_cursor.unwrap_or(0);
        Some(match row.undo_phase {
            Some(1) => Self::Created(cursor),
            _ => Self::Found(cursor),
        })
    }

    /// Returns the number of the phase and the id, as they are stored.
    pub(super) fn stored(self) -> (i32, i64) {
        match self {
            Self::Found(after) => (0, after),
            Self::Created(after) => (1, after),
        }
    }
}

/// The counts of an undo for the contacts of a page.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PageCounts {
    pub(super) removed: u32,
    pub(super) restored: u32,
    pub(super) spared: u32,
    pub(super) why: SparedWhy,
}

/// The effect of an undo on a contact.
struct ContactUndo {
    before: contact::Model,
    /// The contact afterwards; `None` when it is removed.
    after: Option<contact::Model>,
    history: Vec<Part>,
    /// True when the refusals that the import brought for the contact stay, because a later answer
    /// refuses too.
    kept_noes: bool,
}

/// The contacts of a page, with the effect of the undo on each.
pub(super) struct Page {
    import: import::Model,
    home: Country,
    phase: Phase,
    /// The id of the last contact of the page; `None` when the page is empty.
    last: Option<i64>,
    fates: Vec<ContactUndo>,
    done: PageCounts,
}

impl Page {
    /// Loads the next contacts, and decides the effect of the undo on each.
    pub(super) async fn load(
        db: &impl ConnectionTrait,
        import: &import::Model,
        phase: Phase,
        which: ContactScope,
    ) -> Result<Self> {
        let ids = match phase {
            Phase::Found(after) => found(db, import, which, after).await?,
            Phase::Created(after) => created(db, import, which, after).await?,
        };
        let mut page = Self {
            import: import.clone(),
            home: home(db, import).await?,
            phase,
            last: ids.last().copied(),
            fates: Vec::with_capacity(ids.len()),
            done: PageCounts::default(),
        };
        if !ids.is_empty() {
            page.decide(db, &ids).await?;
        }
        Ok(page)
    }

    /// Returns the counts of the page.
    pub(super) fn done(&self) -> PageCounts {
        self.done
    }

    /// Returns the number of contacts on the page.
    pub(super) fn passed(&self) -> i32 {
        i32::try_from(self.fates.len()).unwrap_or(i32::MAX)
    }

    /// Returns the position after this page; `None` after the last page.
    pub(super) fn next(&self) -> Option<Phase> {
        match (self.phase, self.last) {
            (Phase::Found(_), Some(last)) => Some(Phase::Found(last)),
            (Phase::Found(_), None) => Some(Phase::Created(0)),
            (Phase::Created(_), Some(last)) => Some(Phase::Created(last)),
            (Phase::Created(_), None) => None,
        }
    }

    /// Returns the position of the undo after this page: its phase, and the last contact of the
    /// page.
    pub(super) fn last(&self) -> Phase {
        self.phase
    }

    async fn decide(&mut self, db: &impl ConnectionTrait, ids: &[i64]) -> Result<()> {
        let backend = db.get_database_backend();
        let mut histories = histories(db, ids).await?;
        let consents = consents(db, ids).await?;
        let creators = OrganizationId(self.import.organization_id)
            .own::<contact::Entity>()
            .filter(integers(backend, "id", ids)?)
            .order_by_asc(contact::Column::Id)
            .all(db)
            .await?;
        let undone = self.undone(db, &histories, &consents, &creators).await?;
        let sources = sources(db, &self.import, ids).await?;
        let organization = OrganizationId(self.import.organization_id);
        let parts = histories.values().flatten();
        let owners = owners_of_old_keys(db, organization, parts).await?;
        for row in creators {
            let history = histories.remove(&row.id).unwrap_or_default();
            let own = consents.get(&row.id).map_or(&[][..], Vec::as_slice);
            let is_known = sources.contains(&row.id);
            let fate = self.fate(row, history, own, is_known, &undone, &owners);
            self.fates.push(fate);
        }
        Ok(())
    }

    /// Finds which of the imports and edits that these histories, and these answers about
    /// permission, come from were undone. The import that is being undone is one of them.
    async fn undone(
        &self,
        db: &impl ConnectionTrait,
        histories: &HashMap<i64, Vec<Part>>,
        consents: &HashMap<i64, Vec<consent::Model>>,
        contacts: &[contact::Model],
    ) -> Result<HashSet<i64>> {
        let of_histories = histories.values().flatten().map(|part| part.import);
        let of_consents = consents.values().flatten().map(|row| row.import_id);
        let creators = contacts.iter().filter_map(|row| row.created_import_id);
        let ids = of_histories.chain(of_consents).chain(creators);
        let mut undone = undone_among(db, ids).await?;
        undone.insert(self.import.id);
        Ok(undone)
    }

    /// Decides the effect of the undo on a contact, and counts it.
    fn fate(
        &mut self,
        before: contact::Model,
        history: Vec<Part>,
        consents: &[consent::Model],
        is_known: bool,
        undone: &HashSet<i64>,
        owners: &HashMap<String, i64>,
    ) -> ContactUndo {
        let import = self.import.id;
        let stands = |id: i64| !undone.contains(&id);
        let kept_noes = consents.iter().any(|row| {
            let is_later = |other: &consent::Model| {
                !other.granted
                    && other.import_id != import
                    && !other.kept
                    && stands(other.import_id)
                    && (other.at > row.at || other.at == row.at && other.import_id > import)
            };
            row.import_id == import && !row.granted && consents.iter().any(is_later)
        });
        let is_relied_on = is_known
            || kept_noes
            || history.iter().any(|part| stands(part.import))
            || consents.iter().any(|row| row.import_id == 0 || row.kept);
        let is_of_undone = before.created_import_id.is_some_and(|id| !stands(id));
        self.done.why.refused_since += u32::from(kept_noes);
        if is_of_undone && !is_relied_on {
            self.done.removed += 1;
            return ContactUndo {
                before,
                after: None,
                history: Vec::new(),
                kept_noes,
            };
        }
        let mut after = before.clone();
        let mut history = history;
        let id = before.id;
        let taken = take_out(&mut after, &mut history, import, undone, |field, old| {
            is_free(owners, id, field, old)
        });
        let is_spared = before.created_import_id == Some(import);
        self.count(taken, is_spared, kept_noes);
        ContactUndo {
            before,
            after: Some(after),
            history,
            kept_noes,
        }
    }

    fn count(&mut self, taken: TakenOut, is_relied_on: bool, kept_noes: bool) {
        // A contact that the import created is counted in the phase of the created contacts.
        if is_relied_on && matches!(self.phase, Phase::Found(_)) {
            return;
        }
        let why = &mut self.done.why;
        why.relied_on += u32::from(is_relied_on);
        why.changed_since += u32::from(taken.changed_since);
        why.confirmed += u32::from(taken.confirmed);
        why.key_taken += u32::from(taken.key_taken);
        if is_relied_on || taken.spares() || kept_noes {
            self.done.spared += 1;
        } else if taken.restored {
            self.done.restored += 1;
        }
    }

    /// Writes the effect of the undo on the contacts.
    pub(super) async fn write(
        self,
        transaction: &DatabaseTransaction,
        vault: &Vault,
    ) -> Result<()> {
        let ids: Vec<i64> = self.fates.iter().map(|fate| fate.before.id).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let (import, organization) = (self.import.id, self.import.organization_id);
        let (mut changed, mut removed, mut parts) = (Vec::new(), Vec::new(), Vec::new());
        let (mut lost, mut gained, mut kept) = (Vec::new(), Vec::new(), Vec::new());
        // The contacts that lose keys, with those that they have left.
        let mut shorter = Vec::new();
        for fate in self.fates {
            let id = fate.before.id;
            let of = |row: &contact::Model| -> Vec<String> {
                keys_of(row, self.home).iter().map(stored).collect()
            };
            let old = of(&fate.before);
            let new = fate.after.as_ref().map(of).unwrap_or_default();
            lost.extend(old.iter().filter(|key| !new.contains(key)).cloned());
            let more = new.iter().filter(|key| !old.contains(key)).cloned();
            gained.extend(more.map(|key| (key, id)));
            if fate.after.is_some() && old.iter().any(|key| !new.contains(key)) {
                shorter.push((id, new));
            }
            match fate.after {
                None => removed.push(id),
                Some(after) if after != fate.before => changed.push(after),
                Some(_) => {}
            }
            if fate.kept_noes {
                kept.push(id);
            }
            parts.extend(fate.history.into_iter().map(|part| (id, part)));
        }
        let backend = transaction.get_database_backend();
        contact_change::Entity::delete_many()
            .filter(integers(backend, "contact_id", &ids)?)
            .exec(transaction)
            .await?;
        keys::delete(transaction, organization, lost).await?;
        replace(transaction, &changed).await?;
        let own = OrganizationId(organization);
        release_refusals(transaction, vault, own, &shorter).await?;
        give_keys(transaction, vault, own, &gained, now()).await?;
        insert_parts(transaction, &parts).await?;
        remove_answers(transaction, import, &ids, &kept).await?;
        list_member::Entity::delete_many()
            .filter(integers(backend, "contact_id", &ids)?)
            .filter(list_member::Column::ImportId.eq(import))
            .exec(transaction)
            .await?;
        delete_contacts(transaction, organization, &removed).await
    }
}

/// Deletes contacts that an import created, with the refusals that were kept of erased contacts.
async fn delete_contacts(
    transaction: &DatabaseTransaction,
    organization: i64,
    removed: &[i64],
) -> Result<()> {
    if removed.is_empty() {
        return Ok(());
    }
    let backend = transaction.get_database_backend();
    consent::Entity::delete_many()
        .filter(integers(backend, "contact_id", removed)?)
        .filter(consent::Column::ImportId.eq(OF_ERASED))
        .exec(transaction)
        .await?;
    OrganizationId(organization)
        .own_delete::<contact::Entity>()
        .filter(integers(backend, "id", removed)?)
        .exec(transaction)
        .await?;
    Ok(())
}
