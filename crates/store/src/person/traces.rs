//! The values by which people can be found in other places: in rejected records, in the records of
//! systems, and in decisions about single cells.

use std::collections::HashSet;

use alta_domain::{BuiltInField, Country, Key, KeyKind, OrganizationId};
use alta_intake::phone::read_phones;
use alta_intake::{fold, is_cpf_of};
use sea_orm::ConnectionTrait;

use super::texts::{FEWEST_LOCAL_DIGITS, digits, ends, numbers, texts_of_json};
use crate::contacts::history::Part;
use crate::contacts::keys::{owners, stored};
use crate::contacts::state::ContactState;
use crate::contacts::values::MultiValueField;
use crate::entity::contact;
use crate::error::Result;

/// The digits of a CPF.
const CPF_DIGITS: usize = 11;
/// The fewest characters of a name or an address that is looked for.
const SHORTEST: usize = 6;

/// The values of people.
#[derive(Debug)]
pub(super) struct Traces {
    /// The country of the organization, in which phones are read.
    home: Country,
    /// The keys of the people in their stored form: phones, e-mail addresses and CPFs, those of
    /// before included, but none that belongs to another contact by now.
    keys: HashSet<String>,
    /// E-mail addresses in lower case.
    emails: HashSet<String>,
    /// Numbers that others may have too: landlines, tax ids that are no CPF, and phones without
    /// their area code.
    common_numbers: HashSet<String>,
    /// Folded names ([`fold`]).
    names: HashSet<String>,
    /// Birth dates, addresses and ids in other systems, in lower case. Beside the name they say who
    /// a record is.
    details: HashSet<String>,
}

impl Traces {
    fn new(home: Country) -> Self {
        Self {
            home,
            keys: HashSet::new(),
            emails: HashSet::new(),
            common_numbers: HashSet::new(),
            names: HashSet::new(),
            details: HashSet::new(),
        }
    }

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
        let mut traces = Self::new(home);
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
        self.common_numbers.extend(other.common_numbers);
        self.names.extend(other.names);
        self.details.extend(other.details);
    }

    fn add(&mut self, field: BuiltInField, value: &str, key: Option<String>) {
        use BuiltInField as F;
        let lower = value.trim().to_lowercase();
        self.keys.extend(key);
        match field {
            F::Email => {
                self.emails.insert(lower);
            }
            F::Phone | F::Landline => {
                self.common_numbers.extend(ends(&digits(value)));
            }
            F::TaxId => {
                let digits = digits(value);
                if digits.len() >= FEWEST_LOCAL_DIGITS {
                    self.common_numbers.insert(digits);
                }
            }
            F::Name if lower.chars().count() >= SHORTEST => {
                self.names.insert(fold(value));
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
        let is_theirs = |kind, value: &str| {
            let key = stored(&Key::new(kind, value));
            self.keys.contains(&key) && !nobodys.contains(&key)
        };
        let lower = text.to_lowercase();
        let between = |letter: char| letter.is_whitespace() || ",;:|<>\"'()".contains(letter);
        let is_email = |word: &str| {
            let word = word.trim_end_matches('.');
            self.emails.contains(word) && is_theirs(KeyKind::Email, word)
        };
        let is_phone = |text: &str| {
            read_phones(text, self.home).is_ok_and(|(first, further)| {
                let all = std::iter::once(first).chain(further);
                let mut all = all.map(|phone| phone.digits.to_string());
                all.any(|digits| is_theirs(KeyKind::Phone, &digits))
            })
        };
        lower.split(between).any(is_email)
            || digits(text).len() >= FEWEST_LOCAL_DIGITS && is_phone(text)
            || numbers(text).any(|number| {
                let cpf = format!("{:0>CPF_DIGITS$}", digits(number));
                is_theirs(KeyKind::Cpf, &cpf) || is_phone(number)
            })
    }

    /// Returns true when a record is about the people: it has one of their keys, or their name
    /// beside a number, a birth date, an address or an id of theirs.
    pub(super) fn is_in_record(&self, cells: &[String], nobodys: &HashSet<String>) -> bool {
        let none = HashSet::new();
        cells.iter().any(|cell| self.has_key(cell, nobodys))
            || !self.named(cells).is_empty()
                && cells
                    .iter()
                    .any(|cell| self.is_detail(cell) || self.has_key(cell, &none))
    }

    /// Returns the cells of a record without the values of the people.
    pub(super) fn without(&self, cells: &[String]) -> Vec<String> {
        let none = HashSet::new();
        let named = self.named(cells);
        let is_theirs = |(at, cell): &(usize, &String)| {
            named.contains(at) || self.is_detail(cell) || self.has_key(cell, &none)
        };
        let kept = |cell: (usize, &String)| {
            if is_theirs(&cell) {
                String::new()
            } else {
                cell.1.clone()
            }
        };
        cells.iter().enumerate().map(kept).collect()
    }

    /// Returns the positions of the cells that have a name of the people: the whole name, or two
    /// neighbours with first and last name, in either order.
    fn named(&self, cells: &[String]) -> HashSet<usize> {
        let folded: Vec<String> = cells.iter().map(|cell| fold(cell)).collect();
        let mut named = HashSet::new();
        for (at, cell) in folded.iter().enumerate() {
            if self.names.contains(cell) {
                named.insert(at);
            }
            let Some(next) = folded.get(at + 1) else {
                continue;
            };
            let is_name = |first: &str, last: &str| self.names.contains(&format!("{first} {last}"));
            if is_name(cell, next) || is_name(next, cell) {
                named.extend([at, at + 1]);
            }
        }
        named
    }

    /// Returns true when a text is a detail of the people, or has a number that others may have
    /// too.
    fn is_detail(&self, text: &str) -> bool {
        self.details.contains(&text.trim().to_lowercase())
            || numbers(text).any(|number| self.common_numbers.contains(&digits(number)))
    }

    /// Returns true when a text of a decision is about the people.
    pub(super) fn is_in_decision(&self, text: &str) -> bool {
        self.names.contains(&fold(text))
            || self.is_detail(text)
            || self.has_key(text, &HashSet::new())
    }

    /// Returns true when a JSON value is about the people, as a record of its texts.
    pub(super) fn is_in_json(&self, json: &str) -> bool {
        self.is_in_record(&texts_of_json(json), &HashSet::new())
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

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use alta_domain::{BuiltInField as F, Country};

    use super::{Traces, key_of};

    fn traces() -> Traces {
        let mut traces = Traces::new(Country::BRAZIL);
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
            "51 9999-0001",
            "https://wa.me/5551999990001?text=oi",
            "529.982.247-25",
            "CPF 529.982.247-25 fone 51 98888-0002",
            "52998224725 51988880002",
        ] {
            assert!(traces().has_key(text, &none), "{text}");
        }
        for text in [
            "",
            "99999-0001",
            "51999990002",
            "11 99999-0001",
            "(21) 99999-0001",
            "+52 1 99999 00011",
            "rua 1 lote 999 quadra 990001",
            "9551999990001123",
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
    fn a_name_is_found_in_two_columns_and_without_its_accents() {
        let mut traces = traces();
        traces.add(F::Name, "Lía Prado", None);
        let is_hers =
            |cells: [&str; 3]| traces.is_in_record(&cells.map(str::to_owned), &HashSet::new());
        for cells in [
            ["Bia", "Souza", "99999-0001"],
            ["Souza", "Bia", "99999-0001"],
            ["LIA  PRADO", "", "99999-0001"],
        ] {
            assert!(is_hers(cells), "{cells:?}");
        }
        assert!(!is_hers(["Bia", "Prado", "99999-0001"]));
    }

    #[test]
    fn nothing_of_the_people_is_left_in_the_cells_of_somebody_else() {
        let cells = [
            "Bia",
            "Souza",
            "51 99999-0001",
            "51 98888-0002",
            "31/12/1990",
            "VIP",
        ];
        let left = traces().without(&cells.map(str::to_owned));
        assert_eq!(left, ["", "", "", "51 98888-0002", "", "VIP"]);
    }

    #[test]
    fn a_key_is_found_in_the_texts_of_a_record_in_json() {
        assert!(traces().is_in_json(r#"{"buyer": {"phones": ["(51) 99999-0001"]}}"#));
        assert!(traces().is_in_json(r#"{"cpf": 52998224725}"#));
        assert!(traces().is_in_json(r#"{"name": "Bia Souza", "tel": "3333-0001"}"#));
        assert!(!traces().is_in_json(r#"{"name": "Caio Lima", "tel": "3333-0001"}"#));
        assert!(!traces().is_in_json(r#"{"buyer": {"phones": ["(51) 99999-0002"]}}"#));
    }
}
