//! The pages, each in a file of its own.

mod account;
mod confirm_email;
mod conflicts;
mod contacts;
mod forbidden;
mod home;
mod imports;
mod invitation;
mod not_found;
mod onboarding;
mod password;
mod second_factor;
mod set_up;
mod settings;
mod sign_in;
mod value_change;

pub(crate) use account::AccountPage;
pub(crate) use confirm_email::ConfirmEmailPage;
pub(crate) use conflicts::ConflictsPage;
pub(crate) use contacts::{ContactsPage, PersonPage};
pub(crate) use forbidden::Forbidden;
pub(crate) use home::HomePage;
pub(crate) use imports::ImportsPage;
pub(crate) use invitation::InvitationPage;
pub(crate) use not_found::NotFoundPage;
pub(crate) use onboarding::{
    ColumnsPage, ConnectFrame, ConnectPage, FaultAlert, FilePage, ImportPage, OnboardingPage,
    ResumePage, SystemsPage, TeamPage,
};
pub(crate) use password::{ForgotPage, ResetPage};
pub(crate) use second_factor::SecondFactorPage;
pub(crate) use set_up::SetUpPage;
pub(crate) use settings::{
    AuditPage, ConnectionsPage, MembersPage, OrganizationPage, SettingsPage,
};
pub(crate) use sign_in::SignInPage;
