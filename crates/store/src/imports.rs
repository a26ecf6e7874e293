//! Imports: begun with a plan, fed batch by batch, closed with a ledger that adds up.

mod batch;
mod bulk;
mod conflicts;
mod consents;
mod contact_state;
mod corrections;
pub mod effect;
mod people;
mod rejects;
pub(crate) mod source;
mod undo;

use std::collections::HashMap;

use alta_domain::{
    AuditAction, Begun, BuiltInField, ErrorCode, FieldPolicy, FieldTarget, ImportId, ImportLedger,
    ImportPlan, ImportState, ImportSummary, OrganizationId, SOURCE_LENGTH, UndoLedger, Unfinished,
    UserId,
};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::access::{Access, Admin};
use crate::entity::import;
use crate::error::{Result, StoreError};
use crate::{Store, audit, fields, lists, now};

pub(crate) use batch::one_at_a_time;
pub use batch::{Prepared, prepare, receive, receive_prepared};
pub use conflicts::{conflicts, resolve};
pub use consents::{ConsentState, of_contact as consents_of};
pub(crate) use contact_state::ContactState;
pub use rejects::{Reject, rejects};
pub use undo::{undo, undo_preview};

/// What is known of the file when its import begins.
#[derive(Clone, Debug)]
pub struct FileFacts {
    /// Its name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// The engine's fingerprint of its content.
    pub fingerprint: u64,
    /// Its data records.
    pub records: u32,
}

/// Begins an import: checks the plan, makes the list. The same file under the same plan goes on
/// where its import was cut off; a corrected list of rejects goes on with the import it comes from.
///
/// # Errors
/// [`ErrorCode::BadPlan`] for a plan without identity column, with one field twice, with a field
/// that is not the organization's, or that grants a channel without its legal basis;
/// [`ErrorCode::NotFound`] for a correction of an import that the organization does not have.
pub async fn begin(
    store: &Store,
    admin: &Admin,
    plan: &ImportPlan,
    file: &FileFacts,
) -> Result<Begun> {
    check_plan(store, admin, plan).await?;
    if let Some(correction) = plan.mapping.correction {
        return corrections::reopen(store, admin, plan, correction.import).await;
    }
    let transaction = store.begin().await?;
    if let Some(begun) = unfinished(&transaction, admin, plan, file).await? {
        return Ok(begun);
    }
    let (list, made_list) = lists::target(&transaction, admin, &plan.list).await?;
    let row = import::ActiveModel {
        list_id: Set(list),
        made_list: Set(made_list),
        file_bytes: Set(i64::try_from(file.bytes).unwrap_or(i64::MAX)),
        fingerprint: Set(file.fingerprint.cast_signed()),
        file_records: Set(i32::try_from(file.records).ok()),
        ..new_row((admin.organization, admin.user), plan, &file.name)?
    };
    let id = import::Entity::insert(row)
        .exec(&transaction)
        .await?
        .last_insert_id;
    audit::record(&transaction, admin, AuditAction::ImportBegun, &file.name).await?;
    transaction.commit().await?;
    Ok(Begun {
        import: ImportId(id),
        sequence: 0,
        records: 0,
    })
}

/// An import of nothing yet, into no list, of this organization and for this user.
fn new_row(
    (organization, user): (OrganizationId, UserId),
    plan: &ImportPlan,
    name: &str,
) -> Result<import::ActiveModel> {
    Ok(import::ActiveModel {
        organization_id: Set(organization.0),
        user_id: Set(user.0),
        list_id: Set(None),
        file_name: Set(name.chars().take(255).collect()),
        file_bytes: Set(0),
        fingerprint: Set(0),
        plan: Set(serde_json::to_value(plan)?),
        correction: Set(None),
        state: Set("running".to_owned()),
        next_sequence: Set(0),
        records: Set(0),
        created: Set(0),
        updated: Set(0),
        unchanged: Set(0),
        merged: Set(0),
        rejected: Set(0),
        dropped: Set(0),
        started_at: Set(now()),
        ended_at: Set(None),
        file_records: Set(None),
        made_list: Set(false),
        kept_out: Set(0),
        connection_id: Set(None),
        ..Default::default()
    })
}

/// The import of this file under this plan that was cut off.
async fn unfinished(
    connection: &impl ConnectionTrait,
    admin: &Admin,
    plan: &ImportPlan,
    file: &FileFacts,
) -> Result<Option<Begun>> {
    let rows = import::Entity::find()
        .filter(import::Column::OrganizationId.eq(admin.organization.0))
        .filter(import::Column::State.eq("running"))
        .filter(import::Column::Correction.is_null())
        .filter(import::Column::ConnectionId.is_null())
        .filter(import::Column::Fingerprint.eq(file.fingerprint.cast_signed()))
        .filter(import::Column::FileBytes.eq(i64::try_from(file.bytes).unwrap_or(i64::MAX)))
        .order_by_desc(import::Column::Id)
        .all(connection)
        .await?;
    for row in rows {
        if serde_json::from_value::<ImportPlan>(row.plan)? == *plan {
            let count = |value: i32| u32::try_from(value).unwrap_or(0);
            return Ok(Some(Begun {
                import: ImportId(row.id),
                sequence: count(row.next_sequence),
                records: count(row.records),
            }));
        }
    }
    Ok(None)
}

async fn check_plan(store: &Store, admin: &Admin, plan: &ImportPlan) -> Result<()> {
    let targets: Vec<FieldTarget> = plan
        .mapping
        .columns
        .iter()
        .filter_map(|column| column.target)
        .collect();
    let identity = targets
        .iter()
        .any(|target| matches!(target, FieldTarget::BuiltIn(field) if field.is_identity()));
    let twice = targets
        .iter()
        .enumerate()
        .any(|(at, target)| targets[..at].contains(target));
    let indices = plan
        .mapping
        .columns
        .iter()
        .zip(0..)
        .all(|(column, at)| column.index == at);
    let known = fields::all(store, admin).await?;
    let own = targets.iter().all(|target| match target {
        FieldTarget::Custom { id, kind } => known
            .iter()
            .any(|field| field.id == *id && field.kind == *kind),
        FieldTarget::BuiltIn(_) | FieldTarget::Consent(_) => true,
    });
    let grounded = !plan.grants() || plan.consent.basis.is_some();
    let sourced = plan.consent.source.chars().count() <= SOURCE_LENGTH;
    let is_tags = |target| target == FieldTarget::BuiltIn(BuiltInField::Tags);
    let merged = plan
        .exceptions
        .iter()
        .all(|exception| exception.policy != FieldPolicy::Merge || is_tags(exception.target));
    if identity && !twice && indices && own && grounded && sourced && merged {
        Ok(())
    } else {
        Err(ErrorCode::BadPlan.into())
    }
}

/// Closes the ledger. An import that has ended stays as it is.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the organization has none of this id.
pub async fn finish(store: &Store, admin: &Admin, id: ImportId) -> Result<ImportSummary> {
    end(store, admin, id, ImportState::Finished).await
}

/// Stops an import; what was received stays, and its ledger says so.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the organization has none of this id.
pub async fn stop(store: &Store, admin: &Admin, id: ImportId) -> Result<ImportSummary> {
    end(store, admin, id, ImportState::Stopped).await
}

async fn end(
    store: &Store,
    admin: &Admin,
    id: ImportId,
    state: ImportState,
) -> Result<ImportSummary> {
    let word = if state == ImportState::Finished {
        "finished"
    } else {
        "stopped"
    };
    import::Entity::update_many()
        .col_expr(import::Column::State, Expr::value(word))
        .col_expr(import::Column::EndedAt, Expr::value(now()))
        .filter(import::Column::OrganizationId.eq(admin.organization.0))
        .filter(import::Column::Id.eq(id.0))
        .filter(import::Column::State.eq("running"))
        .exec(store.write())
        .await?;
    summary(store, &get(store.write(), admin, id).await?).await
}

pub(crate) async fn get(
    connection: &impl ConnectionTrait,
    access: &Access,
    id: ImportId,
) -> Result<import::Model> {
    let of_organization = import::Column::OrganizationId.eq(access.organization.0);
    let row = import::Entity::find_by_id(id.0)
        .filter(of_organization)
        .one(connection)
        .await?;
    row.ok_or_else(|| ErrorCode::NotFound.into())
}

/// One import.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the organization has none of this id.
pub async fn one(store: &Store, admin: &Admin, id: ImportId) -> Result<ImportSummary> {
    summary(store, &get(store.read(), admin, id).await?).await
}

/// Imports of these ids; those the organization does not have are left out.
pub(crate) async fn several(
    store: &Store,
    admin: &Admin,
    ids: Vec<i64>,
) -> Result<HashMap<i64, ImportSummary>> {
    let of_organization = import::Column::OrganizationId.eq(admin.organization.0);
    let rows = import::Entity::find()
        .filter(of_organization)
        .filter(import::Column::Id.is_in(ids))
        .all(store.read())
        .await?;
    let mut found = HashMap::with_capacity(rows.len());
    for row in rows {
        found.insert(row.id, summary(store, &row).await?);
    }
    Ok(found)
}

/// The last import of a file, when it was cut off.
///
/// # Errors
/// When the database fails.
pub async fn last_unfinished(store: &Store, admin: &Admin) -> Result<Option<Unfinished>> {
    let Some(row) = last_row(store, admin)
        .await?
        .filter(|row| row.state == "running" && row.correction.is_none())
    else {
        return Ok(None);
    };
    let percent =
        i64::from(row.records) * 100 / i64::from(row.file_records.unwrap_or(row.records).max(1));
    Ok(Some(Unfinished {
        import: ImportId(row.id),
        percent: u32::try_from(percent).unwrap_or(100),
        plan: serde_json::from_value(row.plan)?,
        file_name: row.file_name,
    }))
}

/// The import of a file that began last.
///
/// # Errors
/// When the database fails.
pub async fn last(store: &Store, access: &Access) -> Result<Option<ImportSummary>> {
    match last_row(store, access).await? {
        Some(row) => Ok(Some(summary(store, &row).await?)),
        None => Ok(None),
    }
}

async fn last_row(store: &Store, access: &Access) -> Result<Option<import::Model>> {
    let of_organization = import::Column::OrganizationId.eq(access.organization.0);
    let of_file = import::Entity::find()
        .filter(of_organization)
        .filter(import::Column::ConnectionId.is_null());
    Ok(of_file
        .order_by_desc(import::Column::Id)
        .one(store.read())
        .await?)
}

async fn summary(store: &Store, row: &import::Model) -> Result<ImportSummary> {
    let state = match row.state.as_str() {
        "running" => ImportState::Running,
        "finished" => ImportState::Finished,
        "stopped" => ImportState::Stopped,
        "undone" => ImportState::Undone,
        other => return Err(StoreError::Broken(format!("import state {other}"))),
    };
    let count = |value: Option<i32>| value.and_then(|value| u32::try_from(value).ok());
    let undone = count(row.undo_removed)
        .zip(count(row.undo_restored))
        .zip(count(row.undo_spared));
    let conflicts = if row.rejected > 0 {
        conflicts::how_many(store, ImportId(row.id)).await?
    } else {
        0
    };
    Ok(ImportSummary {
        id: ImportId(row.id),
        file_name: row.file_name.clone(),
        started_at: row.started_at,
        state,
        ledger: ledger(row),
        of: count(row.file_records),
        conflicts,
        kept_out: u32::try_from(row.kept_out).unwrap_or(0),
        undo_until: undo::until(store, row),
        undone: undone.map(|((removed, restored), spared)| UndoLedger {
            removed,
            restored,
            spared,
        }),
    })
}

pub(crate) fn ledger(row: &import::Model) -> ImportLedger {
    let count = |value: i32| u32::try_from(value).unwrap_or(0);
    ImportLedger {
        records: count(row.records),
        new: count(row.created),
        updated: count(row.updated),
        unchanged: count(row.unchanged),
        merged: count(row.merged),
        rejected: count(row.rejected),
        dropped: count(row.dropped),
    }
}
