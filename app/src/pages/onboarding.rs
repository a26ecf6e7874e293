//! The onboarding wizard: its frame, and one page for each step.

mod columns;
mod connect;
mod file;
mod import;
mod no_file;
mod systems;
mod team;

use alta_domain::{ErrorCode, OnboardingState, Step, Wizard};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_navigate;

use crate::api::onboarding::wizard;
use crate::api::read;
use crate::frame::{Stepper, WizardState, use_wizard};
use crate::importer::ImportSession;
use crate::pages::forbidden::Forbidden;
use crate::ui::{LoadFailure, Skeleton, later, reactive};

pub(crate) use columns::ColumnsPage;
pub(crate) use connect::{ConnectPage, FaultAlert};
pub(crate) use file::FilePage;
pub(crate) use import::ImportPage;
pub(crate) use systems::SystemsPage;
pub(crate) use team::TeamPage;

/// The frame of all steps. It owns the import session, so that the file stays open from step to
/// step.
#[component]
pub(crate) fn OnboardingPage() -> impl IntoView {
    let session = ImportSession::new();
    provide_context(session);
    view! { <Steps ready=Callback::new(move |wizard| session.configure(wizard)) /> }
}

/// The frame of the pages that connect systems, which need no file.
#[component]
pub(crate) fn ConnectFrame() -> impl IntoView {
    view! { <Steps ready=Callback::new(|_| ()) elsewhere=true /> }
}

/// The stepper and the page of the step.
#[component]
fn Steps(
    /// A function that is called with the wizard's state when the server has answered.
    ready: Callback<Wizard>,
    /// True when the steps are pages of another module of the app: the stepper's links then load a
    /// document.
    #[prop(optional)]
    elsewhere: bool,
) -> impl IntoView {
    let wizard = read(wizard);
    let state = WizardState(RwSignal::new(OnboardingState::default()));
    provide_context(state);
    view! {
        <div class="wizard">
            <Suspense fallback=|| {
                view! {
                    <main class="wizard-main">
                        <Skeleton lines=5 />
                    </main>
                }
            }>
                {reactive(move || later(async move {
                    match wizard.answer().await {
                        Ok(wizard) => {
                            state.0.set(wizard.state.clone());
                            ready.run(wizard);
                            view! {
                                <Stepper elsewhere=elsewhere />
                                <main id="content" class="wizard-main">
                                    <Outlet />
                                </main>
                            }
                                .into_any()
                        }
                        Err(error) if error.code == ErrorCode::Forbidden => {
                            view! {
                                <main id="content" class="wizard-main">
                                    <Forbidden />
                                </main>
                            }
                                .into_any()
                        }
                        Err(error) => {
                            view! {
                                <main id="content" class="wizard-main">
                                    <LoadFailure error=error />
                                </main>
                            }
                                .into_any()
                        }
                    }
                }))}
            </Suspense>
        </div>
    }
}

/// The page without a step in its address: it goes to the step where the organization stopped.
#[component]
pub(crate) fn ResumePage() -> impl IntoView {
    let state = use_wizard();
    let navigate = use_navigate();
    Effect::new(move |_| {
        let step = state
            .with_untracked(|state| state.current)
            .unwrap_or(Step::Systems);
        navigate(
            step.path(),
            NavigateOptions {
                replace: true,
                ..NavigateOptions::default()
            },
        );
    });
    view! { <Skeleton lines=5 /> }
}
