//! The frame of the pages: header, stepper, titles, forms, and the bar of a step's actions.

mod form;
mod header;
mod nav;
mod page;
mod step;

pub(crate) use form::{Answer, CallForm, FormFailure, FormState, text_of};
pub(crate) use header::Header;
pub(crate) use page::{Page, PageTitle, Visit};
pub(crate) use step::{StepPage, Stepper, WizardState, go_on, use_wizard};
