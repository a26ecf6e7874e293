//! The page of the user's own account: second factor, passkeys, password, address, sessions.

mod passkeys;
mod second_factor;
mod sessions;

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

use self::passkeys::PasskeysPanel;
use self::second_factor::SecondFactorPanel;
use self::sessions::Sessions;
use crate::api::account::{ChangeEmail, ChangePassword, change_email, change_password};
use crate::frame::{CallForm, FormFailure, FormState, Page, PageTitle, text_of};
use crate::reader::use_i18n;
use crate::ui::{Alert, Button, ButtonKind, TextField, Tone};
use crate::words::text;

/// The page of the user's own account.
#[component]
pub(crate) fn AccountPage() -> impl IntoView {
    let i18n = use_i18n();
    let done = use_query_map().with_untracked(|query| query.get("done"));
    let message = match done.as_deref() {
        Some("password") => Some(text!(i18n, account.changed)),
        Some("email") => Some(text!(i18n, account.email_sent)),
        _ => None,
    };
    view! {
        <Page narrow=true>
            <PageTitle title=text!(i18n, account.title) />
            {message
                .map(|message| {
                    view! {
                        <Alert tone=Tone::Info title=message>
                            ""
                        </Alert>
                    }
                        .into_any()
                })}
            <SecondFactorPanel />
            <PasskeysPanel />
            <PasswordForm />
            <EmailForm />
            <Sessions />
        </Page>
    }
}

/// The form that changes the password.
#[component]
fn PasswordForm() -> impl IntoView {
    let i18n = use_i18n();
    let password = FormState::new();
    view! {
        <section class="panel flex flex-col gap-4">
            <h2 class="text-lg font-semibold">{text!(i18n, account.password)}</h2>
            <CallForm
                state=password
                path=ChangePassword::PATH
                then="/account?done=password"
                call=|data| Box::pin(change_password(text_of(data, "old"), text_of(data, "new")))
            >
                <TextField
                    name="old"
                    kind="password"
                    autocomplete="current-password"
                    label=text!(i18n, account.old)
                />
                <TextField
                    name="new"
                    kind="password"
                    autocomplete="new-password"
                    label=text!(i18n, password.new)
                    help=text!(i18n, setup.password_help)
                />
                <FormFailure state=password />
                <Button kind=ButtonKind::Primary submit=true busy=password.busy>
                    {text!(i18n, account.change)}
                </Button>
            </CallForm>
        </section>
    }
}

/// The form that asks for a link to a new address. Opening the link changes the address.
#[component]
fn EmailForm() -> impl IntoView {
    let i18n = use_i18n();
    let email = FormState::new();
    view! {
        <section class="panel flex flex-col gap-4" id="email-change">
            <h2 class="text-lg font-semibold">{text!(i18n, account.email)}</h2>
            <CallForm
                state=email
                path=ChangeEmail::PATH
                then="/account?done=email"
                call=|data| Box::pin(
                    change_email(text_of(data, "email"), text_of(data, "password")),
                )
            >
                <TextField
                    name="email"
                    kind="email"
                    autocomplete="email"
                    label=text!(i18n, account.new_email)
                    help=text!(i18n, account.email_help)
                />
                <TextField
                    name="password"
                    kind="password"
                    autocomplete="current-password"
                    label=text!(i18n, account.old)
                />
                <FormFailure state=email />
                <Button submit=true busy=email.busy>
                    {text!(i18n, password.send)}
                </Button>
            </CallForm>
        </section>
    }
}
