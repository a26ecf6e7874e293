//! The app: what every page shares, and which page is where.

use leptos::prelude::*;
use leptos_meta::{Html, Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::path;

use crate::api::read;
use crate::api::session::current_user;
use crate::frame::{Header, Visit};
use crate::pages::{
    ColumnsPage, ConflictsPage, FilePage, HomePage, ImportPage, NotFoundPage, OnboardingPage, ResumePage, SetUpPage, SignInPage,
    SystemsPage, TeamPage,
};
use crate::reader::Reader;
use crate::words::text;

/// The whole app, in the reader's language.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let i18n = Reader::new();
    provide_context(i18n);
    provide_context(read(current_user));
    provide_context(Visit::default());
    Effect::new(|_| {
        // The page answers from here on; tests wait for this, and early clicks are not lost on it.
        if let Some(root) = document().document_element() {
            let _ = root.class_list().remove_1("pre-hydration");
        }
    });
    view! {
        <Html attr:lang=move || i18n.language().as_str() />
        <Title formatter=|title: String| if title.is_empty() { "Alta".to_owned() } else { format!("{title} · Alta") } />
        <Router>
            <a class="skip" href="#content">
                {text!(i18n, common.skip_to_content)}
            </a>
            <Header />
            <Routes fallback=|| view! { <NotFoundPage /> }>
                <Route path=path!("/") view=HomePage />
                <Route path=path!("/sign-in") view=SignInPage />
                <Route path=path!("/setup") view=SetUpPage />
                <Route path=path!("/conflicts/:id") view=ConflictsPage />
                <ParentRoute path=path!("/onboarding") view=OnboardingPage>
                    <Route path=path!("") view=ResumePage />
                    <Route path=path!("systems") view=SystemsPage />
                    <Route path=path!("file") view=FilePage />
                    <Route path=path!("columns") view=ColumnsPage />
                    <Route path=path!("import") view=ImportPage />
                    <Route path=path!("team") view=TeamPage />
                </ParentRoute>
            </Routes>
        </Router>
    }
}
