//! The page of the set-up link, which creates the organization and its first Admin.

use alta_domain::{Country, Language};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;
use web_sys::FormData;

use crate::api::read;
use crate::api::session::{SetUp, set_up, setup_link_valid};
use crate::frame::{Answer, CallForm, FormFailure, FormState, Page, PageTitle, text_of};
use crate::reader::{Reader, use_i18n};
use crate::ui::{
    Button, ButtonKind, SelectField, Skeleton, TextField, later, reactive, reactive_attr,
};
use crate::words::text;

/// The form of the set-up, when the link is valid.
#[component]
pub(crate) fn SetUpPage() -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map();
    let token = Memo::new(move |_| query.with(|query| query.get("token").unwrap_or_default()));
    let valid = read(move || setup_link_valid(token.get_untracked()));
    view! {
        <Page narrow=true>
            <Suspense fallback=|| {
                view! { <Skeleton lines=6 /> }
            }>
                {reactive(move || later(async move {
                    if valid.answer().await == Ok(true) {
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
                }))}
            </Suspense>
        </Page>
    }
}

/// Sends the form's fields to the server.
fn send(data: &FormData) -> Answer {
    let of = |name| text_of(data, name);
    Box::pin(set_up(
        of("token"),
        of("organization"),
        of("country"),
        of("language"),
        of("name"),
        of("email"),
        of("password"),
    ))
}

fn country_option(code: &'static str, name: &'static str) -> AnyView {
    view! {
        <option value=code selected=code == Country::BRAZIL.as_str()>
            {name}
        </option>
    }
    .into_any()
}

/// Returns the option of a language; the language of the page is selected.
fn language_option(i18n: Reader, language: Language, name: &'static str) -> AnyView {
    let tag = language.as_str();
    view! {
        <option value=tag lang=tag selected=reactive_attr(move || i18n.language() == language)>
            {name}
        </option>
    }
    .into_any()
}

#[component]
fn SetUpForm(token: String) -> impl IntoView {
    let i18n = use_i18n();
    let form = FormState::new();
    let language = Callback::new(move |tag: String| {
        if let Some(language) = Language::parse(&tag) {
            leptos::task::spawn_local(i18n.change_language(language));
        }
    });
    view! {
        <PageTitle title=text!(i18n, setup.title) lead=text!(i18n, setup.lead) />
        <CallForm state=form path=SetUp::PATH then="/onboarding/systems" call=send>
            <input type="hidden" name="token" value=token />
            <TextField
                name="organization"
                autocomplete="organization"
                maxlength=120
                label=text!(i18n, setup.organization)
            />
            <div class="grid gap-5 sm:grid-cols-2">
                <SelectField
                    name="country"
                    label=text!(i18n, setup.country)
                    help=text!(i18n, setup.country_help)
                >
                    {Country::OFFERED.map(|(code, name)| country_option(code, name)).collect_view()}
                </SelectField>
                <SelectField name="language" label=text!(i18n, nav.language) on_change=language>
                    {Language::ALL
                        .map(|(language, name)| language_option(i18n, language, name))
                        .collect_view()}
                </SelectField>
            </div>
            <TextField
                name="name"
                autocomplete="name"
                maxlength=120
                label=text!(i18n, setup.name)
            />
            <TextField
                name="email"
                kind="email"
                autocomplete="username"
                label=text!(i18n, signin.email)
            />
            <TextField
                name="password"
                kind="password"
                autocomplete="new-password"
                label=text!(i18n, signin.password)
                help=text!(i18n, setup.password_help)
            />
            <FormFailure state=form />
            <Button kind=ButtonKind::Primary submit=true busy=form.busy>
                {text!(i18n, setup.submit)}
            </Button>
        </CallForm>
    }
}
