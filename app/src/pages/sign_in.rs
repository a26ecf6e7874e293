//! Sign in.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api::read;
use crate::api::session::{SignIn, sign_in, single_sign_on};
use crate::frame::{CallForm, FormFailure, FormState, Page, PageTitle, text_of};
use crate::reader::use_i18n;
use crate::ui::{Button, ButtonKind, PageLink, TextField, later, live};
use crate::words::text;

/// E-mail and password. The form works before the page's module is there, too.
#[component]
pub(crate) fn SignInPage() -> impl IntoView {
    let i18n = use_i18n();
    let form = FormState::new();
    let single_sign_on = read(single_sign_on);
    view! {
        <Page narrow=true>
            <PageTitle
                title=text!(i18n, signin.title)
                lead=text!(i18n, signin.lead)
            />
            <CallForm
                state=form
                path=SignIn::PATH
                then="/"
                call=|data| Box::pin(sign_in(text_of(data, "email"), text_of(data, "password")))
            >
                <TextField name="email" kind="email" autocomplete="username" label=text!(i18n, signin.email) />
                <TextField
                    name="password"
                    kind="password"
                    autocomplete="current-password"
                    label=text!(i18n, signin.password)
                />
                <FormFailure state=form />
                <Button kind=ButtonKind::Primary submit=true busy=form.busy>
                    {text!(i18n, signin.submit)}
                </Button>
                <Suspense>
                    {live(move || later(async move {
                        let name = single_sign_on.answer().await.ok().flatten();
                        name.map(|name| view! {
                            <a class="btn btn-outline min-h-11" rel="external" href="/api/single-sign-on">{text!(i18n, signin.with, name = name.clone())}</a>
                        }
                            .into_any())
                    }))}
                </Suspense>
                <PageLink href="/forgot" class="link flex min-h-11 items-center">{text!(i18n, password.forgot)}</PageLink>
            </CallForm>
        </Page>
    }
}
