//! Server functions of the wizard: its steps, the systems, the fields and lists of the mapping.

use alta_domain::{
    Field, ImportPlan, ListSummary, NewField, OnboardingState, Step, StepState, SystemChoice,
    SystemEntry, Wizard,
};
use leptos::prelude::*;
use server_fn::codec::Postcard;

use super::AppError;

/// Reads everything that the wizard needs to begin.
///
/// # Errors
/// `SignedOut`, `Forbidden`.
#[server(
    name = ReadWizard,
    prefix = "/api",
    endpoint = "onboarding/wizard",
    input = Postcard,
    output = Postcard,
)]
pub async fn wizard() -> Result<Wizard, AppError> {
    use super::caller::{Settings, admin, store};
    let (store, admin) = (store(), admin()?);
    let limits = use_context::<Settings>()
        .map_or_else(alta_domain::FileLimits::default, |settings| settings.limits);
    let state = alta_store::onboarding::state(&store, &admin).await?;
    let kept = alta_store::onboarding::kept_plan(&store, &admin).await?;
    let unfinished = alta_store::imports::last_unfinished(&store, &admin).await?;
    Ok(Wizard {
        state,
        limits,
        country: admin.country(),
        owner: format!("{}/{}", admin.me().organization, admin.me().email),
        kept,
        unfinished,
    })
}

/// Stores which step is on the screen.
///
/// # Errors
/// `SignedOut`, `Forbidden`.
#[server(prefix = "/api", endpoint = "onboarding/enter", input = Postcard, output = Postcard)]
pub async fn enter_step(step: Step) -> Result<OnboardingState, AppError> {
    use super::caller::{admin, store};
    Ok(alta_store::onboarding::enter(&store(), &admin()?, step).await?)
}

/// Stores that a step is done or left for later.
///
/// # Errors
/// `SignedOut`, `Forbidden`.
#[server(prefix = "/api", endpoint = "onboarding/leave", input = Postcard, output = Postcard)]
pub async fn leave_step(step: Step, outcome: StepState) -> Result<OnboardingState, AppError> {
    use super::caller::{admin, store};
    Ok(alta_store::onboarding::leave(&store(), &admin()?, step, outcome).await?)
}

/// Reads the catalogue of systems, and the systems that the organization chose.
///
/// # Errors
/// `SignedOut`, `Forbidden`.
#[server(prefix = "/api", endpoint = "onboarding/systems", input = Postcard, output = Postcard)]
pub async fn systems() -> Result<(Vec<SystemEntry>, SystemChoice), AppError> {
    use super::caller::{Settings, admin, store};
    let catalogue = expect_context::<Settings>().catalogue;
    let choice = alta_store::onboarding::systems(&store(), &admin()?).await?;
    Ok((catalogue.entries().to_vec(), choice))
}

/// Stores the chosen systems; returns the slug of the first of them that can be connected and has
/// no connection yet.
///
/// # Errors
/// `NotFound` for a system that is not in the catalogue.
#[server(
    prefix = "/api",
    endpoint = "onboarding/choose_systems",
    input = Postcard,
    output = Postcard,
)]
pub async fn choose_systems(choice: SystemChoice) -> Result<Option<String>, AppError> {
    use super::caller::{Settings, admin, store};
    let (store, admin, catalogue) = (store(), admin()?, expect_context::<Settings>().catalogue);
    if !choice
        .slugs
        .iter()
        .all(|slug| catalogue.entry(slug).is_some())
    {
        return Err(alta_store::StoreError::from(alta_domain::ErrorCode::NotFound).into());
    }
    alta_store::onboarding::choose_systems(&store, &admin, &choice).await?;
    let connections = alta_store::systems::list(&store, &admin).await?;
    Ok(super::systems::next_to_connect(
        &catalogue,
        &choice.slugs,
        &connections,
    ))
}

/// Stores the plan of the next import, so that a later visit finds the plan.
///
/// # Errors
/// `SignedOut`, `Forbidden`.
#[server(prefix = "/api", endpoint = "onboarding/keep_plan", input = Postcard, output = Postcard)]
pub async fn keep_plan(file_name: String, plan: ImportPlan) -> Result<(), AppError> {
    use super::caller::{admin, store};
    Ok(alta_store::onboarding::keep_plan(&store(), &admin()?, &file_name, &plan).await?)
}

/// Lists the organization's custom fields and lists.
///
/// # Errors
/// `SignedOut`, `Forbidden`.
#[server(prefix = "/api", endpoint = "onboarding/targets", input = Postcard, output = Postcard)]
pub async fn targets() -> Result<(Vec<Field>, Vec<ListSummary>), AppError> {
    use super::caller::{admin, store};
    let (store, admin) = (store(), admin()?);
    Ok((
        alta_store::contacts::fields::all(&store, &admin).await?,
        alta_store::contacts::lists::all(&store, &admin).await?,
    ))
}

/// Creates a custom field.
///
/// # Errors
/// `NameTaken`, `Missing`, `TooLong`.
#[server(
    prefix = "/api",
    endpoint = "onboarding/create_field",
    input = Postcard,
    output = Postcard,
)]
pub async fn create_field(field: NewField) -> Result<Field, AppError> {
    use super::caller::{admin, store};
    Ok(alta_store::contacts::fields::create(&store(), &admin()?, &field).await?)
}
