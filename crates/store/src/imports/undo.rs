//! An import taken back: the contacts it made go, those it changed get their old values back, and
//! what was changed since stays.

use std::collections::HashMap;

use alta_domain::{
    AuditAction, ConnectionId, ConnectionState, ErrorCode, ImportId, ImportSummary, UndoLedger,
};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::{Map, Value, json};

use super::batch::one_at_a_time;
use super::bulk::{is_one_of, replace};
use super::contact_state::{ContactState, put_back, value_of};
use super::{get, source, summary};
use crate::access::Admin;
use crate::entity::{consent, contact, import, import_change, list, list_member};
use crate::error::Result;
use crate::{Store, audit, now, systems};

/// Contacts restored at a time.
const PAGE: u64 = 1000;
/// Fields of a change that say when the contact was touched, and by which import.
const TOUCHED: [&str; 2] = ["last_import_id", "updated_at"];

/// Until when an import can be taken back.
pub(super) fn until(store: &Store, row: &import::Model) -> Option<i64> {
    let until = row.ended_at? + i64::from(store.limits.undo_days) * 24 * 60 * 60 * 1000;
    (row.state != "undone" && until > now()).then_some(until)
}

/// What a batch is about to change of a contact, as it is kept.
pub(super) fn change(
    import: i64,
    sequence: i32,
    state: &ContactState,
) -> import_change::ActiveModel {
    let mut fields: Map<String, Value> = state
        .changes
        .iter()
        .map(|change| (change.field.clone(), json!([change.old, change.new])))
        .collect();
    fields.insert(TOUCHED[0].to_owned(), json!(state.row.last_import_id));
    fields.insert(TOUCHED[1].to_owned(), json!(state.row.updated_at));
    import_change::ActiveModel {
        import_id: Set(import),
        sequence: Set(sequence),
        contact_id: Set(state.row.id),
        fields: Set(Value::Object(fields)),
    }
}

/// What taking the import back would do; nothing is changed.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the organization has no such import, or it can't be taken back any
/// more.
pub async fn undo_preview(store: &Store, admin: &Admin, id: ImportId) -> Result<UndoLedger> {
    let row = get(store.read(), admin, id).await?;
    until(store, &row).ok_or(ErrorCode::NotFound)?;
    let transaction = store.begin().await?;
    let ledger = restore(&transaction, &row, false).await?;
    transaction.rollback().await?;
    Ok(ledger)
}

/// Takes the import back, in one transaction: it happens whole, or not at all. Its ledger and its
/// rejects stay.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the organization has no such import, or it can't be taken back any
/// more, or was already.
pub async fn undo(store: &Store, admin: &Admin, id: ImportId) -> Result<ImportSummary> {
    let row = get(store.write(), admin, id).await?;
    until(store, &row).ok_or(ErrorCode::NotFound)?;
    let transaction = store.begin().await?;
    one_at_a_time(&transaction, row.organization_id).await?;
    // Of two requests one gets past this line; it also takes SQLite's write lock.
    let gate = import::Entity::update_many()
        .col_expr(import::Column::State, Expr::value("undone"))
        .filter(import::Column::OrganizationId.eq(admin.organization.0))
        .filter(import::Column::Id.eq(id.0))
        .filter(import::Column::State.is_in(["finished", "stopped"]))
        .exec(&transaction)
        .await?;
    if gate.rows_affected == 0 {
        return Err(ErrorCode::NotFound.into());
    }
    let UndoLedger {
        removed,
        restored,
        spared,
    } = restore(&transaction, &row, true).await?;
    list_member::Entity::delete_many()
        .filter(list_member::Column::ImportId.eq(id.0))
        .exec(&transaction)
        .await?;
    consent::Entity::delete_many()
        .filter(consent::Column::ImportId.eq(id.0))
        .exec(&transaction)
        .await?;
    contact::Entity::delete_many()
        .filter(untouched(&row))
        .exec(&transaction)
        .await?;
    remove_list(&transaction, &row).await?;
    let count = |value: u32| Expr::value(i32::try_from(value).unwrap_or(i32::MAX));
    import::Entity::update_many()
        .col_expr(import::Column::UndoRemoved, count(removed))
        .col_expr(import::Column::UndoRestored, count(restored))
        .col_expr(import::Column::UndoSpared, count(spared))
        .filter(import::Column::Id.eq(id.0))
        .exec(&transaction)
        .await?;
    if let Some(connection) = row.connection_id {
        // Its next run would bring back what was just taken back.
        systems::halt(
            &transaction,
            ConnectionId(connection),
            ConnectionState::Paused,
        )
        .await?;
        source::forget_refused(&transaction, connection, row.id).await?;
    }
    audit::record(
        &transaction,
        admin,
        AuditAction::ImportUndone,
        &row.file_name,
    )
    .await?;
    transaction.commit().await?;
    summary(store, &get(store.write(), admin, id).await?).await
}

/// Contacts that the import made and nobody changed since.
fn untouched(row: &import::Model) -> Condition {
    Condition::all()
        .add(contact::Column::OrganizationId.eq(row.organization_id))
        .add(contact::Column::CreatedImportId.eq(row.id))
        .add(contact::Column::LastImportId.eq(row.id))
        .add(contact::Column::UpdatedAt.lte(row.ended_at.unwrap_or(i64::MAX)))
}

/// The list made for the import goes when nobody is in it any more.
async fn remove_list(transaction: &DatabaseTransaction, row: &import::Model) -> Result<()> {
    let Some(id) = row.list_id.filter(|_| row.made_list) else {
        return Ok(());
    };
    let members = list_member::Entity::find()
        .filter(list_member::Column::ListId.eq(id))
        .count(transaction)
        .await?;
    let others = import::Entity::find()
        .filter(import::Column::ListId.eq(id))
        .filter(import::Column::Id.ne(row.id))
        .count(transaction)
        .await?;
    if members == 0 && others == 0 {
        list::Entity::delete_many()
            .filter(list::Column::OrganizationId.eq(row.organization_id))
            .filter(list::Column::Id.eq(id))
            .exec(transaction)
            .await?;
    }
    Ok(())
}

/// Puts old values back, or only counts what would be.
async fn restore(
    transaction: &DatabaseTransaction,
    row: &import::Model,
    write: bool,
) -> Result<UndoLedger> {
    let made = contact::Entity::find()
        .filter(contact::Column::OrganizationId.eq(row.organization_id))
        .filter(contact::Column::CreatedImportId.eq(row.id))
        .count(transaction)
        .await?;
    let removed = contact::Entity::find()
        .filter(untouched(row))
        .count(transaction)
        .await?;
    let count = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
    let mut ledger = UndoLedger {
        removed: count(removed),
        restored: 0,
        spared: count(made - removed),
    };
    let mut behind = 0;
    loop {
        let ids: Vec<i64> = import_change::Entity::find()
            .select_only()
            .column(import_change::Column::ContactId)
            .distinct()
            .filter(import_change::Column::ImportId.eq(row.id))
            .filter(import_change::Column::ContactId.gt(behind))
            .order_by_asc(import_change::Column::ContactId)
            .limit(PAGE)
            .into_tuple()
            .all(transaction)
            .await?;
        let Some(last) = ids.last() else {
            return Ok(ledger);
        };
        behind = *last;
        let mut contacts = restored(transaction, row, &ids).await?;
        for (_, is_whole) in &contacts {
            if *is_whole {
                ledger.restored += 1;
            } else {
                ledger.spared += 1;
            }
        }
        if write {
            contacts.sort_unstable_by_key(|(contact, _)| contact.id);
            let rows: Vec<contact::Model> =
                contacts.into_iter().map(|(contact, _)| contact).collect();
            replace(transaction, &rows).await?;
        }
    }
}

/// Contacts with their old values, and whether they are wholly what they were.
async fn restored(
    transaction: &DatabaseTransaction,
    row: &import::Model,
    ids: &[i64],
) -> Result<Vec<(contact::Model, bool)>> {
    let changes = import_change::Entity::find()
        .filter(import_change::Column::ImportId.eq(row.id))
        .filter(import_change::Column::ContactId.is_in(ids.iter().copied()))
        .order_by_desc(import_change::Column::Sequence)
        .all(transaction)
        .await?;
    let contacts = contact::Entity::find()
        .filter(contact::Column::OrganizationId.eq(row.organization_id))
        .filter(contact::Column::Id.is_in(ids.iter().copied()))
        .all(transaction)
        .await?;
    let owners = owners(transaction, row, &changes).await?;
    let mut contacts: HashMap<i64, (contact::Model, bool)> = contacts
        .into_iter()
        .map(|contact| (contact.id, (contact, true)))
        .collect();
    for change in changes {
        let (Some((contact, is_whole)), Value::Object(fields)) =
            (contacts.get_mut(&change.contact_id), change.fields)
        else {
            continue;
        };
        let by_this = contact.last_import_id == Some(row.id);
        for (field, values) in fields
            .iter()
            .filter(|(field, _)| !TOUCHED.contains(&field.as_str()))
        {
            let text = |at: usize| values.get(at).and_then(Value::as_str).map(str::to_owned);
            let (old, new) = (text(0), text(1));
            let is_taken = old
                .as_ref()
                .and_then(|old| owners.get(&(field.clone(), old.clone())))
                .is_some_and(|owner| *owner != contact.id);
            if value_of(contact, field) == new && !is_taken {
                put_back(contact, field, old);
            } else {
                *is_whole = false;
            }
        }
        if *is_whole && by_this {
            contact.last_import_id = fields.get(TOUCHED[0]).and_then(Value::as_i64);
            contact.updated_at = fields
                .get(TOUCHED[1])
                .and_then(Value::as_i64)
                .unwrap_or(contact.updated_at);
        }
    }
    Ok(contacts.into_values().collect())
}

/// Who has now what these contacts were known by.
async fn owners(
    transaction: &DatabaseTransaction,
    row: &import::Model,
    changes: &[import_change::Model],
) -> Result<HashMap<(String, String), i64>> {
    let mut owners = HashMap::new();
    for (field, column) in [
        ("phone_key", contact::Column::PhoneKey),
        ("email", contact::Column::Email),
        ("tax_id", contact::Column::TaxId),
    ] {
        let old = |change: &import_change::Model| {
            Some(change.fields.get(field)?.get(0)?.as_str()?.to_owned())
        };
        let keys: Vec<String> = changes.iter().filter_map(old).collect();
        if keys.is_empty() {
            continue;
        }
        let found = contact::Entity::find()
            .filter(contact::Column::OrganizationId.eq(row.organization_id))
            .filter(is_one_of(transaction.get_database_backend(), column, keys)?)
            .all(transaction)
            .await?;
        owners.extend(found.into_iter().filter_map(|contact| {
            Some(((field.to_owned(), value_of(&contact, field)?), contact.id))
        }));
    }
    Ok(owners)
}
