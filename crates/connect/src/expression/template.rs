//! Templates: texts with expressions in them (`contatos/{{ id }}`).

use minijinja::Value;
use serde::{Deserialize, Deserializer};

use super::Expr;
use super::calls::end_of_text;
use crate::names::{ACCOUNT, POSITION};

/// A compiled text with expressions in it.
#[derive(Debug, Default)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Debug)]
enum Part {
    Text(String),
    Expr(Expr),
}

impl Template {
    /// Compiles a template.
    ///
    /// # Errors
    /// The fault of its syntax, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let (expression, remainder) = split_at_end(after)
                .ok_or_else(|| format!("'{text}' has a {{{{ without its }}}}"))?;
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            parts.push(Part::Expr(Expr::parse(expression.trim())?));
            rest = remainder;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Ok(Self { parts })
    }

    /// Returns the expressions of the template.
    pub(crate) fn expressions(&self) -> impl Iterator<Item = &Expr> {
        self.parts.iter().filter_map(|part| match part {
            Part::Text(_) => None,
            Part::Expr(expr) => Some(expr),
        })
    }

    /// Fills in the template. `escape` turns each value into the text that is written.
    pub(crate) fn fill(&self, variables: &Value, escape: impl Fn(String) -> String) -> String {
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Expr(expr) => escape(expr.text(variables)),
        };
        self.parts.iter().map(part).collect()
    }

    /// Returns true when the template has expressions in it.
    pub(crate) fn has_expressions(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Expr(_)))
    }

    /// Fills in the template, without escapes.
    pub(crate) fn text(&self, variables: &Value) -> String {
        self.fill(variables, |text| text)
    }

    /// Returns the value, with its type, of a template that is one expression and nothing else. For
    /// any other template, returns the filled-in text.
    pub(crate) fn value(&self, variables: &Value) -> Value {
        match self.parts.as_slice() {
            [Part::Expr(expr)] => expr.eval(variables),
            _ => Value::from(self.text(variables)),
        }
    }
}

impl<'de> Deserialize<'de> for Template {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

impl schemars::JsonSchema for Template {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Template".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": format!(
                "A text with expressions in it: contatos/{{{{ id }}}}. In a request the names are \
                 {}, and for a list {}.",
                ACCOUNT.join(", "),
                POSITION.join(", "),
            ),
        })
    }
}

/// Splits a text at the `}}` that ends its expression. The braces of maps count, and texts in
/// quotes are passed over. Returns `None` when no `}}` ends it.
fn split_at_end(text: &str) -> Option<(&str, &str)> {
    let bytes = text.as_bytes();
    let (mut at, mut open) = (0, 0_usize);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' | b'\'' => at = end_of_text(bytes, at),
            b'{' => open += 1,
            b'}' if open > 0 => open -= 1,
            b'}' if bytes.get(at + 1) == Some(&b'}') => {
                return Some((text.get(..at)?, text.get(at + 2..)?));
            }
            _ => {}
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_of_maps_and_in_quotes_do_not_end_an_expression() {
        let variables = Value::from_pairs([("state", "SP")]);
        for (template, filled) in [
            (
                "{{ {'SP': {'name': 'São Paulo'}}[state].name }}!",
                "São Paulo!",
            ),
            ("{{ '}}' }}-{{ state }}", "}}-SP"),
            (r#"{{ "\"}}" }}"#, "\"}}"),
        ] {
            assert_eq!(Template::parse(template).unwrap().text(&variables), filled);
        }
        assert!(Template::parse("{{ {'a': 1}").is_err());
    }
}
