//! Finds what an expression calls: filters, tests and functions. The language itself only finds out
//! about an unknown one when the expression is evaluated.

/// The words of the language that may stand before a parenthesis without being called.
const OPERATORS: [&str; 7] = ["and", "else", "if", "in", "is", "not", "or"];

/// Something that an expression calls, by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    /// A filter: `value | NAME`.
    Filter(String),
    /// A test: `value is NAME`.
    Test(String),
    /// A function: `NAME(...)`.
    Function(String),
}

/// Returns the calls of an expression, in order.
pub(crate) fn calls(text: &str) -> Vec<Call> {
    let bytes = text.as_bytes();
    let mut calls = Vec::new();
    let (mut before, mut at) = ("", 0);
    while let Some(&byte) = bytes.get(at) {
        let from = at;
        at += 1;
        if byte.is_ascii_whitespace() {
            continue;
        }
        if matches!(byte, b'"' | b'\'') {
            at = end_of_text(bytes, from) + 1;
            before = "";
        } else if is_of_name(byte) {
            while bytes.get(at).copied().is_some_and(is_of_name) {
                at += 1;
            }
            let name = text.get(from..at).unwrap_or_default();
            let is_before_parenthesis = text
                .get(at..)
                .is_some_and(|rest| rest.trim_start().starts_with('('));
            let called = call(before, name, is_before_parenthesis);
            if let Some(Call::Filter(name)) = &called {
                calls.extend(called_by_name(name, text.get(at..).unwrap_or_default()));
            }
            calls.extend(called);
            // `is not NAME` is a test as `is NAME`.
            before = if (before, name) == ("is", "not") {
                "is"
            } else {
                name
            };
        } else {
            before = text.get(from..at).unwrap_or_default();
        }
    }
    calls
}

/// Decides by the text around a name whether it is the call of a filter, of a test or of a
/// function; `None` for any other name.
fn call(before: &str, name: &str, is_before_parenthesis: bool) -> Option<Call> {
    let name = name.to_owned();
    match before {
        "|" => Some(Call::Filter(name)),
        "is" if name != "not" => Some(Call::Test(name)),
        "." => None,
        _ if is_before_parenthesis && !OPERATORS.contains(&name.as_str()) => {
            Some(Call::Function(name))
        }
        _ => None,
    }
}

/// Returns the filter or test whose name in quotes is an argument of a filter: `map('upper')`,
/// `select('defined')`, `selectattr('type', 'equalto', 'mobile')`. `rest` follows the filter's
/// name.
fn called_by_name(filter: &str, rest: &str) -> Option<Call> {
    let mut rest = rest.trim_start().strip_prefix('(')?;
    let is_second = matches!(filter, "selectattr" | "rejectattr");
    if is_second {
        rest = text_and_rest(rest)?.1.trim_start().strip_prefix(',')?;
    }
    let name = text_and_rest(rest)?.0.to_owned();
    match filter {
        "map" => Some(Call::Filter(name)),
        "select" | "reject" => Some(Call::Test(name)),
        _ if is_second => Some(Call::Test(name)),
        _ => None,
    }
}

/// Splits a text in quotes off the beginning. Returns `None` when there is none.
fn text_and_rest(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    if !text.starts_with(['"', '\'']) {
        return None;
    }
    let end = end_of_text(text.as_bytes(), 0);
    Some((text.get(1..end)?, text.get(end + 1..)?))
}

/// Returns the place of the quote that ends a text in quotes, or the end of `bytes`. `from` is the
/// place of the quote that begins it.
pub(super) fn end_of_text(bytes: &[u8], from: usize) -> usize {
    let quote = bytes.get(from);
    let mut at = from + 1;
    while at < bytes.len() && bytes.get(at) != quote {
        at += if bytes.get(at) == Some(&b'\\') { 2 } else { 1 };
    }
    at.min(bytes.len())
}

/// Returns true for the bytes of names and numbers. Those of letters beyond ASCII are of names too.
fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_tests_and_functions_are_told_from_names_in_quotes_and_methods() {
        let text = "a.b | first_of|day('x | y') if c is not defined and not (d is none) \
                    else range(3) ~ 'e'.split('|')";
        let expected = [
            Call::Filter("first_of".to_owned()),
            Call::Filter("day".to_owned()),
            Call::Test("defined".to_owned()),
            Call::Test("none".to_owned()),
            Call::Function("range".to_owned()),
        ];
        assert_eq!(calls(text), expected);
        assert_eq!(calls(r"'it\'s | x' ~ y"), []);
        let named = "a | map('upper') | selectattr('b', \"equalto\", 1) | map(attribute='c')";
        let filter = |name: &str| Call::Filter(name.to_owned());
        let of_test = |name: &str| Call::Test(name.to_owned());
        assert_eq!(
            calls(named),
            [
                filter("upper"),
                filter("map"),
                of_test("equalto"),
                filter("selectattr"),
                filter("map"),
            ]
        );
    }
}
