//! The filters that expressions of manifests have besides Jinja's own.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use minijinja::{Environment, Error, ErrorKind, Value};

use crate::text::{plain, text_of};
use crate::time::Moment;

/// The names of the filters of [`add`].
pub(crate) const OWN: [&str; 22] = [
    "all_of",
    "alphanumeric",
    "base64",
    "base64url",
    "before",
    "day",
    "digits",
    "first_email",
    "first_of",
    "flat",
    "from_parts",
    "host",
    "hours_later",
    "json",
    "landline",
    "mobile",
    "named",
    "number",
    "pick",
    "plain",
    "time",
    "to_parts",
];
/// The names of Jinja's own filters that manifests have a use for.
pub(crate) const OF_JINJA: [&str; 32] = [
    "abs",
    "batch",
    "bool",
    "capitalize",
    "default",
    "dictsort",
    "first",
    "float",
    "groupby",
    "int",
    "items",
    "join",
    "last",
    "length",
    "list",
    "lower",
    "map",
    "max",
    "min",
    "reject",
    "rejectattr",
    "replace",
    "reverse",
    "round",
    "select",
    "selectattr",
    "sort",
    "split",
    "string",
    "sum",
    "trim",
    "upper",
];

/// The names of Jinja's tests that manifests have a use for.
pub(crate) const TESTS: [&str; 16] = [
    "defined",
    "undefined",
    "none",
    "string",
    "number",
    "integer",
    "float",
    "boolean",
    "mapping",
    "sequence",
    "iterable",
    "equalto",
    "in",
    "startingwith",
    "endingwith",
    "true",
];
/// The names of Jinja's functions that manifests have a use for.
pub(crate) const FUNCTIONS: [&str; 2] = ["dict", "range"];

/// Adds all filters to the language.
pub(crate) fn add(language: &mut Environment<'static>) {
    language.add_filter("alphanumeric", |value: &Value| {
        alphanumeric(&text_of(value))
    });
    language.add_filter("digits", |value: &Value| digits(&text_of(value)));
    language.add_filter("all_of", |value: &Value| all_of(value));
    language.add_filter("first_of", |value: &Value| first_of(value));
    language.add_filter("first_email", |value: &Value| first_email(&text_of(value)));
    language.add_filter("mobile", |value: &Value| phone(value, true));
    language.add_filter("landline", |value: &Value| phone(value, false));
    language.add_filter("number", |value: &Value| number(&text_of(value)));
    language.add_filter("before", |value: &Value, mark: &str| {
        before(&text_of(value), mark)
    });
    language.add_filter("host", |value: &Value| host(&text_of(value)));
    language.add_filter("base64", |value: &Value| STANDARD.encode(text_of(value)));
    language.add_filter("base64url", |value: &Value| URL_SAFE.encode(text_of(value)));
    language.add_filter("json", |value: &Value| {
        serde_json::to_string(value).unwrap_or_default()
    });
    language.add_filter("time", time);
    language.add_filter("day", |value: &Value, format: Option<&str>| {
        crate::time::birthday(&text_of(value), format)
    });
    language.add_filter("hours_later", |value: &Value, hours: i64| {
        hours_later(&text_of(value), hours)
    });
    language.add_filter("from_parts", from_parts);
    language.add_filter("to_parts", to_parts);
    language.add_filter("flat", |value: &Value| flat(values(value)));
    language.add_filter("pick", |keys: &Value, table: &Value| pick(keys, table));
    language.add_filter("named", named);
    language.add_filter("plain", |value: &Value| plain(&text_of(value)));
}

/// Keeps the letters and the digits of a text, and writes the letters in capitals. A CNPJ has both
/// from July 2026 on (IN RFB 2.229/2024).
fn alphanumeric(text: &str) -> String {
    text.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_uppercase())
        .collect()
}

/// Keeps the digits of a text.
fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Returns the values of a list that are not empty, each once, on lines of their own: the import
/// engine reads several phones or e-mail addresses of a cell.
fn all_of(value: &Value) -> String {
    let mut texts: Vec<String> = Vec::new();
    for text in values(value).map(|value| text_of(&value)) {
        if !text.is_empty() && !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts.join("\n")
}

/// Returns the first value of a list that is not empty.
fn first_of(value: &Value) -> Value {
    let found = value
        .try_iter()
        .ok()
        .and_then(|mut values| values.find(|value| !text_of(value).is_empty()));
    found.unwrap_or(Value::UNDEFINED)
}

/// Returns the values of a list. For any other value there are none.
fn values(value: &Value) -> impl Iterator<Item = Value> {
    value.try_iter().into_iter().flatten()
}

/// Joins a list of lists into one list.
fn flat(lists: impl Iterator<Item = Value>) -> Value {
    Value::from(
        lists
            .flat_map(|list| values(&list).collect::<Vec<_>>())
            .collect::<Vec<_>>(),
    )
}

/// Looks up each key in a table of lists, and joins the lists that it finds.
fn pick(keys: &Value, table: &Value) -> Value {
    flat(values(keys).map(|key| table.get_attr(&text_of(&key)).unwrap_or_default()))
}

/// Turns each value of a list into a structure that holds the value under `name`. A missing list
/// stays missing.
fn named(list: &Value, name: &str) -> Value {
    if list.is_undefined() {
        return Value::UNDEFINED;
    }
    Value::from(
        values(list)
            .map(|value| Value::from_pairs([(name.to_owned(), value)]))
            .collect::<Vec<_>>(),
    )
}

/// Returns the first e-mail address, in lower case, of a field that may hold several. Without an
/// `@` in the field, returns its first part.
fn first_email(text: &str) -> String {
    let mut parts = text.split([',', ';', ' ', '\n']).map(str::trim);
    parts
        .clone()
        .find(|part| part.contains('@'))
        .or_else(|| parts.next())
        .unwrap_or_default()
        .to_lowercase()
}

/// Returns the first phone of a list that is a Brazilian mobile, or that is not one when `mobile`
/// is false. Mobiles have eleven digits with their area code, the third a 9 (Anatel, Resolution
/// 553/2010). A mobile from before that resolution has ten, and its third digit is 6 to 9.
fn phone(value: &Value, mobile: bool) -> Value {
    let texts: Vec<String> = value
        .try_iter()
        .map(|values| values.map(|value| text_of(&value)).collect())
        .unwrap_or_default();
    let is_mobile = |text: &str| {
        let digits = digits(text);
        let national = digits.trim_start_matches('0');
        let national = if national.len() > 11 {
            national.strip_prefix("55").unwrap_or(national)
        } else {
            national
        };
        let subscriber = national.as_bytes().get(2).copied();
        matches!(
            (national.len(), subscriber),
            (11, Some(b'9')) | (10, Some(b'6'..=b'9'))
        )
    };
    let found = texts
        .into_iter()
        .find(|text| !digits(text).is_empty() && is_mobile(text) == mobile);
    found.map_or(Value::UNDEFINED, Value::from)
}

/// Returns the first whole number in a text. Vendors write the time to wait in such texts.
fn number(text: &str) -> Value {
    let from = text.find(|letter: char| letter.is_ascii_digit());
    let digits: Option<String> = from.map(|from| {
        text[from..]
            .chars()
            .take_while(char::is_ascii_digit)
            .collect()
    });
    digits
        .and_then(|digits| digits.parse::<i64>().ok())
        .map_or(Value::UNDEFINED, Value::from)
}

/// Returns the part of a text before a mark, or the whole text when it does not have the mark.
fn before(text: &str, mark: &str) -> String {
    text.split_once(mark)
        .map_or(text, |(before, _)| before)
        .trim()
        .to_owned()
}

/// Returns a typed web address in lower case, without its scheme and without slashes at its end.
fn host(text: &str) -> String {
    let text = text.to_lowercase();
    text.split_once("://")
        .map_or(text.as_str(), |(_, rest)| rest)
        .trim_end_matches('/')
        .to_owned()
}

/// Writes a time in a format of [`Moment::write`]. Returns undefined when the time is missing.
fn time(value: &Value, format: &str) -> Result<Value, Error> {
    let text = text_of(value);
    if text.is_empty() {
        return Ok(Value::UNDEFINED);
    }
    let moment = Moment::parse(&text)
        .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("'{text}' is no time")))?;
    Ok(Value::from(moment.write(format)))
}

/// Makes a time out of a structure with `year`, `month` and `day`, and optionally `hour`, `minute`
/// and `second`.
fn from_parts(value: &Value) -> Value {
    let part = |name: &str| {
        value
            .get_attr(name)
            .ok()
            .and_then(|part| part.as_i64())
            .unwrap_or(0)
    };
    if part("year") == 0 {
        return Value::UNDEFINED;
    }
    let (day, time) = (
        ["year", "month", "day"].map(part),
        ["hour", "minute", "second"].map(part),
    );
    Value::from(format!(
        "{:04}-{:02}-{:02} {:02}:{:02}:{:02}",
        day[0], day[1], day[2], time[0], time[1], time[2]
    ))
}

/// Makes a structure like that of [`from_parts`] out of a time, with `class` as its `__class__`.
fn to_parts(value: &Value, class: &str) -> Value {
    let Some(moment) = Moment::parse(&text_of(value)) else {
        return Value::UNDEFINED;
    };
    let part = |format: &str| Value::from(moment.write(format).parse::<i64>().unwrap_or(0));
    let names = ["year", "month", "day", "hour", "minute", "second"];
    let parts = names
        .into_iter()
        .zip(["%Y", "%m", "%d", "%H", "%M", "%S"])
        .map(|(name, format)| (name, part(format)));
    Value::from_pairs(parts.chain([
        ("microsecond", Value::from(0)),
        ("__class__", Value::from(class.to_owned())),
    ]))
}

/// Adds hours to a time.
fn hours_later(text: &str, hours: i64) -> Value {
    Moment::parse(text).map_or(Value::UNDEFINED, |moment| {
        Value::from(moment.later(hours * 3_600_000).to_string())
    })
}

#[cfg(test)]
mod tests;
