//! The parts of the app that a browser loads when one of their pages is first shown. Each part is a
//! wasm module of its own; pages of the same part share it.

use leptos::prelude::*;
use leptos_router::LazyRoute;

use crate::pages::{
    AccountPage, AuditPage, ColumnsPage, ConflictsPage, ConnectFrame, ConnectPage, ConnectionsPage,
    ContactsPage, FilePage, HomePage, ImportPage, ImportsPage, MembersPage, OnboardingPage,
    OrganizationPage, ResumePage, SetUpPage, SettingsPage, SystemsPage, TeamPage,
};

/// Declares a part: its pages, each with the name by which routes load it.
macro_rules! part {
    ($part:ident, $preload:ident, $pages:ident { $($page:ident => $view:ident,)+ }) => {
        #[derive(Clone, Copy)]
        enum $pages { $($page,)+ }

        #[lazy]
        fn $part(page: $pages) -> AnyView {
            match page {
                $($pages::$page => view! { <$view /> }.into_any(),)+
            }
        }

        $(
            pub(crate) struct $page;

            impl LazyRoute for $page {
                fn data() -> Self {
                    Self
                }

                async fn view(_: Self) -> AnyView {
                    $part($pages::$page).await
                }

                #[cfg(not(feature = "ssr"))]
                async fn preload() {
                    $preload().await;
                }
            }
        )+
    };
}

part!(desk, __preload_desk, DeskPages {
    Home => HomePage,
    Conflicts => ConflictsPage,
    Contacts => ContactsPage,
    Imports => ImportsPage,
});

part!(settings, __preload_settings, SettingsPages {
    Account => AccountPage,
    Settings => SettingsPage,
    Members => MembersPage,
    Organization => OrganizationPage,
    Audit => AuditPage,
    Connections => ConnectionsPage,
});

part!(steps, __preload_steps, StepsPages {
    Onboarding => OnboardingPage,
    Resume => ResumePage,
    Systems => SystemsPage,
    Team => TeamPage,
    SetUp => SetUpPage,
    Frame => ConnectFrame,
    Connect => ConnectPage,
});

part!(importer, __preload_importer, ImporterPages {
    File => FilePage,
    Columns => ColumnsPage,
    Import => ImportPage,
});
