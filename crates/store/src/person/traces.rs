//! The values by which people can be found in other places: in rejected records, in the records of
//! systems, and in decisions about single cells.

use std::collections::HashSet;

use alta_domain::{BuiltInField, Country, Key, KeyKind, OrganizationId};
use alta_intake::is_cpf_of;
use sea_orm::ConnectionTrait;
use serde_json::Value;

use crate::contacts::history::Part;
use crate::contacts::keys::{owners, stored};
use crate::contacts::state::ContactState;
use crate::contacts::values::MultiValueField;
use crate::entity::contact;
use crate::error::Result;

/// The fewest digits of a phone that says by itself whose it is: a number with its area code.
const FEWEST_DIGITS: usize = 10;
/// The fewest digits of a number without its area code. Other people may have the same one.
const FEWEST_LOCAL_DIGITS: usize = 8;
/// The most digits of a phone or a CPF.
const MOST_DIGITS: usize = 15;
/// The fewest characters of a name or an address that is looked for.
const SHORTEST: usize = 6;

/// The values of people.
#[derive(Debug, Default)]
pub(super) struct Traces {
    /// The keys of the people in their stored form: phones, e-mail addresses and CPFs, those of
    /// before included, but none that belongs to another contact by now.
    keys: HashSet<String>,
    /// E-mail addresses in lower case.
    emails: HashSet<String>,
    /// Phones and CPFs: their digits, and the ends of phones that are the number with its area
    /// code.
    numbers: HashSet<String>,
    /// Numbers that others may have too: landlines, tax ids that are no CPF, and phones without
    /// their area code.
    common_numbers: HashSet<String>,
    /// Names in lower case.
    names: HashSet<String>,
    /// Birth dates, addresses and ids in other systems, in lower case. Beside the name they say who
    /// a record is.
    details: HashSet<String>,
}

impl Traces {
    /// Collects the values of contacts, and those that they had before according to the parts of
    /// their histories.
    pub(super) async fn of<'p>(
        db: &impl ConnectionTrait,
        organization: OrganizationId,
        home: Country,
        rows: &[contact::Model],
        parts: impl Iterator<Item = &'p Part>,
    ) -> Result<Self> {
        let mut values = HashSet::new();
        for row in rows {
            values.extend(ContactState::values(row.clone()));
            let parts = [&row.first_name, &row.last_name];
            let name: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
            values.insert((BuiltInField::Name.as_str().to_owned(), name.join(" ")));
        }
        for part in parts {
            values.extend(values_before(part));
        }
        let key = |field, value: &str| key_of(field, value, home);
        let known: Vec<(BuiltInField, String)> = values
            .into_iter()
            .filter_map(|(name, value)| Some((BuiltInField::parse(&name)?, value)))
            .collect();
        let keys = known.iter().filter_map(|(field, value)| key(*field, value));
        let owners = owners(db, organization, keys.collect()).await?;
        let own: HashSet<i64> = rows.iter().map(|row| row.id).collect();
        let mut traces = Self::default();
        for (field, value) in known {
            let key = key(field, &value);
            let owner = key.as_ref().and_then(|key| owners.get(key));
            if owner.is_none_or(|owner| own.contains(owner)) {
                traces.add(field, &value, key);
            }
        }
        Ok(traces)
    }

    /// Adds the values of others.
    pub(super) fn join(&mut self, other: Self) {
        self.keys.extend(other.keys);
        self.emails.extend(other.emails);
        self.numbers.extend(other.numbers);
        self.common_numbers.extend(other.common_numbers);
        self.names.extend(other.names);
        self.details.extend(other.details);
    }

    fn add(&mut self, field: BuiltInField, value: &str, key: Option<String>) {
        use BuiltInField as F;
        let lower = value.trim().to_lowercase();
        let is_key = key.is_some();
        self.keys.extend(key);
        match field {
            F::Email => {
                self.emails.insert(lower);
            }
            F::Phone => {
                let digits = digits(value);
                self.numbers.extend(ends(&digits, FEWEST_DIGITS));
                self.common_numbers
                    .extend(ends(&digits, FEWEST_LOCAL_DIGITS));
            }
            F::TaxId if is_key => {
                self.numbers.insert(digits(value));
            }
            F::Landline | F::TaxId => {
                let digits = digits(value);
                self.common_numbers
                    .extend(ends(&digits, FEWEST_LOCAL_DIGITS));
            }
            F::Name if lower.chars().count() >= SHORTEST => {
                self.names.insert(lower);
            }
            F::BirthDate => {
                // A file may write the day first.
                let parts: Vec<&str> = lower.split('-').collect();
                if let [year, month, day] = parts[..] {
                    self.details.insert(format!("{day}/{month}/{year}"));
                    self.details.insert(format!("{day}-{month}-{year}"));
                }
                self.details.insert(lower);
            }
            F::Address | F::ExternalId | F::Notes if lower.chars().count() >= SHORTEST => {
                self.details.insert(lower);
            }
            _ => {}
        }
    }

    /// Returns true for a key of the people.
    pub(super) fn has(&self, key: &Key) -> bool {
        self.keys.contains(&stored(key))
    }

    /// Returns the keys of the people in their stored form.
    pub(super) fn keys(&self) -> impl Iterator<Item = &String> {
        self.keys.iter()
    }

    /// Returns true when a text has a phone with its area code, an e-mail address or a CPF of the
    /// people, in whatever writing. `nobodys` are stored keys that say nothing about anybody there.
    pub(super) fn has_key(&self, text: &str, nobodys: &HashSet<String>) -> bool {
        let lower = text.to_lowercase();
        let between = |letter: char| letter.is_whitespace() || ",;:|<>\"'()".contains(letter);
        let is_email = |word: &str| {
            let word = word.trim_end_matches('.');
            let key = || stored(&Key::new(KeyKind::Email, word));
            self.emails.contains(word) && !nobodys.contains(&key())
        };
        if lower.split(between).any(is_email) {
            return true;
        }
        let is_nobodys = |number: &str| nobodys.iter().any(|key| key.ends_with(number));
        numbers_in(&lower, |number| {
            self.numbers.contains(number) && !is_nobodys(number)
        })
    }

    /// Returns true when a record is about the people: it has one of their keys, or their name
    /// beside a number, a birth date, an address or an id of theirs.
    pub(super) fn is_in_record(&self, cells: &[String], nobodys: &HashSet<String>) -> bool {
        let none = HashSet::new();
        let any = |is: &dyn Fn(&str) -> bool| cells.iter().any(|cell| is(cell));
        let is_among =
            |values: &HashSet<String>, cell: &str| values.contains(&cell.trim().to_lowercase());
        any(&|cell| self.has_key(cell, nobodys))
            || any(&|cell| is_among(&self.names, cell))
                && any(&|cell| {
                    is_among(&self.details, cell)
                        || self.has_key(cell, &none)
                        || numbers_in(cell, |number| self.common_numbers.contains(number))
                })
    }

    /// Returns true when a text of a decision is about the people.
    pub(super) fn is_in_decision(&self, text: &str) -> bool {
        let lower = text.trim().to_lowercase();
        self.names.contains(&lower)
            || self.details.contains(&lower)
            || self.has_key(text, &HashSet::new())
    }

    /// Returns true when a key of the people stands in one of the texts of a JSON value.
    pub(super) fn is_in_json(&self, json: &str) -> bool {
        let none = HashSet::new();
        match serde_json::from_str(json) {
            Ok(value) => any_text(&value, &|text| self.has_key(text, &none)),
            Err(_) => self.has_key(json, &none),
        }
    }
}

/// Returns the key that a value of a field is, in its stored form; `None` when it is none.
fn key_of(field: BuiltInField, value: &str, home: Country) -> Option<String> {
    let kind = match field {
        BuiltInField::Phone => KeyKind::Phone,
        BuiltInField::Email => KeyKind::Email,
        BuiltInField::TaxId if is_cpf_of(value, None, home) => KeyKind::Cpf,
        _ => return None,
    };
    Some(stored(&Key::new(kind, value)))
}

/// Returns the values before and after the changes of a part of a history, each with the word of
/// its field.
fn values_before(part: &Part) -> Vec<(String, String)> {
    let set = part.entry.set.iter().flat_map(|(name, (old, new))| {
        let both = [old, new].into_iter().flatten();
        both.map(|value| (name.clone(), value.clone()))
    });
    let elements = MultiValueField::ALL.into_iter().flat_map(|many| {
        let (added, removed) = (part.entry.added.get(&many), part.entry.removed.get(&many));
        let all = added.into_iter().chain(removed).flatten();
        all.map(move |value| (many.field().as_str().to_owned(), value.clone()))
    });
    set.chain(elements).collect()
}

/// Returns true when `is` accepts a text anywhere in a JSON value.
fn any_text(value: &Value, is: &impl Fn(&str) -> bool) -> bool {
    match value {
        Value::String(text) => is(text),
        Value::Number(number) => is(&number.to_string()),
        Value::Array(list) => list.iter().any(|value| any_text(value, is)),
        Value::Object(table) => table.values().any(|value| any_text(value, is)),
        _ => false,
    }
}

/// Returns the ends of a number that have at least this many digits, the whole number included.
fn ends(digits: &str, fewest: usize) -> impl Iterator<Item = String> + use<> {
    let last = digits.len().saturating_sub(fewest);
    let all: Vec<String> = (0..=last).map(|at| digits[at..].to_owned()).collect();
    all.into_iter().filter(|end| !end.is_empty())
}

/// Returns true when `is` accepts one of the numbers in a text: the digits of a part of it, or a
/// run of them when there are more, because words and other digits may stand around a number.
fn numbers_in(text: &str, is: impl Fn(&str) -> bool) -> bool {
    let accepts = |part: &str| {
        let digits = digits(part);
        if is(&digits) || is(digits.trim_start_matches('0')) {
            return true;
        }
        let lengths = FEWEST_DIGITS..=MOST_DIGITS.min(digits.len().saturating_sub(1));
        lengths.into_iter().any(|length| {
            let starts = 0..=digits.len() - length;
            starts.into_iter().any(|at| is(&digits[at..at + length]))
        })
    };
    text.split([',', ';', '|', '/', ':', '\n']).any(accepts)
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use alta_domain::{BuiltInField as F, Country};

    use super::{Traces, key_of};

    fn traces() -> Traces {
        let mut traces = Traces::default();
        for (field, value) in [
            (F::Phone, "5551999990001"),
            (F::Email, "bia@example.com"),
            (F::TaxId, "52998224725"),
            (F::Landline, "555133330001"),
            (F::Name, "Bia Souza"),
            (F::BirthDate, "1990-12-31"),
        ] {
            traces.add(field, value, key_of(field, value, Country::BRAZIL));
        }
        traces
    }

    #[test]
    fn a_key_is_found_in_whatever_writing() {
        let none = HashSet::new();
        for text in [
            "5551999990001",
            "+55 (51) 99999-0001",
            "051 99999-0001",
            "51 98888-0002 / 51 99999-0001",
            "+5551988880002 ::: +5551999990001",
            "llamar al 51 99999-0001 a las 10",
            "Bia@Example.com",
            "Bia <bia@example.com>; outra@example.com",
            "529.982.247-25",
        ] {
            assert!(traces().has_key(text, &none), "{text}");
        }
        for text in [
            "",
            "99999-0001",
            "51999990002",
            "abia@example.com",
            "5133330001",
        ] {
            assert!(!traces().has_key(text, &none), "{text}");
        }
    }

    #[test]
    fn what_others_may_have_too_needs_the_name_beside_it() {
        let is_hers = |cells: [&str; 2], nobodys: &[&str]| {
            let nobodys = nobodys.iter().map(|key| (*key).to_owned()).collect();
            traces().is_in_record(&cells.map(str::to_owned), &nobodys)
        };
        for detail in ["99999-0001", "(51) 3333-0001", "31/12/1990"] {
            assert!(is_hers([detail, "Bia Souza"], &[]), "{detail}");
            assert!(!is_hers([detail, "Caio Lima"], &[]), "{detail}");
        }
        assert!(!is_hers(["", "Bia Souza"], &[]), "the name alone");
        assert!(is_hers(["51 99999-0001", "Caio Lima"], &[]));
        let nobodys = ["p5551999990001"];
        assert!(
            !is_hers(["51 99999-0001", "Caio Lima"], &nobodys),
            "the shop's number"
        );
        assert!(is_hers(["51 99999-0001", "Bia Souza"], &nobodys));
    }

    #[test]
    fn a_key_is_found_in_the_texts_of_a_record_in_json() {
        assert!(traces().is_in_json(r#"{"buyer": {"phones": ["(51) 99999-0001"]}}"#));
        assert!(traces().is_in_json(r#"{"cpf": 52998224725}"#));
        assert!(!traces().is_in_json(r#"{"buyer": {"phones": ["(51) 99999-0002"]}}"#));
    }
}
