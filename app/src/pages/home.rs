//! The home page: what was done, what is left to do, and the results.

mod cards;

use alta_domain::{Home, Me, Step, StepState};
use leptos::prelude::*;

use crate::api::home::home;
use crate::api::{Read, read};
use crate::format;
use crate::frame::{Page, PageTitle};
use crate::reader::use_i18n;
use crate::ui::{Icon, LoadFailure, PageLink, Skeleton, later, reactive};
use crate::words::{self, text, word};

use cards::{Invitations, LastImport, Lists, Systems};

/// The first page after signing in.
#[component]
pub(crate) fn HomePage() -> impl IntoView {
    let home = read(home);
    let me = expect_context::<Read<Option<Me>>>();
    view! {
        <Page>
            <Suspense fallback=|| {
                view! { <Skeleton lines=4 /> }
            }>
                {reactive(move || later(async move {
                    match (home.answer().await, me.answer().await) {
                        (Ok(home), Ok(Some(me))) => {
                            view! { <HomeView home=home me=me /> }.into_any()
                        }
                        (Err(error), _) => view! { <LoadFailure error=error /> }.into_any(),
                        (_, _) => {
                            view! { <LoadFailure error=alta_domain::ErrorCode::SignedOut.into() /> }
                                .into_any()
                        }
                    }
                }))}
            </Suspense>
        </Page>
    }
}

#[component]
fn HomeView(home: Home, me: Me) -> impl IntoView {
    let i18n = use_i18n();
    let first_name = me.name.split(' ').next().unwrap_or_default().to_owned();
    let empty = home.contacts == 0;
    let contacts = home.contacts;
    let is_admin = home.onboarding.is_some();
    let lead = move || {
        if empty {
            word!(i18n, home.lead_empty)
        } else {
            word!(i18n, home.lead)
        }
        .to_owned()
    };
    view! {
        <PageTitle
            title=words::text!(i18n, home.title, name = first_name.clone())
            lead=Signal::derive(lead)
        />
        <div class="home-grid">
            <ContactCount contacts=contacts is_admin=is_admin />
            {home
                .onboarding
                .map(|onboarding| view! { <FirstSteps onboarding=onboarding /> }.into_any())}
            <LastImport
                import=home.last_import
                earlier=home.earlier_imports
                is_admin=is_admin
            />
            <Lists lists=home.lists />
            {is_admin.then(|| view! { <Invitations invitations=home.invitations /> }.into_any())}
            {(!home.systems.is_empty())
                .then(|| view! { <Systems systems=home.systems is_admin=is_admin /> }.into_any())}
        </div>
    }
}

/// The number of contacts, with the links to the contacts and to an import.
#[component]
fn ContactCount(contacts: u64, is_admin: bool) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="panel flex flex-col justify-between gap-4">
            <h2 class="flex items-center gap-2 text-soft">
                <Icon name="icon-[lucide--users]" />
                {text!(i18n, home.contacts)}
            </h2>
            <p
                class="text-5xl font-semibold tracking-tight tabular-nums"
                id="contacts"
                data-contacts=contacts
            >
                {reactive(move || format::number(i18n.language(), contacts))}
            </p>
            {(contacts > 0)
                .then(|| {
                    view! {
                        <div>
                            <PageLink href="/contacts" class="link flex min-h-11 items-center">
                                {text!(i18n, home.see_contacts)}
                            </PageLink>
                        </div>
                    }
                        .into_any()
                })}
            {is_admin
                .then(|| {
                    view! {
                        <div>
                            <PageLink href=Step::File.path() class="btn btn-outline min-h-11">
                                <Icon name="icon-[lucide--file-up]" />
                                {text!(i18n, home.import_contacts)}
                            </PageLink>
                        </div>
                    }
                        .into_any()
                })}
        </section>
    }
}

#[component]
fn FirstSteps(onboarding: alta_domain::OnboardingState) -> impl IntoView {
    let i18n = use_i18n();
    let done = Step::ALL
        .iter()
        .all(|step| onboarding.of(*step) == StepState::Done);
    let resume = (!done).then(|| {
        let open = |step: &Step| onboarding.of(*step) != StepState::Done;
        onboarding
            .current
            .filter(open)
            .or_else(|| Step::ALL.into_iter().find(open))
            .unwrap_or(Step::Systems)
    });
    let item = |step| view! { <StepRow step=step state=onboarding.of(step) /> }.into_any();
    view! {
        <section class="panel flex flex-col gap-4">
            <h2 class="text-lg font-semibold">{text!(i18n, home.steps)}</h2>
            {done.then(|| view! { <p>{text!(i18n, home.steps_done)}</p> }.into_any())}
            <ul class="flex flex-col divide-y divide-base-300">
                {Step::ALL.map(item).collect_view()}
            </ul>
            {resume
                .map(|step| {
                    view! {
                        <div>
                            <PageLink href=step.path() class="btn btn-primary min-h-11" id="resume">
                                {text!(i18n, home.resume)}
                            </PageLink>
                        </div>
                    }
                        .into_any()
                })}
        </section>
    }
}

/// A step, its state and the link to it.
#[component]
fn StepRow(step: Step, state: StepState) -> impl IntoView {
    let i18n = use_i18n();
    let (icon, note) = match state {
        StepState::Done => ("icon-[lucide--circle-check-big]", "done"),
        StepState::Skipped => ("icon-[lucide--clock]", "skipped"),
        StepState::Open => ("icon-[lucide--circle]", "open"),
    };
    let state_words = move || match state {
        StepState::Done => word!(i18n, steps.done),
        StepState::Skipped => word!(i18n, steps.skipped),
        StepState::Open => "",
    };
    let action = move || {
        if state == StepState::Done {
            word!(i18n, home.review)
        } else {
            word!(i18n, home.do_now)
        }
    };
    view! {
        <li class="flex min-h-11 flex-wrap items-center gap-2" data-state=note>
            <Icon
                name=icon
                class=if state == StepState::Done { "text-good" } else { "text-soft" }
            />
            <span class="font-medium">{reactive(move || words::step(i18n, step))}</span>
            <span class="text-sm text-soft">{reactive(state_words)}</span>
            <PageLink href=step.path() class="link ms-auto flex min-h-11 items-center">
                {reactive(action)}
                <span class="sr-only">": " {reactive(move || words::step(i18n, step))}</span>
            </PageLink>
        </li>
    }
}
