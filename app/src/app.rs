//! The routes of all pages. The main module holds the frame around the pages and the pages without
//! a session; the others are in the parts that a browser loads when they are first shown
//! ([`parts`]).

use leptos::prelude::*;
use leptos_meta::{Html, Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{Lazy, LazyRoute, path};

use crate::api::read;
use crate::api::session::current_user;
use crate::frame::{Header, Visit};
use crate::pages::{
    ConfirmEmailPage, ForgotPage, InvitationPage, NotFoundPage, ResetPage, SecondFactorPage,
    SignInPage,
};
use crate::parts;
use crate::reader::Reader;
use crate::words::text;

/// Returns the view of a page that is loaded when it is first shown. The argument only names the
/// page's type.
fn page<T: LazyRoute>(_: T) -> Lazy<T> {
    Lazy::new()
}

/// The whole app.
#[component]
pub fn App() -> impl IntoView {
    view! {
        <Frame>
            <Routes fallback=|| view! { <NotFoundPage /> }>
                <Route path=path!("/") view=page(parts::Home) />
                <Route path=path!("/sign-in") view=SignInPage />
                <Route path=path!("/conflicts/:id") view=page(parts::Conflicts) />
                <Route path=path!("/contacts") view=page(parts::Contacts) />
                <Route path=path!("/person") view=page(parts::Person) />
                <Route path=path!("/imports") view=page(parts::Imports) />
                <Route path=path!("/account") view=page(parts::Account) />
                <Route path=path!("/invitation") view=InvitationPage />
                <Route path=path!("/forgot") view=ForgotPage />
                <Route path=path!("/reset") view=ResetPage />
                <Route path=path!("/second-factor") view=SecondFactorPage />
                <Route path=path!("/confirm-email") view=ConfirmEmailPage />
                <ParentRoute path=path!("/settings") view=page(parts::Settings)>
                    <Route path=path!("") view=page(parts::Members) />
                    <Route path=path!("organization") view=page(parts::Organization) />
                    <Route path=path!("audit") view=page(parts::Audit) />
                    <Route path=path!("systems") view=page(parts::Connections) />
                </ParentRoute>
                <Route path=path!("/setup") view=page(parts::SetUp) />
                <ParentRoute path=path!("/onboarding/connect") view=page(parts::Frame)>
                    <Route path=path!(":slug") view=page(parts::Connect) />
                </ParentRoute>
                <ParentRoute path=path!("/onboarding") view=page(parts::Onboarding)>
                    <Route path=path!("") view=page(parts::Resume) />
                    <Route path=path!("systems") view=page(parts::Systems) />
                    <Route path=path!("file") view=page(parts::File) />
                    <Route path=path!("columns") view=page(parts::Columns) />
                    <Route path=path!("import") view=page(parts::Import) />
                    <Route path=path!("team") view=page(parts::Team) />
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
