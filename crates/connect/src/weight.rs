//! Estimates the memory that an answer in JSON takes, before the answer is parsed.

/// The weight of a list or an object. It takes at least so many times the memory of a plain value.
const CONTAINER: usize = 16;

/// Returns the number of values in a JSON text, with lists and objects counted as sixteen; 0 when
/// the text does not begin as JSON does. A text that is cut off or has an error counts up to there.
pub(crate) fn weight(text: &[u8]) -> usize {
    let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text);
    if !matches!(text.trim_ascii_start().first(), Some(b'{' | b'[')) {
        return 0;
    }
    let mut weight = 1;
    let mut is_string = false;
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => is_string = !is_string,
            // The byte after a backslash does not end the string.
            b'\\' => {
                bytes.next();
            }
            b',' if !is_string => weight += 1,
            b'{' | b'[' if !is_string => weight += CONTAINER,
            _ => {}
        }
    }
    weight
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted_and_marks_in_texts_are_not() {
        for (text, expected) in [
            ("[]", 17),
            ("[1,2,3]", 19),
            (" \n{\"a\":\"[{,\\\"[,\",\"b\":0}", 18),
            ("\u{feff}[[],[]]", 50),
            ("[{\"a\":0},{\"a\":0}", 50),
            ("<p>a, b, {c}</p>", 0),
            ("", 0),
        ] {
            assert_eq!(weight(text.as_bytes()), expected, "{text}");
        }
    }
}
