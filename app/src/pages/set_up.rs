//! The set-up link: the organization and its first Admin.

use alta_domain::{Country, Language};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::api::session::{SetUp, setup_link_valid};
use crate::frame::{Page, PageTitle};
use crate::i18n::use_i18n;
use crate::ui::{Alert, Button, ButtonKind, SelectField, Skeleton, TextField, Tone};
use crate::words::{self, language_of, locale_of, text};

/// Asks what is needed and no more.
#[component]
pub(crate) fn SetUpPage() -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map();
    let token = Memo::new(move |_| query.with(|query| query.get("token").unwrap_or_default()));
    let valid = Resource::new_blocking(move || token.get(), setup_link_valid);
    view! {
        <Page narrow=true>
            <Suspense fallback=|| view! { <Skeleton lines=6 /> }>
                {move || Suspend::new(async move {
                    if valid.await == Ok(true) {
                        view! { <SetUpForm token=token.get_untracked() /> }.into_any()
                    } else {
                        view! {
                            <PageTitle
                                title=text!(i18n, setup.bad_title)
                                lead=text!(i18n, error.bad_setup_link)
                            />
                        }
                            .into_any()
                    }
                })}
            </Suspense>
        </Page>
    }
}

#[component]
fn SetUpForm(token: String) -> impl IntoView {
    let i18n = use_i18n();
    let set_up = ServerAction::<SetUp>::new();
    Effect::new(move |_| {
        if set_up.value().with(|value| matches!(value, Some(Ok(())))) {
            let _ = window().location().set_href("/onboarding/systems");
        }
    });
    let failed = move || set_up.value().with(|value| value.as_ref().and_then(|value| value.as_ref().err().map(|error| error.code)));
    let language = Callback::new(move |tag: String| {
        if let Some(language) = Language::parse(&tag) {
            i18n.set_locale(locale_of(language));
        }
    });
    let country_option =
        |(code, name): (&'static str, &'static str)| view! { <option value=code selected=code == Country::BRAZIL.as_str()>{name}</option> };
    let language_option = move |(language, name): (Language, &'static str)| {
        let tag = language.as_str();
        view! { <option value=tag lang=tag selected=move || language_of(i18n.get_locale()) == language>{name}</option> }
    };
    view! {
        <PageTitle
            title=text!(i18n, setup.title)
            lead=text!(i18n, setup.lead)
        />
        <ActionForm action=set_up attr:class="flex flex-col gap-5">
            <input type="hidden" name="token" value=token />
            <TextField name="organization" autocomplete="organization" maxlength=120 label=text!(i18n, setup.organization) />
            <div class="grid gap-5 sm:grid-cols-2">
                <SelectField
                    name="country"
                    label=text!(i18n, setup.country)
                    help=text!(i18n, setup.country_help)
                >
                    {Country::OFFERED.map(country_option).collect_view()}
                </SelectField>
                <SelectField name="language" label=text!(i18n, nav.language) on_change=language>
                    {Language::ALL.map(language_option).collect_view()}
                </SelectField>
            </div>
            <TextField name="name" autocomplete="name" maxlength=120 label=text!(i18n, setup.name) />
            <TextField name="email" kind="email" autocomplete="username" label=text!(i18n, signin.email) />
            <TextField
                name="password"
                kind="password"
                autocomplete="new-password"
                label=text!(i18n, signin.password)
                help=text!(i18n, setup.password_help)
            />
            {move || failed().map(|code| view! { <Alert tone=Tone::Bad title=Signal::derive(move || words::error(i18n, code).to_owned())>""</Alert> })}
            <Button kind=ButtonKind::Primary submit=true busy=set_up.pending()>
                {text!(i18n, setup.submit)}
            </Button>
        </ActionForm>
    }
}
