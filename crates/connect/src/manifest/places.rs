//! The places of a manifest that hold expressions, with the names that each of them may use.

use super::document::IN_LIST;
use crate::names::{ACCOUNT, ANSWER, POSITION};

/// The variables that a request for a token may use: what the Admin has typed. There is no token
/// yet.
const TYPED: &[&str] = &["credentials"];
/// The variable that holds the account's lookup tables.
const LOOKUP: &[&str] = &["lookup"];
/// The variable that holds the answers to batch requests: requests about many records at once.
const BATCH: &[&str] = &["batch"];
/// The names of the streams. Each has the same places with expressions.
const STREAMS: [&str; 4] = ["products", "prices", "contacts", "transactions"];

/// The form of a text with expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// The text is one expression.
    Expression,
    /// The text has expressions between `{{` and `}}`.
    Template,
}

/// A place of a manifest that holds expressions.
pub(super) struct Place {
    /// The keys that lead to the place. The first one may be `STREAM`, for each of the streams. `*`
    /// is any key, and `**` is any number of them.
    path: &'static str,
    pub(super) form: Form,
    /// The names that expressions may use there.
    pub(super) names: &'static [&'static [&'static str]],
    /// True when expressions may also use the names of a record, which the manifest does not tell.
    pub(super) has_record: bool,
}

const fn expression(path: &'static str, names: &'static [&'static [&'static str]]) -> Place {
    Place {
        path,
        form: Form::Expression,
        names,
        has_record: false,
    }
}

const fn template(path: &'static str, names: &'static [&'static [&'static str]]) -> Place {
    Place {
        path,
        form: Form::Template,
        names,
        has_record: false,
    }
}

const fn of_record(path: &'static str) -> Place {
    Place {
        path,
        form: Form::Expression,
        names: &[LOOKUP, BATCH],
        has_record: true,
    }
}

/// All places, the narrower ones before the wider ones.
const PLACES: &[Place] = &[
    template("request.base", &[ACCOUNT]),
    // Shared headers go with every request, also with those for pages.
    template("request.headers.*", &[ACCOUNT, POSITION]),
    template("oauth.authorize", &[TYPED]),
    template("oauth.token", &[TYPED]),
    template("oauth.query.*", &[TYPED]),
    template("oauth.headers.*", &[TYPED]),
    template("login.request.**", &[ACCOUNT]),
    expression("login.token", &[ANSWER]),
    template("check.request.**", &[ACCOUNT]),
    expression("check.account", &[ACCOUNT, ANSWER]),
    expression("check.id", &[ACCOUNT, ANSWER]),
    template("lookups.[].request.**", &[ACCOUNT, LOOKUP]),
    expression("lookups.[].records", &[ANSWER]),
    of_record("lookups.[].key"),
    of_record("lookups.[].value"),
    expression("errors.[].when", &[ANSWER]),
    expression("errors.[].wait", &[ANSWER]),
    expression("errors.[].said", &[ANSWER]),
    expression("webhook.signature.secret", &[TYPED]),
    template("STREAM.request.**", &[ACCOUNT, POSITION]),
    template("STREAM.trash.request.**", &[ACCOUNT, &["page", "size"]]),
    expression("STREAM.trash.records", &[ANSWER]),
    expression("STREAM.pages.more", &[ANSWER, POSITION, &["count"]]),
    expression("STREAM.pages.next", &[ANSWER, POSITION, &["records"]]),
    expression("STREAM.pages.total", &[ANSWER, POSITION]),
    expression("STREAM.records", &[ANSWER, POSITION]),
    of_record("STREAM.id"),
    of_record("STREAM.updated"),
    of_record("STREAM.only"),
    of_record("STREAM.gone"),
    of_record("STREAM.group"),
    Place {
        path: "STREAM.detail.[].request.**",
        form: Form::Template,
        names: &[ACCOUNT, POSITION, LOOKUP, BATCH],
        has_record: true,
    },
    expression("STREAM.detail.[].record", &[ANSWER]),
    of_record("STREAM.detail.[].when"),
    expression(
        "STREAM.batch.[].ids",
        &[POSITION, LOOKUP, BATCH, &["records"]],
    ),
    template(
        "STREAM.batch.[].request.**",
        &[ACCOUNT, POSITION, LOOKUP, BATCH, &["records", "ids"]],
    ),
    expression("STREAM.batch.[].records", &[ANSWER]),
    of_record("STREAM.batch.[].key"),
    of_record("STREAM.batch.[].value"),
    expression("STREAM.batch.[].whole", &[ANSWER]),
    of_record("STREAM.fields.guest.id"),
    of_record("STREAM.fields.guest.fields.*"),
    of_record("STREAM.fields.items.*"),
    of_record("STREAM.fields.*"),
];

/// Returns the place of a text of a manifest; `None` for a text without expressions.
pub(super) fn place_of(path: &[&str]) -> Option<&'static Place> {
    PLACES.iter().find(|place| fits(place.path, path))
}

/// Returns true when a path is at a place.
fn fits(place: &str, path: &[&str]) -> bool {
    let mut path = path.iter();
    for wanted in place.split('.') {
        match (wanted, path.next()) {
            ("**", Some(_)) => return true,
            ("*", Some(key)) if *key != IN_LIST => {}
            ("STREAM", Some(key)) if STREAMS.contains(key) => {}
            (wanted, Some(key)) if wanted == *key => {}
            _ => return false,
        }
    }
    path.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_at_their_places() {
        let form = |path: &[&str]| place_of(path).map(|place| place.form);
        let request = ["contacts", "request", "query", "page"];
        assert_eq!(form(&request), Some(Form::Template));
        assert_eq!(
            form(&["contacts", "fields", "name"]),
            Some(Form::Expression)
        );
        assert_eq!(form(&["errors", IN_LIST, "when"]), Some(Form::Expression));
        assert_eq!(form(&["errors", IN_LIST, "remedy", "es"]), None);
        assert_eq!(form(&["contacts", "pages", "kind"]), None);
        assert_eq!(form(&["transactions", "fields", "statuses", "new"]), None);
    }
}
