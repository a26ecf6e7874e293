//! One import with its problems and its plan, as the Imports page shows it.

use std::collections::HashMap;

use alta_domain::{
    ErrorCode, FieldTarget, ImportDetail, ImportId, ImportPlan, PlanSummary, PlannedColumn,
    ProblemCode,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::listing::entries;
use super::row::{counts_as_reject, get};
use crate::Store;
use crate::access::{Member, Own};
use crate::entity::{field, import, import_reject};
use crate::error::{Result, StoreError};

/// Reads an import. Problems and plan are read for an Admin alone.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the organization has no such import.
pub async fn detail(store: &Store, member: &Member, id: ImportId) -> Result<ImportDetail> {
    let row = get(store.read(), member, id).await?;
    let (problems, plan) = if member.is_admin() {
        (
            problems(store, id).await?,
            Some(plan(store, member, &row).await?),
        )
    } else {
        (Vec::new(), None)
    };
    let listed = entries(store, member, vec![row]).await?;
    Ok(ImportDetail {
        entry: listed.into_iter().next().ok_or(ErrorCode::NotFound)?,
        problems,
        plan,
    })
}

/// Counts the rejects of an import by reason, the most frequent reason first.
async fn problems(store: &Store, id: ImportId) -> Result<Vec<(ProblemCode, u32)>> {
    let rows: Vec<(String, i64)> = import_reject::Entity::find()
        .select_only()
        .column(import_reject::Column::Code)
        .column_as(import_reject::Column::Record.count(), "records")
        .filter(import_reject::Column::ImportId.eq(id.0))
        .filter(counts_as_reject())
        .group_by(import_reject::Column::Code)
        .into_tuple()
        .all(store.read())
        .await?;
    let read = |(code, records): (String, i64)| {
        let code = ProblemCode::parse(&code)
            .ok_or_else(|| StoreError::Broken(format!("problem code {code}")))?;
        Ok((code, u32::try_from(records).unwrap_or(u32::MAX)))
    };
    let mut problems: Vec<_> = rows.into_iter().map(read).collect::<Result<_>>()?;
    problems.sort_by_key(|(code, records)| (std::cmp::Reverse(*records), code.as_str()));
    Ok(problems)
}

/// Reads the plan of an import, with the names of the organization's custom fields.
async fn plan(store: &Store, member: &Member, row: &import::Model) -> Result<PlanSummary> {
    let plan: ImportPlan = serde_json::from_value(row.plan.clone())?;
    let names: HashMap<i64, String> = member
        .own::<field::Entity>()
        .all(store.read())
        .await?
        .into_iter()
        .map(|field| (field.id, field.name))
        .collect();
    let decisions = u32::try_from(plan.mapping.fixes.len()).unwrap_or(u32::MAX);
    let columns = plan.mapping.columns.into_iter().map(|column| {
        let custom = match column.target {
            Some(FieldTarget::Custom { id, .. }) => names.get(&id.0).cloned(),
            _ => None,
        };
        PlannedColumn {
            header: column.header,
            target: column.target,
            custom,
        }
    });
    Ok(PlanSummary {
        columns: columns.collect(),
        policy: plan.policy,
        channels: plan.consent.channels,
        basis: plan.consent.basis,
        source: plan.consent.source,
        decisions,
    })
}
