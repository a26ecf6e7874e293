//! Where an organization stands in its first steps, and the systems it said it uses.

use alta_domain::{
    ErrorCode, ImportPlan, OnboardingState, OrganizationId, Step, StepState, SystemChoice,
};
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};
use serde_json::{Value, json};

use crate::access::{Admin, Own};
use crate::accounts::name;
use crate::entity::{onboarding, system_interest};
use crate::error::Result;
use crate::{Store, now};

/// Names typed by hand that are kept.
const MOST_OTHERS: usize = 20;

fn state_of(row: &onboarding::Model) -> OnboardingState {
    let word = |step: Step| {
        row.steps
            .get(step.as_str())
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    OnboardingState {
        current: row.current.as_deref().and_then(Step::parse),
        steps: Step::ALL.map(|step| StepState::parse(word(step))),
    }
}

async fn row(store: &Store, organization: OrganizationId) -> Result<onboarding::Model> {
    let row = onboarding::Entity::find_by_id(organization.0)
        .one(store.read())
        .await?;
    row.ok_or_else(|| ErrorCode::NotFound.into())
}

/// Where the organization stands.
///
/// # Errors
/// When the database fails.
pub async fn state(store: &Store, admin: &Admin) -> Result<OnboardingState> {
    Ok(state_of(&row(store, admin.organization).await?))
}

/// Remembers the step that is on the screen, to return to.
///
/// # Errors
/// When the database fails.
pub async fn enter(store: &Store, admin: &Admin, step: Step) -> Result<OnboardingState> {
    let row = row(store, admin.organization).await?;
    if row.current.as_deref() == Some(step.as_str()) {
        return Ok(state_of(&row));
    }
    let mut change = row.into_active_model();
    change.current = Set(Some(step.as_str().to_owned()));
    Ok(state_of(&change.update(store.write()).await?))
}

/// Finishes a step or leaves it for later, and goes on to the next that is open behind it. A
/// finished step is not made unfinished.
///
/// # Errors
/// When the database fails.
pub async fn leave(
    store: &Store,
    admin: &Admin,
    step: Step,
    outcome: StepState,
) -> Result<OnboardingState> {
    let row = row(store, admin.organization).await?;
    let before = state_of(&row);
    let mut steps = row.steps.clone();
    if before.of(step) != StepState::Done {
        steps[step.as_str()] = json!(outcome.as_str());
    }
    let mut change = row.into_active_model();
    change.current = Set(step.next().map(|next| next.as_str().to_owned()));
    change.steps = Set(steps);
    Ok(state_of(&change.update(store.write()).await?))
}

/// The name of the file that was dropped last and the plan kept for it, so that another visit finds
/// the same columns.
///
/// # Errors
/// When the database fails.
pub async fn kept_plan(store: &Store, admin: &Admin) -> Result<Option<(String, ImportPlan)>> {
    let row = row(store, admin.organization).await?;
    Ok(row
        .mapping
        .and_then(|plan| serde_json::from_value(plan).ok()))
}

/// Keeps the plan.
///
/// # Errors
/// When the database fails.
pub async fn keep_plan(
    store: &Store,
    admin: &Admin,
    file_name: &str,
    plan: &ImportPlan,
) -> Result<()> {
    let mut change = row(store, admin.organization).await?.into_active_model();
    change.mapping = Set(Some(serde_json::to_value((file_name, plan))?));
    change.update(store.write()).await?;
    Ok(())
}

/// The systems the organization said it uses.
///
/// # Errors
/// When the database fails.
pub async fn systems(store: &Store, admin: &Admin) -> Result<SystemChoice> {
    systems_of(store, admin.organization).await
}

pub(crate) async fn systems_of(
    store: &Store,
    organization: OrganizationId,
) -> Result<SystemChoice> {
    let rows = organization
        .own::<system_interest::Entity>()
        .order_by_asc(system_interest::Column::CreatedAt)
        .order_by_asc(system_interest::Column::Name)
        .all(store.read())
        .await?;
    let mut choice = SystemChoice::default();
    for row in rows {
        match row.slug {
            Some(slug) => choice.slugs.push(slug),
            None => choice.others.push(row.name),
        }
    }
    Ok(choice)
}

/// Stores the systems ticked, in place of those before; the interest in one that stays keeps its
/// date.
///
/// # Errors
/// [`ErrorCode::TooLong`] for a name that is too long, or too many of them.
pub async fn choose_systems(store: &Store, admin: &Admin, choice: &SystemChoice) -> Result<()> {
    if choice.others.len() > MOST_OTHERS || choice.slugs.len() > 100 {
        return Err(ErrorCode::TooLong.into());
    }
    let organization = admin.organization.0;
    let mut wanted: Vec<(String, Option<String>)> = choice
        .slugs
        .iter()
        .map(|slug| (slug.clone(), Some(slug.clone())))
        .collect();
    for other in &choice.others {
        let other = name(other)?;
        if !wanted.iter().any(|(known, _)| *known == other) {
            wanted.push((other, None));
        }
    }
    let transaction = store.begin().await?;
    let names = wanted.iter().map(|(name, _)| name.clone());
    admin
        .own_delete::<system_interest::Entity>()
        .filter(system_interest::Column::Name.is_not_in(names))
        .exec(&transaction)
        .await?;
    let rows = wanted
        .into_iter()
        .map(|(name, slug)| system_interest::ActiveModel {
            organization_id: Set(organization),
            name: Set(name),
            slug: Set(slug),
            created_at: Set(now()),
        });
    let keep_first = sea_orm::sea_query::OnConflict::columns([
        system_interest::Column::OrganizationId,
        system_interest::Column::Name,
    ])
    .do_nothing()
    .to_owned();
    for row in rows {
        system_interest::Entity::insert(row)
            .on_conflict(keep_first.clone())
            .exec_without_returning(&transaction)
            .await?;
    }
    transaction.commit().await?;
    Ok(())
}
