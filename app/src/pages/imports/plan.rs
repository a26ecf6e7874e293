//! The decisions taken for an import: its columns, the policy, the permissions.

use alta_domain::{ExistingPolicy, FieldTarget, PlanSummary, PlannedColumn};
use leptos::prelude::*;

use crate::reader::use_i18n;
use crate::ui::{Icon, reactive};
use crate::words::{self, Reader, plural, text, word};

/// The plan, closed at first.
#[component]
pub(super) fn PlanView(plan: PlanSummary) -> impl IntoView {
    let i18n = use_i18n();
    let columns = plan.columns.clone();
    let column = move |column: PlannedColumn| view! { <Column column=column /> }.into_any();
    view! {
        <details class="panel" id="import-plan">
            <summary class="min-h-11 cursor-pointer text-lg font-semibold">
                {text!(i18n, imports.plan)}
            </summary>
            <div class="flex flex-col gap-4 pt-3">
                <ul class="flex flex-col gap-1">
                    {reactive(move || {
                        facts(i18n, &plan)
                            .into_iter()
                            .map(|fact| view! { <li>{fact}</li> }.into_any())
                            .collect_view()
                    })}
                </ul>
                <ul class="grid gap-x-8 gap-y-1 sm:grid-cols-2">
                    {columns.into_iter().map(column).collect_view()}
                </ul>
            </div>
        </details>
    }
}

/// A column and its field.
#[component]
fn Column(column: PlannedColumn) -> impl IntoView {
    let i18n = use_i18n();
    let PlannedColumn {
        header,
        target,
        custom,
    } = column;
    let field = move || match target {
        None => word!(i18n, columns.leave_out).to_owned(),
        Some(FieldTarget::BuiltIn(field)) => words::field(i18n, field).to_owned(),
        Some(FieldTarget::Custom { .. }) => custom.clone().unwrap_or_default(),
        Some(FieldTarget::Consent(channel)) => words::accepts(i18n, channel).to_owned(),
        Some(FieldTarget::Refusal(channel)) => words::refuses(i18n, channel).to_owned(),
        Some(FieldTarget::PhonePart(part)) => words::phone_part(i18n, part).to_owned(),
    };
    view! {
        <li class="flex min-w-0 flex-wrap items-baseline gap-x-2">
            <span class="break-words">{header}</span>
            <Icon name="icon-[lucide--arrow-right]" class="size-4 text-soft" />
            <span class="text-soft">{reactive(field)}</span>
        </li>
    }
}

/// Returns the policy, the permissions and the number of decisions, each in a sentence.
fn facts(i18n: Reader, plan: &PlanSummary) -> Vec<String> {
    let policy = match plan.policy {
        ExistingPolicy::Update => word!(i18n, columns.update),
        ExistingPolicy::Fill => word!(i18n, columns.fill),
        ExistingPolicy::Keep => word!(i18n, columns.keep),
    };
    let mut facts = vec![format!("{}: {policy}", word!(i18n, columns.existing))];
    if !plan.channels.is_empty() {
        let channels = plan.channels.iter();
        let names: Vec<&str> = channels
            .map(|channel| words::channel(i18n, *channel))
            .collect();
        facts.push(word!(i18n, consent.summary, channels = names.join(", ")));
    }
    if let Some(basis) = plan.basis {
        let basis = words::basis(i18n, basis);
        let mut fact = format!("{}: {basis}", word!(i18n, consent.basis));
        if !plan.source.is_empty() {
            fact = format!("{fact} · {}", plan.source);
        }
        facts.push(fact);
    }
    if plan.decisions > 0 {
        facts.push(plural!(i18n, imports.decisions, n = plan.decisions));
    }
    facts
}
