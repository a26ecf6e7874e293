//! The three parts of the app, each a wasm module of its own: the desk for daily work, the wizard
//! for the first steps, and the pages that connect systems. A link from one part to another loads
//! a document.

use leptos::prelude::*;
use leptos_meta::{Html, Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::path;

use crate::api::read;
use crate::api::session::current_user;
use crate::frame::{Header, Visit};
use crate::pages::{
    AccountPage, AuditPage, ColumnsPage, ConfirmEmailPage, ConflictsPage, ConnectFrame,
    ConnectPage, ConnectionsPage, ContactsPage, FilePage, ForgotPage, HomePage, ImportPage,
    ImportsPage, InvitationPage, MembersPage, NotFoundPage, OnboardingPage, OrganizationPage,
    ResetPage, ResumePage, SecondFactorPage, SetUpPage, SettingsPage, SignInPage, SystemsPage,
    TeamPage,
};
use crate::reader::Reader;
use crate::words::text;

/// The desk: sign-in, home, contacts, account and settings.
#[component]
pub fn Desk() -> impl IntoView {
    view! {
        <Frame>
            <Routes fallback=|| view! { <NotFoundPage /> }>
                <Route path=path!("/") view=HomePage />
                <Route path=path!("/sign-in") view=SignInPage />
                <Route path=path!("/conflicts/:id") view=ConflictsPage />
                <Route path=path!("/contacts") view=ContactsPage />
                <Route path=path!("/imports") view=ImportsPage />
                <Route path=path!("/account") view=AccountPage />
                <Route path=path!("/invitation") view=InvitationPage />
                <Route path=path!("/forgot") view=ForgotPage />
                <Route path=path!("/reset") view=ResetPage />
                <Route path=path!("/second-factor") view=SecondFactorPage />
                <Route path=path!("/confirm-email") view=ConfirmEmailPage />
                <ParentRoute path=path!("/settings") view=SettingsPage>
                    <Route path=path!("") view=MembersPage />
                    <Route path=path!("organization") view=OrganizationPage />
                    <Route path=path!("audit") view=AuditPage />
                    <Route path=path!("systems") view=ConnectionsPage />
                </ParentRoute>
            </Routes>
        </Frame>
    }
}

/// The wizard: set-up and the first steps.
#[component]
pub fn Wizard() -> impl IntoView {
    view! {
        <Frame>
            <Routes fallback=|| view! { <NotFoundPage /> }>
                <Route path=path!("/setup") view=SetUpPage />
                <ParentRoute path=path!("/onboarding") view=OnboardingPage>
                    <Route path=path!("") view=ResumePage />
                    <Route path=path!("systems") view=SystemsPage />
                    <Route path=path!("file") view=FilePage />
                    <Route path=path!("columns") view=ColumnsPage />
                    <Route path=path!("import") view=ImportPage />
                    <Route path=path!("team") view=TeamPage />
                </ParentRoute>
            </Routes>
        </Frame>
    }
}

/// The pages on which systems are connected.
#[component]
pub fn ConnectPages() -> impl IntoView {
    view! {
        <Frame>
            <Routes fallback=|| view! { <NotFoundPage /> }>
                <ParentRoute path=path!("/onboarding/connect") view=ConnectFrame>
                    <Route path=path!(":slug") view=ConnectPage />
                </ParentRoute>
            </Routes>
        </Frame>
    }
}

/// Provides the contexts that every page uses: the reader's language and the caller.
#[component]
fn Frame(children: Children) -> impl IntoView {
    provide_meta_context();
    let i18n = Reader::new();
    provide_context(i18n);
    provide_context(read(current_user));
    provide_context(Visit::default());
    Effect::new(|_| {
        // From here on the page reacts to events. Tests wait until the class is gone.
        if let Some(root) = document().document_element() {
            let _ = root.class_list().remove_1("pre-hydration");
        }
    });
    view! {
        <Html attr:lang=move || i18n.language().as_str() />
        <Title formatter=|title: String| {
            if title.is_empty() { "Alta".to_owned() } else { format!("{title} · Alta") }
        } />
        <Router>
            <a class="skip" href="#content">
                {text!(i18n, common.skip_to_content)}
            </a>
            <Header />
            {children()}
        </Router>
    }
}
