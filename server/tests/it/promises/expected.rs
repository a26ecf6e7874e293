//! The expected results for the exports of other programs (`exports.json`), file by file.

use std::path::Path;

use alta_domain::Country;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::organization::Organization;

const EXPECTED: &str = include_str!("exports.json");

/// The expected result for one file.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Expected {
    /// The file's name.
    pub(super) file: String,
    country: String,
    expect: Map<String, Value>,
}

impl Expected {
    /// Reads the expectations of all files.
    pub(super) fn all() -> Vec<Self> {
        serde_json::from_str(EXPECTED).unwrap()
    }

    /// Returns the country of the file's national phone numbers.
    pub(super) fn country(&self) -> Country {
        Country::parse(&self.country).unwrap()
    }

    /// Returns true for a file that can't be used.
    pub(super) fn is_refused(&self) -> bool {
        self.expect.contains_key("error")
    }

    /// Compares the result of the check with the expected one; returns the differences.
    pub(super) fn of_check(&self, check: &Value) -> Vec<String> {
        let mut differences = Vec::new();
        for (what, wanted) in &self.expect {
            let found = match what.as_str() {
                "records" | "ready" | "merged" | "rejected" => check["ledger"][what].clone(),
                "header_line" | "encoding" | "delimiter" => check["file"][what].clone(),
                "rejected_max" => at_most(&check["ledger"]["rejected"], wanted),
                "merged_min" => at_least(&check["ledger"]["merged"], wanted),
                "fields" => fields(check, wanted),
                "allfields" => names_all(check, wanted),
                "kinds" => kinds(check, wanted),
                "problems" => problems(check, wanted, true),
                "noproblems" => problems(check, wanted, false),
                "counts" => counts(check, wanted),
                "problem_max" => problem_max(check, wanted),
                _ => continue,
            };
            if found != *wanted {
                differences.push(format!("{what}: {found} and not {wanted}"));
            }
        }
        differences
    }

    /// Compares the stored contacts with the expected ones; returns the differences.
    pub(super) fn of_contacts(&self, contacts: &[Value]) -> Vec<String> {
        let stored = serde_json::to_string(contacts).unwrap();
        let mut differences = Vec::new();
        let list = |what: &str| self.expect.get(what).and_then(Value::as_array);
        for wanted in list("contacts").into_iter().flatten() {
            if !contacts.iter().any(|contact| fits(contact, wanted)) {
                differences.push(format!("no contact {wanted}"));
            }
        }
        if let Some(count) = self.expect.get("n_contacts").and_then(Value::as_u64)
            && count != contacts.len() as u64
        {
            differences.push(format!("{} contacts and not {count}", contacts.len()));
        }
        let unwanted = ["notphones", "none_of"].into_iter().filter_map(list);
        for text in unwanted.flatten().filter_map(Value::as_str) {
            if stored.contains(&format!("\"{text}\"")) {
                differences.push(format!("{text} is stored"));
            }
        }
        for (email, tags) in self
            .expect
            .get("tags")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let wanted = serde_json::json!({ "email": email, "tags": tags });
            if !contacts.iter().any(|contact| fits(contact, &wanted)) {
                differences.push(format!("no contact {wanted}"));
            }
        }
        if self.expect.contains_key("clean_emails") {
            let emails = contacts
                .iter()
                .flat_map(|contact| texts(&contact["emails"]));
            let is_marked = |email: &String| {
                alta_domain::Email::clean(email).is_none_or(|clean| clean != email.as_str())
            };
            differences.extend(emails.filter(is_marked).map(|email| format!("{email:?}")));
        }
        differences
    }

    /// Imports the file, and returns the differences from the expected result.
    pub(super) fn differences(
        &self,
        organization: &Organization,
        file: &Path,
    ) -> Result<Vec<String>, String> {
        let check = organization.check_in(file, &self.country)?;
        let mut differences = self.of_check(&check);
        organization.import(file, None)?;
        differences.extend(self.of_contacts(&organization.contacts_as_printed()?));
        Ok(differences)
    }
}

/// Returns the wanted value when the count is at most as large, or else the count.
fn at_most(count: &Value, wanted: &Value) -> Value {
    if count.as_u64() <= wanted.as_u64() {
        wanted.clone()
    } else {
        count.clone()
    }
}

fn at_least(count: &Value, wanted: &Value) -> Value {
    if count.as_u64() >= wanted.as_u64() {
        wanted.clone()
    } else {
        count.clone()
    }
}

/// Returns the suggested fields of the wanted columns. Phone and landline count as the same field.
fn fields(check: &Value, wanted: &Value) -> Value {
    let is_phone = |field: &Value| field == "phone" || field == "landline";
    let pairs = wanted
        .as_object()
        .into_iter()
        .flatten()
        .map(|(header, field)| {
            let found = column(check, header).map_or(Value::from("no such column"), |column| {
                column["field"].clone()
            });
            let found = if is_phone(&found) && is_phone(field) {
                field.clone()
            } else {
                found
            };
            (header.clone(), found)
        });
    Value::Object(pairs.collect())
}

fn names_all(check: &Value, wanted: &Value) -> Value {
    let columns = || check["columns"].as_array().into_iter().flatten();
    let has = |field: &&Value| {
        columns().any(|column| {
            column["field"] == **field || (**field == "phone" && column["field"] == "landline")
        })
    };
    Value::Array(
        wanted
            .as_array()
            .into_iter()
            .flatten()
            .filter(has)
            .cloned()
            .collect(),
    )
}

fn kinds(check: &Value, wanted: &Value) -> Value {
    let pairs = wanted.as_object().into_iter().flatten().map(|(header, _)| {
        let found = column(check, header).map_or(Value::Null, |column| column["kind"].clone());
        (header.clone(), found)
    });
    Value::Object(pairs.collect())
}

fn column<'a>(check: &'a Value, header: &str) -> Option<&'a Value> {
    let mut columns = check["columns"].as_array()?.iter();
    columns.find(|column| column["header"] == header)
}

/// Returns the wanted codes that are among the problems, or, when `are_there` is false, those that
/// are not.
fn problems(check: &Value, wanted: &Value, are_there: bool) -> Value {
    let is_there = |code: &&Value| {
        let mut problems = check["problems"].as_array().into_iter().flatten();
        problems.any(|problem| problem["code"] == **code) == are_there
    };
    Value::Array(
        wanted
            .as_array()
            .into_iter()
            .flatten()
            .filter(is_there)
            .cloned()
            .collect(),
    )
}

/// Returns how many records have a problem, of one severity or of any.
fn records_with(check: &Value, code: &str, severity: Option<&str>) -> u64 {
    let problems = check["problems"].as_array().into_iter().flatten();
    let own = problems.filter(|problem| {
        problem["code"] == code && severity.is_none_or(|severity| problem["severity"] == severity)
    });
    own.filter_map(|problem| problem["records"].as_u64()).sum()
}

fn counts(check: &Value, wanted: &Value) -> Value {
    let pairs = wanted.as_object().into_iter().flatten().map(|(name, _)| {
        let (code, severity) = name.split_once('/').unwrap();
        (
            name.clone(),
            records_with(check, code, Some(severity)).into(),
        )
    });
    Value::Object(pairs.collect())
}

fn problem_max(check: &Value, wanted: &Value) -> Value {
    let pairs = wanted
        .as_object()
        .into_iter()
        .flatten()
        .map(|(code, most)| {
            (
                code.clone(),
                at_most(&records_with(check, code, None).into(), most),
            )
        });
    Value::Object(pairs.collect())
}

fn texts(list: &Value) -> Vec<String> {
    let list = list.as_array().into_iter().flatten();
    list.filter_map(|text| text.as_str().map(str::to_owned))
        .collect()
}

/// Returns true for a contact with all wanted values; null means no value.
fn fits(contact: &Value, wanted: &Value) -> bool {
    let mut phones = texts(&contact["phones"]);
    phones.extend(contact["landline"].as_str().map(str::to_owned));
    let emails = texts(&contact["emails"]);
    let holds = |list: &[String], value: &Value| match value.as_str() {
        Some(text) => list.iter().any(|known| known == text),
        None => list.is_empty(),
    };
    let sorted = |list: &Value| {
        let mut list = texts(list);
        list.sort_unstable();
        list
    };
    let mut fields = wanted.as_object().into_iter().flatten();
    fields.all(|(name, value)| match name.as_str() {
        "phone" | "landline" => holds(&phones, value),
        "email" => holds(&emails, value),
        "phones" => texts(value).iter().all(|phone| phones.contains(phone)),
        "emails" => texts(value).iter().all(|email| emails.contains(email)),
        "tags" => sorted(&contact["tags"]) == sorted(value),
        "permissions" => value
            .as_object()
            .into_iter()
            .flatten()
            .all(|(channel, answer)| contact["permissions"][channel] == *answer),
        _ => contact["fields"].get(name).unwrap_or(&Value::Null) == value,
    })
}
