//! Decisions about problems in the file form of a plan: objects of one entry.

use alta_domain::Fix;
use serde_json::{Map, Value};

/// Returns the file form of a decision; `None` when the decision has another place in the file
/// form, or is about one file only.
pub(super) fn remedy(fix: &Fix) -> Option<Value> {
    if matches!(fix, Fix::Repeated(_)) {
        return None;
    }
    rename_tag(serde_json::to_value(fix).ok()?, snake_case)
}

/// Reads the file form of a decision.
pub(super) fn fix(value: &Value) -> anyhow::Result<Fix> {
    let bad = || anyhow::anyhow!("remedies: {value} is none");
    let renamed = rename_tag(value.clone(), pascal_case).ok_or_else(bad)?;
    serde_json::from_value(renamed).map_err(|error| anyhow::anyhow!("remedies: {error}"))
}

/// Renames the first key of an object, which names the decision; `None` when the value is no
/// object, or an empty one.
fn rename_tag(value: Value, rename: fn(&str) -> String) -> Option<Value> {
    let Value::Object(entries) = value else {
        return None;
    };
    let (tag, inner) = entries.into_iter().next()?;
    Some(Value::Object(Map::from_iter([(rename(&tag), inner)])))
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

fn pascal_case(name: &str) -> String {
    let words = name.split('_').filter_map(|word| {
        let (first, rest) = word.split_at_checked(1)?;
        Some(first.to_ascii_uppercase() + rest)
    });
    words.collect()
}
