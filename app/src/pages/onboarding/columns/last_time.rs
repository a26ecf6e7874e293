//! The choices for the last file with the same columns: list, policy and permissions. They do not
//! hold until the Admin takes them over.

use alta_domain::{ExistingPolicy, ImportPlan, ListSummary, ListTarget};
use leptos::prelude::*;

use crate::api::imports::last_time;
use crate::api::read;
use crate::importer::use_session;
use crate::reader::use_i18n;
use crate::ui::{Alert, Button, Tone, later, reactive};
use crate::words::{self, Reader, text, word};

/// A panel that offers to choose the list, the policy and the permissions of the last import of a
/// file with these columns. Nothing when there was none, or nothing was chosen then.
#[component]
pub(super) fn LastTime(lists: Vec<ListSummary>) -> impl IntoView {
    let session = use_session();
    let columns = session.check.columns().into_iter();
    let header: Vec<String> = columns.map(|column| column.header).collect();
    let found = read(move || last_time(header.clone()));
    view! {
        <Suspense>
            {reactive(move || {
                let lists = lists.clone();
                later(async move {
                    let (name, plan) = found.answer().await.ok().flatten()?;
                    Some(view! { <Offer name=name plan=plan lists=lists /> })
                })
            })}
        </Suspense>
    }
}

/// The choices for the last file, with one button for list and policy, and one for the permissions.
#[component]
fn Offer(name: String, plan: ImportPlan, lists: Vec<ListSummary>) -> impl IntoView {
    let i18n = use_i18n();
    let effect = use_session().effect;
    let mut plan = plan;
    let list = choose_list(&mut plan, &lists);
    let (has_destination, has_consent) = (
        list.is_some() || plan.policy != ExistingPolicy::Update || !plan.exceptions.is_empty(),
        plan.grants(),
    );
    let destination = {
        let policy = plan.policy;
        move || destination(i18n, list.as_deref(), policy)
    };
    let consent = {
        let plan = plan.clone();
        move || permissions(i18n, &plan)
    };
    let plan = StoredValue::new(plan);
    let (took_destination, took_consent) = (RwSignal::new(false), RwSignal::new(false));
    let take_destination = Callback::new(move |()| {
        plan.with_value(|plan| effect.adopt_destination(plan));
        took_destination.set(true);
    });
    let take_consent = Callback::new(move |()| {
        plan.with_value(|plan| effect.adopt_consent(plan));
        took_consent.set(true);
    });
    (has_destination || has_consent).then(|| {
        view! {
            <div id="last-time">
                <Alert tone=Tone::Info title=text!(i18n, columns.last_time, file = name.clone())>
                    {has_destination
                        .then(|| {
                            view! {
                                <div class="flex flex-wrap items-center gap-3">
                                    <span>{reactive(destination)}</span>
                                    <Button
                                        small=true
                                        id="last-destination"
                                        disabled=took_destination
                                        on_press=take_destination
                                    >
                                        {text!(i18n, columns.last_time_destination)}
                                    </Button>
                                </div>
                            }
                                .into_any()
                        })}
                    {has_consent
                        .then(|| {
                            view! {
                                <div class="flex flex-wrap items-center gap-3">
                                    <span>{reactive(consent)}</span>
                                    <Button
                                        small=true
                                        id="last-consent"
                                        disabled=took_consent
                                        on_press=take_consent
                                    >
                                        {text!(i18n, columns.last_time_consent)}
                                    </Button>
                                </div>
                            }
                                .into_any()
                        })}
                </Alert>
            </div>
        }
        .into_any()
    })
}

/// Replaces the list that a plan names, by id or by the name of a new one, by the existing list,
/// and returns its name. `None`, and no change, when the plan has no list or the list is gone.
fn choose_list(plan: &mut ImportPlan, lists: &[ListSummary]) -> Option<String> {
    let found = lists.iter().find(|list| match &plan.list {
        ListTarget::None => false,
        // Names of lists are compared without regard to case.
        ListTarget::New(name) => list.name.to_lowercase() == name.trim().to_lowercase(),
        ListTarget::Existing(id) => list.id == *id,
    });
    plan.list = found.map_or(ListTarget::None, |list| ListTarget::Existing(list.id));
    found.map(|list| list.name.clone())
}

/// Returns the list and the policy of the last file, in a line.
fn destination(i18n: Reader, list: Option<&str>, policy: ExistingPolicy) -> String {
    let policy = match policy {
        ExistingPolicy::Update => word!(i18n, columns.update),
        ExistingPolicy::Fill => word!(i18n, columns.fill),
        ExistingPolicy::Keep => word!(i18n, columns.keep),
    };
    match list {
        Some(list) => format!("{} · {policy}", word!(i18n, imports.to_lists, lists = list)),
        None => policy.to_owned(),
    }
}

/// Returns the channels, the legal basis and the source of the last file, in a line.
fn permissions(i18n: Reader, plan: &ImportPlan) -> String {
    let channels = plan.consent.channels.iter();
    let names: Vec<&str> = channels
        .map(|channel| words::channel(i18n, *channel))
        .collect();
    let mut parts = vec![word!(i18n, consent.title).to_owned()];
    if !names.is_empty() {
        parts.push(names.join(", "));
    }
    parts.extend(
        plan.consent
            .basis
            .map(|basis| words::basis(i18n, basis).to_owned()),
    );
    if !plan.consent.source.is_empty() {
        parts.push(plan.consent.source.clone());
    }
    parts.join(" · ")
}
