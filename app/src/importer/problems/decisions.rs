//! The words for decisions about problems, and the list of the decisions taken, each with its undo
//! button.

use alta_domain::{Country, DateOrder, Fix, Mapping, Repeated};
use wasm_bindgen::JsValue;
use web_sys::Element;

use super::actions::{ButtonName, PanelAction, PanelButton};
use super::pairs;
use crate::format;
use crate::importer::dom;
use crate::words::{self, Reader, word};

/// Returns a few words that say what a decision does.
pub(super) fn words(i18n: Reader, fix: &Fix) -> String {
    let change = |from: String, to: String| word!(i18n, remedy.change, from = from, to = to);
    match fix {
        Fix::ReadPhones { country, area, .. } if area.is_empty() => {
            word!(i18n, remedy.read_phones, name = country_name(*country))
        }
        Fix::ReadPhones { area, .. } => word!(i18n, remedy.area, area = area.clone()),
        Fix::ReadDates {
            order: DateOrder::Dmy,
            ..
        } => word!(i18n, problem.read_dmy).to_owned(),
        Fix::ReadDates {
            order: DateOrder::Mdy,
            ..
        } => word!(i18n, problem.read_mdy).to_owned(),
        Fix::MailDomain { from, to, .. } => change(format!("@{from}"), format!("@{to}")),
        Fix::Replace { from, to, .. } => change(format!("«{from}»"), format!("«{to}»")),
        Fix::ReplaceText { find, to, .. } => word!(
            i18n,
            remedy.replace_text,
            from = format!("«{find}»"),
            to = format!("«{to}»")
        ),
        Fix::SetCell { line, text, .. } => {
            word!(i18n, remedy.cell, n = *line, text = format!("«{text}»"))
        }
        Fix::RepairText { .. } => word!(i18n, remedy.repair).to_owned(),
        Fix::LeaveOut { .. } => word!(i18n, remedy.leave_out).to_owned(),
        Fix::Drop(_) => word!(i18n, remedy.drop).to_owned(),
        Fix::Repeated(Repeated::Merge) => word!(i18n, remedy.merge).to_owned(),
        Fix::Repeated(Repeated::First) => word!(i18n, remedy.first).to_owned(),
        Fix::Repeated(Repeated::Last) => word!(i18n, remedy.last).to_owned(),
        Fix::SharedKey { remedy, .. } => words::shared_key_remedy(i18n, *remedy).to_owned(),
    }
}

/// Returns a country's name in its own language.
fn country_name(country: Country) -> String {
    let found = Country::OFFERED
        .iter()
        .find(|(code, _)| *code == country.as_str());
    found.map_or_else(
        || country.as_str().to_owned(),
        |(_, name)| (*name).to_owned(),
    )
}

/// Returns the name of a column of the file, or its number when it has no name.
pub(super) fn column_name(i18n: Reader, mapping: &Mapping, column: u32) -> String {
    match mapping.columns.get(column as usize) {
        Some(plan) if !plan.header.is_empty() => plan.header.clone(),
        _ => word!(i18n, grid.column_n, n = column + 1),
    }
}

/// Draws the decisions, each with the number of records that it changed, when that number is in
/// `fixed`. Returns their undo buttons.
pub(super) fn draw(
    into: &Element,
    i18n: Reader,
    mapping: &Mapping,
    fixed: &[u32],
) -> Result<Vec<PanelButton>, JsValue> {
    if mapping.fixes.is_empty() {
        return Ok(Vec::new());
    }
    dom::text(into, "h3", "font-semibold", word!(i18n, remedy.decided))?;
    let list = dom::text(into, "ul", "problem-list", "")?;
    let decisions = mapping.fixes.iter().enumerate();
    decisions
        .map(|(place, fix)| {
            let item = dom::text(&list, "li", "problem decision", "")?;
            item.set_attribute("data-decision", &place.to_string())?;
            dom::icon(&item, "icon-[lucide--check] mt-1 size-5 shrink-0")?;
            let mut says = words(i18n, fix);
            if let Fix::SharedKey {
                column,
                value: Some(value),
                ..
            } = fix
            {
                let key = pairs::key_of_column(mapping, *column, value);
                says = format!("{says} · {key}");
            }
            if let Some(column) = column_of(fix) {
                says = format!("{says} · {}", column_name(i18n, mapping, column));
            }
            if let Some(records) = fixed.get(place) {
                item.set_attribute("data-records", &records.to_string())?;
                let records = format::number(i18n.language(), u64::from(*records));
                says = format!("{says} · {records}");
            }
            dom::text(&item, "span", "min-w-0 flex-1 break-words", &says)?;
            draw_undo(&item, i18n, place, &says)
        })
        .collect()
}

/// Returns the column that a decision is about; `None` when it is about no single column.
fn column_of(fix: &Fix) -> Option<u32> {
    match fix {
        Fix::Drop(filter) => filter.column,
        Fix::SharedKey { column, .. } => *column,
        other => other.column(),
    }
}

fn draw_undo(
    item: &Element,
    i18n: Reader,
    decision: usize,
    says: &str,
) -> Result<PanelButton, JsValue> {
    let words = word!(i18n, remedy.undo);
    let name = ButtonName::Undo { decision }.to_string();
    let undo = dom::button(item, "btn btn-ghost btn-sm min-h-11", words, &name)?;
    undo.set_attribute("aria-label", &format!("{words}: {says}"))?;
    let action = PanelAction::Undo { decision };
    Ok(PanelButton { name, action })
}
