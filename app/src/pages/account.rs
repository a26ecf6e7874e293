//! The own account: password and sessions.

use alta_domain::ErrorCode;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;

use crate::api::read;
use crate::api::session::{ChangePassword, change_password, end_other_sessions, open_sessions};
use crate::format;
use crate::frame::{CallForm, FormFailure, FormState, Page, PageTitle, text_of};
use crate::reader::use_i18n;
use crate::ui::{Alert, Button, ButtonKind, Skeleton, TextField, Tone, later, live};
use crate::words::{self, text, word};

/// Changes the password; ends the sessions elsewhere.
#[component]
pub(crate) fn AccountPage() -> impl IntoView {
    let i18n = use_i18n();
    let form = FormState::new();
    let changed = use_query_map().with_untracked(|query| query.get("changed")).is_some();
    view! {
        <Page narrow=true>
            <PageTitle title=text!(i18n, account.title) />
            {changed.then(|| view! { <Alert tone=Tone::Info title=text!(i18n, account.changed)>""</Alert> }.into_any())}
            <section class="panel flex flex-col gap-4">
                <h2 class="text-lg font-semibold">{text!(i18n, account.password)}</h2>
                <CallForm
                    state=form
                    path=ChangePassword::PATH
                    then="/account?changed=1"
                    call=|data| Box::pin(change_password(text_of(data, "old"), text_of(data, "new")))
                >
                    <TextField name="old" kind="password" autocomplete="current-password" label=text!(i18n, account.old) />
                    <TextField name="new" kind="password" autocomplete="new-password" label=text!(i18n, password.new) help=text!(i18n, setup.password_help) />
                    <FormFailure state=form />
                    <Button kind=ButtonKind::Primary submit=true busy=form.busy>{text!(i18n, account.change)}</Button>
                </CallForm>
            </section>
            <Sessions />
        </Page>
    }
}

#[component]
fn Sessions() -> impl IntoView {
    let i18n = use_i18n();
    let sessions = read(open_sessions);
    let count = RwSignal::new(0_u64);
    let error = RwSignal::new(None::<ErrorCode>);
    let end = Callback::new(move |()| {
        spawn_local(async move {
            match end_other_sessions().await {
                Ok(()) => count.set(1),
                Err(failed) => error.set(Some(failed.code)),
            }
        });
    });
    view! {
        <section class="panel flex flex-col gap-4" id="sessions">
            <h2 class="text-lg font-semibold">{text!(i18n, account.sessions)}</h2>
            <Suspense fallback=|| view! { <Skeleton lines=1 /> }>
                {live(move || later(async move {
                    count.set(sessions.answer().await.unwrap_or_default());
                    view! { <p role="status">{live(move || word!(i18n, account.open, n = format::number(i18n.language(), count.get())))}</p> }
                }))}
            </Suspense>
            <p class="text-sm text-bad empty:hidden" role="alert">{live(move || error.get().map(|code| words::error(i18n, code)))}</p>
            <div><Button on_press=end>{text!(i18n, account.end)}</Button></div>
        </section>
    }
}
