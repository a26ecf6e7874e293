//! The steps to get the credentials of a system, and the form for them.

use alta_domain::{ConnectForm, Connecting, ConnectionId, CredentialField, ErrorCode, FaultNote};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlFormElement};

use super::fault_alert::FaultAlert;
use crate::api::systems::connect;
use crate::frame::text_of;
use crate::reader::use_i18n;
use crate::ui::{Button, ButtonKind, Icon, on_event, reactive};
use crate::words::{self, text, word};

/// The form for the credentials, and the state of its submission.
#[derive(Clone, Copy)]
struct FormState {
    form: RwSignal<ConnectForm>,
    /// The fault for which the system refused the credentials; `None` when it has not refused any.
    refused: RwSignal<Option<FaultNote>>,
    /// The connection, once the system has accepted the credentials; `None` before.
    connected: RwSignal<Option<ConnectionId>>,
    busy: RwSignal<bool>,
    /// The error for which Alta's own server refused the credentials; `None` when there is none.
    error: RwSignal<Option<ErrorCode>>,
}

impl FormState {
    /// Sends the typed credentials to the server, which tries them with the system.
    fn submit(self, event: &SubmitEvent) {
        event.prevent_default();
        let Some(data) = form_data(event) else { return };
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.refused.set(None);
        self.error.set(None);
        let form = self.form.get_untracked();
        let replaced = form.connection.map(|connection| connection.id);
        let typed = form.fields.into_iter().map(|field| {
            let value = text_of(&data, &field.name);
            (field.name, value)
        });
        let typed = typed.collect();
        spawn_local(async move {
            match connect(form.system.slug, typed, replaced).await {
                Ok(Connecting::Connected(id)) => self.connected.set(Some(id)),
                Ok(Connecting::Consent(page)) => {
                    let _ = window().location().set_href(&page);
                }
                Ok(Connecting::Refused(note)) => self.refused.set(Some(note)),
                Err(failed) => self.error.set(Some(failed.code)),
            }
            self.busy.set(false);
        });
    }
}

/// Returns the values of the form that an event comes from; `None` when it comes from no form.
fn form_data(event: &SubmitEvent) -> Option<FormData> {
    let form: HtmlFormElement = event.target()?.dyn_into().ok()?;
    FormData::new_with_form(&form).ok()
}

/// The steps and the form. `connected` is set when the system accepts the credentials.
#[component]
pub(super) fn CredentialsForm(
    form: RwSignal<ConnectForm>,
    refused: RwSignal<Option<FaultNote>>,
    connected: RwSignal<Option<ConnectionId>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let state = FormState {
        form,
        refused,
        connected,
        busy: RwSignal::new(false),
        error: RwSignal::new(None),
    };
    let fields = move || {
        form.with(|form| form.fields.clone())
            .into_iter()
            .map(|field| view! { <Credential field=field /> }.into_any())
            .collect_view()
    };
    view! {
        <section class="panel flex flex-col gap-4" id="credentials">
            <h2 class="text-lg font-semibold">{text!(i18n, connect.how)}</h2>
            <Steps form=form />
            <BackAddress form=form />
            <form
                class="flex max-w-xl flex-col gap-5"
                method="post"
                on:submit=on_event(move |event| state.submit(&event))
            >
                {reactive(fields)}
                <Failure state=state />
                <SubmitButton state=state />
            </form>
            <p class="text-sm text-soft">{text!(i18n, connect.sealed)}</p>
        </section>
        <Export form=form />
    }
}

/// The steps to get the credentials.
#[component]
fn Steps(form: RwSignal<ConnectForm>) -> impl IntoView {
    let step = |step: String| view! { <li>{step}</li> }.into_any();
    let steps = move || {
        let steps = form.with(|form| form.steps.clone()).into_iter();
        steps.map(step).collect_view()
    };
    view! { <ol class="flex list-decimal flex-col gap-2 ps-6">{reactive(steps)}</ol> }
}

/// The address to which the system's consent page leads back. The Admin registers this address in
/// the system.
#[component]
fn BackAddress(form: RwSignal<ConnectForm>) -> impl IntoView {
    let i18n = use_i18n();
    let address = move |address: String| {
        view! {
            <div class="flex flex-col gap-1.5">
                <span class="font-medium" id="back-label">
                    {text!(i18n, connect.back_address)}
                </span>
                <code
                    class="rounded-field bg-base-200 px-3 py-2 break-all select-all"
                    aria-labelledby="back-label"
                    id="back-address"
                >
                    {address}
                </code>
            </div>
        }
        .into_any()
    };
    reactive(move || form.with(|form| form.back.clone()).map(address))
}

/// The reason why the system or Alta's server refused the credentials.
#[component]
fn Failure(state: FormState) -> impl IntoView {
    let i18n = use_i18n();
    let refused = move || {
        let note = state.refused.get();
        note.map(|note| view! { <FaultAlert note=note /> }.into_any())
    };
    view! {
        <div class="flex flex-col gap-3" aria-live="polite">
            {reactive(refused)}
            <p class="text-sm text-bad empty:hidden" role="alert">
                {reactive(move || state.error.get().map(|code| words::error(i18n, code)))}
            </p>
        </div>
    }
}

/// The button that sends the form. It names the system's consent page when there is one.
#[component]
fn SubmitButton(state: FormState) -> impl IntoView {
    let i18n = use_i18n();
    let words = move || {
        if state.form.with(|form| form.back.is_some()) {
            let name = state.form.with(|form| form.system.name.clone());
            word!(i18n, connect.to_consent, name = name)
        } else {
            word!(i18n, connect.submit).to_owned()
        }
    };
    view! {
        <div>
            <Button kind=ButtonKind::Primary submit=true busy=state.busy id="connect">
                {reactive(words)}
            </Button>
        </div>
    }
}

/// One input of the form. The input hides the characters of a secret.
#[component]
fn Credential(field: CredentialField) -> impl IntoView {
    let CredentialField {
        name,
        label,
        help,
        secret,
        optional,
    } = field;
    let help_id = (!help.is_empty()).then(|| format!("{name}-help"));
    view! {
        <div class="flex flex-col gap-1.5">
            <label class="font-medium" for=name.clone()>
                {label}
            </label>
            <input
                class="input h-11 w-full"
                id=name.clone()
                name=name
                type=if secret { "password" } else { "text" }
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                maxlength="8192"
                required=!optional
                aria-describedby=help_id.clone()
            />
            {help_id
                .map(|id| {
                    view! {
                        <p class="text-sm text-soft" id=id>
                            {help}
                        </p>
                    }
                        .into_any()
                })}
        </div>
    }
}

/// The steps to export the contacts as a file, which is imported instead of a connection.
#[component]
fn Export(form: RwSignal<ConnectForm>) -> impl IntoView {
    let i18n = use_i18n();
    let steps = move || form.with(|form| form.export.clone());
    reactive(move || {
        let steps = steps();
        (!steps.is_empty()).then(|| {
            view! {
                <details class="panel" id="export">
                    <summary class="flex min-h-11 cursor-pointer items-center gap-2 font-medium">
                        <Icon name="icon-[lucide--chevron-down]" />
                        {text!(i18n, connect.instead)}
                    </summary>
                    <ol class="flex list-decimal flex-col gap-2 ps-6 pt-2">
                        {steps
                            .into_iter()
                            .map(|step| view! { <li>{step}</li> }.into_any())
                            .collect_view()}
                    </ol>
                </details>
            }
            .into_any()
        })
    })
}
