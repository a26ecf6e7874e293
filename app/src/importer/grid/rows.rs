//! Draws the rows on screen, some 500 cells at once.

use alta_domain::worker::{GridCell, GridRow};
use alta_domain::{ProblemCode, Severity};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::Element;

use super::cell::CellPlace;
use crate::importer::dom::{element, icon, text};

/// Draws rows in place of the rows drawn before. `first` is the number of the first row, `template`
/// the CSS of the columns' widths, and `place` returns the distance of a row from the top in
/// pixels.
pub(super) fn draw(
    into: &Element,
    first: u32,
    rows: &[GridRow],
    template: &str,
    place: impl Fn(u32) -> u64,
) {
    let document = document();
    let all = document.create_document_fragment();
    for (row, at) in rows.iter().zip(first..) {
        let style = format!("{template}; transform: translateY({}px)", place(at));
        if let Ok(drawn) = row_element(at, row, &style) {
            let _ = all.append_child(&drawn);
        }
    }
    into.set_text_content(None);
    let _ = into.append_child(&all);
}

fn row_element(at: u32, row: &GridRow, style: &str) -> Result<Element, JsValue> {
    let look = match row.problem.map(|problem| problem.severity) {
        Some(Severity::Error) => "row-grid-row is-rejected",
        Some(_) => "row-grid-row is-warned",
        None if row.same_as_line.is_some() => "row-grid-row is-repeated",
        None => "row-grid-row",
    };
    let drawn = element("div", look)?;
    drawn.set_attribute("role", "row")?;
    drawn.set_attribute("aria-rowindex", &(at + 2).to_string())?;
    drawn.set_attribute("style", style)?;
    text(
        &drawn,
        "span",
        "grid-cell text-soft tabular-nums",
        &row.line.to_string(),
    )?
    .set_attribute("role", "rowheader")?;
    for (column, cell) in row.cells.iter().enumerate() {
        let cell = cell_element(at, column, cell)?;
        drawn.append_child(&cell)?;
    }
    Ok(drawn)
}

fn cell_element(row: u32, column: usize, cell: &GridCell) -> Result<Element, JsValue> {
    let is_phone_notice = cell
        .problem
        .is_some_and(|problem| problem.code == ProblemCode::CountryCodeAdded);
    let severity = cell.problem.map(|problem| problem.severity);
    let (look, mark) = match severity {
        Some(Severity::Error) => (
            "grid-cell cell-error",
            "icon-[lucide--circle-x] size-4 shrink-0",
        ),
        Some(Severity::Warning) => (
            "grid-cell cell-warning",
            "icon-[lucide--triangle-alert] size-4 shrink-0",
        ),
        Some(Severity::Notice) if !is_phone_notice => (
            "grid-cell cell-notice",
            "icon-[lucide--wand-sparkles] size-4 shrink-0",
        ),
        _ => ("grid-cell", ""),
    };
    let drawn = element("span", look)?;
    drawn.set_attribute("role", "gridcell")?;
    drawn.set_id(&CellPlace { row, column }.id());
    if let Some(mended) = &cell.mended {
        drawn.set_attribute("title", mended)?;
    }
    if severity.is_some_and(|severity| severity != Severity::Notice) {
        drawn.set_attribute("aria-invalid", "true")?;
    }
    if !mark.is_empty() {
        icon(&drawn, mark)?;
    }
    text(
        &drawn,
        "span",
        "truncate",
        &cell.text.chars().take(120).collect::<String>(),
    )?;
    Ok(drawn)
}
