//! Numbers as the vendors write them in JSON.

use serde_json::{Number, Value};

use crate::data::{decimal, quantity};

/// `47.5` from 4750 cents, and `37` without a point from 3700.
pub(crate) fn money(cents: i64) -> Value {
    number(decimal(cents).trim_end_matches('0').trim_end_matches('.'))
}

/// `2.5` from 2500 thousandths.
pub(crate) fn amount(thousandths: i64) -> Value {
    number(&quantity(thousandths))
}

/// One object of several: a macro call can hold only so many fields.
pub(crate) fn merged(parts: impl IntoIterator<Item = Value>) -> Value {
    let fields = parts.into_iter().filter_map(|part| if let Value::Object(fields) = part { Some(fields) } else { None });
    Value::Object(fields.flatten().collect())
}

fn number(text: &str) -> Value {
    text.parse::<Number>().map_or(Value::Null, Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_have_no_point() {
        let written =
            [money(4750), money(3700), money(0), money(5), money(1000), amount(10_000), amount(500)].map(|value| value.to_string());
        assert_eq!(written, ["47.5", "37", "0", "0.05", "10", "10", "0.5"]);
    }
}
