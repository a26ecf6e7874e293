//! The language of manifests: expressions as in Jinja, whose simplest form is the path of a value
//! (`info.dAlt`), and texts with expressions in them (`contatos/{{ id }}`). What is missing is
//! undefined and counts as empty: vendors leave out what they have not.

use std::fmt;
use std::sync::LazyLock;

use minijinja::value::ValueKind;
use minijinja::{Environment, Error, Expression, UndefinedBehavior, Value};
use serde::{Deserialize, Deserializer};

use crate::filters;

static LANGUAGE: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut language = Environment::new();
    language.set_undefined_behavior(UndefinedBehavior::Chainable);
    // `'a|b'.split('|')` and `map.values()`, as in Python's Jinja.
    language.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
    filters::add(&mut language);
    language
});

/// A compiled expression.
pub struct Expr {
    text: String,
    compiled: Expression<'static, 'static>,
}

impl Expr {
    /// Compiles.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let compiled = LANGUAGE
            .compile_expression_owned(text.to_owned())
            .map_err(|error| said(text, &error))?;
        Ok(Self {
            text: text.to_owned(),
            compiled,
        })
    }

    /// Its value for these variables; an expression that fails has none.
    pub(crate) fn eval(&self, variables: &Value) -> Value {
        self.compiled
            .eval(variables.clone())
            .unwrap_or(Value::UNDEFINED)
    }

    /// Its value as a text without space around it; empty when there is none.
    pub(crate) fn text(&self, variables: &Value) -> String {
        text_of(&self.eval(variables))
    }

    /// Whether it holds.
    pub(crate) fn holds(&self, variables: &Value) -> bool {
        self.eval(variables).is_true()
    }
}

fn said(text: &str, error: &Error) -> String {
    format!("'{text}' can't be read as an expression: {error}")
}

impl fmt::Debug for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

impl<'de> Deserialize<'de> for Expr {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

impl schemars::JsonSchema for Expr {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Expression".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "description": "An expression as in Jinja: a path such as info.dAlt, filters, tests, if and else." })
    }
}

/// A text with expressions in it.
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
    /// Compiles.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let (expression, behind) = after
                .split_once("}}")
                .ok_or_else(|| format!("'{text}' has a {{{{ without its }}}}"))?;
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            parts.push(Part::Expr(Expr::parse(expression.trim())?));
            rest = behind;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Ok(Self { parts })
    }

    /// Filled in. Values go in as `escape` writes them.
    pub(crate) fn fill(&self, variables: &Value, escape: impl Fn(String) -> String) -> String {
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Expr(expr) => escape(expr.text(variables)),
        };
        self.parts.iter().map(part).collect()
    }

    /// Whether it has expressions in it.
    pub(crate) fn is_open(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Expr(_)))
    }

    /// Filled in as it is.
    pub(crate) fn text(&self, variables: &Value) -> String {
        self.fill(variables, |text| text)
    }

    /// The value of a template that is one expression and nothing else, with its type; else the
    /// text.
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
        schemars::json_schema!({ "type": "string", "description": "A text with expressions in it: contatos/{{ id }}." })
    }
}

/// A value as a text: numbers without `.0`, nothing for what is missing.
pub(crate) fn text_of(value: &Value) -> String {
    match value.kind() {
        ValueKind::Undefined | ValueKind::None | ValueKind::Map => String::new(),
        ValueKind::Number => {
            let text = value.to_string();
            text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
        }
        // PostgreSQL's texts hold no NUL.
        _ => value.to_string().trim().replace('\0', "\u{fffd}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, record: serde_json::Value) -> String {
        Expr::parse(text)
            .unwrap()
            .text(&Value::from(minijinja::value::Serde(record)))
    }

    #[test]
    fn what_is_missing_is_empty_however_deep() {
        assert_eq!(of("a.b.c[3].d", serde_json::json!({})), "");
        assert_eq!(of("a.b or c", serde_json::json!({ "c": 7 })), "7");
        assert_eq!(of("price", serde_json::json!({ "price": 37.0 })), "37");
        assert_eq!(of("a", serde_json::json!({ "a": "x\0y" })), "x\u{fffd}y");
        assert_eq!(
            of(
                "a | first_of",
                serde_json::json!({ "a": [null, "", " x "] })
            ),
            "x"
        );
    }

    #[test]
    fn a_template_of_one_expression_keeps_its_type() {
        let variables = Value::from(minijinja::value::Serde(serde_json::json!({ "page": 2 })));
        assert!(
            Template::parse("{{ page }}")
                .unwrap()
                .value(&variables)
                .is_number()
        );
        assert_eq!(
            Template::parse("p{{ page }}/{{ page + 1 }}")
                .unwrap()
                .text(&variables),
            "p2/3"
        );
        assert!(
            Template::parse("{{ page")
                .unwrap_err()
                .contains("without its")
        );
        assert!(Expr::parse("a ==").is_err());
    }
}
