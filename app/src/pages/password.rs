//! The pages for a forgotten password: one asks for a link, the other is opened by the link.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

use crate::api::session::{ForgotPassword, ResetPassword, forgot_password, reset_password};
use crate::frame::{CallForm, FormFailure, FormState, Page, PageTitle, text_of};
use crate::reader::use_i18n;
use crate::ui::{Alert, Button, ButtonKind, TextField, Tone};
use crate::words::text;

/// The page that asks for an address. The answer is the same whether the address has an account or
/// not.
#[component]
pub(crate) fn ForgotPage() -> impl IntoView {
    let i18n = use_i18n();
    let form = FormState::new();
    let sent = use_query_map()
        .with_untracked(|query| query.get("sent"))
        .is_some();
    view! {
        <Page narrow=true>
            <PageTitle
                title=text!(i18n, password.forgot_title)
                lead=text!(i18n, password.forgot_lead)
            />
            {sent
                .then(|| {
                    view! {
                        <Alert tone=Tone::Info title=text!(i18n, password.sent)>
                            ""
                        </Alert>
                    }
                        .into_any()
                })}
            <CallForm
                state=form
                path=ForgotPassword::PATH
                then="/forgot?sent=1"
                call=|data| Box::pin(forgot_password(text_of(data, "email")))
            >
                <TextField
                    name="email"
                    kind="email"
                    autocomplete="username"
                    label=text!(i18n, signin.email)
                />
                <FormFailure state=form />
                <Button kind=ButtonKind::Primary submit=true busy=form.busy>
                    {text!(i18n, password.send)}
                </Button>
            </CallForm>
        </Page>
    }
}

/// The page that asks for a new password, which the link of the mail opens.
#[component]
pub(crate) fn ResetPage() -> impl IntoView {
    let i18n = use_i18n();
    let form = FormState::new();
    let token = use_query_map()
        .with_untracked(|query| query.get("token"))
        .unwrap_or_default();
    view! {
        <Page narrow=true>
            <PageTitle
                title=text!(i18n, password.reset_title)
                lead=text!(i18n, password.reset_lead)
            />
            <CallForm
                state=form
                path=ResetPassword::PATH
                then="/"
                call=|data| Box::pin(
                    reset_password(text_of(data, "token"), text_of(data, "password")),
                )
            >
                <input type="hidden" name="token" value=token />
                <TextField
                    name="password"
                    kind="password"
                    autocomplete="new-password"
                    label=text!(i18n, password.new)
                    help=text!(i18n, setup.password_help)
                />
                <FormFailure state=form />
                <Button kind=ButtonKind::Primary submit=true busy=form.busy>
                    {text!(i18n, password.save)}
                </Button>
            </CallForm>
        </Page>
    }
}
