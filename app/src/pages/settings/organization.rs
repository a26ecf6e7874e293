//! The organization: name, country, language.

use alta_domain::{Country, ErrorCode, Language, OrganizationSettings};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::read;
use crate::api::team::{organization_settings, set_organization_settings};
use crate::reader::use_i18n;
use crate::ui::{
    Alert, Button, ButtonKind, Failed, SelectField, Skeleton, TextField, Tone, heard, later, live,
};
use crate::words::{self, text};

/// Reads and shows them.
#[component]
pub(crate) fn OrganizationPage() -> impl IntoView {
    let settings = read(organization_settings);
    view! {
        <Suspense fallback=|| {
            view! { <Skeleton lines=4 /> }
        }>
            {live(move || later(async move {
                match settings.answer().await {
                    Ok(settings) => view! { <SettingsForm settings=settings /> }.into_any(),
                    Err(error) => view! { <Failed error=error /> }.into_any(),
                }
            }))}
        </Suspense>
    }
}

/// What became of saving.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Saved {
    No,
    Yes,
    Failed(ErrorCode),
}

#[component]
fn SettingsForm(settings: OrganizationSettings) -> impl IntoView {
    let i18n = use_i18n();
    let name = RwSignal::new(settings.name);
    let country = RwSignal::new(settings.country);
    let language = RwSignal::new(settings.language);
    let requires = RwSignal::new(settings.requires_second_factor);
    let saved = RwSignal::new(Saved::No);
    let save = Callback::new(move |()| {
        let settings = OrganizationSettings {
            name: name.get_untracked(),
            country: country.get_untracked(),
            language: language.get_untracked(),
            requires_second_factor: requires.get_untracked(),
        };
        spawn_local(async move {
            saved.set(match set_organization_settings(settings).await {
                Ok(()) => Saved::Yes,
                Err(error) => Saved::Failed(error.code),
            });
        });
    });
    let choose_country = Callback::new(move |code: String| {
        if let Some(chosen) = Country::parse(&code) {
            country.set(chosen);
        }
    });
    let choose_language = Callback::new(move |tag: String| {
        if let Some(chosen) = Language::parse(&tag) {
            language.set(chosen);
        }
    });
    let country_option = move |(code, name): (&'static str, &'static str)| {
        let selected = country.with_untracked(|country| country.as_str() == code);
        view! {
            <option value=code selected=selected>
                {name}
            </option>
        }
        .into_any()
    };
    let language_option = move |(of, name): (Language, &'static str)| {
        view! {
            <option value=of.as_str() lang=of.as_str() selected=language.get_untracked() == of>
                {name}
            </option>
        }
        .into_any()
    };
    let said = move || match saved.get() {
        Saved::No => ().into_any(),
        Saved::Yes => view! {
            <Alert tone=Tone::Info title=text!(i18n, settings.saved)>
                ""
            </Alert>
        }
        .into_any(),
        Saved::Failed(code) => view! {
            <Alert
                tone=Tone::Bad
                title=Signal::derive(move || words::error(i18n, code).to_owned())
            >
                ""
            </Alert>
        }
        .into_any(),
    };
    view! {
        <section class="panel flex max-w-xl flex-col gap-5">
            <TextField
                name="organization"
                maxlength=120
                value=name
                label=text!(i18n, setup.organization)
            />
            <SelectField
                name="country"
                label=text!(i18n, setup.country)
                help=text!(i18n, setup.country_help)
                on_change=choose_country
            >
                {Country::OFFERED.iter().copied().map(country_option).collect_view()}
            </SelectField>
            <SelectField
                name="language"
                label=text!(i18n, settings.language)
                help=text!(i18n, settings.language_help)
                on_change=choose_language
            >
                {Language::ALL.map(language_option).collect_view()}
            </SelectField>
            <label class="flex min-h-11 cursor-pointer items-start gap-3 py-2">
                <input
                    class="checkbox mt-0.5"
                    type="checkbox"
                    id="requires-second-factor"
                    checked=requires.get_untracked()
                    on:change=heard(move |event| requires.set(event_target_checked(&event)))
                />
                <span class="flex flex-col">
                    <span class="font-medium">{text!(i18n, settings.requires_factor)}</span>
                    <span class="text-sm text-soft">
                        {text!(i18n, settings.requires_factor_help)}
                    </span>
                </span>
            </label>
            <div aria-live="polite">{live(said)}</div>
            <div>
                <Button kind=ButtonKind::Primary on_press=save>
                    {text!(i18n, settings.save)}
                </Button>
            </div>
        </section>
    }
}
