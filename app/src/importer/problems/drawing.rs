//! Draws the problems panel, anew whenever its contents change.

use alta_domain::worker::RowFilter;
use alta_domain::{
    FieldTarget, Mapping, ProblemCode, ProblemReport, Remedy, Repeated, Severity, SharedPair,
};
use wasm_bindgen::JsValue;
use web_sys::Element;

use super::actions::{ButtonName, PanelAction, PanelButton};
use super::decisions;
use super::folds::Folds;
use super::groups::{Group, groups};
use super::offers::{area, needs_eyes, shown_at_once};
use super::pairs;
use crate::format;
use crate::importer::dom;
use crate::importer::session::FileCheck;
use crate::words::{self, Reader, plural, word};

/// The CSS classes of the panel's buttons.
const BUTTON: &str = "btn btn-sm h-auto min-h-11 py-2 whitespace-normal";
/// The CSS classes of the texts about a problem.
const TEXTS: &str = "flex min-w-0 flex-1 basis-56 flex-col gap-1";
/// The largest number of lines that a problem names; an ellipsis follows them when there are more.
const NAMED_LINES: u32 = 5;

/// The state of one drawing.
struct Drawing<'a> {
    i18n: Reader,
    mapping: &'a Mapping,
    /// The filter of the grid; `None` when the grid shows all rows.
    shown: Option<RowFilter>,
    folds: Folds,
    pairs: &'a [SharedPair],
    buttons: Vec<PanelButton>,
}

/// Draws the problems and the decisions in place of the panel's earlier contents. Returns the
/// buttons.
pub(super) fn draw(
    into: &Element,
    i18n: Reader,
    check: FileCheck,
) -> Result<Vec<PanelButton>, JsValue> {
    let folds = Folds::of(into);
    into.set_text_content(None);
    let (Some(mapping), Some(report)) = (check.mapping(), check.report()) else {
        return Ok(Vec::new());
    };
    let mut drawing = Drawing {
        i18n,
        mapping: &mapping,
        shown: check.rows().filter(),
        folds,
        pairs: &report.shared_pairs,
        buttons: Vec::new(),
    };
    if report.problems.is_empty() {
        let good = dom::text(into, "p", "notice tone-good", "")?;
        dom::icon(&good, "icon-[lucide--circle-check] mt-0.5 size-5 shrink-0")?;
        dom::text(&good, "span", "font-semibold", word!(i18n, problems.none))?;
    } else {
        let list = dom::text(into, "ul", "problem-list", "")?;
        let kinds = groups(&report.problems, |problem| {
            (problem.code, problem.severity, drawing.gave_way(problem))
        });
        let (open, mended): (Vec<_>, Vec<_>) = kinds.iter().partition(|group| needs_eyes(group));
        for group in open {
            drawing.group(&list, group)?;
        }
        drawing.mended(&list, &mended)?;
    }
    // While a check runs, the counts of decisions taken since the last check are not known.
    let fixed = if check.is_running() {
        &[]
    } else {
        report.fixed.as_slice()
    };
    let undo = decisions::draw(into, i18n, &mapping, fixed)?;
    drawing.buttons.extend(undo);
    Ok(drawing.buttons)
}

impl Drawing<'_> {
    /// Draws a kind of problem: with its remedies, or with its columns and their remedies.
    fn group(&mut self, list: &Element, group: &Group<'_>) -> Result<(), JsValue> {
        let [(place, problem), others @ ..] = &group.problems[..] else {
            return Ok(());
        };
        let (look, icon) = look(problem.severity);
        let item = dom::text(list, "li", look, "")?;
        item.set_attribute("data-problem", problem.code.as_str())?;
        item.set_attribute("data-records", &group.records().to_string())?;
        dom::icon(&item, icon)?;
        let texts = dom::text(&item, "div", TEXTS, "")?;
        self.title(&texts, problem, group.records(), others.is_empty())?;
        dom::text(&texts, "p", "text-sm", self.way_out(problem))?;
        if problem.code == ProblemCode::LostDigits {
            self.lost_digits(&texts)?;
        }
        if others.is_empty() {
            self.details(&texts, problem)?;
            return self.actions(&item, problem, *place);
        }
        dom::text(&texts, "p", "text-sm text-soft", self.cost(problem))?;
        let columns = dom::text(&item, "ul", "problem-columns", "")?;
        for (place, problem) in &group.problems {
            self.column(&columns, problem, *place)?;
        }
        Ok(())
    }

    /// Draws the problems that were mended without loss, in one closed entry.
    fn mended(&mut self, list: &Element, mended: &[&Group<'_>]) -> Result<(), JsValue> {
        if mended.is_empty() {
            return Ok(());
        }
        let records = mended.iter().map(|group| group.records()).sum();
        let number = format::number(self.i18n.language(), records);
        let entry = dom::text(list, "li", "", "")?;
        let details = self.folds.details(&entry, "mended", "mended")?;
        let summary = dom::text(&details, "summary", "", "")?;
        dom::icon(&summary, "icon-[lucide--wand-sparkles] size-5 shrink-0")?;
        let words = format!("{number} · {}", word!(self.i18n, problems.mended));
        dom::text(&summary, "span", "min-w-0 flex-1", &words)?;
        dom::icon(&summary, "icon-[lucide--chevron-down] size-4 shrink-0")?;
        let kinds = dom::text(&details, "ul", "divide-y divide-base-300", "")?;
        for group in mended {
            self.group(&kinds, group)?;
        }
        Ok(())
    }

    /// Draws one column of a kind of problem that several columns have.
    fn column(
        &mut self,
        list: &Element,
        problem: &ProblemReport,
        place: usize,
    ) -> Result<(), JsValue> {
        let i18n = self.i18n;
        let item = dom::text(list, "li", "problem-column", "")?;
        item.set_attribute("data-records", &problem.records.to_string())?;
        let texts = dom::text(&item, "div", TEXTS, "")?;
        let number = format::number(i18n.language(), u64::from(problem.records));
        let name = match problem.column {
            Some(column) => decisions::column_name(i18n, self.mapping, column),
            None => word!(i18n, problems.no_column).to_owned(),
        };
        dom::text(&texts, "p", "font-semibold", &format!("{number} · {name}"))?;
        self.details(&texts, problem)?;
        self.actions(&item, problem, place)
    }

    /// Draws a sample of the problem, what becomes of its records, and their first lines.
    fn details(&mut self, into: &Element, problem: &ProblemReport) -> Result<(), JsValue> {
        if problem.code == ProblemCode::SharedKey {
            pairs::draw_most_shared(into, self.i18n, self.mapping, problem)?;
            let of_problem = self.pairs.iter().enumerate();
            let of_problem = of_problem.filter(|(_, pair)| pair.problem == problem.filter());
            let buttons = pairs::draw(into, self.i18n, &self.folds, of_problem.collect())?;
            self.buttons.extend(buttons);
        } else {
            draw_sample(into, problem)?;
        }
        if let Some(area) = problem.remedies.first().and_then(area) {
            let evidence = word!(self.i18n, remedy.area_evidence, area = area.to_owned());
            dom::text(into, "p", "text-sm", &evidence)?;
        }
        let lines = problem.lines.iter().take(NAMED_LINES as usize);
        let mut lines = lines.map(u32::to_string).collect::<Vec<_>>().join(", ");
        if problem.records > NAMED_LINES {
            lines.push('…');
        }
        let lines = plural!(
            self.i18n,
            problems.lines,
            n = problem.lines.len(),
            lines = lines
        );
        let cost = format!("{} · {lines}", self.cost(problem));
        dom::text(into, "p", "text-sm text-soft", &cost)?;
        Ok(())
    }

    /// Draws the number of records, the name of the problem, and its column when `names_column` is
    /// true.
    fn title(
        &self,
        into: &Element,
        problem: &ProblemReport,
        records: u64,
        names_column: bool,
    ) -> Result<(), JsValue> {
        let i18n = self.i18n;
        let number = format::number(i18n.language(), records);
        let title = if self.gave_way(problem) {
            word!(i18n, problem.gave_way)
        } else {
            words::problem(i18n, problem.code)
        };
        let title = format!("{number} · {title} ");
        let title = dom::text(into, "p", "font-semibold", &title)?;
        if let Some(column) = problem.column.filter(|_| names_column) {
            let column = decisions::column_name(i18n, self.mapping, column);
            let column = word!(i18n, problems.in_column, column = column);
            dom::text(&title, "span", "font-normal", &column)?;
        }
        Ok(())
    }

    fn way_out(&self, problem: &ProblemReport) -> &'static str {
        if self.gave_way(problem) {
            match self.mapping.repeated() {
                Repeated::Last => word!(self.i18n, problem.gave_way_last),
                Repeated::First | Repeated::Merge => word!(self.i18n, problem.gave_way_way),
            }
        } else {
            words::way_out(self.i18n, problem.code)
        }
    }

    /// Returns true for the notice that values of a column are not stored, because another row of
    /// the same person has a different value: a notice of duplicates in a column of a field that
    /// identifies nobody.
    fn gave_way(&self, problem: &ProblemReport) -> bool {
        use alta_domain::BuiltInField as F;
        let column = problem.column.map(|column| column as usize);
        let column = column.and_then(|column| self.mapping.columns.get(column));
        let target = column.and_then(|column| column.target);
        let tells_who = matches!(
            target,
            None | Some(FieldTarget::BuiltIn(
                F::Phone | F::Landline | F::Email | F::TaxId
            ))
        );
        problem.code == ProblemCode::Duplicate && !tells_who
    }

    /// Draws how to export the file again with the digits that a spreadsheet removed.
    fn lost_digits(&self, into: &Element) -> Result<(), JsValue> {
        let i18n = self.i18n;
        let how = self.folds.details(into, "lost-digits", "text-sm")?;
        let look = "min-h-11 cursor-pointer py-2 font-semibold";
        dom::text(&how, "summary", look, word!(i18n, problem.how_again))?;
        for way in [
            word!(i18n, problem.lost_digits_excel),
            word!(i18n, problem.lost_digits_sheets),
            word!(i18n, problem.lost_digits_libre),
        ] {
            dom::text(&how, "p", "py-1", way)?;
        }
        Ok(())
    }

    /// Returns a text that says what becomes of the records.
    fn cost(&self, problem: &ProblemReport) -> &'static str {
        let i18n = self.i18n;
        match (problem.severity, problem.code) {
            (_, ProblemCode::Duplicate) => word!(i18n, ledger.merged),
            (_, ProblemCode::SuspectDomain) => word!(i18n, ledger.ready),
            (Severity::Error, _) => word!(i18n, problems.rejects),
            (
                Severity::Warning,
                ProblemCode::Mojibake
                | ProblemCode::LostLetters
                | ProblemCode::Entities
                | ProblemCode::BadEncoding,
            ) => word!(i18n, problems.stays),
            (Severity::Warning, _) => word!(i18n, problems.leaves_out),
            (Severity::Notice, _) => word!(i18n, problems.mended),
        }
    }

    /// Draws the remedies that mend the records as buttons, the other remedies under 'other
    /// options', and the button that shows the rows.
    fn actions(
        &mut self,
        item: &Element,
        problem: &ProblemReport,
        place: usize,
    ) -> Result<(), JsValue> {
        let i18n = self.i18n;
        let look = "problem-actions flex flex-wrap items-start gap-2";
        let actions = dom::text(item, "div", look, "")?;
        let decided = &self.mapping.fixes;
        let remedies = problem.remedies.iter().enumerate();
        let offered: Vec<_> = remedies
            .filter(|(_, remedy)| !decided.contains(&remedy.fix))
            .collect();
        let (mending, others) = offered.split_at(shown_at_once(problem, &offered));
        for (remedy, best) in mending {
            self.remedy(&actions, best, (place, *remedy))?;
        }
        let filter = problem.filter();
        let words = if self.shown == Some(RowFilter::Problem(filter)) {
            word!(i18n, problems.show_all)
        } else {
            word!(i18n, problems.show)
        };
        let name = ButtonName::Rows { problem: place };
        let action = PanelAction::ToggleRows(filter);
        let is_main = mending.is_empty() && problem.severity != Severity::Notice;
        let look = if is_main { "btn-outline" } else { "btn-ghost" };
        self.button(&actions, look, words, name, action)?;
        if !others.is_empty() {
            let more = self.folds.details(&actions, &fold_of(problem), "")?;
            let look = format!("{BUTTON} btn-ghost");
            dom::text(&more, "summary", &look, word!(i18n, remedy.more))?;
            let choices = dom::text(&more, "div", "flex flex-col items-stretch gap-2 py-2", "")?;
            for (remedy, other) in others {
                self.remedy(&choices, other, (place, *remedy))?;
            }
        }
        Ok(())
    }

    fn remedy(
        &mut self,
        into: &Element,
        remedy: &Remedy,
        (problem, place): (usize, usize),
    ) -> Result<(), JsValue> {
        let records = format::number(self.i18n.language(), u64::from(remedy.records));
        let words = format!(
            "{} ({}{records})",
            decisions::words(self.i18n, &remedy.fix),
            if remedy.at_least { "≥ " } else { "" }
        );
        let name = ButtonName::Remedy {
            problem,
            remedy: place,
        };
        let action = PanelAction::Decide(remedy.fix.clone());
        self.button(into, "btn-outline", &words, name, action)
    }

    fn button(
        &mut self,
        into: &Element,
        look: &str,
        words: &str,
        name: ButtonName,
        action: PanelAction,
    ) -> Result<(), JsValue> {
        let name = name.to_string();
        dom::button(into, &format!("{BUTTON} {look}"), words, &name)?;
        self.buttons.push(PanelButton { name, action });
        Ok(())
    }
}

/// Returns the CSS classes of a problem of this severity, and those of its icon.
fn look(severity: Severity) -> (&'static str, &'static str) {
    match severity {
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
    }
}

/// Draws a cell before and after: as the check mended it, or as the best remedy would mend it.
fn draw_sample(into: &Element, problem: &ProblemReport) -> Result<(), JsValue> {
    let sample = problem
        .sample
        .as_ref()
        .or_else(|| problem.remedies.first()?.sample.as_ref());
    if let Some((before, after)) = sample {
        let sample = dom::text(into, "p", "text-sm break-words", before)?;
        dom::text(&sample, "span", "text-soft", " → ")?;
        dom::text(&sample, "span", "font-semibold", after)?;
    }
    Ok(())
}

/// Returns the name under which the panel remembers whether the fold with a problem's further
/// remedies is open.
fn fold_of(problem: &ProblemReport) -> String {
    let column = problem.column.map_or("-".to_owned(), |at| at.to_string());
    format!("{}_{column}", problem.code.as_str())
}
