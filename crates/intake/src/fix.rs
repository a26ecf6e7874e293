//! The decisions about the cells of a column, applied to one cell.

use std::borrow::Cow;
use std::collections::HashMap;

use alta_domain::{Country, Fix, Mapping, ProblemCode};

use crate::phone::{Phone, is_cpf_of_brazil, read_phone};

/// The decisions about the cells of a column, each with its index in the plan. [`Edits`] holds the
/// decisions about single cells.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fixes(Vec<(usize, Fix)>);

impl Fixes {
    /// Selects the decisions about the cells of a column.
    pub(crate) fn of<'a>(all: impl IntoIterator<Item = &'a Fix>, column: u32) -> Self {
        let is_of_column =
            |fix: &Fix| fix.column() == Some(column) && !matches!(fix, Fix::SetCell { .. });
        let fixes = all.into_iter().enumerate();
        let fixes = fixes.filter(|(_, fix)| is_of_column(fix));
        Self(fixes.map(|(at, fix)| (at, prepared(fix))).collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (usize, &Fix)> {
        self.0.iter().map(|(at, fix)| (*at, fix))
    }
}

/// Brings the text to replace into the form in which cells are compared.
fn prepared(fix: &Fix) -> Fix {
    match fix {
        Fix::Replace { column, from, to } => Fix::Replace {
            column: *column,
            from: from.trim().to_lowercase(),
            to: to.clone(),
        },
        other => other.clone(),
    }
}

/// Returns the text of a cell after the decisions that replace texts, and the index of the last one
/// that changed it. `typed` is the index of the decision by which the cell was typed by hand:
/// earlier decisions do not apply, because they concern the replaced text.
pub(crate) fn rewritten<'a>(
    fixes: &Fixes,
    text: &'a str,
    typed: Option<usize>,
) -> (Cow<'a, str>, Option<usize>) {
    let mut written = Cow::Borrowed(text);
    let mut compared = None;
    let mut by = None;
    for (at, fix) in fixes.iter().filter(|(at, _)| Some(*at) > typed) {
        if let Some(other) = replaced(fix, &written, &mut compared) {
            written = Cow::Owned(other);
            compared = None;
            by = Some(at);
        }
    }
    (written, by)
}

/// Returns the text that a decision writes in place of another; `None` when the decision does not
/// apply. `compared` caches the text in the form in which it is compared.
fn replaced(fix: &Fix, text: &str, compared: &mut Option<String>) -> Option<String> {
    match fix {
        Fix::Replace { from, to, .. } => {
            let compared = compared.get_or_insert_with(|| crate::words::trim(text).to_lowercase());
            (compared == from).then(|| to.clone())
        }
        Fix::MailDomain { from, to, .. } => {
            let at = text.rfind('@')? + 1;
            let domain = text
                .get(at..at + from.len())
                .filter(|domain| domain.eq_ignore_ascii_case(from))?;
            let behind = &text[at + domain.len()..];
            // `gmail` must not match the beginning of `gmail.com`.
            behind
                .chars()
                .all(|c| c == '>' || c.is_whitespace())
                .then(|| format!("{}{to}{behind}", &text[..at]))
        }
        Fix::ReplaceText { find, to, .. } => with_text_replaced(text, find, to),
        Fix::RepairText { damage, .. } => crate::damage::repaired(text, *damage),
        _ => None,
    }
}

/// The largest size of a text after a replacement in bytes: more than any imported cell has.
const MOST_REPLACED: usize = 64 * 1024;

/// Replaces a part of a text wherever it occurs. Returns `None` when it does not occur, and when
/// the result would be longer than any cell.
fn with_text_replaced(text: &str, find: &str, to: &str) -> Option<String> {
    if find.is_empty() {
        return None;
    }
    let times = text.matches(find).count();
    let longest = text.len().saturating_add(times.saturating_mul(to.len()));
    (times > 0 && longest <= MOST_REPLACED).then(|| text.replace(find, to))
}

/// Reads a cell that is not a phone of the organization's country as one of a country that was
/// decided upon. Returns the phone with the index of the decision.
pub(crate) fn other_country(fixes: &Fixes, text: &str, home: Country) -> Option<(usize, Phone)> {
    fixes.iter().find_map(|(at, fix)| match fix {
        Fix::ReadPhones { country, area, .. } => Some((at, read_as(text, *country, area, home)?)),
        _ => None,
    })
}

/// Reads a number as one of a country, with the area code before it. A text that is a CPF at home
/// is not read as a phone of another country.
pub(crate) fn read_as(text: &str, country: Country, area: &str, home: Country) -> Option<Phone> {
    if is_cpf_of_brazil(text, home) {
        return None;
    }
    let read = if area.is_empty() {
        read_phone(text, country)
    } else {
        read_phone(&format!("{area} {text}"), country)
    };
    let phone = read.ok()?;
    Some(Phone {
        notice: phone.notice.or(Some(ProblemCode::CountryCodeAdded)),
        ..phone
    })
}

/// Returns the index of the decision that leaves out values with this problem.
pub(crate) fn left_out(fixes: &Fixes, code: ProblemCode) -> Option<usize> {
    fixes
        .iter()
        .find(|(_, fix)| matches!(fix, Fix::LeaveOut { code: other, .. } if *other == code))
        .map(|(at, _)| at)
}

/// The cells to which the Admin gave another text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Edits(HashMap<(u32, u32), (usize, String), foldhash::fast::RandomState>);

impl Edits {
    pub(crate) fn of(mapping: &Mapping) -> Self {
        let cells = mapping
            .fixes
            .iter()
            .enumerate()
            .filter_map(|(at, fix)| match fix {
                Fix::SetCell {
                    record,
                    column,
                    text,
                    ..
                } => Some(((*record, *column), (at, text.clone()))),
                _ => None,
            });
        Self(cells.collect())
    }

    /// Returns the text given to a cell of a record; `None` when it was not edited.
    pub(crate) fn get(&self, record: u32, column: u32) -> Option<&str> {
        if self.0.is_empty() {
            return None;
        }
        self.0.get(&(record, column)).map(|(_, text)| text.as_str())
    }

    /// Returns the index, in the plan, of the decision that gave a cell of a record its text.
    pub(crate) fn place(&self, record: u32, column: u32) -> Option<usize> {
        if self.0.is_empty() {
            return None;
        }
        self.0.get(&(record, column)).map(|(at, _)| *at)
    }

    /// Returns the edits of a record: for each the index in the plan, the column and the text.
    pub(crate) fn of_record(
        &self,
        record: u32,
        width: usize,
    ) -> impl Iterator<Item = (usize, usize, &str)> {
        let columns = if self.0.is_empty() { 0 } else { width };
        (0..columns).filter_map(move |column| {
            let (at, text) = self.0.get(&(record, u32::try_from(column).ok()?))?;
            Some((*at, column, text.as_str()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(fix: &Fix, cell: &str) -> Option<String> {
        let (written, by) = rewritten(&Fixes::of([fix], 0), cell, None);
        by.map(|_| written.into_owned())
    }

    #[test]
    fn a_mail_domain_is_replaced_where_it_stands_whole() {
        let fix = Fix::MailDomain {
            column: 0,
            from: "gmail".into(),
            to: "gmail.com".into(),
        };
        assert_eq!(text(&fix, "ana@Gmail").as_deref(), Some("ana@gmail.com"));
        assert_eq!(
            text(&fix, "Ana <ana@gmail>").as_deref(),
            Some("Ana <ana@gmail.com>")
        );
        assert_eq!(text(&fix, "ana@gmail.com"), None);
        assert_eq!(text(&fix, "gmail"), None);
    }

    #[test]
    fn a_value_is_replaced_whole_whatever_its_case() {
        let fix = Fix::Replace {
            column: 0,
            from: "Sí, claro".into(),
            to: "sí".into(),
        };
        assert_eq!(text(&fix, "SÍ, CLARO").as_deref(), Some("sí"));
        assert_eq!(text(&fix, "sí, claro que no"), None);
    }

    #[test]
    fn a_part_of_a_text_is_replaced_wherever_it_stands_and_never_grows_without_end() {
        let fix = |find: &str, to: &str| Fix::ReplaceText {
            column: 0,
            find: find.into(),
            to: to.into(),
        };
        assert_eq!(text(&fix("0 ", ""), "0 51 0 9").as_deref(), Some("51 9"));
        assert_eq!(
            text(&fix("Rua", "R."), "rua Rua").as_deref(),
            Some("rua R.")
        );
        assert_eq!(text(&fix("", "x"), "abc"), None);
        assert_eq!(text(&fix("z", "x"), "abc"), None);
        let long = "x".repeat(1000);
        assert_eq!(text(&fix("a", &long), &"a".repeat(1000)), None);
    }

    #[test]
    fn a_cpf_is_no_number_of_another_country_by_decision_either() {
        let (chile, brazil) = (Country::parse("CL").unwrap(), Country::BRAZIL);
        for cpf in ["56830401160", "568.304.011-60"] {
            assert_eq!(read_as(cpf, chile, "", brazil), None);
        }
        assert!(read_as("56830401160", chile, "", chile).is_some());
        assert!(read_as("+56830401160", chile, "", brazil).is_some());
    }

    #[test]
    fn a_local_number_gets_its_area_code() {
        let phone =
            read_as("99999-1234", Country::BRAZIL, "51", Country::BRAZIL).map(|phone| phone.digits);
        assert_eq!(phone, Some(5_551_999_991_234));
        assert_eq!(
            read_as("99999-1234", Country::BRAZIL, "", Country::BRAZIL),
            None
        );
    }
}
