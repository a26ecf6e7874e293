//! The wizard's frame: the stepper, a step's page, its bar of actions.

use alta_domain::{OnboardingState, Step, StepState};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::{use_location, use_navigate};

use super::PageTitle;
use crate::api::onboarding::{enter_step, leave_step};
use crate::reader::use_i18n;
use crate::ui::{Alert, Button, ButtonKind, Icon, Tone, reactive, reactive_attr};
use crate::words::{self, text, word};

/// The path of the pages on which systems are connected.
const CONNECT: &str = "/onboarding/connect/";

/// The organization's progress through the steps, shared by the wizard's pages.
#[derive(Clone, Copy)]
pub(crate) struct WizardState(pub(crate) RwSignal<OnboardingState>);

/// Returns the organization's progress through the steps.
pub(crate) fn use_wizard() -> RwSignal<OnboardingState> {
    expect_context::<WizardState>().0
}

/// Makes a function that records the outcome of a step and goes to the next page.
pub(crate) fn go_on(
    step: Step,
    error: RwSignal<Option<alta_domain::ErrorCode>>,
) -> impl Fn(StepState) + Copy + Send + Sync + 'static {
    let state = use_wizard();
    let navigate = StoredValue::new(use_navigate());
    move |outcome| {
        spawn_local(async move {
            match leave_step(step, outcome).await {
                Ok(now) => {
                    state.set(now);
                    match step.next() {
                        Some(next) => navigate.with_value(|navigate| {
                            navigate(next.path(), leptos_router::NavigateOptions::default());
                        }),
                        None => {
                            let _ = window().location().set_href("/");
                        }
                    }
                }
                Err(failed) => error.set(Some(failed.code)),
            }
        });
    }
}

/// The list of the five steps with the state of each; on a phone, dots and the name of the step.
#[component]
pub(crate) fn Stepper(
    /// True where the steps are pages of another module, so that a link must load a document.
    elsewhere: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let location = use_location();
    let current = Memo::new(move |_| {
        location.pathname.with(|path| {
            Step::ALL
                .into_iter()
                .find(|step| path.starts_with(step.path()))
                .or(path.starts_with(CONNECT).then_some(Step::Systems))
        })
    });
    let item = move |(at, step): (usize, Step)| {
        let is_current = Signal::derive(move || current.get() == Some(step));
        view! { <StepItem at=at step=step is_current=is_current elsewhere=elsewhere /> }.into_any()
    };
    view! {
        <nav class="stepper" aria-label=text!(i18n, steps.label)>
            <p class="text-sm font-medium lg:hidden">
                {reactive(move || {
                    let at = current
                        .get()
                        .and_then(|step| Step::ALL.iter().position(|known| *known == step))
                        .map_or(1, |at| at + 1);
                    let name = current
                        .get()
                        .map(|step| words::step(i18n, step))
                        .unwrap_or_default();
                    format!("{}: {name}", word!(i18n, steps.of, n = at))
                })}
            </p>
            <ol class="step-list">{Step::ALL.into_iter().enumerate().map(item).collect_view()}</ol>
        </nav>
    }
}

/// A step in the list of steps: its number or a check mark, and the link to it.
#[component]
fn StepItem(at: usize, step: Step, is_current: Signal<bool>, elsewhere: bool) -> impl IntoView {
    let i18n = use_i18n();
    let state = use_wizard();
    let step_state = move || state.with(|state| state.of(step));
    let mark = move || match step_state() {
        StepState::Done => view! { <Icon name="icon-[lucide--check]" class="size-4" /> }.into_any(),
        _ => view! { <span aria-hidden="true">{at + 1}</span> }.into_any(),
    };
    let note = move || match step_state() {
        StepState::Done => format!(", {}", word!(i18n, steps.done)),
        StepState::Skipped => format!(", {}", word!(i18n, steps.skipped)),
        StepState::Open => String::new(),
    };
    view! {
        <li
            class="step-item"
            class:is-current=move || is_current.get()
            class:is-done=reactive_attr(move || step_state() == StepState::Done)
        >
            <A
                href=step.path()
                attr:class="step-link"
                attr:rel=elsewhere.then_some("external")
                attr:aria-current=reactive_attr(move || is_current.get().then_some("step"))
            >
                <span class="step-mark">{reactive(mark)}</span>
                <span class="step-name">
                    {reactive(move || words::step(i18n, step))}
                    <span class="sr-only">{reactive(note)}</span>
                </span>
            </A>
        </li>
    }
}

/// A step's page: title, content, and a bar with the buttons to go back, to leave the step for
/// later, and for the main action.
#[expect(
    clippy::needless_pass_by_value,
    reason = "properties of a component are its own"
)]
#[component]
pub(crate) fn StepPage(
    step: Step,
    #[prop(into)] title: Signal<String>,
    #[prop(into)] lead: Signal<String>,
    /// The error of the page's own calls.
    #[prop(into)]
    error: RwSignal<Option<alta_domain::ErrorCode>>,
    #[prop(into)] primary: ViewFn,
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let state = use_wizard();
    let go_on = go_on(step, error);
    Effect::new(move |_| {
        spawn_local(async move {
            if let Ok(now) = enter_step(step).await {
                state.set(now);
            }
        });
    });
    let back = step.previous().map(|previous| {
        view! {
            <A href=previous.path() attr:class="btn btn-ghost min-h-11">
                <Icon name="icon-[lucide--arrow-left]" />
                {text!(i18n, common.back)}
            </A>
        }
    });
    view! {
        <PageTitle title=title lead=lead />
        {children()}
        <div aria-live="polite">
            {reactive(move || {
                error
                    .get()
                    .map(|code| {
                        view! {
                            <Alert
                                tone=Tone::Bad
                                title=Signal::derive(move || words::error(i18n, code))
                            >
                                ""
                            </Alert>
                        }
                            .into_any()
                    })
            })}
        </div>
        <div class="action-bar">
            {back}
            <Button
                kind=ButtonKind::Quiet
                on_press=Callback::new(move |()| go_on(StepState::Skipped))
            >
                {text!(i18n, common.later)}
            </Button> <div class="ms-auto">{primary.run()}</div>
        </div>
    }
}
