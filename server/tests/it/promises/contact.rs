//! A contact, as an example's table names it and as `alta contacts --json` prints it.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value};

/// A contact in a form that can be compared: lists without an order are sorted, and empty values
/// are left out.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Contact {
    /// The first phone, then the other phones.
    phones: Vec<String>,
    emails: Vec<String>,
    name: Name,
    /// All other fields, tags, lists and permissions, by name.
    more: BTreeMap<String, String>,
}

/// A name, or an example's word for any name.
#[derive(Clone, Debug, PartialEq)]
enum Name {
    Any,
    Is(String),
}

impl Contact {
    /// Reads a row of an example's table.
    pub(super) fn from_row(row: &str) -> Result<Self, String> {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let ["", phones, emails, name, more, ""] = cells[..] else {
            return Err(format!("four cells were expected: {row}"));
        };
        let keys = |cell: &str| {
            let keys = cell.split(" + ").filter(|key| !key.is_empty());
            further_sorted(keys.map(str::to_owned).collect())
        };
        let more = more
            .split(", ")
            .filter(|word| !word.is_empty())
            .map(|word| {
                let (name, value) = word.split_once('=').ok_or(format!("no field: {word}"))?;
                let value = match name {
                    "tags" | "lists" => joined(value.split('+').map(str::to_owned).collect()),
                    _ => value.to_owned(),
                };
                Ok((name.to_owned(), value))
            });
        Ok(Self {
            phones: keys(phones),
            emails: keys(emails),
            name: match name {
                "(either)" => Name::Any,
                _ => Name::Is(name.to_owned()),
            },
            more: more.collect::<Result<_, String>>()?,
        })
    }

    /// Reads a line of `alta contacts --json`.
    pub(super) fn from_json(contact: &Value) -> Result<Self, String> {
        let wrong = |what: &str| format!("`{what}` is missing or wrong in {contact}");
        let texts = |what: &str| texts(contact, what).ok_or_else(|| wrong(what));
        let object = |what: &str| contact[what].as_object().ok_or_else(|| wrong(what));
        let mut more = written(object("fields")?, "");
        let name = more.remove("name").unwrap_or_default();
        more.extend(written(object("custom")?, "custom."));
        let landline = contact.get("landline").ok_or_else(|| wrong("landline"))?;
        let lists = texts("lists")?;
        let lists = lists.iter().map(|name| name.to_lowercase()).collect();
        for (what, value) in [
            ("landline", word(landline)),
            ("tags", joined(texts("tags")?)),
            ("lists", joined(lists)),
        ] {
            if !value.is_empty() && more.insert(what.to_owned(), value).is_some() {
                return Err(format!("`{what}` is there twice in {contact}"));
            }
        }
        let permissions = object("permissions")?;
        for channel in ["email", "sms", "whatsapp"] {
            let answer = match permissions.get(channel) {
                Some(Value::Bool(true)) => "yes",
                Some(Value::Bool(false)) => "no",
                Some(Value::Null) => continue,
                _ => return Err(wrong("permissions")),
            };
            more.insert(channel.to_owned(), answer.to_owned());
        }
        Ok(Self {
            phones: further_sorted(texts("phones")?),
            emails: further_sorted(texts("emails")?),
            name: Name::Is(name),
            more,
        })
    }

    /// Returns true when this expected contact equals a contact of the base.
    fn fits(&self, other: &Self) -> bool {
        let is_named = self.name == Name::Any || self.name == other.name;
        is_named
            && (&self.phones, &self.emails, &self.more)
                == (&other.phones, &other.emails, &other.more)
    }
}

/// Compares the expected contacts with those of the base. Returns the contacts that the base lacks,
/// and those that it has in addition; `None` when there is no difference.
pub(super) fn difference(
    expected: &[Contact],
    base: Vec<Contact>,
) -> Option<(Vec<Contact>, Vec<Contact>)> {
    let (mut missing, mut left) = (Vec::new(), base);
    let (any, named): (Vec<_>, Vec<_>) = expected.iter().partition(|one| one.name == Name::Any);
    for contact in named.into_iter().chain(any) {
        match left.iter().position(|other| contact.fits(other)) {
            Some(at) => drop(left.remove(at)),
            None => missing.push(contact.clone()),
        }
    }
    (!missing.is_empty() || !left.is_empty()).then_some((missing, left))
}

impl fmt::Display for Contact {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match &self.name {
            Name::Any => "(either)",
            Name::Is(name) => name,
        };
        let more = self
            .more
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        let (phones, emails) = (self.phones.join(" + "), self.emails.join(" + "));
        let more = more.collect::<Vec<_>>().join(", ");
        write!(out, "| {phones} | {emails} | {name} | {more} |")
    }
}

/// Returns a value as it is written in an example: a text without quotes, nothing for null.
pub(super) fn word(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Returns the fields of an object that have a value.
fn written(object: &Map<String, Value>, before: &str) -> BTreeMap<String, String> {
    let fields = object
        .iter()
        .map(|(name, value)| (format!("{before}{name}"), word(value)));
    fields.filter(|(_, value)| !value.is_empty()).collect()
}

fn texts(contact: &Value, what: &str) -> Option<Vec<String>> {
    let values = contact[what].as_array()?.iter();
    values
        .map(|value| value.as_str().map(str::to_owned))
        .collect()
}

/// Sorts all keys except the first.
fn further_sorted(mut keys: Vec<String>) -> Vec<String> {
    if let [_, further @ ..] = &mut keys[..] {
        further.sort_unstable();
    }
    keys
}

fn joined(mut words: Vec<String>) -> String {
    words.sort_unstable();
    words.join("+")
}
