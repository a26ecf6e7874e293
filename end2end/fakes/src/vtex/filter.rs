//! Reads Master Data's `_where`: comparisons, ranges, nulls, AND, OR and brackets.

use std::cmp::Ordering;

use serde_json::Value;

use crate::instants::{self, Bare};

/// A filter that was read.
#[derive(Debug)]
pub(super) enum Filter {
    Any(Vec<Self>),
    All(Vec<Self>),
    Between(String, String, String),
    Null(String, bool),
    Compared(String, String, String),
}

impl Filter {
    /// Returns true when a document fits. `None` when it does not have a field of the filter.
    pub(super) fn fits(&self, document: &Value) -> Option<bool> {
        let field = |name: &str| document.get(name);
        match self {
            Self::Any(parts) => parts
                .iter()
                .try_fold(false, |fits, part| Some(part.fits(document)? || fits)),
            Self::All(parts) => parts
                .iter()
                .try_fold(true, |fits, part| Some(part.fits(document)? && fits)),
            Self::Null(name, null) => Some(field(name)?.is_null() == *null),
            Self::Between(name, low, high) => {
                let value = text(field(name)?);
                Some(
                    value.is_some_and(|value| {
                        order(&value, low).is_ge() && order(&value, high).is_le()
                    }),
                )
            }
            Self::Compared(name, operator, wanted) => {
                let Some(value) = text(field(name)?) else {
                    return Some(operator == "<>");
                };
                let order = order(&value, wanted);
                Some(match operator.as_str() {
                    "=" => order.is_eq(),
                    "<>" => order.is_ne(),
                    "<" => order.is_lt(),
                    "<=" => order.is_le(),
                    ">" => order.is_gt(),
                    _ => order.is_ge(),
                })
            }
        }
    }
}

/// Returns a field's value as text. `None` for null, which fits no comparison.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// Compares moments by time, everything else by letters.
fn order(value: &str, wanted: &str) -> Ordering {
    // A day alone begins at midnight in UTC.
    let bare = if wanted.len() == 10 {
        Bare::Utc
    } else {
        Bare::Nothing
    };
    match (
        instants::parse(value, Bare::Nothing),
        instants::parse(wanted, bare),
    ) {
        (Some(value), Some(wanted)) => value.cmp(&wanted),
        _ => value.cmp(wanted),
    }
}

/// Reads a filter. `None` when it makes no sense.
pub(super) fn parse(text: &str) -> Option<Filter> {
    let mut words = words(text)?;
    words.reverse();
    let filter = any(&mut words)?;
    words.is_empty().then_some(filter)
}

/// Splits a filter into words, operators and brackets. A text in quotes is one word.
fn words(text: &str) -> Option<Vec<String>> {
    let (mut words, mut left) = (Vec::new(), text.trim_start());
    while let Some(first) = left.chars().next() {
        let (word, rest) = if first == '"' || first == '\'' {
            left[1..].split_once(first)?
        } else if first == '(' || first == ')' {
            left.split_at(1)
        } else {
            let is_operator = |letter: char| "<>=".contains(letter);
            let operator = is_operator(first);
            let ends = |letter: char| {
                letter.is_whitespace() || "()".contains(letter) || is_operator(letter) != operator
            };
            left.split_at(left.find(ends).unwrap_or(left.len()))
        };
        words.push(word.to_owned());
        left = rest.trim_start();
    }
    Some(words)
}

/// Takes the next word and returns true when it is this one.
fn take(words: &mut Vec<String>, wanted: &str) -> bool {
    let fits = words
        .last()
        .is_some_and(|word| word.eq_ignore_ascii_case(wanted));
    if fits {
        words.pop();
    }
    fits
}

fn any(words: &mut Vec<String>) -> Option<Filter> {
    let mut parts = vec![all(words)?];
    while take(words, "OR") {
        parts.push(all(words)?);
    }
    Some(Filter::Any(parts))
}

fn all(words: &mut Vec<String>) -> Option<Filter> {
    let mut parts = vec![one(words)?];
    while take(words, "AND") {
        parts.push(one(words)?);
    }
    Some(Filter::All(parts))
}

fn one(words: &mut Vec<String>) -> Option<Filter> {
    if take(words, "(") {
        let filter = any(words)?;
        return take(words, ")").then_some(filter);
    }
    let field = words.pop()?;
    if take(words, "between") {
        let low = words.pop()?;
        return if take(words, "AND") {
            Some(Filter::Between(field, low, words.pop()?))
        } else {
            None
        };
    }
    if take(words, "is") {
        let null = !take(words, "not");
        return take(words, "null").then_some(Filter::Null(field, null));
    }
    let operator = words.pop()?;
    ["=", "<>", "<", "<=", ">", ">="]
        .contains(&operator.as_str())
        .then_some(())?;
    Some(Filter::Compared(field, operator, words.pop()?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ranges_nulls_and_brackets_are_understood() {
        let document = json!({"createdIn": "2026-03-02T01:32:10Z", "updatedIn": null,
                "email": "a@example.com", "isCorporate": true});
        let fits = |text: &str| parse(text).and_then(|filter| filter.fits(&document));
        for text in [
            "createdIn between 2026-03-02T01:32:10Z AND 2026-03-02T01:32:10.9Z",
            "(updatedIn between 2026-01-01 AND 2027-01-01) OR (createdIn between 2026-01-01 AND \
             2027-01-01)",
            "updatedIn is null AND createdIn>=2026-03-01T22:32:10-03:00",
            "createdIn > \"2026-03-02\" and email = 'a@example.com'",
            "isCorporate=true",
            "email is not null",
        ] {
            assert_eq!(fits(text), Some(true), "{text}");
        }
        for text in [
            "updatedIn>2020-01-01",
            "createdIn<2026-03-02",
            "isCorporate=false",
        ] {
            assert_eq!(fits(text), Some(false), "{text}");
        }
        for text in [
            "nothing=1",
            "createdIn between 2026-01-01",
            "email",
            "(email=a",
            "email==a",
            "email=a b",
        ] {
            assert_eq!(fits(text), None, "{text}");
        }
    }
}
