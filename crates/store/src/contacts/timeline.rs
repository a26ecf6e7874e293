//! The history of a contact for its card: the imports that found it, the edits by hand, and the
//! answers about permission.

use std::collections::{BTreeMap, HashMap};

use alta_domain::{
    ChangedPart, Channel, EditId, EditKind, EventSource, HistoryEvent, ImportId, ImportState,
    ValueChange,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::changes::{FieldNames, field_names, value_changes};
use super::history::{Entry, Part};
use crate::Store;
use crate::access::{Member, Own};
use crate::entity::consent::{self, BY_HAND, OF_ERASED};
use crate::entity::{
    connection, contact, contact_change, contact_edit, import, list, list_member, user,
};
use crate::error::{Result, StoreError};

/// How much of a contact's history is read, from the newest on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Most {
    /// The most parts of the history, and the most edits.
    pub(crate) parts: u64,
    /// The most events.
    pub(crate) events: usize,
    /// The most transactions.
    pub(crate) transactions: u64,
}

/// Reads the last events of a contact's history, the newest first. Imports that were undone are
/// left out.
pub(super) async fn timeline(
    store: &Store,
    member: &Member,
    row: &contact::Model,
    most: Most,
) -> Result<Vec<HistoryEvent>> {
    let names = field_names(store, member).await?;
    let mut entries = entries(store, row, most.parts).await?;
    let answers = consent::Entity::find()
        .filter(consent::Column::ContactId.eq(row.id))
        .all(store.read())
        .await?;
    let (answers, others): (Vec<_>, Vec<_>) = answers
        .into_iter()
        .partition(|answer| answer.import_id > BY_HAND);
    for answer in &answers {
        entries.entry(answer.import_id).or_default();
    }
    if let Some(import) = row.created_import_id {
        entries.entry(import).or_default();
    }
    let mut events: Vec<HistoryEvent> = others.iter().filter_map(note).collect();
    let edits = contact_edit::Entity::find()
        .filter(contact_edit::Column::ContactId.eq(row.id))
        .order_by_desc(contact_edit::Column::Id)
        .limit(most.parts)
        .all(store.read())
        .await?;
    let imports: Vec<i64> = entries.keys().copied().filter(|id| *id > 0).collect();
    let imports = Imports::read(store, &imports, &edits).await?;
    for edit in edits {
        let made = entries.remove(&-edit.id).unwrap_or_default();
        events.push(edit_event(&edit, made, &names, &imports)?);
    }
    let lists = lists(store, member, row).await?;
    for (id, made) in entries {
        let lists = lists.iter().filter(|(import, _)| *import == id);
        let answers = answers.iter().filter(|answer| answer.import_id == id);
        if let Some(mut event) = imports.event(id, value_changes(made.into_iter(), &names)) {
            event.is_creation = row.created_import_id == Some(id);
            event.changes.extend(answers.filter_map(permission));
            event.changes.extend(lists.map(|(_, name)| ValueChange {
                part: ChangedPart::List(name.clone()),
                before: None,
                after: None,
            }));
            events.push(event);
        }
    }
    events.sort_by_key(|event| std::cmp::Reverse(event.at));
    events.truncate(most.events);
    Ok(events)
}

/// Reads the entries of a contact's history, by import or edit, each in its order. Edits have
/// negative numbers.
async fn entries(
    store: &Store,
    row: &contact::Model,
    most: u64,
) -> Result<BTreeMap<i64, Vec<Entry>>> {
    let parts = contact_change::Entity::find()
        .filter(contact_change::Column::ContactId.eq(row.id))
        .order_by_desc(contact_change::Column::Write)
        .limit(most)
        .all(store.read())
        .await?;
    let mut entries: BTreeMap<i64, Vec<Entry>> = BTreeMap::new();
    for part in parts.iter().rev() {
        let part = Part::read(part)?;
        entries.entry(part.import).or_default().push(part.entry);
    }
    Ok(entries)
}

/// Reads the lists that imports were the first to add a contact to: the import and the name.
async fn lists(store: &Store, member: &Member, row: &contact::Model) -> Result<Vec<(i64, String)>> {
    let members = list_member::Entity::find()
        .filter(list_member::Column::ContactId.eq(row.id))
        .order_by_asc(list_member::Column::ImportId)
        .all(store.read())
        .await?;
    let names: HashMap<i64, String> = member
        .own::<list::Entity>()
        .filter(list::Column::Id.is_in(members.iter().map(|member| member.list_id)))
        .all(store.read())
        .await?
        .into_iter()
        .map(|list| (list.id, list.name))
        .collect();
    let mut first: BTreeMap<i64, i64> = BTreeMap::new();
    for member in members {
        first.entry(member.list_id).or_insert(member.import_id);
    }
    let with_name = |(list, import)| Some((import, names.get(&list)?.clone()));
    Ok(first.into_iter().filter_map(with_name).collect())
}

/// Returns an edit as an event.
fn edit_event(
    edit: &contact_edit::Model,
    made: Vec<Entry>,
    names: &FieldNames,
    imports: &Imports,
) -> Result<HistoryEvent> {
    let kind = EditKind::parse(&edit.kind)
        .ok_or_else(|| StoreError::Broken(format!("edit kind {}", edit.kind)))?;
    Ok(HistoryEvent {
        at: edit.at,
        by: imports.users.get(&edit.user_id).cloned(),
        source: EventSource::Edit {
            id: EditId(edit.id),
            kind,
            taken_back_at: edit.taken_back_at,
        },
        is_creation: kind == EditKind::Added,
        changes: value_changes(made.into_iter(), names),
    })
}

/// Returns an answer that no import brought as an event.
fn note(answer: &consent::Model) -> Option<HistoryEvent> {
    let source = if answer.import_id == OF_ERASED {
        EventSource::KeptRefusal
    } else {
        EventSource::Note
    };
    Some(HistoryEvent {
        at: answer.at,
        by: None,
        source,
        is_creation: false,
        changes: vec![permission(answer)?],
    })
}

fn permission(answer: &consent::Model) -> Option<ValueChange> {
    let channel = Channel::parse(&answer.channel)?;
    Some(ValueChange {
        part: ChangedPart::Permission(channel, answer.granted),
        before: None,
        after: None,
    })
}

/// The imports of a history that were not undone, with the names of members and systems.
struct Imports {
    rows: HashMap<i64, import::Model>,
    /// The slugs of systems, by connection.
    systems: HashMap<i64, String>,
    users: HashMap<i64, String>,
}

impl Imports {
    async fn read(store: &Store, ids: &[i64], edits: &[contact_edit::Model]) -> Result<Self> {
        let db = store.read();
        let imports = import::Entity::find()
            .filter(import::Column::Id.is_in(ids.iter().copied()))
            .filter(import::Column::State.ne(ImportState::Undone.as_str()))
            .all(db)
            .await?;
        let systems = connection::Entity::find()
            .filter(
                connection::Column::Id
                    .is_in(imports.iter().filter_map(|import| import.connection_id)),
            )
            .all(db)
            .await?;
        let actors = imports.iter().map(|import| import.user_id);
        let actors = actors.chain(edits.iter().map(|edit| edit.user_id));
        let users = user::Entity::find()
            .filter(user::Column::Id.is_in(actors))
            .all(db)
            .await?;
        Ok(Self {
            rows: imports.into_iter().map(|row| (row.id, row)).collect(),
            systems: systems.into_iter().map(|row| (row.id, row.slug)).collect(),
            users: users.into_iter().map(|row| (row.id, row.name)).collect(),
        })
    }

    /// Returns an import as an event; `None` when it was undone.
    fn event(&self, id: i64, changes: Vec<ValueChange>) -> Option<HistoryEvent> {
        let import = self.rows.get(&id)?;
        let system = import.connection_id.and_then(|id| self.systems.get(&id));
        Some(HistoryEvent {
            at: import.started_at,
            by: self.users.get(&import.user_id).cloned(),
            source: EventSource::Import {
                id: ImportId(import.id),
                name: import.file_name.clone(),
                system: system.cloned(),
            },
            is_creation: false,
            changes,
        })
    }
}
