//! The values by which people can be found in other places: in rejected records, in the records of
//! systems, and in decisions about single cells.

mod collect;

use std::collections::HashSet;

use alta_domain::{Country, Key, KeyKind};
use alta_intake::fold;
use alta_intake::phone::read_phones;

use super::texts::{FEWEST_LOCAL_DIGITS, digits, numbers, texts_of_json};
use crate::contacts::keys::stored;

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
    /// Folded birth dates, addresses, tax ids and ids in other systems. Beside the name they say
    /// who a record is.
    details: HashSet<String>,
    /// The people one by one, when there are several: the name of one beside a detail of another
    /// says nothing.
    people: Vec<Self>,
}

impl Traces {
    pub(super) fn new(home: Country) -> Self {
        Self {
            home,
            keys: HashSet::new(),
            emails: HashSet::new(),
            common_numbers: HashSet::new(),
            names: HashSet::new(),
            details: HashSet::new(),
            people: Vec::new(),
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
        cells.iter().any(|cell| self.has_key(cell, nobodys)) || self.is_named_with_detail(cells)
    }

    /// Returns true when a record has the name of one of the people and, beside it, a number or a
    /// detail of the same one.
    fn is_named_with_detail(&self, cells: &[String]) -> bool {
        let none = HashSet::new();
        let is_theirs = |cell: &String| self.is_detail(cell) || self.has_key(cell, &none);
        if self.named(cells).is_empty() || !cells.iter().any(is_theirs) {
            return false;
        }
        let mut people = self.people.iter();
        self.people.is_empty() || people.any(|one| one.is_named_with_detail(cells))
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
        self.details.contains(&fold(text))
            || self.common_numbers.contains(&digits(text))
            || numbers(text).any(|number| self.common_numbers.contains(&digits(number)))
    }

    /// Returns true when a text of a decision is about the people.
    pub(super) fn is_in_decision(&self, text: &str) -> bool {
        self.names.contains(&fold(text))
            || self.is_detail(text)
            || self.has_key(text, &HashSet::new())
    }

    /// Returns true when a JSON value has a key of the people.
    pub(super) fn has_key_in_json(&self, json: &str) -> bool {
        let none = HashSet::new();
        texts_of_json(json)
            .iter()
            .any(|text| self.has_key(text, &none))
    }

    /// Returns true when a JSON value is about the people, as a record of its texts.
    pub(super) fn is_in_json(&self, json: &str) -> bool {
        self.is_in_record(&texts_of_json(json), &HashSet::new())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use alta_domain::{BuiltInField as F, Country};

    use super::Traces;
    use super::collect::key_of;

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
    fn the_name_of_one_beside_a_detail_of_another_says_nothing() {
        let mut caio = Traces::new(Country::BRAZIL);
        caio.add(F::Name, "Caio Lima", None);
        caio.add(F::Address, "Rua Três, 12", None);
        caio.add(F::TaxId, "12345678000190", None);
        caio.add(F::TaxId, "GODE561231GR8", None);
        let mut all = Traces::new(Country::BRAZIL);
        all.join(traces());
        all.join(caio);
        let is_theirs =
            |cells: [&str; 2]| all.is_in_record(&cells.map(str::to_owned), &HashSet::new());
        assert!(is_theirs(["Bia Souza", "31/12/1990"]));
        assert!(is_theirs(["Caio Lima", "rua tres 12"]));
        assert!(is_theirs(["Caio Lima", "12.345.678/0001-90"]));
        assert!(is_theirs(["Caio Lima", "gode561231gr8"]));
        assert!(!is_theirs(["Caio Lima", "31/12/1990"]));
        assert!(!is_theirs(["Bia Souza", "rua tres 12"]));
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
        let parts = r#"{"first_name": "Bia", "id": 7, "last_name": "Souza", "tel": "3333-0001"}"#;
        assert!(traces().is_in_json(parts));
        assert!(!traces().has_key_in_json(parts));
        assert!(!traces().is_in_json(r#"{"buyer": {"phones": ["(51) 99999-0002"]}}"#));
    }
}
