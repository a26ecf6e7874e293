//! What the check found, sorted by what it costs: each problem with its cause, its way out, and its rows.

use alta_domain::worker::ProblemFilter;
use alta_domain::{DateOrder, HeaderChoice, ProblemCode, ProblemReport, Severity};
use leptos::prelude::*;
use leptos_i18n::t_string;

use super::use_session;
use crate::format;
use crate::i18n::use_i18n;
use crate::ui::{Alert, Button, ButtonKind, Icon, Show, Tone, live};
use crate::words::{self, text};

/// All problems of the last check; glad in one line when there are none.
#[component]
pub(crate) fn ProblemPanel() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let problems = move || session.report.with(|report| report.as_ref().map(|report| report.problems.clone()));
    let without_header =
        move || session.mapping.with(|mapping| mapping.as_ref().is_some_and(|mapping| mapping.shape.header_line.is_none()));
    let use_first = Callback::new(move |()| session.correct(|choice| choice.header = Some(HeaderChoice::Line(1))));
    let list = move || {
        problems().map(|problems| {
            if problems.is_empty() {
                view! { <Alert tone=Tone::Good title=text!(i18n, problems.none)>""</Alert> }.into_any()
            } else {
                view! { <ul class="problem-list">{problems.into_iter().map(|problem| view! { <Problem problem=problem /> }.into_any()).collect_view()}</ul> }.into_any()
            }
        })
    };
    view! {
        <section class="flex flex-col gap-3" aria-labelledby="problems-title">
            <h2 class="text-lg font-semibold" id="problems-title">
                {text!(i18n, problems.title)}
            </h2>
            <Show when=without_header>
                <Alert tone=Tone::Decide title=text!(i18n, problems.no_header_title)>
                    <p class="max-w-2xl">{text!(i18n, problems.no_header)}</p>
                    <div>
                        <Button small=true on_press=use_first>{text!(i18n, problems.use_first_line)}</Button>
                    </div>
                </Alert>
            </Show>
            {live(list)}
        </section>
    }
}

#[component]
fn Problem(problem: ProblemReport) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let ProblemReport { code, severity, column, records, lines } = problem;
    let filter = ProblemFilter { code, column, severity };
    let shown = move || session.filter.get() == Some(filter);
    let (look, icon) = match severity {
        Severity::Error => ("problem-error", "icon-[lucide--circle-x]"),
        Severity::Warning => ("problem-warning", "icon-[lucide--triangle-alert]"),
        Severity::Notice => ("problem-notice", "icon-[lucide--wand-sparkles]"),
    };
    let cost = move || match (severity, code) {
        (_, ProblemCode::Duplicate) => t_string!(i18n, ledger.merged),
        (Severity::Error, _) => t_string!(i18n, problems.rejects),
        (Severity::Warning, _) => t_string!(i18n, problems.leaves_out),
        (Severity::Notice, _) => t_string!(i18n, problems.mended),
    };
    let header = move || {
        let column = column?;
        session
            .mapping
            .with(|mapping| mapping.as_ref().and_then(|mapping| mapping.columns.get(column as usize)).map(|column| column.header.clone()))
            .map(|name| if name.is_empty() { t_string!(i18n, grid.column_n, n = column + 1).to_string() } else { name })
    };
    let named = {
        let mut named: String = lines.iter().take(5).map(u32::to_string).collect::<Vec<_>>().join(", ");
        if records > 5 {
            named.push('…');
        }
        named
    };
    let toggle = Callback::new(move |()| {
        session.filter.set(if shown() { None } else { Some(filter) });
        session.ask_rows(0, 40);
    });
    let date_order = move |order: DateOrder| {
        Callback::new(move |()| {
            if let Some(column) = column {
                session.read_dates(column, order);
            }
        })
    };
    view! {
        <li class=format!("problem {look}") data-problem=code.as_str() data-records=records>
            <Icon name=icon class="mt-1" />
            <div class="flex min-w-0 flex-1 basis-72 flex-col gap-1">
                <p class="font-semibold">
                    <span class="tabular-nums">{live(move || format::number(i18n.get_locale(), u64::from(records)))}</span>
                    " · "
                    {live(move || words::problem(i18n, code))}
                    " "
                    <span class="font-normal">{live(move || header().map(|column| t_string!(i18n, problems.in_column, column = column).to_string()))}</span>
                </p>
                <p class="text-sm">{live(move || words::way_out(i18n, code))}</p>
                <p class="text-sm text-soft">
                    {live(cost)}
                    " · "
                    {text!(i18n, problems.lines, lines = named.clone())}
                </p>
            </div>
            <div class="flex flex-wrap gap-2">
                <Show when=move || code == ProblemCode::AmbiguousDate>
                    <Button small=true on_press=date_order(DateOrder::Dmy)>{text!(i18n, problem.read_dmy)}</Button>
                    <Button small=true on_press=date_order(DateOrder::Mdy)>{text!(i18n, problem.read_mdy)}</Button>
                </Show>
                <Button small=true kind=ButtonKind::Quiet on_press=toggle>
                    {live(move || if shown() { t_string!(i18n, problems.show_all) } else { t_string!(i18n, problems.show) })}
                </Button>
            </div>
        </li>
    }
}
