//! The parts of the app that a browser loads when one of their pages is first shown. Each part is a
//! wasm module of its own; pages of the same part share it.

use alta_domain::ErrorCode;
use leptos::prelude::*;
use leptos_router::LazyRoute;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use crate::api::AppError;
use crate::frame::Page;
use crate::pages::{
    AccountPage, AuditPage, ColumnsPage, ConflictsPage, ConnectFrame, ConnectPage, ConnectionsPage,
    ContactsPage, FilePage, HomePage, ImportPage, ImportsPage, MembersPage, OnboardingPage,
    OrganizationPage, PersonPage, ResumePage, SetUpPage, SettingsPage, SystemsPage, TeamPage,
};
use crate::ui::LoadFailure;

/// Declares a part: its pages, each with the name by which a route loads it.
macro_rules! part {
    ($part:ident, $show:ident, $load:ident, $pages:ident { $($page:ident => $view:ident,)+ }) => {
        #[derive(Clone, Copy)]
        enum $pages { $($page,)+ }

        #[wasm_split($part, fallible, preload($load))]
        fn $show(page: $pages) -> Result<AnyView, SplitLoaderError> {
            Ok(match page {
                $($pages::$page => view! { <$view /> }.into_any(),)+
            })
        }

        $(
            pub(crate) struct $page;

            impl LazyRoute for $page {
                fn data() -> Self {
                    Self
                }

                async fn view(_: Self) -> AnyView {
                    $show($pages::$page).await.unwrap_or_else(|error| failure(&error))
                }

                async fn preload() {
                    // `view` says when the part can't be loaded.
                    let _ = $load().await;
                }
            }
        )+
    };
}

/// Returns what a page shows when its part can't be loaded: the server is out of reach, or it runs
/// another version by now and has other files. A reload helps in both cases.
fn failure(_: &SplitLoaderError) -> AnyView {
    let error = AppError::from(ErrorCode::Unreachable);
    view! {
        <Page narrow=true>
            <LoadFailure error=error />
        </Page>
    }
    .into_any()
}

part!(desk, show_desk, load_desk, DeskPages {
    Home => HomePage,
    Conflicts => ConflictsPage,
    Contacts => ContactsPage,
    Person => PersonPage,
    Imports => ImportsPage,
});

part!(settings, show_settings, load_settings, SettingsPages {
    Account => AccountPage,
    Settings => SettingsPage,
    Members => MembersPage,
    Organization => OrganizationPage,
    Audit => AuditPage,
    Connections => ConnectionsPage,
});

part!(steps, show_steps, load_steps, StepsPages {
    Onboarding => OnboardingPage,
    Resume => ResumePage,
    Systems => SystemsPage,
    Team => TeamPage,
    SetUp => SetUpPage,
    Frame => ConnectFrame,
    Connect => ConnectPage,
});

part!(importer, show_importer, load_importer, ImporterPages {
    File => FilePage,
    Columns => ColumnsPage,
    Import => ImportPage,
});
