//! Proves that a manifest uses only words that exist: names, filters, credentials, tables, statuses
//! and currencies. A misspelt word has no value when it is evaluated, and would spoil every record
//! without an error.

use std::collections::BTreeSet;

use super::Manifest;
use super::complaint::Complaint;
use super::currencies::CURRENCIES;
use super::document::{Document, IN_LIST, Leaf};
use super::nearest::did_you_mean;
use super::places::{Form, Place, place_of};
use crate::expression::template::Template;
use crate::expression::{Call, Expr, is_known};
use crate::filters::{self, FUNCTIONS, TESTS};

/// The parts of the variable `token`.
const OF_TOKEN: [&str; 2] = ["access_token", "answer"];

/// The words that a manifest declares.
struct Declared<'m> {
    credentials: Vec<&'m str>,
    lookups: Vec<&'m str>,
    manifest: &'m Manifest,
}

/// Returns the wrong words of a manifest, in the order of their lines.
pub(super) fn wrong_words(manifest: &Manifest, document: &Document<'_>) -> Vec<Complaint> {
    let name = |credential: &'_ super::Credential| credential.name.clone();
    let credentials: Vec<String> = manifest.credentials.iter().map(name).collect();
    let declared = Declared {
        credentials: credentials.iter().map(String::as_str).collect(),
        lookups: manifest
            .lookups
            .iter()
            .map(|lookup| lookup.name.as_str())
            .collect(),
        manifest,
    };
    let (mut complaints, mut used) = (Vec::new(), BTreeSet::new());
    for leaf in document.leaves() {
        let found = match leaf.path.as_slice() {
            ["currency"] => currency(leaf.text),
            ["request", "base"] => plain_http(leaf.text),
            _ => None,
        };
        let words = place_of(&leaf.path)
            .map(|place| declared.wrong_words(place, &leaf, &mut used))
            .unwrap_or_default();
        let messages = found.into_iter().chain(words);
        complaints.extend(messages.map(|message| Complaint::at(leaf.line, message)));
    }
    // A credential whose name is misspelt where it is used is no fault of its own.
    if complaints.is_empty() {
        complaints.extend(declared.unused(&used, &document.leaves()));
    }
    complaints.sort_by_key(|complaint| complaint.line);
    complaints
}

impl Declared<'_> {
    /// Returns what is wrong with the words of one text, and adds the credentials that it uses to
    /// `used`.
    fn wrong_words(
        &self,
        place: &Place,
        leaf: &Leaf<'_>,
        used: &mut BTreeSet<String>,
    ) -> Vec<String> {
        let of_expression = |expression: &Expr, used: &mut BTreeSet<String>| {
            let calls = expression.calls();
            let functions: BTreeSet<&str> = calls.iter().filter_map(function).collect();
            let wrong_calls = calls.iter().filter_map(wrong_call);
            let names = expression.names();
            if names.contains("credentials") {
                // As in `credentials['api-key']`, which does not tell which one.
                used.extend(self.credentials.iter().map(|name| (*name).to_owned()));
            }
            used.extend(names.iter().filter_map(|name| {
                let credential = name.strip_prefix("credentials.")?;
                Some(first_part(credential).to_owned())
            }));
            let names = names
                .iter()
                .filter(|name| !functions.contains(first_part(name)));
            let wrong_names = names.filter_map(|name| self.wrong_name(place, leaf, name));
            wrong_names.chain(wrong_calls).collect::<Vec<_>>()
        };
        match place.form {
            Form::Expression => Expr::parse(leaf.text)
                .map(|expression| of_expression(&expression, used))
                .unwrap_or_default(),
            Form::Template => Template::parse(leaf.text)
                .map(|template| {
                    let expressions = template.expressions();
                    expressions
                        .flat_map(|expression| of_expression(expression, used))
                        .collect()
                })
                .unwrap_or_default(),
        }
    }

    /// Returns what is wrong with a name of an expression, such as `credentials.key`.
    fn wrong_name(&self, place: &Place, leaf: &Leaf<'_>, name: &str) -> Option<String> {
        let (root, part) = name
            .split_once('.')
            .map_or((name, None), |(root, rest)| (root, Some(first_part(rest))));
        let allowed: Vec<&str> = place.names.iter().copied().flatten().copied().collect();
        if !allowed.contains(&root) {
            let message = || {
                let nearest = did_you_mean(root, allowed.iter().copied());
                let names = allowed.join(", ");
                format!("`{root}` is no name; the names here are {names}{nearest}")
            };
            return (!place.has_record).then(message);
        }
        let part = part?;
        let of = |what: &str, words: &[&str]| {
            let message = || {
                let nearest = did_you_mean(part, words.iter().copied());
                let words = if words.is_empty() {
                    "none"
                } else {
                    &words.join(", ")
                };
                format!("`{root}.{part}` is not declared; the {what} are: {words}{nearest}")
            };
            (!words.contains(&part)).then(message)
        };
        match root {
            "credentials" => of("declared credentials", &self.credentials),
            "token" => of("parts of a token", &OF_TOKEN),
            "lookup" => of("declared lookups", &self.lookups),
            "batch" => of(
                "declared batches",
                &self.batches(leaf.path.first().copied()),
            ),
            _ => None,
        }
    }

    /// Returns the names of the batches of a stream.
    fn batches(&self, stream: Option<&str>) -> Vec<&str> {
        let manifest = self.manifest;
        let batches = match stream {
            Some("products") => manifest.products.as_ref().map(|stream| &stream.batch),
            Some("prices") => manifest.prices.as_ref().map(|stream| &stream.batch),
            Some("contacts") => manifest.contacts.as_ref().map(|stream| &stream.batch),
            Some("transactions") => manifest.transactions.as_ref().map(|stream| &stream.batch),
            _ => None,
        };
        batches
            .into_iter()
            .flatten()
            .map(|batch| batch.name.as_str())
            .collect()
    }

    /// Complains about credentials that no expression uses, so that an Admin would type them for
    /// nothing. Those of OAuth are not among them, because the engine uses them.
    fn unused(&self, used: &BTreeSet<String>, leaves: &[Leaf<'_>]) -> Vec<Complaint> {
        let is_of_oauth = |name: &str| {
            self.manifest.oauth.is_some() && matches!(name, "client_id" | "client_secret")
        };
        let names = leaves
            .iter()
            .filter(|leaf| leaf.path == ["credentials", IN_LIST, "name"]);
        names
            .filter(|leaf| !used.contains(leaf.text) && !is_of_oauth(leaf.text))
            .map(|leaf| {
                let name = leaf.text;
                let message =
                    format!("no expression uses `credentials.{name}`: use it, or don't ask for it");
                Complaint::at(leaf.line, message)
            })
            .collect()
    }
}

/// Returns the name of a called function.
fn function(call: &Call) -> Option<&str> {
    match call {
        Call::Function(name) => Some(name),
        Call::Filter(_) | Call::Test(_) => None,
    }
}

/// Returns the part of a name before its first point.
fn first_part(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

/// Returns what is wrong with the call of a filter, a test or a function; `None` when it is right.
fn wrong_call(call: &Call) -> Option<String> {
    if is_known(call) {
        return None;
    }
    Some(match call {
        Call::Filter(name) => {
            let filters = || filters::OWN.into_iter().chain(filters::OF_JINJA);
            let nearest = did_you_mean(name, filters());
            let filters = filters().collect::<Vec<_>>().join(", ");
            format!("there is no filter `{name}`; the filters are {filters}{nearest}")
        }
        Call::Test(name) => {
            let (tests, nearest) = (TESTS.join(", "), did_you_mean(name, TESTS));
            format!("there is no test `{name}`; the tests are {tests}{nearest}")
        }
        Call::Function(name) => {
            let (functions, nearest) = (FUNCTIONS.join(", "), did_you_mean(name, FUNCTIONS));
            format!("there is no function `{name}`; the functions are {functions}{nearest}")
        }
    })
}

/// Returns what is wrong with the currency of a manifest; `None` for the code of a currency (ISO
/// 4217).
fn currency(code: &str) -> Option<String> {
    if CURRENCIES.contains(&code) {
        return None;
    }
    let nearest = did_you_mean(&code.to_uppercase(), CURRENCIES);
    Some(format!(
        "currency is three letters of ISO 4217, such as BRL; `{code}` is none of them{nearest}"
    ))
}

/// Returns a complaint about a base address that begins with `http:`, so that it is not encrypted;
/// `None` for all others.
fn plain_http(base: &str) -> Option<String> {
    let host = base.strip_prefix("http://")?;
    if host.starts_with("{{") || crate::public_address::is_in_house(host_of(host)) {
        return None;
    }
    Some(format!(
        "`{base}` is not encrypted: only https is spoken, except to private addresses where those \
         are allowed"
    ))
}

/// Returns the host of an address without its scheme.
fn host_of(address: &str) -> &str {
    let host = address.split(['/', '?', '#']).next().unwrap_or(address);
    match host.strip_prefix('[') {
        Some(literal) => literal.split(']').next().unwrap_or(literal),
        None => host.split(':').next().unwrap_or(host),
    }
}

#[cfg(test)]
mod tests;
