//! Proves the shape of a manifest by its JSON Schema: the keys of each table, the types of values,
//! and the words of a choice. All faults are found, each with its line and what would be right.

use std::sync::LazyLock;

use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Manifest;
use super::complaint::Complaint;
use super::document::Document;
use super::nearest::did_you_mean;
use super::words::LANGUAGES;

/// The most letters of a wrong value that are shown.
const VALUE_LETTERS: usize = 60;

static SCHEMA: LazyLock<Value> = LazyLock::new(|| schemars::schema_for!(Manifest).to_value());

/// Returns the faults in the shape of a manifest.
pub(super) fn faults(document: &Document<'_>) -> Vec<Complaint> {
    let mut walk = Walk {
        document,
        complaints: Vec::new(),
    };
    walk.table(document.table(), &SCHEMA, None, &mut Vec::new(), 0);
    walk.complaints
}

/// A walk through the tables of a manifest beside their schemas.
struct Walk<'d> {
    document: &'d Document<'d>,
    complaints: Vec<Complaint>,
}

impl Walk<'_> {
    /// Proves a table, which begins at byte `at`. `parent` is the schema of the table around it.
    fn table(
        &mut self,
        table: &DeTable<'_>,
        schema: &Value,
        parent: Option<&Value>,
        path: &mut Vec<String>,
        at: usize,
    ) {
        let Some(properties) = schema["properties"].as_object() else {
            // A table whose keys are free: parameters, headers, statuses.
            for (key, value) in table {
                self.value(
                    key.get_ref(),
                    value,
                    &schema["additionalProperties"],
                    schema,
                    path,
                );
            }
            return;
        };
        let mut are_all_known = true;
        for (key, value) in table {
            if let Some(known) = properties.get(key.get_ref().as_ref()) {
                self.value(key.get_ref(), value, known, schema, path);
            } else {
                are_all_known = false;
                self.unknown_key(key, schema, parent, path);
            }
        }
        // A misspelt key is missing under its right name too: one fault is enough.
        if !are_all_known {
            return;
        }
        let required = schema["required"].as_array().into_iter().flatten();
        for key in required.filter_map(Value::as_str) {
            if !table.iter().any(|(known, _)| known.get_ref() == key) {
                self.complain(at, format!("`{key}` is missing in {}", name_of(path)));
            }
        }
    }

    /// Proves the value of a key. `around` is the schema of the table with the key.
    fn value(
        &mut self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        schema: &Value,
        around: &Value,
        path: &mut Vec<String>,
    ) {
        let schema = resolved(schema);
        let at = value.span().start;
        let choices = choices(schema);
        match (value.get_ref(), type_of(schema)) {
            (DeValue::String(word), _)
                if !choices.is_empty() && !choices.contains(&word.as_ref()) =>
            {
                let nearest = did_you_mean(word, choices.iter().copied());
                let words = choices.join(", ");
                let message =
                    format!("{key} is one of: {words}; `{word}` is none of them{nearest}");
                self.complain(at, message);
            }
            (DeValue::Table(table), Some("object")) => {
                path.push(key.to_owned());
                self.table(table, schema, Some(around), path, at);
                path.pop();
            }
            (DeValue::Array(values), Some("array")) => {
                for value in values {
                    self.value(key, value, &schema["items"], around, path);
                }
            }
            (DeValue::Table(texts), None) if is_words(schema) => {
                for (language, _) in texts {
                    self.language(language);
                }
            }
            (found, Some(wanted)) if !fits(found, wanted) => {
                let found = self.shown(value);
                self.complain(
                    at,
                    format!("{key} is {}, and not {found}", in_words(wanted)),
                );
            }
            _ => {}
        }
    }

    fn language(&mut self, language: &Spanned<std::borrow::Cow<'_, str>>) {
        let word = language.get_ref();
        if !LANGUAGES.contains(&word.as_ref()) {
            let nearest = did_you_mean(word, LANGUAGES);
            let languages = LANGUAGES.join(", ");
            let message = format!("`{word}` is none of the languages {languages}{nearest}");
            self.complain(language.span().start, message);
        }
    }

    fn unknown_key(
        &mut self,
        key: &Spanned<std::borrow::Cow<'_, str>>,
        schema: &Value,
        parent: Option<&Value>,
        path: &[String],
    ) {
        let word = key.get_ref().as_ref();
        let keys: Vec<&str> = keys_of(schema).collect();
        let nearest = did_you_mean(word, keys.iter().copied());
        let elsewhere = if nearest.is_empty() {
            elsewhere(word, schema, parent, path)
        } else {
            String::new()
        };
        let (table, keys) = (name_of(path), keys.join(", "));
        let message =
            format!("`{word}` is no key of {table}; its keys are {keys}{nearest}{elsewhere}");
        self.complain(key.span().start, message);
    }

    fn complain(&mut self, at: usize, message: String) {
        let line = self.document.line(at);
        self.complaints.push(Complaint::at(line, message));
    }

    /// Returns a wrong value as a message shows it.
    fn shown(&self, value: &Spanned<DeValue<'_>>) -> String {
        match value.get_ref() {
            DeValue::Table(_) => "a table".to_owned(),
            DeValue::Array(_) => "a list".to_owned(),
            _ => {
                let text = self.document.text().get(value.span()).unwrap_or_default();
                let words: Vec<&str> = text.split_whitespace().collect();
                words.join(" ").chars().take(VALUE_LETTERS).collect()
            }
        }
    }
}

/// Returns the name of a table in messages.
fn name_of(path: &[String]) -> String {
    if path.is_empty() {
        "the manifest".to_owned()
    } else {
        format!("[{}]", path.join("."))
    }
}

/// Returns the end of a complaint about an unknown key: the table in which it would be right, one
/// inside this table or the one around it. Empty when neither has such a key.
fn elsewhere(key: &str, schema: &Value, parent: Option<&Value>, path: &[String]) -> String {
    let has = |schema: &Value| keys_of(resolved(schema)).any(|known| known == key);
    let properties = schema["properties"].as_object();
    let inside = properties
        .into_iter()
        .flatten()
        .find(|(_, inner)| has(inner))
        .map(|(name, _)| [path, std::slice::from_ref(name)].concat());
    let around = parent
        .filter(|parent| has(parent))
        .and_then(|_| Some(path.split_last()?.1.to_vec()));
    match inside.or(around) {
        Some(path) => format!("; it is a key of {}", name_of(&path)),
        None => String::new(),
    }
}

/// Returns the keys that a table may have.
fn keys_of(schema: &Value) -> impl Iterator<Item = &str> {
    let properties = schema["properties"].as_object();
    properties
        .into_iter()
        .flatten()
        .map(|(key, _)| key.as_str())
}

/// Follows the `$ref` of a schema. Of a schema that also allows `null`, returns the other
/// alternative.
fn resolved(schema: &Value) -> &Value {
    let mut schema = schema;
    loop {
        let alternatives = schema["anyOf"].as_array().map(Vec::as_slice);
        schema = match (schema["$ref"].as_str(), alternatives) {
            (Some(reference), _) => {
                let name = reference.rsplit('/').next().unwrap_or_default();
                &SCHEMA["$defs"][name]
            }
            (None, Some([one, null])) if null["type"] == "null" => one,
            _ => return schema,
        };
    }
}

/// Returns the `type` of a schema, other than `null`; `None` when it has none.
fn type_of(schema: &Value) -> Option<&str> {
    let types = schema["type"].as_array().into_iter().flatten();
    let mut types = types.chain([&schema["type"]]).filter_map(Value::as_str);
    types.find(|name| *name != "null")
}

/// Returns the words of a choice; empty for other schemas.
fn choices(schema: &Value) -> Vec<&str> {
    let words = schema["enum"].as_array().into_iter().flatten();
    let described = schema["oneOf"].as_array().into_iter().flatten();
    words
        .chain(described.map(|one| &one["const"]))
        .filter_map(Value::as_str)
        .collect()
}

/// Returns true for the schema of texts in the languages of the screens.
fn is_words(schema: &Value) -> bool {
    std::ptr::eq(schema, std::ptr::from_ref(&SCHEMA["$defs"]["Words"]))
}

/// Returns true when a value has a type of JSON.
fn fits(value: &DeValue<'_>, wanted: &str) -> bool {
    match wanted {
        "string" => value.is_str(),
        "integer" => value.is_integer(),
        "number" => value.is_integer() || value.is_float(),
        "boolean" => value.is_bool(),
        "array" => value.is_array(),
        "object" => value.is_table(),
        _ => true,
    }
}

/// Returns the words for a type of JSON.
fn in_words(wanted: &str) -> &str {
    match wanted {
        "string" => "a text",
        "integer" | "number" => "a number",
        "boolean" => "true or false",
        "array" => "a list",
        "object" => "a table",
        other => other,
    }
}
