//! The settings of the organization: name, country, language, second factor.

use alta_domain::{Country, ErrorCode, Language, OrganizationSettings};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::read;
use crate::api::team::{organization_settings, set_organization_settings};
use crate::reader::{Reader, use_i18n};
use crate::ui::{
    Alert, Button, ButtonKind, LoadFailure, SelectField, Skeleton, TextField, Tone, later,
    on_event, reactive,
};
use crate::words::{self, text};

/// The page of the organization's settings, which it reads first.
#[component]
pub(crate) fn OrganizationPage() -> impl IntoView {
    let settings = read(organization_settings);
    view! {
        <Suspense fallback=|| {
            view! { <Skeleton lines=4 /> }
        }>
            {reactive(move || later(async move {
                match settings.answer().await {
                    Ok(settings) => view! { <SettingsForm settings=settings /> }.into_any(),
                    Err(error) => view! { <LoadFailure error=error /> }.into_any(),
                }
            }))}
        </Suspense>
    }
}

/// The result of saving.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Saved {
    No,
    Yes,
    Failed(ErrorCode),
}

/// The fields of the form, and the result of saving.
#[derive(Clone, Copy)]
struct Form {
    name: RwSignal<String>,
    country: RwSignal<Country>,
    language: RwSignal<Language>,
    requires_factor: RwSignal<bool>,
    saved: RwSignal<Saved>,
}

impl Form {
    fn new(settings: OrganizationSettings) -> Self {
        Self {
            name: RwSignal::new(settings.name),
            country: RwSignal::new(settings.country),
            language: RwSignal::new(settings.language),
            requires_factor: RwSignal::new(settings.requires_second_factor),
            saved: RwSignal::new(Saved::No),
        }
    }

    fn save(self) {
        let settings = OrganizationSettings {
            name: self.name.get_untracked(),
            country: self.country.get_untracked(),
            language: self.language.get_untracked(),
            requires_second_factor: self.requires_factor.get_untracked(),
        };
        spawn_local(async move {
            self.saved
                .set(match set_organization_settings(settings).await {
                    Ok(()) => Saved::Yes,
                    Err(error) => Saved::Failed(error.code),
                });
        });
    }
}

#[component]
fn SettingsForm(settings: OrganizationSettings) -> impl IntoView {
    let i18n = use_i18n();
    let form = Form::new(settings);
    let save = Callback::new(move |()| form.save());
    view! {
        <section class="panel flex max-w-xl flex-col gap-5">
            <TextField
                name="organization"
                maxlength=120
                value=form.name
                label=text!(i18n, setup.organization)
            />
            <CountryField country=form.country />
            <LanguageField language=form.language />
            <FactorField requires=form.requires_factor />
            <div aria-live="polite">{reactive(move || outcome(i18n, form.saved.get()))}</div>
            <div>
                <Button kind=ButtonKind::Primary on_press=save>
                    {text!(i18n, settings.save)}
                </Button>
            </div>
        </section>
    }
}

#[component]
fn CountryField(country: RwSignal<Country>) -> impl IntoView {
    let i18n = use_i18n();
    let choose = Callback::new(move |code: String| {
        if let Some(chosen) = Country::parse(&code) {
            country.set(chosen);
        }
    });
    let option = move |(code, name): (&'static str, &'static str)| {
        let selected = country.with_untracked(|country| country.as_str() == code);
        view! {
            <option value=code selected=selected>
                {name}
            </option>
        }
        .into_any()
    };
    view! {
        <SelectField
            name="country"
            label=text!(i18n, setup.country)
            help=text!(i18n, setup.country_help)
            on_change=choose
        >
            {Country::OFFERED.iter().copied().map(option).collect_view()}
        </SelectField>
    }
}

#[component]
fn LanguageField(language: RwSignal<Language>) -> impl IntoView {
    let i18n = use_i18n();
    let choose = Callback::new(move |tag: String| {
        if let Some(chosen) = Language::parse(&tag) {
            language.set(chosen);
        }
    });
    let option = move |(candidate, name): (Language, &'static str)| {
        let tag = candidate.as_str();
        view! {
            <option value=tag lang=tag selected=language.get_untracked() == candidate>
                {name}
            </option>
        }
        .into_any()
    };
    view! {
        <SelectField
            name="language"
            label=text!(i18n, settings.language)
            help=text!(i18n, settings.language_help)
            on_change=choose
        >
            {Language::ALL.map(option).collect_view()}
        </SelectField>
    }
}

/// The choice whether Admins need a second factor.
#[component]
fn FactorField(requires: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <label class="flex min-h-11 cursor-pointer items-start gap-3 py-2">
            <input
                class="checkbox mt-0.5"
                type="checkbox"
                id="requires-second-factor"
                checked=requires.get_untracked()
                on:change=on_event(move |event| requires.set(event_target_checked(&event)))
            />
            <span class="flex flex-col">
                <span class="font-medium">{text!(i18n, settings.requires_factor)}</span>
                <span class="text-sm text-soft">{text!(i18n, settings.requires_factor_help)}</span>
            </span>
        </label>
    }
}

/// Returns the message after saving; an empty view before.
fn outcome(i18n: Reader, saved: Saved) -> AnyView {
    let (tone, title) = match saved {
        Saved::No => return ().into_any(),
        Saved::Yes => (Tone::Info, text!(i18n, settings.saved)),
        Saved::Failed(code) => (Tone::Bad, Signal::derive(move || words::error(i18n, code))),
    };
    view! {
        <Alert tone=tone title=title>
            ""
        </Alert>
    }
    .into_any()
}
