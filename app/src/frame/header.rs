//! The header: the organization, the language, the colour scheme, the account and the sign-out.

use alta_domain::{Language, Me};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;

use super::nav::MainNav;
use super::{CallForm, FormState};
use crate::api::Read;
use crate::api::session::{SignOut, keep_language, sign_out};
use crate::importer::remove_copies;
use crate::reader::use_i18n;
use crate::ui::{Icon, PageLink, later, on_event, reactive, reactive_attr};
use crate::words::text;

const BAR: &str =
    "mx-auto flex w-full max-w-6xl flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 sm:px-6";
const BRAND: &str =
    "flex min-h-11 items-center gap-2 rounded-field text-lg font-semibold tracking-tight";
const ORGANIZATION: &str = "hidden min-w-0 truncate text-sm text-soft sm:block sm:max-w-56";

/// The header of every page.
#[component]
pub(crate) fn Header() -> impl IntoView {
    let me = expect_context::<Read<Option<Me>>>();
    view! {
        <header class="border-b border-base-300 bg-base-100">
            <div class=BAR>
                <PageLink href="/" class=BRAND>
                    <span class="brand-mark" aria-hidden="true"></span>
                    "Alta"
                </PageLink>
                <Suspense>
                    {reactive(move || later(async move {
                        me.answer()
                            .await
                            .ok()
                            .flatten()
                            .map(|me| {
                                view! {
                                    <span class=ORGANIZATION>{me.organization}</span>
                                    <MainNav role=me.role />
                                }
                                    .into_any()
                            })
                    }))}
                </Suspense>
                <div class="ms-auto flex flex-wrap items-center gap-1">
                    <LanguageSelect />
                    <ThemeButton />
                    <Suspense>
                        {reactive(move || later(async move {
                            me.answer()
                                .await
                                .ok()
                                .flatten()
                                .map(|me| view! { <SignOutForm me=me /> }.into_any())
                        }))}
                    </Suspense>
                </div>
            </div>
        </header>
    }
}

#[component]
fn LanguageSelect() -> impl IntoView {
    let i18n = use_i18n();
    let choose = move |event| {
        let Some(language) = Language::parse(&event_target_value(&event)) else {
            return;
        };
        spawn_local(async move {
            let _ = keep_language(language).await;
            i18n.change_language(language).await;
        });
    };
    let option = move |(language, name): (Language, &'static str)| {
        let tag = language.as_str();
        view! {
            <option value=tag lang=tag selected=reactive_attr(move || i18n.language() == language)>
                {name}
            </option>
        }
        .into_any()
    };
    view! {
        <select
            class="select select-ghost select-sm h-11 w-auto"
            id="reader-language"
            aria-label=text!(i18n, nav.language)
            on:change=on_event(choose)
        >
            {Language::ALL.map(option).collect_view()}
        </select>
    }
}

#[component]
fn ThemeButton() -> impl IntoView {
    let i18n = use_i18n();
    let toggle = move |_| {
        let Some(root) = document().document_element() else {
            return;
        };
        let dark = match root.get_attribute("data-theme").as_deref() {
            Some("dark") => true,
            Some("light") => false,
            _ => window()
                .match_media("(prefers-color-scheme: dark)")
                .ok()
                .flatten()
                .is_some_and(|query| query.matches()),
        };
        let theme = if dark { "light" } else { "dark" };
        let _ = root.set_attribute("data-theme", theme);
        if let Ok(Some(storage)) = window().local_storage() {
            let _ = storage.set_item("theme", theme);
        }
    };
    view! {
        <button
            class="btn btn-ghost btn-square size-11"
            type="button"
            aria-label=text!(i18n, nav.theme)
            title=text!(i18n, nav.theme)
            on:click=on_event(toggle)
        >
            <Icon name="icon-[lucide--sun-moon]" />
        </button>
    }
}

#[component]
fn SignOutForm(me: Me) -> impl IntoView {
    let i18n = use_i18n();
    let form = FormState::new();
    view! {
        <PageLink href="/account" class="btn btn-ghost h-11 max-w-44" id="account-link">
            <Icon name="icon-[lucide--circle-user]" />
            <span class="truncate max-lg:sr-only">{me.name}</span>
        </PageLink>
        <CallForm
            state=form
            path=SignOut::PATH
            then="/sign-in"
            class="contents"
            call=|_| Box::pin(async {
                remove_copies().await;
                sign_out().await
            })
        >
            <button class="btn btn-ghost h-11" type="submit">
                <Icon name="icon-[lucide--log-out]" />
                <span class="max-lg:sr-only">{text!(i18n, nav.sign_out)}</span>
            </button>
        </CallForm>
    }
}
