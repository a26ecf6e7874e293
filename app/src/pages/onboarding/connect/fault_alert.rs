//! The fault of a system, and its remedy.

use alta_domain::FaultNote;
use leptos::prelude::*;

use crate::reader::use_i18n;
use crate::ui::{Alert, Tone, reactive};
use crate::words::{self, text};

/// The fault, what to do about it, and what the system itself answered.
#[component]
pub(crate) fn FaultAlert(note: FaultNote) -> impl IntoView {
    let i18n = use_i18n();
    let FaultNote {
        kind,
        message,
        remedy,
    } = note;
    let tone = if kind.passes() {
        Tone::Decide
    } else {
        Tone::Bad
    };
    let remedy = move || {
        remedy
            .clone()
            .unwrap_or_else(|| words::fault_remedy(i18n, kind).to_owned())
    };
    view! {
        <Alert tone=tone title=Signal::derive(move || words::fault(i18n, kind).to_owned())>
            <p class="max-w-2xl">{reactive(remedy)}</p>
            {(!message.is_empty())
                .then(|| {
                    view! {
                        <p class="text-sm break-words text-soft">
                            {text!(i18n, connect.said)}" «"{message}"»"
                        </p>
                    }
                        .into_any()
                })}
        </Alert>
    }
}
