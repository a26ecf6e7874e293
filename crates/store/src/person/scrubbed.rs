//! Places in which single values of people stand among other data: the plans of imports, what
//! imports that are being received know of people, and the audit log.

use std::collections::HashSet;

use alta_domain::{AuditAction, Fix, ImportPlan, ImportState, OrganizationId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde_json::Value;

use super::traces::Traces;
use crate::access::Own;
use crate::audit::contact_of;
use crate::entity::{audit_entry, import, import_person, onboarding};
use crate::error::Result;

/// The rows that are read at a time.
const PAGE: u64 = 2000;

/// The actions whose entries of the audit log name a contact.
const OF_CONTACTS: [AuditAction; 6] = [
    AuditAction::PermissionNoted,
    AuditAction::ContactAdded,
    AuditAction::ContactEdited,
    AuditAction::ContactDeleted,
    AuditAction::ContactRestored,
    AuditAction::EditTakenBack,
];

/// The rows with values of people.
#[derive(Clone, Debug, Default)]
pub(super) struct FoundValues {
    /// The imports whose plan has decisions about people.
    plans: Vec<i64>,
    /// True when the kept mapping of the organization has such decisions.
    in_mapping: bool,
    /// Persons of imports that are being received: the import, the reading and the record.
    persons: Vec<(i64, i32, i32)>,
    /// Entries of the audit log, each with its contact.
    entries: Vec<(i64, i64)>,
}

/// Finds the rows of an organization with values of people. `ids` are their contacts.
pub(super) async fn find_values(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    ids: &[i64],
    traces: &Traces,
) -> Result<FoundValues> {
    let mut found = FoundValues::default();
    let imports = organization.own::<import::Entity>().all(db).await?;
    for import in &imports {
        let plans = [Some(&import.plan), import.correction.as_ref()];
        let mut plans = plans.into_iter().flatten();
        if plans.any(|plan| scrubbed(plan, received(import), traces).is_some()) {
            found.plans.push(import.id);
        }
        if import.state == ImportState::Running.as_str() {
            found.persons.extend(persons(db, import.id, traces).await?);
        }
    }
    let kept = organization.own::<onboarding::Entity>().one(db).await?;
    let mapping = kept.and_then(|row| row.mapping);
    found.in_mapping = mapping.is_some_and(|plan| scrubbed(&plan, None, traces).is_some());
    found.entries = entries(db, organization, ids).await?;
    Ok(found)
}

/// Returns the number of records of a running import that were received: the decisions about them
/// are not needed any more. `None` for an import that has ended, which needs no decision.
fn received(import: &import::Model) -> Option<u32> {
    let is_running = import.state == ImportState::Running.as_str();
    is_running.then(|| u32::try_from(import.records).unwrap_or(0))
}

/// Returns a plan without the decisions about people; `None` when it has none. Of an import that is
/// being received only decisions about the first `received` records go.
fn scrubbed(plan: &Value, received: Option<u32>, traces: &Traces) -> Option<Value> {
    let mut plan: ImportPlan = serde_json::from_value(plan.clone()).ok()?;
    let before = plan.mapping.fixes.len();
    plan.mapping.fixes.retain(|fix| {
        let is_needed = match (fix, received) {
            (Fix::SetCell { record, .. }, Some(received)) => *record > received,
            (_, Some(_)) => true,
            (_, None) => false,
        };
        is_needed || !is_about(fix, traces)
    });
    let is_shorter = plan.mapping.fixes.len() < before;
    is_shorter
        .then(|| serde_json::to_value(plan).ok())
        .flatten()
}

/// Returns true when a text of a decision is a value of people.
fn is_about(fix: &Fix, traces: &Traces) -> bool {
    let texts: Vec<&String> = match fix {
        Fix::SetCell { text, .. } => vec![text],
        Fix::Replace { from, to, .. } => vec![from, to],
        Fix::ReplaceText { find, to, .. } => vec![find, to],
        Fix::SharedKey { value, .. } => value.iter().collect(),
        _ => Vec::new(),
    };
    texts.into_iter().any(|text| traces.is_in_decision(text))
}

/// Finds the persons of an import who have keys of the people.
async fn persons(
    db: &impl ConnectionTrait,
    import: i64,
    traces: &Traces,
) -> Result<Vec<(i64, i32, i32)>> {
    let mut found = Vec::new();
    let mut after = (i32::MIN, i32::MIN);
    loop {
        let is_next = Condition::any()
            .add(import_person::Column::Reading.gt(after.0))
            .add(
                Condition::all()
                    .add(import_person::Column::Reading.eq(after.0))
                    .add(import_person::Column::Record.gt(after.1)),
            );
        let page = import_person::Entity::find()
            .filter(import_person::Column::ImportId.eq(import))
            .filter(is_next)
            .order_by_asc(import_person::Column::Reading)
            .order_by_asc(import_person::Column::Record)
            .limit(PAGE)
            .all(db)
            .await?;
        let Some(last) = page.last() else {
            return Ok(found);
        };
        after = (last.reading, last.record);
        let theirs = page
            .into_iter()
            .filter(|row| traces.is_in_json(&row.person));
        found.extend(theirs.map(|row| (import, row.reading, row.record)));
    }
}

/// Finds the entries of the audit log that name these contacts: `Bia Souza (#12)`, or `#12`, each
/// with more behind it when it is about a permission.
async fn entries(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    ids: &[i64],
) -> Result<Vec<(i64, i64)>> {
    let ids: HashSet<i64> = ids.iter().copied().collect();
    let mut found = Vec::new();
    let mut after = 0;
    loop {
        let page: Vec<(i64, String)> = organization
            .own::<audit_entry::Entity>()
            .select_only()
            .column(audit_entry::Column::Id)
            .column(audit_entry::Column::Subject)
            .filter(audit_entry::Column::Id.gt(after))
            .filter(audit_entry::Column::Action.is_in(OF_CONTACTS.map(AuditAction::as_str)))
            .order_by_asc(audit_entry::Column::Id)
            .limit(PAGE)
            .into_tuple()
            .all(db)
            .await?;
        let Some((last, _)) = page.last() else {
            return Ok(found);
        };
        after = *last;
        for (entry, subject) in page {
            let contact = contact_of(&subject);
            found.extend(contact.filter(|id| ids.contains(id)).map(|id| (entry, id)));
        }
    }
}

/// Removes the values of people from the rows that were found.
pub(super) async fn erase_values(
    transaction: &DatabaseTransaction,
    organization: OrganizationId,
    found: &FoundValues,
    traces: &Traces,
) -> Result<()> {
    for id in &found.plans {
        scrub_plan(transaction, organization, *id, traces).await?;
    }
    if found.in_mapping {
        let kept = organization
            .own::<onboarding::Entity>()
            .one(transaction)
            .await?;
        let mapping = kept.and_then(|row| row.mapping);
        if let Some(less) = mapping.and_then(|plan| scrubbed(&plan, None, traces)) {
            organization
                .own_update::<onboarding::Entity>()
                .col_expr(onboarding::Column::Mapping, Expr::value(less))
                .exec(transaction)
                .await?;
        }
    }
    for (import, reading, record) in &found.persons {
        import_person::Entity::delete_many()
            .filter(import_person::Column::ImportId.eq(*import))
            .filter(import_person::Column::Reading.eq(*reading))
            .filter(import_person::Column::Record.eq(*record))
            .exec(transaction)
            .await?;
    }
    for (entry, contact) in &found.entries {
        organization
            .own_update::<audit_entry::Entity>()
            .col_expr(
                audit_entry::Column::Subject,
                Expr::value(format!("#{contact}")),
            )
            .filter(audit_entry::Column::Id.eq(*entry))
            .exec(transaction)
            .await?;
    }
    Ok(())
}

/// Removes decisions about people from the plans of an import. Each plan is written only when it is
/// still the one that was read.
async fn scrub_plan(
    transaction: &DatabaseTransaction,
    organization: OrganizationId,
    id: i64,
    traces: &Traces,
) -> Result<()> {
    let imports = organization
        .own::<import::Entity>()
        .filter(import::Column::Id.eq(id));
    let Some(import) = imports.one(transaction).await? else {
        return Ok(());
    };
    let received = received(&import);
    let plans = [
        (import::Column::Plan, Some(&import.plan)),
        (import::Column::Correction, import.correction.as_ref()),
    ];
    for (column, plan) in plans {
        let Some(less) = plan.and_then(|plan| scrubbed(plan, received, traces)) else {
            continue;
        };
        organization
            .own_update::<import::Entity>()
            .col_expr(column, Expr::value(less))
            .filter(import::Column::Id.eq(id))
            .filter(import::Column::Reading.eq(import.reading))
            .exec(transaction)
            .await?;
    }
    Ok(())
}
