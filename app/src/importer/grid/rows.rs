//! The rows on screen. They are made by the document's own calls, not as a view: some 500 cells come at once while the file is checked, and reactive
//! parts for each of them would hold the page up.

use alta_domain::worker::{GridCell, GridRow};
use alta_domain::{ProblemCode, Severity};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::{Document, Element};

/// Replaces the rows drawn. `first` is the number of the first, `place` says how many pixels down a row stands, and `template` is the grid's columns.
pub(super) fn draw(into: &Element, first: u32, rows: &[GridRow], template: &str, place: impl Fn(u32) -> u64) {
    let document = document();
    let all = document.create_document_fragment();
    for (row, at) in rows.iter().zip(first..) {
        let style = format!("{template}; transform: translateY({}px)", place(at));
        if let Ok(drawn) = row_element(&document, at, row, &style) {
            let _ = all.append_child(&drawn);
        }
    }
    into.set_text_content(None);
    let _ = into.append_child(&all);
}

/// The cell an element belongs to: its row and column.
pub(super) fn cell_of(element: &Element) -> Option<(u32, usize)> {
    let cell = element.closest("[role=gridcell]").ok().flatten()?;
    let id = cell.id();
    let (row, column) = id.strip_prefix("cell-")?.split_once('-')?;
    Some((row.parse().ok()?, column.parse().ok()?))
}

fn row_element(document: &Document, at: u32, row: &GridRow, style: &str) -> Result<Element, JsValue> {
    let look = match row.problem.map(|problem| problem.severity) {
        Some(Severity::Error) => "row-grid-row is-rejected",
        Some(_) => "row-grid-row is-warned",
        None if row.same_as_line.is_some() => "row-grid-row is-repeated",
        None => "row-grid-row",
    };
    let drawn = element(document, "div", look, Some("row"))?;
    drawn.set_attribute("aria-rowindex", &(at + 2).to_string())?;
    drawn.set_attribute("style", style)?;
    let line = element(document, "span", "grid-cell text-soft tabular-nums", Some("rowheader"))?;
    line.set_text_content(Some(&row.line.to_string()));
    drawn.append_child(&line)?;
    for (column, cell) in row.cells.iter().enumerate() {
        let cell = cell_element(document, at, column, cell)?;
        drawn.append_child(&cell)?;
    }
    Ok(drawn)
}

fn cell_element(document: &Document, at: u32, column: usize, cell: &GridCell) -> Result<Element, JsValue> {
    let is_phone_notice = cell.problem.is_some_and(|problem| problem.code == ProblemCode::CountryCodeAdded);
    let severity = cell.problem.map(|problem| problem.severity);
    let (look, icon) = match severity {
        Some(Severity::Error) => ("grid-cell cell-error", "icon-[lucide--circle-x] size-4 shrink-0"),
        Some(Severity::Warning) => ("grid-cell cell-warning", "icon-[lucide--triangle-alert] size-4 shrink-0"),
        Some(Severity::Notice) if !is_phone_notice => ("grid-cell cell-notice", "icon-[lucide--wand-sparkles] size-4 shrink-0"),
        _ => ("grid-cell", ""),
    };
    let drawn = element(document, "span", look, Some("gridcell"))?;
    drawn.set_id(&format!("cell-{at}-{column}"));
    if let Some(mended) = &cell.mended {
        drawn.set_attribute("title", mended)?;
    }
    if severity.is_some_and(|severity| severity != Severity::Notice) {
        drawn.set_attribute("aria-invalid", "true")?;
    }
    if !icon.is_empty() {
        let icon = element(document, "span", icon, None)?;
        icon.set_attribute("aria-hidden", "true")?;
        drawn.append_child(&icon)?;
    }
    let text = element(document, "span", "truncate", None)?;
    text.set_text_content(Some(&cell.text.chars().take(120).collect::<String>()));
    drawn.append_child(&text)?;
    Ok(drawn)
}

fn element(document: &Document, tag: &str, class: &str, role: Option<&str>) -> Result<Element, JsValue> {
    let made = document.create_element(tag)?;
    made.set_class_name(class);
    if let Some(role) = role {
        made.set_attribute("role", role)?;
    }
    Ok(made)
}
