//! The language of manifests: expressions as in Jinja, and templates, which are texts with
//! expressions in them (`contatos/{{ id }}`).
//!
//! The simplest expression is the path of a value (`info.dAlt`). A missing value is undefined and
//! counts as empty, because vendors leave out fields that have no value.

mod calls;
pub(crate) mod template;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::LazyLock;

use minijinja::{Environment, Error, ErrorKind, Expression, UndefinedBehavior, Value};
use serde::{Deserialize, Deserializer};

pub(crate) use self::calls::{Call, calls};
use crate::filters;
use crate::names::ANSWER;
use crate::text::text_of;

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
    /// Compiles an expression.
    ///
    /// # Errors
    /// The fault of its syntax, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let compiled = LANGUAGE
            .compile_expression_owned(text.to_owned())
            .map_err(|error| syntax_error(text, &error))?;
        Ok(Self {
            text: text.to_owned(),
            compiled,
        })
    }

    /// Returns the names that the expression takes from its variables, with the names of parts
    /// after points: `answer.items`.
    pub(crate) fn names(&self) -> BTreeSet<String> {
        self.compiled
            .undeclared_variables(true)
            .into_iter()
            .collect()
    }

    /// Returns the filters, tests and functions that the expression calls.
    pub(crate) fn calls(&self) -> Vec<Call> {
        calls(&self.text)
    }

    /// Evaluates the expression for these variables. Returns undefined when the evaluation fails.
    pub(crate) fn eval(&self, variables: &Value) -> Value {
        self.compiled
            .eval(variables.clone())
            .unwrap_or(Value::UNDEFINED)
    }

    /// Evaluates the expression as a trimmed text. Returns an empty text when it has no value.
    pub(crate) fn text(&self, variables: &Value) -> String {
        text_of(&self.eval(variables))
    }

    /// Returns true when the expression's value counts as true.
    pub(crate) fn holds(&self, variables: &Value) -> bool {
        self.eval(variables).is_true()
    }
}

fn syntax_error(text: &str, error: &Error) -> String {
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
        let (own, jinja) = (filters::OWN.join(", "), filters::OF_JINJA.join(", "));
        schemars::json_schema!({
            "type": "string",
            "description": format!(
                "An expression as in Jinja: a path such as info.dAlt, filters, tests, if and else. \
                 The filters are {own}, and Jinja's {jinja}. An expression about a record uses the \
                 record's own names, lookup.NAME and batch.NAME; one about an answer uses {}.",
                ANSWER.join(", "),
            ),
        })
    }
}

/// Returns true when the language has this filter, test or function.
pub(crate) fn is_known(call: &Call) -> bool {
    let (text, unknown) = match call {
        Call::Filter(name) => (format!("0|{name}"), ErrorKind::UnknownFilter),
        Call::Test(name) => (format!("0 is {name}"), ErrorKind::UnknownTest),
        Call::Function(name) => (format!("{name}()"), ErrorKind::UnknownFunction),
    };
    let compiled = LANGUAGE.compile_expression_owned(text);
    let evaluated = compiled.and_then(|compiled| compiled.eval(()));
    evaluated.map_or_else(|error| error.kind() != unknown, |_| true)
}

#[cfg(test)]
mod tests {
    use super::template::Template;
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
    fn tables_of_lists_are_looked_up() {
        let language = Expr::parse(concat!(
            "(ids | pick(table) | join(',')) ~ ' ' ~ ",
            "(ids | named('id') | map(attribute='id') | join('-'))",
        ));
        let table = Value::from_pairs([
            ("1", Value::from(vec!["a"])),
            ("2", Value::from(vec!["b", "c"])),
        ]);
        let variables = minijinja::context! { ids => ["2", "1", "9"], table => table };
        assert_eq!(language.unwrap().text(&variables), "b,c,a 2-1-9");
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
