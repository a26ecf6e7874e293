//! One page a file.

mod conflicts;
mod forbidden;
mod home;
mod not_found;
mod onboarding;
mod set_up;
mod sign_in;

pub(crate) use conflicts::ConflictsPage;
pub(crate) use forbidden::Forbidden;
pub(crate) use home::HomePage;
pub(crate) use not_found::NotFoundPage;
pub(crate) use onboarding::{ColumnsPage, FilePage, ImportPage, OnboardingPage, ResumePage, SystemsPage, TeamPage};
pub(crate) use set_up::SetUpPage;
pub(crate) use sign_in::SignInPage;
