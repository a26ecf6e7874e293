//! What the check found, sorted by what it costs: each problem with its cause, its remedies, and
//! its rows.

use alta_domain::{Fix, HeaderChoice, Mapping, ProblemCode, ProblemReport, Severity};
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::Element;

use super::session::ImportSession;
use super::{decisions, dom, use_session};
use crate::format;
use crate::reader::use_i18n;
use crate::ui::{Alert, Button, Show, Tone, on_event};
use crate::words::{self, Reader, plural, text, word};

/// Rows asked for when a problem's rows are to be shown.
const SHOWN: u32 = 40;

/// The look of the panel's buttons.
const LOOK: &str = "btn btn-sm h-auto min-h-11 py-2 whitespace-normal";

/// All problems of the last check, and what was decided; glad in one line when there is nothing to
/// say.
#[component]
pub(crate) fn ProblemPanel() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let drawn = NodeRef::<Div>::new();
    // The button that gets the focus when the panel is drawn next.
    let wanted = StoredValue::new(None::<String>);
    let without_header = move || {
        session.mapping.with(|mapping| {
            mapping
                .as_ref()
                .is_some_and(|mapping| mapping.shape.header_line.is_none())
        })
    };
    let use_first = Callback::new(move |()| {
        session.correct(|choice| choice.header = Some(HeaderChoice::Line(1)));
    });
    Effect::new(move |_| {
        if let Some(drawn) = drawn.get() {
            let focused = dom::focused();
            // It fails only when the page is gone.
            let _ = draw(&drawn, i18n, &session);
            if let Some(does) = wanted.try_update_value(Option::take).flatten().or(focused) {
                dom::focus(&does);
            }
        }
    });
    let press = move |event: leptos::ev::MouseEvent| {
        if let Some(does) = dom::pressed(&event) {
            wanted.set_value(carry_out(&session, &does));
        }
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
                        <Button small=true on_press=use_first>
                            {text!(i18n, problems.use_first_line)}
                        </Button>
                    </div>
                </Alert>
            </Show>
            <div
                class="flex flex-col gap-3"
                id="problems"
                node_ref=drawn
                on:click=on_event(press)
            ></div>
        </section>
    }
}

/// What a button of the panel does: `remedy PROBLEM REMEDY`, `rows PROBLEM`, `undo DECISION`, each
/// by its place. Answers with the button that is to have the focus next, where the pressed one
/// goes.
fn carry_out(session: &ImportSession, does: &str) -> Option<String> {
    let mut words = does.split(' ');
    let what = words.next();
    let mut place = || words.next().and_then(|place| place.parse::<usize>().ok());
    let first = place()?;
    let problem = session.report.with_untracked(|report| {
        report
            .as_ref()
            .and_then(|report| report.problems.get(first).cloned())
    });
    match (what, problem) {
        (Some("remedy"), Some(problem)) => {
            session.decide(problem.remedies.into_iter().nth(place()?)?.fix);
            let decisions = session.mapping.with_untracked(|mapping| {
                mapping.as_ref().map_or(0, |mapping| mapping.fixes.len())
            });
            return Some(format!("undo {}", decisions.saturating_sub(1)));
        }
        (Some("rows"), Some(problem)) => {
            let filter = Some(problem.filter());
            session
                .filter
                .update(|shown| *shown = if *shown == filter { None } else { filter });
            session.ask_rows(0, SHOWN);
        }
        (Some("undo"), _) => session.undo(first),
        _ => {}
    }
    None
}

/// Draws everything anew.
fn draw(into: &Element, i18n: Reader, session: &ImportSession) -> Result<(), JsValue> {
    into.set_text_content(None);
    let (Some(mapping), Some(report)) = (session.mapping.get(), session.report.get()) else {
        return Ok(());
    };
    if report.problems.is_empty() {
        let good = dom::text(into, "p", "notice tone-good", "")?;
        dom::icon(&good, "icon-[lucide--circle-check] mt-0.5 size-5 shrink-0")?;
        dom::text(&good, "span", "font-semibold", word!(i18n, problems.none))?;
    } else {
        let list = dom::text(into, "ul", "problem-list", "")?;
        for (at, problem) in report.problems.iter().enumerate() {
            let is_shown = session.filter.get() == Some(problem.filter());
            draw_problem(&list, i18n, &mapping, problem, (at, is_shown))?;
        }
    }
    // While a check runs, the counts of decisions taken since the last one are not known.
    let fixed = if session.checking.get() {
        &[]
    } else {
        report.fixed.as_slice()
    };
    decisions::draw(into, i18n, &mapping, fixed)?;
    Ok(())
}

#[expect(clippy::too_many_lines, reason = "a view that waits to be split")]
fn draw_problem(
    list: &Element,
    i18n: Reader,
    mapping: &Mapping,
    problem: &ProblemReport,
    (at, is_shown): (usize, bool),
) -> Result<(), JsValue> {
    let (look, icon) = match problem.severity {
        Severity::Error => (
            "problem problem-error",
            "icon-[lucide--circle-x] mt-1 size-5 shrink-0",
        ),
        Severity::Warning => (
            "problem problem-warning",
            "icon-[lucide--triangle-alert] mt-1 size-5 shrink-0",
        ),
        Severity::Notice => (
            "problem problem-notice",
            "icon-[lucide--wand-sparkles] mt-1 size-5 shrink-0",
        ),
    };
    let item = dom::text(list, "li", look, "")?;
    item.set_attribute("data-problem", problem.code.as_str())?;
    item.set_attribute("data-records", &problem.records.to_string())?;
    dom::icon(&item, icon)?;
    let said = dom::text(
        &item,
        "div",
        "flex min-w-0 flex-1 basis-56 flex-col gap-1",
        "",
    )?;
    let number = format::number(i18n.language(), u64::from(problem.records));
    let title = dom::text(
        &said,
        "p",
        "font-semibold",
        &format!("{number} · {} ", words::problem(i18n, problem.code)),
    )?;
    if let Some(column) = problem.column {
        let column = decisions::column_name(i18n, mapping, column);
        dom::text(
            &title,
            "span",
            "font-normal",
            &word!(i18n, problems.in_column, column = column),
        )?;
    }
    dom::text(&said, "p", "text-sm", words::way_out(i18n, problem.code))?;
    if let Some((before, after)) = problem
        .sample
        .as_ref()
        .or_else(|| problem.remedies.first()?.sample.as_ref())
    {
        let sample = dom::text(&said, "p", "text-sm break-words", before)?;
        dom::text(&sample, "span", "text-soft", " → ")?;
        dom::text(&sample, "span", "font-semibold", after)?;
    }
    if problem.code == ProblemCode::LostDigits {
        let how = dom::text(&said, "details", "text-sm", "")?;
        dom::text(
            &how,
            "summary",
            "min-h-11 cursor-pointer py-2 font-semibold",
            word!(i18n, problem.how_again),
        )?;
        for way in [
            word!(i18n, problem.lost_digits_excel),
            word!(i18n, problem.lost_digits_sheets),
            word!(i18n, problem.lost_digits_libre),
        ] {
            dom::text(&how, "p", "py-1", way)?;
        }
    }
    let cost = match (problem.severity, problem.code) {
        (_, ProblemCode::Duplicate) => word!(i18n, ledger.merged),
        (_, ProblemCode::SuspectDomain) => word!(i18n, ledger.ready),
        (Severity::Error, _) => word!(i18n, problems.rejects),
        (Severity::Warning, _) => word!(i18n, problems.leaves_out),
        (Severity::Notice, _) => word!(i18n, problems.mended),
    };
    let mut lines: String = problem
        .lines
        .iter()
        .take(5)
        .map(u32::to_string)
        .collect::<Vec<_>>()
        .join(", ");
    if problem.records > 5 {
        lines.push('…');
    }
    let lines = plural!(i18n, problems.lines, n = problem.lines.len(), lines = lines);
    dom::text(
        &said,
        "p",
        "text-sm text-soft",
        &format!("{cost} · {lines}"),
    )?;
    draw_actions(&item, i18n, mapping, problem, (at, is_shown))
}

/// The best remedy as a button, the others behind 'other options', and the rows.
fn draw_actions(
    item: &Element,
    i18n: Reader,
    mapping: &Mapping,
    problem: &ProblemReport,
    (at, is_shown): (usize, bool),
) -> Result<(), JsValue> {
    let actions = dom::text(item, "div", "flex flex-wrap items-start gap-2", "")?;
    let open = |fix: &Fix| !mapping.fixes.contains(fix);
    let mut offered = problem
        .remedies
        .iter()
        .enumerate()
        .filter(|(_, remedy)| open(&remedy.fix));
    let words = |remedy: &alta_domain::Remedy| {
        let records = format::number(i18n.language(), u64::from(remedy.records));
        format!(
            "{} ({}{records})",
            decisions::words(i18n, &remedy.fix),
            if remedy.at_least { "≥ " } else { "" }
        )
    };
    if let Some((place, remedy)) = offered.next() {
        dom::button(
            &actions,
            &format!("{LOOK} btn-outline"),
            &words(remedy),
            &format!("remedy {at} {place}"),
        )?;
    }
    let mut others = offered.peekable();
    if others.peek().is_some() {
        let more = dom::text(&actions, "details", "", "")?;
        dom::text(
            &more,
            "summary",
            &format!("{LOOK} btn-ghost"),
            word!(i18n, remedy.more),
        )?;
        let choices = dom::text(&more, "div", "flex flex-col items-stretch gap-2 py-2", "")?;
        for (place, remedy) in others {
            dom::button(
                &choices,
                &format!("{LOOK} btn-outline"),
                &words(remedy),
                &format!("remedy {at} {place}"),
            )?;
        }
    }
    let show = if is_shown {
        word!(i18n, problems.show_all)
    } else {
        word!(i18n, problems.show)
    };
    dom::button(
        &actions,
        &format!("{LOOK} btn-ghost"),
        show,
        &format!("rows {at}"),
    )?;
    Ok(())
}
