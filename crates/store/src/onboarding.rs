//! The onboarding of an organization: its first steps, the plan for its first file, and the systems
//! that it uses.

use alta_domain::{
    ErrorCode, ImportPlan, OnboardingState, OrganizationId, Step, StepState, SystemChoice,
};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};
use serde_json::{Value, json};

use crate::access::{Admin, Own};
use crate::entity::{onboarding, system_interest};
use crate::error::{Result, StoreError};
use crate::names::checked_name;
use crate::{Store, now};

/// The most systems of the catalogue that are stored.
const MOST_SLUGS: usize = 100;
/// The most systems that are stored by a name that was typed.
const MOST_OTHERS: usize = 20;

/// Reads the state of the steps from a row.
fn state_of(row: &onboarding::Model) -> Result<OnboardingState> {
    let word = |step: Step| {
        row.steps
            .get(step.as_str())
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let current = row.current.as_deref().map(|current| {
        Step::parse(current).ok_or_else(|| StoreError::Broken(format!("step {current}")))
    });
    Ok(OnboardingState {
        current: current.transpose()?,
        steps: Step::ALL.map(|step| StepState::parse(word(step))),
    })
}

async fn row(store: &Store, organization: OrganizationId) -> Result<onboarding::Model> {
    let row = onboarding::Entity::find_by_id(organization.0)
        .one(store.read())
        .await?;
    row.ok_or_else(|| ErrorCode::NotFound.into())
}

/// Reads the state of the organization's onboarding.
///
/// # Errors
/// When the database fails.
pub async fn state(store: &Store, admin: &Admin) -> Result<OnboardingState> {
    state_of(&row(store, admin.organization).await?)
}

/// Stores the step that is on the screen, to return to it.
///
/// # Errors
/// When the database fails.
pub async fn enter(store: &Store, admin: &Admin, step: Step) -> Result<OnboardingState> {
    let row = row(store, admin.organization).await?;
    if row.current.as_deref() == Some(step.as_str()) {
        return state_of(&row);
    }
    let mut change = row.into_active_model();
    change.current = Set(Some(step.as_str().to_owned()));
    state_of(&change.update(store.write()).await?)
}

/// Finishes or skips a step, and makes the next one the current step. A step that was finished
/// before stays finished.
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
    let before = state_of(&row)?;
    let mut steps = row.steps.clone();
    if before.of(step) != StepState::Done {
        steps[step.as_str()] = json!(outcome.as_str());
    }
    let mut change = row.into_active_model();
    change.current = Set(step.next().map(|next| next.as_str().to_owned()));
    change.steps = Set(steps);
    state_of(&change.update(store.write()).await?)
}

/// Reads the name of the file that was dropped last and the plan that was stored for it, so that
/// another visit finds the same columns. Returns `None` before a plan was stored.
///
/// # Errors
/// [`StoreError::Broken`] when the stored plan can't be read.
pub async fn kept_plan(store: &Store, admin: &Admin) -> Result<Option<(String, ImportPlan)>> {
    let row = row(store, admin.organization).await?;
    Ok(row.mapping.map(serde_json::from_value).transpose()?)
}

/// Stores the plan for a file.
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

/// Reads the systems that the organization has chosen.
///
/// # Errors
/// When the database fails.
pub async fn systems(store: &Store, admin: &Admin) -> Result<SystemChoice> {
    systems_of(store, admin.organization).await
}

/// Reads the systems that an organization has chosen.
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

/// Stores the systems that the organization has chosen, in place of those before. A system that was
/// chosen before keeps its date.
///
/// # Errors
/// [`ErrorCode::TooLong`] for a name that is too long, or for too many systems.
pub async fn choose_systems(store: &Store, admin: &Admin, choice: &SystemChoice) -> Result<()> {
    let chosen = chosen_systems(choice)?;
    let transaction = store.begin().await?;
    let names = chosen.iter().map(|system| system.name.clone());
    admin
        .own_delete::<system_interest::Entity>()
        .filter(system_interest::Column::Name.is_not_in(names))
        .exec(&transaction)
        .await?;
    let keep_first = OnConflict::columns([
        system_interest::Column::OrganizationId,
        system_interest::Column::Name,
    ])
    .do_nothing()
    .to_owned();
    for system in chosen {
        let row = system_interest::ActiveModel {
            organization_id: Set(admin.organization.0),
            name: Set(system.name),
            slug: Set(system.slug),
            created_at: Set(now()),
        };
        system_interest::Entity::insert(row)
            .on_conflict(keep_first.clone())
            .exec_without_returning(&transaction)
            .await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// A system that an organization has chosen.
struct ChosenSystem {
    /// The slug of a system of the catalogue, or the name that was typed.
    name: String,
    /// The slug in the catalogue; `None` for a name that was typed.
    slug: Option<String>,
}

/// Checks a choice of systems; a name that was typed twice counts once.
fn chosen_systems(choice: &SystemChoice) -> Result<Vec<ChosenSystem>> {
    if choice.others.len() > MOST_OTHERS || choice.slugs.len() > MOST_SLUGS {
        return Err(ErrorCode::TooLong.into());
    }
    let slugs = choice.slugs.iter().map(|slug| ChosenSystem {
        name: slug.clone(),
        slug: Some(slug.clone()),
    });
    let mut chosen: Vec<ChosenSystem> = slugs.collect();
    for other in &choice.others {
        let name = checked_name(other)?;
        if !chosen.iter().any(|system| system.name == name) {
            chosen.push(ChosenSystem { name, slug: None });
        }
    }
    Ok(chosen)
}
