//! Begins imports: checks the plan, and creates the row of the import.

use alta_domain::{
    AuditAction, Begun, BuiltInField, ConnectionId, ErrorCode, Field, FieldPolicy, FieldTarget,
    Fix, ImportId, ImportPlan, ImportState, OrganizationId, SOURCE_LENGTH, UserId,
};
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder,
};

use super::corrections;
use super::row::{count, is};
use crate::access::{Admin, Own};
use crate::contacts::lists::ImportList;
use crate::contacts::{fields, lists};
use crate::entity::{import, import_list};
use crate::error::Result;
use crate::{Store, audit, now};

/// The most characters of an import's name that are stored.
const MAX_NAME_LENGTH: usize = 255;

/// The file of an import that begins.
#[derive(Clone, Debug)]
pub struct FileFacts {
    /// The name of the file.
    pub name: String,
    /// The size of the file in bytes.
    pub bytes: u64,
    /// A hash of the file's content, made by the import engine.
    pub fingerprint: u64,
    /// The number of records; the header is not one.
    pub records: u32,
}

/// Begins an import: checks the plan, and creates the list that it names when there is none.
///
/// The same file under the same plan continues its import, when that one was cut off. A corrected
/// list of rejects continues the import that rejected them.
///
/// # Errors
/// [`ErrorCode::BadPlan`] for a plan without a column of an identity, with two columns for one
/// field, with a field that is not the organization's, with more decisions about columns than
/// allowed, or that gives a permission without its legal basis; [`ErrorCode::TooLarge`] for a file
/// beyond the limits; [`ErrorCode::NotFound`] for corrections of an import that the organization
/// does not have.
pub async fn begin(
    store: &Store,
    admin: &Admin,
    plan: &ImportPlan,
    file: &FileFacts,
) -> Result<Begun> {
    let limits = store.limits.file;
    if file.bytes > limits.bytes || file.records > limits.records {
        return Err(ErrorCode::TooLarge.into());
    }
    check_plan(store, admin, plan).await?;
    if let Some(correction) = &plan.mapping.correction {
        return corrections::reopen(store, admin, plan, correction.import).await;
    }
    let transaction = store.begin().await?;
    refuse_during_undo(&transaction, admin.organization).await?;
    if let Some(begun) = find_unfinished(&transaction, admin, plan, file).await? {
        return Ok(begun);
    }
    if !has_at_most(plan, store.limits.max_decisions) {
        return Err(ErrorCode::TooManyDecisions.into());
    }
    let mut lists = Vec::new();
    for target in plan.all_lists() {
        let list = lists::find_or_create(&transaction, admin, target).await?;
        if !lists.iter().any(|known: &ImportList| known.id == list.id) {
            lists.push(list);
        }
    }
    let first = lists.first();
    let row = import::ActiveModel {
        list_id: Set(first.and_then(|list| list.id)),
        made_list: Set(first.is_some_and(|list| list.is_new)),
        file_bytes: Set(stored_bytes(file)),
        fingerprint: Set(file.fingerprint.cast_signed()),
        file_records: Set(i32::try_from(file.records).ok()),
        ..empty_row(admin.organization, admin.user, plan, &file.name)?
    };
    let id = import::Entity::insert(row)
        .exec(&transaction)
        .await?
        .last_insert_id;
    insert_lists(&transaction, id, &lists).await?;
    audit::record(&transaction, admin, AuditAction::ImportBegun, &file.name).await?;
    transaction.commit().await?;
    Ok(Begun {
        import: ImportId(id),
        sequence: 0,
        records: 0,
    })
}

/// Stores the lists of an import.
async fn insert_lists(
    transaction: &DatabaseTransaction,
    import: i64,
    lists: &[ImportList],
) -> Result<()> {
    for list in lists {
        let Some(id) = list.id else { continue };
        let row = import_list::ActiveModel {
            import_id: Set(import),
            list_id: Set(id),
            made: Set(list.is_new),
        };
        import_list::Entity::insert(row)
            .exec_without_returning(transaction)
            .await?;
    }
    Ok(())
}

/// Refuses an import while another one of the organization is being undone.
///
/// # Errors
/// [`ErrorCode::UndoUnderWay`].
pub(super) async fn refuse_during_undo(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
) -> Result<()> {
    let undoing = organization
        .own::<import::Entity>()
        .filter(is(ImportState::Undoing))
        .count(connection)
        .await?;
    if undoing > 0 {
        return Err(ErrorCode::UndoUnderWay.into());
    }
    Ok(())
}

/// The import of a system's run, before it begins.
pub(crate) struct SystemImport<'a> {
    pub(crate) organization: OrganizationId,
    /// The user who connected the system.
    pub(crate) user: UserId,
    pub(crate) connection: ConnectionId,
    /// The name of the account in the system; it becomes the name of the import.
    pub(crate) account: &'a str,
}

/// Begins the import of a system's run, and returns its id. Its contacts are added to no list.
///
/// # Errors
/// When the database fails.
pub(crate) async fn begin_of_system(
    connection: &impl ConnectionTrait,
    import: SystemImport<'_>,
    plan: &ImportPlan,
) -> Result<i64> {
    refuse_during_undo(connection, import.organization).await?;
    let row = import::ActiveModel {
        connection_id: Set(Some(import.connection.0)),
        ..empty_row(import.organization, import.user, plan, import.account)?
    };
    Ok(import::Entity::insert(row)
        .exec(connection)
        .await?
        .last_insert_id)
}

/// Returns the row of an import that has received nothing and adds to no list.
fn empty_row(
    organization: OrganizationId,
    user: UserId,
    plan: &ImportPlan,
    name: &str,
) -> Result<import::ActiveModel> {
    Ok(import::ActiveModel {
        organization_id: Set(organization.0),
        user_id: Set(user.0),
        list_id: Set(None),
        file_name: Set(name.chars().take(MAX_NAME_LENGTH).collect()),
        file_bytes: Set(0),
        fingerprint: Set(0),
        plan: Set(serde_json::to_value(plan)?),
        correction: Set(None),
        state: Set(ImportState::Running.as_str().to_owned()),
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
        reading: Set(0),
        has_history: Set(true),
        ..Default::default()
    })
}

/// Returns the size of a file as the column holds it.
fn stored_bytes(file: &FileFacts) -> i64 {
    i64::try_from(file.bytes).unwrap_or(i64::MAX)
}

/// Finds the newest running import of this file under this plan.
async fn find_unfinished(
    connection: &impl ConnectionTrait,
    admin: &Admin,
    plan: &ImportPlan,
    file: &FileFacts,
) -> Result<Option<Begun>> {
    let rows = admin
        .own::<import::Entity>()
        .filter(is(ImportState::Running))
        .filter(import::Column::Correction.is_null())
        .filter(import::Column::ConnectionId.is_null())
        .filter(import::Column::Fingerprint.eq(file.fingerprint.cast_signed()))
        .filter(import::Column::FileBytes.eq(stored_bytes(file)))
        .order_by_desc(import::Column::Id)
        .all(connection)
        .await?;
    for row in rows {
        if serde_json::from_value::<ImportPlan>(row.plan)? == *plan {
            return Ok(Some(Begun {
                import: ImportId(row.id),
                sequence: count(row.next_sequence)?,
                records: count(row.records)?,
            }));
        }
    }
    Ok(None)
}

/// Checks that a plan can be carried out.
async fn check_plan(store: &Store, admin: &Admin, plan: &ImportPlan) -> Result<()> {
    let fields = fields::all(store, admin).await?;
    if is_sound(plan) && has_only_fields_of(plan, &fields) {
        Ok(())
    } else {
        Err(ErrorCode::BadPlan.into())
    }
}

/// Returns true when a plan has at most this number of decisions about its columns: each cell is
/// compared with all decisions of its column. Decisions about single cells are looked up, and do
/// not count.
fn has_at_most(plan: &ImportPlan, most: usize) -> bool {
    let fixes = plan.mapping.fixes.iter();
    fixes
        .filter(|fix| !matches!(fix, Fix::SetCell { .. }))
        .count()
        <= most
}

/// Returns true when a plan keeps the rules that need no database.
fn is_sound(plan: &ImportPlan) -> bool {
    let columns = &plan.mapping.columns;
    let targets: Vec<FieldTarget> = columns.iter().filter_map(|column| column.target).collect();
    let has_repeated_target = targets
        .iter()
        .enumerate()
        .any(|(at, target)| !target.may_repeat() && targets[..at].contains(target));
    let is_in_order = columns
        .iter()
        .zip(0..)
        .all(|(column, at)| column.index == at);
    // Without a basis a column of permissions gives only its refusals.
    let has_basis = plan.consent.channels.is_empty() || plan.consent.basis.is_some();
    let is_source_short = plan.consent.source.chars().count() <= SOURCE_LENGTH;
    let merges_only_tags = plan.exceptions.iter().all(|exception| {
        exception.policy != FieldPolicy::Merge
            || exception.target == FieldTarget::BuiltIn(BuiltInField::Tags)
    });
    plan.mapping.has_identity()
        && !has_repeated_target
        && is_in_order
        && has_basis
        && is_source_short
        && merges_only_tags
}

/// Returns true when all custom fields of a plan are among these.
fn has_only_fields_of(plan: &ImportPlan, fields: &[Field]) -> bool {
    plan.mapping
        .columns
        .iter()
        .all(|column| match column.target {
            Some(FieldTarget::Custom { id, kind }) => fields
                .iter()
                .any(|field| field.id == id && field.kind == kind),
            Some(
                FieldTarget::BuiltIn(_)
                | FieldTarget::Consent(_)
                | FieldTarget::Refusal(_)
                | FieldTarget::PhonePart(_),
            )
            | None => true,
        })
}
