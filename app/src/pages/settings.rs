//! The settings, for Admins: users, organization, audit log, systems.

mod audit;
mod connections;
mod invitations;
mod members;
mod organization;

use leptos::prelude::*;
use leptos_router::components::{A, Outlet};

use crate::api::Read;
use crate::frame::{Page, PageTitle};
use crate::pages::Forbidden;
use crate::reader::use_i18n;
use crate::ui::{Skeleton, later, reactive};
use crate::words::text;

pub(crate) use audit::AuditPage;
pub(crate) use connections::ConnectionsPage;
pub(crate) use members::MembersPage;
pub(crate) use organization::OrganizationPage;

/// The frame of the four settings pages, with their tabs.
#[component]
pub(crate) fn SettingsPage() -> impl IntoView {
    let i18n = use_i18n();
    let me = expect_context::<Read<Option<alta_domain::Me>>>();
    let tab = move |href: &'static str, name: Signal<String>| {
        view! {
            <li>
                <A href=href exact=true attr:class="tab">
                    {reactive(move || name.get())}
                </A>
            </li>
        }
        .into_any()
    };
    view! {
        <Page>
            <Suspense fallback=|| {
                view! { <Skeleton lines=5 /> }
            }>
                {reactive(move || later(async move {
                    let is_admin = me
                        .answer()
                        .await
                        .ok()
                        .flatten()
                        .is_some_and(|me| me.role == alta_domain::Role::Admin);
                    if !is_admin {
                        return view! { <Forbidden /> }.into_any();
                    }
                    view! {
                        <PageTitle
                            title=text!(i18n, settings.title)
                            lead=text!(i18n, settings.lead)
                        />
                        <nav aria-label=text!(i18n, settings.title)>
                            <ul class="tabs">
                                {tab("/settings", text!(i18n, settings.team))}
                                {tab("/settings/organization", text!(i18n, settings.organization))}
                                {tab("/settings/systems", text!(i18n, settings.systems))}
                                {tab("/settings/audit", text!(i18n, settings.audit))}
                            </ul>
                        </nav>
                        <Outlet />
                    }
                        .into_any()
                }))}
            </Suspense>
        </Page>
    }
}
