//! Keys that different people share: the key that most rows share, and the pairs of people side by
//! side.

use alta_domain::{
    BuiltInField, FieldTarget, Fix, Key, KeyKind, Mapping, PersonSample, ProblemReport, Severity,
    SharedKeyRemedy, SharedPair,
};
use wasm_bindgen::JsValue;
use web_sys::Element;

use super::actions::{ButtonName, PanelAction, PanelButton};
use super::folds::Folds;
use crate::format;
use crate::importer::dom;
use crate::words::{Reader, plural, word};

/// Returns a phone, an e-mail address or a CPF in the form in which people write it.
fn key_text(key: &Key) -> String {
    match key.kind {
        KeyKind::Phone | KeyKind::Landline => format::phone(&key.value),
        KeyKind::Cpf => format::cpf(&key.value),
        KeyKind::Email => key.value.clone(),
    }
}

/// Returns a stored phone, e-mail address or CPF in the form in which people write it. Without an
/// `@` it is a CPF in a column of tax ids, and a phone in any other column.
pub(super) fn key_of_column(mapping: &Mapping, column: Option<u32>, value: &str) -> String {
    let plan = column.and_then(|column| mapping.columns.get(column as usize));
    let kind = match plan.and_then(|plan| plan.target) {
        _ if value.contains('@') => KeyKind::Email,
        Some(FieldTarget::BuiltIn(BuiltInField::TaxId)) => KeyKind::Cpf,
        _ => KeyKind::Phone,
    };
    key_text(&Key::new(kind, value))
}

/// Draws the key that the most rows of different people share.
pub(super) fn draw_most_shared(
    into: &Element,
    i18n: Reader,
    mapping: &Mapping,
    problem: &ProblemReport,
) -> Result<(), JsValue> {
    let Some((value, rows)) = &problem.sample else {
        return Ok(());
    };
    let n: u32 = rows.parse().unwrap_or(0);
    let says = plural!(
        i18n,
        problem.shared_key_example,
        n = n,
        value = key_of_column(mapping, problem.column, value)
    );
    dom::text(into, "p", "text-sm font-semibold break-words", &says)?;
    Ok(())
}

/// Draws pairs of people side by side, each with its place in the report. One pair is open at once;
/// several are folded. Returns the buttons that make one person of a pair.
pub(super) fn draw(
    into: &Element,
    i18n: Reader,
    folds: &Folds,
    pairs: Vec<(usize, &SharedPair)>,
) -> Result<Vec<PanelButton>, JsValue> {
    let [(_, first), others @ ..] = &pairs[..] else {
        return Ok(Vec::new());
    };
    let list = if others.is_empty() {
        into.clone()
    } else {
        let column = first.problem.column.unwrap_or_default();
        let more = folds.details(into, &format!("pairs_{column}"), "text-sm")?;
        let look = "min-h-11 cursor-pointer py-2 font-semibold";
        let says = word!(i18n, pair.compare, n = pairs.len());
        dom::text(&more, "summary", look, &says)?;
        more
    };
    let list = dom::text(&list, "ul", "shared-pairs", "")?;
    pairs
        .into_iter()
        .map(|(place, pair)| draw_pair(&list, i18n, place, pair))
        .collect()
}

/// Draws two people and the button that makes one person of them.
fn draw_pair(
    list: &Element,
    i18n: Reader,
    place: usize,
    pair: &SharedPair,
) -> Result<PanelButton, JsValue> {
    let item = dom::text(list, "li", "shared-pair", "")?;
    let people = dom::text(&item, "div", "shared-people", "")?;
    let value = key_text(&pair.key);
    let keeps = word!(i18n, pair.keeps, value = value.clone());
    let loses = match pair.problem.severity {
        Severity::Error => word!(i18n, pair.rejected).to_owned(),
        _ => word!(i18n, pair.loses, value = value.clone()),
    };
    draw_person(&people, i18n, &pair.first, &pair.key, &keeps)?;
    draw_person(&people, i18n, &pair.second, &pair.key, &loses)?;
    let words = word!(i18n, pair.one_person);
    let name = ButtonName::OnePerson { pair: place };
    let look = "btn btn-sm btn-outline h-auto min-h-11 py-2 whitespace-normal self-start";
    let button = dom::button(&item, look, words, &name.to_string())?;
    let label = format!("{words}: {}", both_lines(i18n, pair));
    button.set_attribute("aria-label", &label)?;
    let action = PanelAction::Decide(Fix::SharedKey {
        column: pair.problem.column,
        value: Some(pair.key.value.clone()),
        remedy: SharedKeyRemedy::OnePerson,
    });
    Ok(PanelButton {
        name: name.to_string(),
        action,
    })
}

/// Draws the line, the name and the keys of a person, and what becomes of the shared key.
fn draw_person(
    into: &Element,
    i18n: Reader,
    person: &PersonSample,
    shared: &Key,
    outcome: &str,
) -> Result<(), JsValue> {
    let card = dom::text(into, "div", "shared-person", "")?;
    let line = word!(i18n, pair.line, n = person.line);
    dom::text(&card, "p", "text-soft", &line)?;
    let name = match &person.name {
        Some(name) => name,
        None => word!(i18n, pair.no_name),
    };
    dom::text(&card, "p", "text-sm font-semibold", name)?;
    for key in &person.keys {
        let look = if key == shared { "font-semibold" } else { "" };
        dom::text(&card, "p", look, &key_text(key))?;
    }
    dom::text(&card, "p", "text-soft", outcome)?;
    Ok(())
}

/// Returns the lines of both people of a pair.
fn both_lines(i18n: Reader, pair: &SharedPair) -> String {
    let line = |person: &PersonSample| word!(i18n, pair.line, n = person.line);
    format!("{}, {}", line(&pair.first), line(&pair.second))
}
