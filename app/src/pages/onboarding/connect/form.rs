//! How to get the credentials, and the form that takes them.

use alta_domain::{ConnectForm, Connecting, ConnectionId, CredentialField, ErrorCode, FaultNote};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlFormElement};

use super::FaultAlert;
use crate::api::systems::connect;
use crate::frame::text_of;
use crate::reader::use_i18n;
use crate::ui::{Button, ButtonKind, Icon, on_event, reactive};
use crate::words::{self, text};

/// The form on its way to the system.
#[derive(Clone, Copy)]
struct Sending {
    form: RwSignal<ConnectForm>,
    refused: RwSignal<Option<FaultNote>>,
    connected: RwSignal<Option<ConnectionId>>,
    busy: RwSignal<bool>,
    error: RwSignal<Option<ErrorCode>>,
}

impl Sending {
    fn submit(self, event: &leptos::ev::SubmitEvent) {
        event.prevent_default();
        let element = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
        let Some(data) = element.and_then(|form| FormData::new_with_form(&form).ok()) else {
            return;
        };
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.refused.set(None);
        self.error.set(None);
        let (slug, again, names) = self.form.with_untracked(|form| {
            let names: Vec<String> = form.fields.iter().map(|field| field.name.clone()).collect();
            (
                form.system.slug.clone(),
                form.connection.as_ref().map(|connection| connection.id),
                names,
            )
        });
        let typed = names
            .into_iter()
            .map(|name| (name.clone(), text_of(&data, &name)))
            .collect();
        spawn_local(async move {
            match connect(slug, typed, again).await {
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

/// Steps and form; when the system says yes, `connected` has the connection.
#[component]
#[expect(clippy::too_many_lines, reason = "a view that waits to be split")]
pub(super) fn CredentialsForm(
    form: RwSignal<ConnectForm>,
    refused: RwSignal<Option<FaultNote>>,
    connected: RwSignal<Option<ConnectionId>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let sending = Sending {
        form,
        refused,
        connected,
        busy: RwSignal::new(false),
        error: RwSignal::new(None),
    };
    let steps = move || {
        let steps = form.with(|form| form.steps.clone());
        let step = |step: String| view! { <li>{step}</li> }.into_any();
        view! {
            <ol class="flex list-decimal flex-col gap-2 ps-6">
                {steps.into_iter().map(step).collect_view()}
            </ol>
        }
        .into_any()
    };
    let back = move || {
        form.with(|form| form.back.clone()).map(|back| {
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
                        {back}
                    </code>
                </div>
            }
            .into_any()
        })
    };
    let fields = move || {
        form.with(|form| form.fields.clone())
            .into_iter()
            .map(|field| view! { <Credential field=field /> }.into_any())
            .collect_view()
    };
    let asks_consent = move || form.with(|form| form.back.is_some());
    view! {
        <section class="panel flex flex-col gap-4" id="credentials">
            <h2 class="text-lg font-semibold">{text!(i18n, connect.how)}</h2>
            {reactive(steps)}
            {reactive(back)}
            <form
                class="flex max-w-xl flex-col gap-5"
                method="post"
                on:submit=on_event(move |event| sending.submit(&event))
            >
                {reactive(fields)}
                <div class="flex flex-col gap-3" aria-live="polite">
                    {reactive(move || {
                        refused.get().map(|note| view! { <FaultAlert note=note /> }.into_any())
                    })}
                    <p class="text-sm text-bad empty:hidden" role="alert">
                        {reactive(move || sending.error.get().map(|code| words::error(i18n, code)))}
                    </p>
                </div>
                <div>
                    <Button kind=ButtonKind::Primary submit=true busy=sending.busy id="connect">
                        {reactive(move || {
                            if asks_consent() {
                                let name = form.with(|form| form.system.name.clone());
                                words::word!(i18n, connect.to_consent, name = name)
                            } else {
                                words::word!(i18n, connect.submit).to_owned()
                            }
                        })}
                    </Button>
                </div>
            </form>
            <p class="text-sm text-soft">{text!(i18n, connect.sealed)}</p>
        </section>
        <Export form=form />
    }
}

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

/// How to bring the contacts as a file instead (G6, G8).
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
