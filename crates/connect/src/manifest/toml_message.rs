//! The errors of the TOML reader, in the words of this crate.

use super::nearest::did_you_mean;

/// The most letters of a wrong value that are shown.
const VALUE_LETTERS: usize = 60;
/// The types of TOML, as the reader names them and as we do.
const TYPES: [(&str, &str); 8] = [
    ("u32", "a number"),
    ("u64", "a number"),
    ("i64", "a number"),
    ("f64", "a number"),
    ("usize", "a number"),
    ("a boolean", "true or false"),
    ("a string", "a text"),
    ("a sequence", "a list"),
];

/// Puts an error of the reader into one line. `key` is the key of the value with the error; it is
/// empty when no value has it. `value` is the text with the error.
pub(super) fn in_words(message: &str, key: &str, value: &str) -> String {
    let other = || {
        let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
        if key.is_empty() {
            message
        } else {
            format!("{key}: {message}")
        }
    };
    unknown_key(message)
        .or_else(|| wrong_type(message, key, value))
        .unwrap_or_else(other)
}

/// Puts into words that a table has a key that it can't have.
fn unknown_key(message: &str) -> Option<String> {
    let rest = message.strip_prefix("unknown field ")?;
    let (wrong, expected) = rest.split_once(", expected ").unwrap_or((rest, ""));
    let words: Vec<&str> = expected
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|word| !word.is_empty())
        .collect();
    let nearest = did_you_mean(wrong.trim_matches('`'), words.iter().copied());
    let words = words.join(", ");
    Some(format!(
        "{wrong} is no key of this table; its keys are {words}{nearest}"
    ))
}

/// Puts into words that a value has the wrong type.
fn wrong_type(message: &str, key: &str, value: &str) -> Option<String> {
    let rest = message.strip_prefix("invalid type: ")?;
    let (_, expected) = rest.split_once(", expected ")?;
    let wanted = TYPES.iter().find(|(name, _)| *name == expected);
    let wanted = wanted.map_or(expected, |(_, words)| words);
    let value: Vec<&str> = value.split_whitespace().collect();
    let value: String = value.join(" ").chars().take(VALUE_LETTERS).collect();
    Some(format!("{key} is {wanted}, and not {value}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_the_reader_name_the_key_and_what_would_be_right() {
        let unknown = "unknown field `pagesize`, expected one of `path`, `query`, `headers`";
        assert_eq!(
            in_words(unknown, "", ""),
            "`pagesize` is no key of this table; its keys are path, query, headers"
        );
        let wrong = "invalid type: string \"200\", expected u32";
        assert_eq!(
            in_words(wrong, "size", "\"200\""),
            "size is a number, and not \"200\""
        );
        let wrong = "invalid type: sequence, expected a string";
        assert_eq!(
            in_words(wrong, "records", "[\"a\",\n  \"b\"]"),
            "records is a text, and not [\"a\", \"b\"]"
        );
        assert_eq!(in_words("two\nlines", "name", ""), "name: two lines");
    }
}
