//! Forms that call a server function. Before the page's module is loaded, the browser posts them
//! itself.

use std::future::Future;
use std::pin::Pin;

use alta_domain::ErrorCode;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::server_fn::error::ServerFnUrlError;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;
use wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlFormElement};

use crate::api::AppError;
use crate::reader::use_i18n;
use crate::ui::{Alert, Tone, on_event, reactive};
use crate::words;

/// The state of a form.
#[derive(Clone, Copy)]
pub(crate) struct FormState {
    /// True between the call and its answer.
    pub(crate) busy: RwSignal<bool>,
    failed: RwSignal<Option<ErrorCode>>,
}

/// The result of a server function that a form calls.
pub(crate) type Answer = Pin<Box<dyn Future<Output = Result<(), AppError>>>>;

impl FormState {
    /// Makes the state of a form. It has an error when the browser itself has posted the form and
    /// the server has refused it.
    pub(crate) fn new() -> Self {
        let refused = use_query_map().with_untracked(|query| query.get("__err"));
        let failed = refused.map(|error| ServerFnUrlError::<AppError>::decode_err(&error).code);
        Self {
            busy: RwSignal::new(false),
            failed: RwSignal::new(failed),
        }
    }

    /// Returns the handler of a form's submit event. The handler calls the server function, and
    /// goes to `then` when the call succeeds.
    pub(crate) fn sends(
        self,
        then: &'static str,
        call: fn(&FormData) -> Answer,
    ) -> impl FnMut(SubmitEvent) + 'static {
        move |event: SubmitEvent| {
            event.prevent_default();
            let form = event
                .target()
                .and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
            let Some(data) = form.and_then(|form| FormData::new_with_form(&form).ok()) else {
                return;
            };
            self.waits(then, || call(&data));
        }
    }

    /// Waits for an answer, unless the form waits for another already, and goes to `then` when the
    /// call succeeds.
    pub(crate) fn waits(self, then: &'static str, call: impl FnOnce() -> Answer) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        let answer = call();
        spawn_local(async move {
            match answer.await {
                Ok(()) => {
                    let _ = window().location().set_href(then);
                }
                Err(error) => {
                    self.failed.set(Some(error.code));
                    self.busy.set(false);
                }
            }
        });
    }
}

/// Returns the text of a form's field; empty when the form has no such field.
pub(crate) fn text_of(data: &FormData, name: &str) -> String {
    data.get(name).as_string().unwrap_or_default()
}

/// A form that posts to the path of a server function.
#[component]
pub(crate) fn CallForm(
    state: FormState,
    path: &'static str,
    then: &'static str,
    call: fn(&FormData) -> Answer,
    #[prop(default = "flex flex-col gap-5")] class: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <form method="post" action=path class=class on:submit=on_event(state.sends(then, call))>
            {children()}
        </form>
    }
}

/// The alert with the reason why the server refused a form.
#[component]
pub(crate) fn FormFailure(state: FormState) -> impl IntoView {
    let i18n = use_i18n();
    reactive(move || {
        let title = |code| Signal::derive(move || words::error(i18n, code));
        state.failed.get().map(|code| {
            view! {
                <Alert tone=Tone::Bad title=title(code)>
                    ""
                </Alert>
            }
            .into_any()
        })
    })
}
