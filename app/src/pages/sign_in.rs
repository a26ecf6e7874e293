//! Sign in.

use leptos::prelude::*;

use crate::api::session::SignIn;
use crate::frame::{Page, PageTitle};
use crate::i18n::use_i18n;
use crate::ui::{Alert, Button, ButtonKind, TextField, Tone};
use crate::words::{self, text};

/// E-mail and password. The form works before the page's module is there, too.
#[component]
pub(crate) fn SignInPage() -> impl IntoView {
    let i18n = use_i18n();
    let sign_in = ServerAction::<SignIn>::new();
    Effect::new(move |_| {
        if sign_in.value().with(|value| matches!(value, Some(Ok(())))) {
            let _ = window().location().set_href("/");
        }
    });
    let failed = move || sign_in.value().with(|value| value.as_ref().and_then(|value| value.as_ref().err().map(|error| error.code)));
    view! {
        <Page narrow=true>
            <PageTitle
                title=text!(i18n, signin.title)
                lead=text!(i18n, signin.lead)
            />
            <ActionForm action=sign_in attr:class="flex flex-col gap-5">
                <TextField name="email" kind="email" autocomplete="username" label=text!(i18n, signin.email) />
                <TextField
                    name="password"
                    kind="password"
                    autocomplete="current-password"
                    label=text!(i18n, signin.password)
                />
                {move || failed().map(|code| view! { <Alert tone=Tone::Bad title=Signal::derive(move || words::error(i18n, code).to_owned())>""</Alert> })}
                <Button kind=ButtonKind::Primary submit=true busy=sign_in.pending()>
                    {text!(i18n, signin.submit)}
                </Button>
            </ActionForm>
        </Page>
    }
}
