//! Takes back an edit: the contact gets the values from before it, where nobody has changed them
//! since.

use std::collections::HashSet;

use alta_domain::{AuditAction, ContactId, EditId, EditKind, ErrorCode, TakeBackAnswer};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use crate::access::{Editor, Own};
use crate::contacts::bulk::replace;
use crate::contacts::history::{Part, take_out};
use crate::contacts::keys::{self, keys_of, stored};
use crate::contacts::people::{histories, insert_parts};
use crate::contacts::search::entry;
use crate::contacts::undone::{is_free, owners_of_old_keys, undone_among};
use crate::db::lock_organization;
use crate::entity::{contact, contact_change, contact_edit};
use crate::error::Result;
use crate::{Store, audit, now};

/// Takes back an edit of a contact.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the contact has no such edit, the edit added the contact, or it was
/// taken back before.
pub async fn take_back(
    store: &Store,
    editor: &Editor,
    contact: ContactId,
    id: EditId,
) -> Result<TakeBackAnswer> {
    let transaction = store.begin().await?;
    lock_organization(&transaction, editor.organization).await?;
    let before = editor
        .own::<contact::Entity>()
        .filter(contact::Column::Id.eq(contact.0))
        .one(&transaction)
        .await?
        .ok_or(ErrorCode::NotFound)?;
    mark_taken_back(&transaction, editor, contact, id).await?;
    let mut parts = histories(&transaction, &[contact.0])
        .await?
        .remove(&contact.0)
        .unwrap_or_default();
    let ids = parts.iter().map(|part| part.import);
    let undone: HashSet<i64> = undone_among(&transaction, ids).await?;
    let owners = owners_of_old_keys(&transaction, editor.organization, parts.iter()).await?;
    let mut after = before.clone();
    let taken = take_out(&mut after, &mut parts, -id.0, &undone, |name, old| {
        is_free(&owners, contact.0, name, old)
    });
    if !taken.restored {
        return Ok(if taken.key_taken {
            TakeBackAnswer::KeyTaken
        } else {
            TakeBackAnswer::ChangedSince
        });
    }
    let home = editor.country();
    if keys_of(&after, home).is_empty() && !keys_of(&before, home).is_empty() {
        return Ok(TakeBackAnswer::LastKey);
    }
    let name = entry(&after).name;
    write(&transaction, editor, before, after, parts).await?;
    let subject = format!("{name} (#{contact})");
    audit::record(&transaction, editor, AuditAction::EditTakenBack, &subject).await?;
    transaction.commit().await?;
    Ok(TakeBackAnswer::TakenBack)
}

/// Marks an edit as taken back. Of two requests one gets past this update.
async fn mark_taken_back(
    transaction: &DatabaseTransaction,
    editor: &Editor,
    contact: ContactId,
    id: EditId,
) -> Result<()> {
    let marked = editor
        .own_update::<contact_edit::Entity>()
        .col_expr(contact_edit::Column::TakenBackAt, Expr::value(now()))
        .filter(contact_edit::Column::Id.eq(id.0))
        .filter(contact_edit::Column::ContactId.eq(contact.0))
        .filter(contact_edit::Column::Kind.ne(EditKind::Added.as_str()))
        .filter(contact_edit::Column::TakenBackAt.is_null())
        .exec(transaction)
        .await?;
    if marked.rows_affected == 0 {
        return Err(ErrorCode::NotFound.into());
    }
    Ok(())
}

/// Writes the contact, its keys and its history.
async fn write(
    transaction: &DatabaseTransaction,
    editor: &Editor,
    before: contact::Model,
    after: contact::Model,
    parts: Vec<Part>,
) -> Result<()> {
    let (id, organization) = (after.id, editor.organization.0);
    let keys = |row: &contact::Model| -> Vec<String> {
        keys_of(row, editor.country()).iter().map(stored).collect()
    };
    let (old, new) = (keys(&before), keys(&after));
    let lost = old.iter().filter(|key| !new.contains(key)).cloned();
    let gained = new.iter().filter(|key| !old.contains(key)).cloned();
    keys::delete(transaction, organization, lost.collect()).await?;
    replace(transaction, &[after]).await?;
    let gained: Vec<(String, i64)> = gained.map(|key| (key, id)).collect();
    keys::insert(transaction, organization, &gained).await?;
    contact_change::Entity::delete_many()
        .filter(contact_change::Column::ContactId.eq(id))
        .exec(transaction)
        .await?;
    let parts: Vec<(i64, Part)> = parts.into_iter().map(|part| (id, part)).collect();
    insert_parts(transaction, &parts).await
}
