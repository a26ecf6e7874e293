//! The navigation between the main pages: in the header, and on a phone a bar at the bottom.

use alta_domain::{Permission, Role};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::reader::use_i18n;
use crate::ui::{Icon, PageLink, reactive, reactive_attr};
use crate::words::text;

/// The links to the main pages that a role may open. On a phone the wizard has a bar of its own at
/// the bottom, so the navigation is hidden there.
#[component]
pub(super) fn MainNav(role: Role) -> impl IntoView {
    let i18n = use_i18n();
    let path = use_location().pathname;
    let is_wizard = move || path.with(|path| path.starts_with("/onboarding"));
    let is_admin = role.may(Permission::Team);
    view! {
        <nav
            class="main-nav"
            class:is-wizard=reactive_attr(is_wizard)
            aria-label=text!(i18n, nav.main)
        >
            <NavLink
                href="/"
                id="home-link"
                icon="icon-[lucide--house]"
                words=text!(i18n, nav.home)
            />
            <NavLink
                href="/contacts"
                id="contacts-link"
                icon="icon-[lucide--users]"
                words=text!(i18n, contacts.title)
            />
            <NavLink
                href="/imports"
                id="imports-link"
                icon="icon-[lucide--history]"
                words=text!(i18n, imports.title)
            />
            {is_admin
                .then(|| {
                    view! {
                        <NavLink
                            href="/settings"
                            id="settings-link"
                            icon="icon-[lucide--settings]"
                            words=text!(i18n, settings.open)
                        />
                    }
                        .into_any()
                })}
        </nav>
    }
}

#[component]
fn NavLink(
    href: &'static str,
    id: &'static str,
    icon: &'static str,
    words: Signal<String>,
) -> impl IntoView {
    view! {
        <PageLink href=href class="nav-link" id=id marks_current=true>
            <Icon name=icon />
            <span class="truncate">{reactive(move || words.get())}</span>
        </PageLink>
    }
}
