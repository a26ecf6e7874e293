//! The numbers and texts that stand in a cell, or in a record of a system.

use serde_json::Value;

/// The fewest digits of a number without its area code. Other people may have the same one.
pub(super) const FEWEST_LOCAL_DIGITS: usize = 8;

/// The keys under which systems send first and last names.
const NAME_PARTS: [(&str, &str); 5] = [
    ("first_name", "last_name"),
    ("firstName", "lastName"),
    ("firstname", "lastname"),
    ("primeiro_nome", "sobrenome"),
    ("nome", "sobrenome"),
];

/// Returns the texts and the numbers of a JSON value, and the whole names of objects that have them
/// in two parts. When it is not JSON, returns the text.
pub(super) fn texts_of_json(json: &str) -> Vec<String> {
    let mut texts = Vec::new();
    match serde_json::from_str(json) {
        Ok(value) => collect_texts(&value, &mut texts),
        Err(_) => texts.push(json.to_owned()),
    }
    texts
}

/// Adds the texts, the numbers and the whole names of a JSON value.
fn collect_texts(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Number(number) => texts.push(number.to_string()),
        Value::Array(list) => list.iter().for_each(|value| collect_texts(value, texts)),
        Value::Object(table) => {
            let part = |key: &str| table.get(key).and_then(Value::as_str);
            let names = NAME_PARTS
                .into_iter()
                .filter_map(|(first, last)| Some(format!("{} {}", part(first)?, part(last)?)));
            texts.extend(names);
            table.values().for_each(|value| collect_texts(value, texts));
        }
        _ => {}
    }
}

/// Returns the ends of a number that may stand without its area code, the whole number included.
pub(super) fn ends(digits: &str) -> impl Iterator<Item = String> + use<'_> {
    let lengths = FEWEST_LOCAL_DIGITS..=digits.len();
    lengths.map(|length| digits[digits.len() - length..].to_owned())
}

/// Returns the numbers of a text, as they are written: what stands between letters and marks that
/// are in no number, and the single words of it when it has several.
pub(super) fn numbers(text: &str) -> impl Iterator<Item = &str> {
    let is_written = |letter: char| {
        letter.is_ascii_digit()
            || letter.is_whitespace()
            || "+-.()\u{2010}\u{2011}\u{2013}".contains(letter)
    };
    let runs = text.split(move |letter| !is_written(letter)).map(str::trim);
    let with_words = runs.flat_map(|run| {
        let words = run.split_whitespace().filter(move |word| *word != run);
        std::iter::once(run).chain(words)
    });
    with_words.filter(|number| digits(number).len() >= FEWEST_LOCAL_DIGITS)
}

/// Returns the digits of a text.
pub(super) fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
