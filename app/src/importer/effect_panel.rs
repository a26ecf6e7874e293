//! What the import will do, before the button: counts, fields, a few changes as they are.

use alta_domain::{Effect as ImportEffect, EffectSample, ErrorCode, FieldTarget};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{CheckLedgerBar, Rehearsal, import_segments, use_session};
use crate::format;
use crate::reader::use_i18n;
use crate::ui::{Button, ButtonKind, LedgerBar, reactive};
use crate::words::{self, plural, plural_text, text, word};

/// Begins to find out when it is shown; the check's ledger stands there until it is known.
#[component]
pub(crate) fn EffectPanel() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    Effect::new(move |_| {
        let is_ready = session.report.with(Option::is_some) && !session.checking.get();
        if is_ready
            && session
                .rehearsal
                .with_untracked(|state| *state == Rehearsal::None)
        {
            spawn_local(session.rehearse());
        }
    });
    let again = Callback::new(move |()| spawn_local(session.rehearse()));
    let number = move |value: u32| format::number(i18n.language(), u64::from(value));
    let part = move || match session.rehearsal.get() {
        Rehearsal::Done(effect, now) => view! { <Found effect=effect now=now /> }.into_any(),
        state => {
            let said = match &state {
                Rehearsal::Reading(contacts) => word!(i18n, effect.reading, n = number(*contacts)),
                Rehearsal::Running(effect) => {
                    plural!(i18n, effect.running, n = effect.ledger.records)
                }
                Rehearsal::Failed(ErrorCode::TooLarge) => word!(i18n, effect.too_many).to_owned(),
                Rehearsal::Failed(_) => word!(i18n, effect.failed).to_owned(),
                _ => String::new(),
            };
            let retry = matches!(state, Rehearsal::Failed(code) if code != ErrorCode::TooLarge);
            view! {
                <CheckLedgerBar />
                <div class="flex flex-wrap items-center gap-3">
                    <p class="text-sm text-soft" role="status">
                        {said}
                    </p>
                    {retry
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
            .into_any()
        }
    };
    view! {
        <section
            class="flex flex-col gap-4"
            id="effect"
            data-done=move || {
                session.rehearsal.with(|state| matches!(state, Rehearsal::Done(..))).to_string()
            }
        >
            {reactive(part)}
        </section>
    }
}

#[component]
fn Found(effect: ImportEffect, now: Vec<Option<String>>) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let ImportEffect {
        ledger,
        conflicts,
        fields,
        samples,
    } = effect;
    let number = move |value: u32| format::number(i18n.language(), u64::from(value));
    let name = move |target: FieldTarget| match target {
        FieldTarget::BuiltIn(field) => words::field(i18n, field).to_owned(),
        other => session.mapping.with(|mapping| {
            let column = mapping.as_ref().and_then(|mapping| {
                mapping
                    .columns
                    .iter()
                    .find(|column| column.target == Some(other))
            });
            column
                .map(|column| column.header.clone())
                .unwrap_or_default()
        }),
    };
    let mut fields: Vec<(FieldTarget, u32)> = fields
        .into_iter()
        .filter(|(_, contacts)| *contacts > 0)
        .collect();
    fields.sort_by_key(|(_, contacts)| std::cmp::Reverse(*contacts));
    let field = move |(target, contacts): (FieldTarget, u32)| {
        view! {
            <li class="fact" data-contacts=contacts>
                {reactive(move || format!("{}: {}", name(target), number(contacts)))}
            </li>
        }
        .into_any()
    };
    let sample = move |(sample, now): (EffectSample, Option<String>)| {
        let EffectSample {
            line,
            target,
            value,
            ..
        } = sample;
        view! {
            <li class="flex flex-wrap items-baseline gap-x-2 text-sm">
                <span class="text-soft tabular-nums">{text!(i18n, effect.line, n = line)}</span>
                <span>{reactive(move || name(target))}</span>
                <span class="min-w-0 break-words text-soft line-through">
                    {now.unwrap_or_default()}
                </span>
                <span aria-hidden="true">"→"</span>
                <span class="min-w-0 font-medium break-words">{value}</span>
            </li>
        }
        .into_any()
    };
    let changes = (!fields.is_empty()).then(|| {
        view! {
            <h2 class="font-semibold">{text!(i18n, effect.changes)}</h2>
            <ul class="flex flex-wrap gap-2 text-sm">
                {fields.into_iter().map(field).collect_view()}
            </ul>
            <ul class="flex flex-col gap-1" id="effect-samples">
                {samples
                    .into_iter()
                    .zip(now.into_iter().chain(std::iter::repeat(None)))
                    .map(sample)
                    .collect_view()}
            </ul>
        }
        .into_any()
    });
    view! {
        <LedgerBar
            label=plural_text!(i18n, effect.label, records = ledger.records)
            segments=Signal::derive(move || import_segments(i18n, ledger))
        />
        {changes}
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
