//! Takes back an edit: the contact gets the values from before it, where nobody has changed them
//! since.

use std::collections::HashSet;

use alta_domain::{AuditAction, ContactId, EditId, EditKind, ErrorCode, TakeBackAnswer};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use crate::access::{Editor, Own};
use crate::contacts::bulk::replace;
use crate::contacts::edits::log::{gained_keys, is_known, subject};
use crate::contacts::history::{Part, take_out};
use crate::contacts::keys::{self, keys_of, owners, stored};
use crate::contacts::people::{histories, insert_parts};
use crate::contacts::refusals::{give_keys, release_refusals};
use crate::contacts::undone::{is_free, owners_of_old_keys, undone_among};
use crate::db::lock_organization;
use crate::entity::{contact, contact_change, contact_edit};
use crate::error::Result;
use crate::{Store, audit, now};

/// Takes back an edit of a contact.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the contact has no such edit, the edit added the contact, or it was
/// taken back before; for a contact in the bin also when the edit changed values.
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
    mark_taken_back(&transaction, editor, &before, id).await?;
    let mut parts = histories(&transaction, &[contact.0])
        .await?
        .remove(&contact.0)
        .unwrap_or_default();
    let ids = parts.iter().map(|part| part.import);
    let undone: HashSet<i64> = undone_among(&transaction, ids).await?;
    let of_old = owners_of_old_keys(&transaction, editor.organization, parts.iter()).await?;
    let mut after = before.clone();
    let taken = take_out(&mut after, &mut parts, -id.0, &undone, |name, old| {
        is_free(&of_old, contact.0, name, old)
    });
    // A value that can't come back keeps the edit whole: half of it would lose both values.
    if taken.key_taken {
        return Ok(TakeBackAnswer::KeyTaken);
    }
    if !taken.restored {
        return Ok(TakeBackAnswer::ChangedSince);
    }
    if is_known(&before) && !is_known(&after) {
        return Ok(TakeBackAnswer::LastKey);
    }
    let gained = gained_keys(&before, &after, editor);
    let of_gained = owners(&transaction, editor.organization, gained).await?;
    if of_gained.values().any(|owner| *owner != contact.0) {
        return Ok(TakeBackAnswer::KeyTaken);
    }
    let subject = subject(&after);
    write(store, &transaction, editor, (before, after), parts).await?;
    audit::record(&transaction, editor, AuditAction::EditTakenBack, &subject).await?;
    transaction.commit().await?;
    Ok(TakeBackAnswer::TakenBack)
}

/// Marks an edit as taken back. Of two requests one gets past this update.
async fn mark_taken_back(
    transaction: &DatabaseTransaction,
    editor: &Editor,
    contact: &contact::Model,
    id: EditId,
) -> Result<()> {
    // Nobody changes the values of a contact in the bin.
    let allowed = match contact.deleted_at {
        Some(_) => contact_edit::Column::Kind.eq(EditKind::Deleted.as_str()),
        None => contact_edit::Column::Kind.ne(EditKind::Added.as_str()),
    };
    let marked = editor
        .own_update::<contact_edit::Entity>()
        .col_expr(contact_edit::Column::TakenBackAt, Expr::value(now()))
        .filter(contact_edit::Column::Id.eq(id.0))
        .filter(contact_edit::Column::ContactId.eq(contact.id))
        .filter(allowed)
        .filter(contact_edit::Column::TakenBackAt.is_null())
        .exec(transaction)
        .await?;
    if marked.rows_affected == 0 {
        return Err(ErrorCode::NotFound.into());
    }
    Ok(())
}

/// Writes the contact as it is `after` the edit was taken back, with its keys and its history
/// `parts`.
async fn write(
    store: &Store,
    transaction: &DatabaseTransaction,
    editor: &Editor,
    (before, after): (contact::Model, contact::Model),
    parts: Vec<Part>,
) -> Result<()> {
    let (id, organization) = (after.id, editor.organization);
    let left = keys_of(&after, editor.country());
    let left: Vec<String> = left.iter().map(stored).collect();
    let lost = gained_keys(&after, &before, editor);
    let gained = gained_keys(&before, &after, editor).into_iter();
    let gained: Vec<(String, i64)> = gained.map(|key| (key, id)).collect();
    keys::delete(transaction, organization.0, lost).await?;
    replace(transaction, &[after]).await?;
    let vault = &store.vault;
    release_refusals(transaction, vault, organization, &[(id, left)]).await?;
    give_keys(transaction, vault, organization, &gained, now()).await?;
    contact_change::Entity::delete_many()
        .filter(contact_change::Column::ContactId.eq(id))
        .exec(transaction)
        .await?;
    let parts: Vec<(i64, Part)> = parts.into_iter().map(|part| (id, part)).collect();
    insert_parts(transaction, &parts).await
}
