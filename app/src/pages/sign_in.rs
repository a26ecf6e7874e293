//! The page on which users sign in.

use alta_domain::ErrorCode;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api::passkeys::{begin_passkey_sign_in, passkey_sign_in};
use crate::api::session::{SignIn, sign_in, ways_in};
use crate::api::{AppError, read};
use crate::frame::{CallForm, FormFailure, FormState, Page, PageTitle, text_of};
use crate::passkey;
use crate::reader::use_i18n;
use crate::ui::{Button, ButtonKind, PageLink, Show, TextField, later, reactive};
use crate::words::text;

/// The page that asks for e-mail and password. The form also works before the page's module is
/// loaded.
#[component]
pub(crate) fn SignInPage() -> impl IntoView {
    let i18n = use_i18n();
    let form = FormState::new();
    let ways_in = read(ways_in);
    view! {
        <Page narrow=true>
            <PageTitle title=text!(i18n, signin.title) lead=text!(i18n, signin.lead) />
            <CallForm
                state=form
                path=SignIn::PATH
                then="/"
                call=|data| Box::pin(sign_in(text_of(data, "email"), text_of(data, "password")))
            >
                <TextField
                    name="email"
                    kind="email"
                    autocomplete="username"
                    label=text!(i18n, signin.email)
                />
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
                    {reactive(move || later(async move {
                        let ways = ways_in.answer().await.unwrap_or_default();
                        let company = ways
                            .single_sign_on
                            .map(|name| {
                                view! {
                                    <a
                                        class="btn btn-outline min-h-11"
                                        rel="external"
                                        href="/api/single-sign-on"
                                    >
                                        {text!(i18n, signin.with, name = name.clone())}
                                    </a>
                                }
                                    .into_any()
                            });
                        let passkey = ways
                            .passkeys
                            .then(|| view! { <PasskeyButton form=form /> }.into_any());
                        (passkey, company).into_any()
                    }))}
                </Suspense>
                <PageLink href="/forgot" class="link flex min-h-11 items-center">
                    {text!(i18n, password.forgot)}
                </PageLink>
            </CallForm>
        </Page>
    }
}

/// The button that signs in with a passkey, in browsers that support passkeys.
#[component]
fn PasskeyButton(form: FormState) -> impl IntoView {
    let i18n = use_i18n();
    let supported = RwSignal::new(false);
    Effect::new(move |_| supported.set(passkey::is_supported()));
    let sign_in = Callback::new(move |()| {
        form.waits("/", || {
            Box::pin(async {
                let challenge = begin_passkey_sign_in().await?;
                let answer = passkey::sign(&challenge.options)
                    .await
                    .map_err(|_| AppError {
                        code: ErrorCode::BadPasskey,
                    })?;
                passkey_sign_in(challenge.token, answer).await
            })
        });
    });
    view! {
        <Show when=move || supported.get()>
            <Button on_press=sign_in busy=form.busy id="with-passkey">
                {text!(i18n, signin.passkey)}
            </Button>
        </Show>
    }
}
