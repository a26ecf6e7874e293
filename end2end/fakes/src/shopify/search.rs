//! Reads the language of the argument `query`: terms of field, comparison and value, joined by AND
//! where no OR is between them.

use crate::clock::Moment;
use crate::instants::{self, Bare};

/// The comparison of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compare {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A term of a search.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Term {
    pub(super) field: String,
    pub(super) compare: Compare,
    pub(super) value: String,
    pub(super) negated: bool,
}

/// The value that a record has under the name of a field.
pub(super) enum Has<'a> {
    Moment(Moment),
    Number(u64),
    Text(&'a str),
    /// The list has no such field.
    Unknown,
}

/// A search: alternatives, each a list of terms that must all hold.
pub(super) struct Search(Vec<Vec<Term>>);

impl Search {
    pub(super) fn read(query: &str) -> Self {
        let (mut all, mut terms, mut negated) = (Vec::new(), Vec::new(), false);
        for word in words(query) {
            match word.as_str() {
                "AND" => {}
                "NOT" => negated = true,
                "OR" => all.push(std::mem::take(&mut terms)),
                word => {
                    terms.push(term(word, negated));
                    negated = false;
                }
            }
        }
        all.push(terms);
        Self(all)
    }

    /// Returns the fields of terms that a list does not have. Shopify ignores such terms, with a
    /// warning.
    pub(super) fn unknown(&self, knows: impl Fn(&str) -> bool) -> Vec<&str> {
        self.0
            .iter()
            .flatten()
            .map(|term| term.field.as_str())
            .filter(|field| !field.is_empty() && !knows(field))
            .collect()
    }

    pub(super) fn fits<'a>(&self, has: impl Fn(&str) -> Has<'a>) -> bool {
        self.0.iter().any(|terms| {
            terms
                .iter()
                .all(|term| match holds(term, &has(&term.field)) {
                    Some(holds) => holds != term.negated,
                    None => true,
                })
        })
    }
}

/// Splits a search into words at blanks and brackets. Quotes keep together what is between them.
fn words(query: &str) -> Vec<String> {
    let (mut all, mut word, mut quote) = (Vec::new(), String::new(), None);
    for letter in query.chars() {
        match (letter, quote) {
            (_, Some(open)) if letter == open => quote = None,
            ('\'' | '"', None) => quote = Some(letter),
            (_, None) if letter.is_whitespace() || letter == '(' || letter == ')' => {
                all.push(std::mem::take(&mut word));
            }
            _ => word.push(letter),
        }
    }
    all.push(word);
    all.retain(|word| !word.is_empty());
    all
}

fn term(word: &str, negated: bool) -> Term {
    let (minus, word) = word
        .strip_prefix('-')
        .map_or((false, word), |word| (true, word));
    let (field, rest) = word.split_once(':').unwrap_or(("", word));
    let signs = [
        (">=", Compare::GreaterOrEqual),
        ("<=", Compare::LessOrEqual),
        (">", Compare::Greater),
        ("<", Compare::Less),
        ("", Compare::Equal),
    ];
    let found = signs
        .into_iter()
        .find_map(|(sign, compare)| Some((compare, rest.strip_prefix(sign)?)));
    let (compare, value) = found.unwrap_or((Compare::Equal, rest));
    Term {
        field: field.to_owned(),
        compare,
        value: value.to_owned(),
        negated: negated || minus,
    }
}

/// Returns true when a term holds. `None` when the term is ignored.
fn holds(term: &Term, has: &Has<'_>) -> Option<bool> {
    let order = match has {
        Has::Moment(moment) => moment.cmp(&instants::parse(&term.value, Bare::Utc)?),
        Has::Number(number) => number.cmp(&term.value.parse::<u64>().ok()?),
        Has::Text(text) => {
            let (text, value) = (text.to_lowercase(), term.value.to_lowercase());
            let all = value == "*" || value == "any" || value.is_empty();
            let prefix = value
                .strip_suffix('*')
                .is_some_and(|prefix| text.starts_with(prefix));
            return Some(all || prefix || text == value);
        }
        Has::Unknown => return None,
    };
    Some(match term.compare {
        Compare::Equal => order.is_eq(),
        Compare::Less => order.is_lt(),
        Compare::LessOrEqual => order.is_le(),
        Compare::Greater => order.is_gt(),
        Compare::GreaterOrEqual => order.is_ge(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_read_with_their_signs_and_quotes() {
        let Search(all) = Search::read(
            "updated_at:>='2026-11-20T00:00:00Z' -status:cancelled OR (NOT name:\"a b\" AND id:<5)",
        );
        let term = |field: &str, compare, value: &str, negated| Term {
            field: field.into(),
            compare,
            value: value.into(),
            negated,
        };
        assert_eq!(
            all[0],
            [
                term(
                    "updated_at",
                    Compare::GreaterOrEqual,
                    "2026-11-20T00:00:00Z",
                    false
                ),
                term("status", Compare::Equal, "cancelled", true)
            ]
        );
        assert_eq!(
            all[1],
            [
                term("name", Compare::Equal, "a b", true),
                term("id", Compare::Less, "5", false)
            ]
        );
    }

    #[test]
    fn times_are_compared_and_unknown_fields_passed_over() {
        let has = |field: &str| match field {
            "updated_at" => Has::Moment(Moment::day(2026, 11, 20)),
            _ => Has::Unknown,
        };
        assert!(Search::read("updated_at:>='2026-11-20T03:00:00Z' nothing:1").fits(has));
        assert!(!Search::read("updated_at:>2026-11-20T03:00:00Z").fits(has));
        assert!(Search::read("").fits(has));
        assert_eq!(
            Search::read("nothing:1 updated_at:>2020-01-01").unknown(|field| field == "updated_at"),
            ["nothing"]
        );
    }
}
