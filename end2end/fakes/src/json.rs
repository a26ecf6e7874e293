//! Writes numbers, texts and objects as the vendors write them in JSON.

use serde_json::{Number, Value};

use crate::data::{quantity, short};

/// Writes cents as a number: `47.5` for 4750, and `37` without a point for 3700.
pub(crate) fn money(cents: i64) -> Value {
    number(&short(cents))
}

/// Writes thousandths as a number: `2.5` for 2500.
pub(crate) fn amount(thousandths: i64) -> Value {
    number(&quantity(thousandths))
}

/// Merges several objects into one. A macro call can hold only so many fields.
pub(crate) fn merged(parts: impl IntoIterator<Item = Value>) -> Value {
    let fields = parts.into_iter().filter_map(|part| {
        if let Value::Object(fields) = part {
            Some(fields)
        } else {
            None
        }
    });
    Value::Object(fields.flatten().collect())
}

/// Keeps only those fields of an object whose names are wanted.
pub(crate) fn only(record: Value, wanted: impl Fn(&str) -> bool) -> Value {
    match record {
        Value::Object(fields) => Value::Object(
            fields
                .into_iter()
                .filter(|(name, _)| wanted(name))
                .collect(),
        ),
        other => other,
    }
}

/// Returns the text, or `None`, which is null in JSON, for an empty text.
pub(crate) fn filled(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

fn number(text: &str) -> Value {
    text.parse::<Number>().map_or(Value::Null, Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_have_no_point() {
        let written = [
            money(4750),
            money(3700),
            money(0),
            money(5),
            money(1000),
            amount(10_000),
            amount(500),
        ]
        .map(|value| value.to_string());
        assert_eq!(written, ["47.5", "37", "0", "0.05", "10", "10", "0.5"]);
    }
}
