//! The panel that shows what the import will do to the contacts before it begins: counts, fields,
//! and a few of the changes.

use std::cmp::Reverse;

use alta_domain::{Effect as ImportEffect, EffectSample, ErrorCode, FieldTarget};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::ledger::{CheckLedgerBar, import_segments};
use super::session::{FileCheck, Rehearsal, use_session};
use crate::format;
use crate::reader::use_i18n;
use crate::ui::{Button, ButtonKind, LedgerBar, reactive};
use crate::words::{self, Reader, plural, plural_text, text, word};

/// The panel with the effect. It rehearses the import when it is shown; until the effect is known,
/// it shows the counts of the check.
#[component]
pub(crate) fn EffectPanel() -> impl IntoView {
    let session = use_session();
    Effect::new(move |_| {
        if session.check.is_complete() && session.effect.is_unrehearsed() {
            spawn_local(session.rehearse());
        }
    });
    let part = move || match session.effect.rehearsal() {
        Rehearsal::Done {
            effect,
            current_values,
        } => view! { <KnownEffect effect=effect current_values=current_values /> }.into_any(),
        state => view! { <RehearsalState state=state /> }.into_any(),
    };
    view! {
        <section
            class="flex flex-col gap-4"
            id="effect"
            data-done=move || session.effect.is_rehearsed().to_string()
        >
            {reactive(part)}
        </section>
    }
}

/// The progress of the rehearsal, or the reason why it failed, with a button to try again.
#[component]
fn RehearsalState(state: Rehearsal) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let again = Callback::new(move |()| spawn_local(session.rehearse()));
    let words = match &state {
        Rehearsal::Loading(contacts) => word!(i18n, effect.reading, n = number(i18n, *contacts)),
        Rehearsal::Comparing(effect) => {
            plural!(i18n, effect.running, n = effect.ledger.records)
        }
        Rehearsal::Failed(ErrorCode::TooLarge) => word!(i18n, effect.too_many).to_owned(),
        Rehearsal::Failed(_) => word!(i18n, effect.failed).to_owned(),
        Rehearsal::NotBegun | Rehearsal::Done { .. } => String::new(),
    };
    let may_retry = matches!(state, Rehearsal::Failed(code) if code != ErrorCode::TooLarge);
    view! {
        <CheckLedgerBar />
        <div class="flex flex-wrap items-center gap-3">
            <p class="text-sm text-soft" role="status">
                {words}
            </p>
            {may_retry
                .then(|| {
                    view! {
                        <Button kind=ButtonKind::Quiet small=true on_press=again>
                            {text!(i18n, common.retry)}
                        </Button>
                    }
                        .into_any()
                })}
        </div>
    }
}

/// The counts, the changes, and the conflicts that the import will have.
#[component]
fn KnownEffect(effect: ImportEffect, current_values: Vec<Option<String>>) -> impl IntoView {
    let i18n = use_i18n();
    let ImportEffect {
        ledger,
        conflicts,
        fields,
        samples,
    } = effect;
    let current_values = current_values.into_iter().chain(std::iter::repeat(None));
    let samples = samples.into_iter().zip(current_values).collect();
    view! {
        <LedgerBar
            label=plural_text!(i18n, effect.label, records = ledger.records)
            segments=Signal::derive(move || import_segments(i18n, ledger, None))
        />
        <Changes fields=fields samples=samples />
        {(conflicts > 0)
            .then(|| {
                view! {
                    <p class="text-sm text-soft">
                        {plural_text!(i18n, effect.conflicts, n = conflicts)}
                    </p>
                }
                    .into_any()
            })}
    }
}

/// The fields that change, the ones with the most contacts first, and a few of the changes. Nothing
/// when no field changes.
#[component]
fn Changes(
    /// Each field with the number of contacts in which it changes.
    fields: Vec<(FieldTarget, u32)>,
    /// A few of the changes, each with the value that the contact has now.
    samples: Vec<(EffectSample, Option<String>)>,
) -> impl IntoView {
    let i18n = use_i18n();
    let check = use_session().check;
    let mut fields = fields;
    fields.retain(|(_, contacts)| *contacts > 0);
    fields.sort_by_key(|(_, contacts)| Reverse(*contacts));
    let field = move |(target, contacts): (FieldTarget, u32)| {
        let words = move || {
            let name = field_name(i18n, check, target);
            format!("{name}: {}", number(i18n, contacts))
        };
        view! {
            <li class="fact" data-contacts=contacts>
                {reactive(words)}
            </li>
        }
        .into_any()
    };
    let sample = |(sample, current)| view! { <Change sample=sample current=current /> }.into_any();
    (!fields.is_empty()).then(|| {
        view! {
            <h2 class="font-semibold">{text!(i18n, effect.changes)}</h2>
            <ul class="flex flex-wrap gap-2 text-sm">
                {fields.into_iter().map(field).collect_view()}
            </ul>
            <ul class="flex flex-col gap-1" id="effect-samples">
                {samples.into_iter().map(sample).collect_view()}
            </ul>
        }
        .into_any()
    })
}

/// One change: the line of the file, the field, the present value and the new value.
#[component]
fn Change(sample: EffectSample, current: Option<String>) -> impl IntoView {
    let i18n = use_i18n();
    let check = use_session().check;
    let EffectSample {
        line,
        target,
        value,
        ..
    } = sample;
    view! {
        <li class="flex flex-wrap items-baseline gap-x-2 text-sm">
            <span class="text-soft tabular-nums">{text!(i18n, effect.line, n = line)}</span>
            <span>{reactive(move || field_name(i18n, check, target))}</span>
            <span class="min-w-0 break-words text-soft line-through">
                {current.unwrap_or_default()}
            </span>
            <span aria-hidden="true">"→"</span>
            <span class="min-w-0 font-medium break-words">{value}</span>
        </li>
    }
}

/// Returns the name of a built-in field in the reader's language; for any other field, the name of
/// its column.
fn field_name(i18n: Reader, check: FileCheck, target: FieldTarget) -> String {
    match target {
        FieldTarget::BuiltIn(field) => words::field(i18n, field).to_owned(),
        other => check.header_of_target(other),
    }
}

fn number(i18n: Reader, value: u32) -> String {
    format::number(i18n.language(), u64::from(value))
}
