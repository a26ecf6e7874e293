//! The rows of edits, and the transaction in which an edit changes its contact.

use std::sync::Arc;

use alta_domain::{AuditAction, ContactEntry, ContactId, EditKind, ErrorCode, Key};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use crate::access::{Editor, Own};
use crate::contacts::keys::{keys_of, owners, stored};
use crate::contacts::people::{People, Reader, next_write};
use crate::contacts::search::{entries, name};
use crate::contacts::state::ContactState;
use crate::db::lock_organization;
use crate::entity::{contact, contact_edit};
use crate::error::Result;
use crate::vault::Vault;
use crate::{Store, audit, now};

/// An edit of one contact, in its transaction. Nothing is stored before [`Edit::commit`].
pub(super) struct Edit<'a> {
    pub(super) transaction: DatabaseTransaction,
    pub(super) people: People,
    editor: &'a Editor,
    vault: Arc<Vault>,
    contact: i64,
    kind: EditKind,
    at: i64,
}

impl<'a> Edit<'a> {
    /// Begins an edit of a contact: locks the organization, and loads the contact.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] when the organization has no such contact.
    pub(super) async fn begin(
        store: &Store,
        editor: &'a Editor,
        contact: ContactId,
        kind: EditKind,
    ) -> Result<Self> {
        let transaction = store.begin().await?;
        lock_organization(&transaction, editor.organization).await?;
        let at = now();
        let id = insert(&transaction, editor, contact.0, kind, at).await?;
        let reader = reader_of(editor, id);
        let ids = std::iter::once(contact.0);
        let people = People::load(&transaction, reader, std::iter::empty(), ids).await?;
        if !people.has(contact.0) {
            return Err(ErrorCode::NotFound.into());
        }
        Ok(Self {
            transaction,
            people,
            editor,
            vault: Arc::clone(&store.vault),
            contact: contact.0,
            kind,
            at,
        })
    }

    /// Returns the contact as the edit has left it.
    pub(super) fn row(&self) -> Result<&contact::Model> {
        let state = self.people.get(self.contact);
        Ok(&state.ok_or(ErrorCode::NotFound)?.row)
    }

    /// Returns true when the edit changes something.
    pub(super) fn has_changes(&self) -> bool {
        let state = self.people.get(self.contact);
        state.is_some_and(ContactState::has_changes)
    }

    /// Returns the time of the edit, in milliseconds since 1970.
    pub(super) fn at(&self) -> i64 {
        self.at
    }

    /// Finds another contact that has one of the keys which the edited contact has now and did not
    /// have `before`; `None` when there is none. An edit of a name, a landline or a country can
    /// make a key too.
    pub(super) async fn owner_of_gained_key(&self, before: &contact::Model) -> Result<Option<i64>> {
        let gained = gained_keys(before, self.row()?, self.editor);
        let owners = owners(&self.transaction, self.editor.organization, gained).await?;
        Ok(owners.into_values().find(|owner| *owner != self.contact))
    }

    /// Writes the contact, its keys and its history, and an entry of the audit log.
    pub(super) async fn commit(self) -> Result<()> {
        let subject = subject(self.row()?);
        let write = next_write(&self.transaction, self.editor.organization).await?;
        let people = self.people;
        people
            .write(&self.transaction, &self.vault, write, self.at)
            .await?;
        record(&self.transaction, self.editor, self.kind, &subject).await?;
        self.transaction.commit().await?;
        Ok(())
    }
}

/// Returns the reader of contacts for an edit. In the history of a contact the edit has the
/// negative of its id in the place of an import's id.
pub(super) fn reader_of(editor: &Editor, edit: i64) -> Reader {
    Reader {
        organization: editor.organization,
        home: editor.country(),
        import: -edit,
        reading: 0,
    }
}

/// Inserts the row of an edit, and returns its id.
pub(super) async fn insert(
    db: &impl ConnectionTrait,
    editor: &Editor,
    contact: i64,
    kind: EditKind,
    at: i64,
) -> Result<i64> {
    let row = contact_edit::ActiveModel {
        organization_id: Set(editor.organization.0),
        contact_id: Set(contact),
        user_id: Set(editor.user.0),
        kind: Set(kind.as_str().to_owned()),
        at: Set(at),
        taken_back_at: Set(None),
        ..Default::default()
    };
    let inserted = contact_edit::Entity::insert(row).exec(db).await?;
    Ok(inserted.last_insert_id)
}

/// Returns the contact that a key belongs to, as a line of a list.
pub(super) async fn owner_entry(
    store: &Store,
    editor: &Editor,
    owner: i64,
) -> Result<ContactEntry> {
    let mut found = entries(store, editor, &[owner]).await?;
    found
        .remove(&owner)
        .ok_or_else(|| ErrorCode::NotFound.into())
}

/// Finds a contact of the organization that is not in the bin.
///
/// # Errors
/// [`ErrorCode::NotFound`] when there is none.
pub(super) async fn present(
    db: &impl ConnectionTrait,
    editor: &Editor,
    id: ContactId,
) -> Result<contact::Model> {
    let row = editor
        .own::<contact::Entity>()
        .filter(contact::Column::Id.eq(id.0))
        .filter(contact::Column::DeletedAt.is_null())
        .one(db)
        .await?;
    row.ok_or_else(|| ErrorCode::NotFound.into())
}

/// Writes an entry of the audit log about a contact.
pub(super) async fn record(
    db: &impl ConnectionTrait,
    editor: &Editor,
    kind: EditKind,
    subject: &str,
) -> Result<()> {
    let action = match kind {
        EditKind::Added => AuditAction::ContactAdded,
        EditKind::Edited => AuditAction::ContactEdited,
        EditKind::Deleted => AuditAction::ContactDeleted,
        EditKind::Restored => AuditAction::ContactRestored,
    };
    audit::record(db, editor, action, subject).await
}

/// Returns a contact as the audit log names it.
pub(super) fn subject(row: &contact::Model) -> String {
    audit::contact_subject(name(row).as_deref(), row.id)
}

/// Returns the stored keys that a contact has after an edit and did not have before it.
pub(super) fn gained_keys(
    before: &contact::Model,
    after: &contact::Model,
    editor: &Editor,
) -> Vec<String> {
    let home = editor.country();
    let known: Vec<Key> = keys_of(before, home);
    let gained = keys_of(after, home).into_iter();
    let gained = gained.filter(|key| !known.contains(key));
    gained.map(|key| stored(&key)).collect()
}

/// Returns true when something identifies a contact: a phone, an e-mail address or a landline. A
/// CPF alone does not.
pub(super) fn is_known(row: &contact::Model) -> bool {
    row.phone.is_some() || row.email.is_some() || row.landline.is_some()
}
