//! Reads RDQL, the language of filters: `status:(won,lost) and updated_at:>="2026-01-01 12:00:00"`.

use std::cmp::Ordering;

use serde_json::Value;

use crate::instants::{self, Bare};

/// A filter in RDQL.
#[derive(Debug)]
pub(super) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Term {
        not: bool,
        field: String,
        operator: &'static str,
        values: Vec<String>,
    },
}

/// Splits a filter into words, brackets and texts in quotes. Texts in quotes keep their spaces.
fn words(text: &str) -> Result<Vec<String>, String> {
    let (mut words, mut word, mut quoted, mut list) = (Vec::new(), String::new(), false, false);
    for letter in text.chars() {
        match letter {
            '"' => quoted = !quoted,
            // A bracket right after a colon opens a list of values, which belongs to its word.
            '(' if !quoted && word.ends_with(':') => list = true,
            ')' if !quoted && list => list = false,
            '(' | ')' if !quoted => {
                words.extend([std::mem::take(&mut word), letter.to_string()]);
                continue;
            }
            ' ' if !quoted && !list => {
                words.push(std::mem::take(&mut word));
                continue;
            }
            _ => {}
        }
        word.push(letter);
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    if quoted || list {
        Err("Invalid filter: unbalanced quotes or brackets.".into())
    } else {
        Ok(words)
    }
}

/// Reads a filter.
pub(super) fn parse(text: &str) -> Result<Filter, String> {
    let words = words(text)?;
    let mut rest = words.as_slice();
    let filter = any(&mut rest)?;
    if rest.is_empty() {
        Ok(filter)
    } else {
        Err(format!("Invalid filter near {}.", rest[0]))
    }
}

fn any(rest: &mut &[String]) -> Result<Filter, String> {
    let mut parts = vec![all(rest)?];
    while let Some((_, behind)) = rest
        .split_first()
        .filter(|(word, _)| word.eq_ignore_ascii_case("or"))
    {
        *rest = behind;
        parts.push(all(rest)?);
    }
    Ok(Filter::Any(parts))
}

fn all(rest: &mut &[String]) -> Result<Filter, String> {
    let mut parts = Vec::new();
    while let Some((word, behind)) = rest
        .split_first()
        .filter(|(word, _)| !word.eq_ignore_ascii_case("or") && *word != ")")
    {
        *rest = behind;
        match word.as_str() {
            "(" => {
                parts.push(any(rest)?);
                *rest = rest
                    .split_first()
                    .filter(|(word, _)| *word == ")")
                    .ok_or("Invalid filter: a bracket stays open.")?
                    .1;
            }
            word if word.eq_ignore_ascii_case("and") => {}
            word => parts.push(term(word)?),
        }
    }
    if parts.is_empty() {
        Err("Invalid filter: a condition is missing.".into())
    } else {
        Ok(Filter::All(parts))
    }
}

fn term(word: &str) -> Result<Filter, String> {
    let (not, word) = word
        .strip_prefix('-')
        .map_or((false, word), |word| (true, word));
    let (field, value) = word
        .split_once(':')
        .ok_or_else(|| format!("Invalid filter near {word}."))?;
    let operators = [">=", "<=", ">", "<", "~"];
    let operator = operators
        .into_iter()
        .find(|operator| value.starts_with(operator))
        .unwrap_or("");
    let value = &value[operator.len()..];
    let list = value
        .strip_prefix('(')
        .and_then(|list| list.strip_suffix(')'));
    let values: Vec<String> = match list {
        Some(list) => list
            .split(',')
            .map(|one| one.trim().trim_matches('"').to_owned())
            .collect(),
        None => vec![value.trim_matches('"').to_owned()],
    };
    let bound = matches!(operator, ">=" | "<=" | ">" | "<");
    if bound
        && field.ends_with("_at")
        && values
            .iter()
            .any(|value| instants::unix_millis(value, Bare::Utc).is_none())
    {
        return Err(format!(
            "Invalid filter: {value} is not a date for {field}."
        ));
    }
    Ok(Filter::Term {
        not,
        field: field.to_owned(),
        operator,
        values,
    })
}

impl Filter {
    pub(super) fn fits(&self, record: &Value) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.fits(record)),
            Self::Any(parts) => parts.iter().any(|part| part.fits(record)),
            Self::Term {
                not,
                field,
                operator,
                values,
            } => match held(record, field) {
                // A field that RD Station does not know excludes no record.
                None => true,
                Some(held) => {
                    held.iter()
                        .any(|held| values.iter().any(|value| compares(held, operator, value)))
                        != *not
                }
            },
        }
    }
}

/// Returns the values of a record's field. E-mails and phones are nested. `None` when the record
/// has no such field.
fn held(record: &Value, field: &str) -> Option<Vec<Value>> {
    let list = match field {
        "email" => "emails",
        "phone" => "phones",
        "contact_id" => "contact_ids",
        _ => field,
    };
    match record.get(list)? {
        Value::Array(many) => Some(
            many.iter()
                .map(|one| one.get(field).unwrap_or(one).clone())
                .collect(),
        ),
        one => Some(vec![one.clone()]),
    }
}

fn compares(held: &Value, operator: &str, value: &str) -> bool {
    let text = held
        .as_str()
        .map_or_else(|| held.to_string(), str::to_owned);
    if operator == "~" {
        return text.to_lowercase().contains(&value.to_lowercase());
    }
    let order = match (
        instants::unix_millis(&text, Bare::Utc),
        instants::unix_millis(value, Bare::Utc),
    ) {
        (Some(held), Some(value)) => Some(held.cmp(&value)),
        _ => match (held.as_f64(), value.parse::<f64>()) {
            (Some(held), Ok(value)) => held.partial_cmp(&value),
            _ => Some(text.as_str().cmp(value)),
        },
    };
    match operator {
        ">=" => order.is_some_and(Ordering::is_ge),
        "<=" => order.is_some_and(Ordering::is_le),
        ">" => order == Some(Ordering::Greater),
        "<" => order == Some(Ordering::Less),
        _ => order == Some(Ordering::Equal),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fits(filter: &str) -> bool {
        let record = json!({"status": "won", "total_price": 150.5,
                "updated_at": "2026-03-02T12:00:00Z", "name": "Loja de Teste",
            "emails": [{"email": "a@example.com"}]});
        parse(filter).unwrap().fits(&record)
    }

    #[test]
    fn conditions_hold_as_written() {
        for filter in [
            "status:won",
            "-status:lost",
            "status:(won, lost)",
            "name:~teste",
            "name:\"Loja de Teste\"",
            "email:a@example.com",
        ] {
            assert!(fits(filter), "{filter}");
        }
        assert!(fits("total_price:>=150.5 total_price:<151") && !fits("total_price:>150.5"));
        assert!(
            fits("updated_at:>=\"2026-03-02 12:00:00\"")
                && fits("updated_at:>=2026-03-02T09:00:00-03:00")
        );
        assert!(!fits("updated_at:>=\"2026-03-02 12:00:01\"") && !fits("-status:(won,lost)"));
    }

    #[test]
    fn conditions_combine() {
        assert!(fits("(status:won or status:lost) and total_price:>100"));
        assert!(fits("status:lost or total_price:>100") && !fits("status:lost total_price:>100"));
        assert!(fits("nothing_known:5") && fits("-nothing_known:5"));
        assert!(
            [
                "status",
                "(status:won",
                "status:won or",
                "updated_at:>=soon",
                "name:\"a"
            ]
            .iter()
            .all(|filter| parse(filter).is_err())
        );
    }
}
