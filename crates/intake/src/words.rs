//! The comparison of texts as people compare them: without case, accents or punctuation.

/// Returns true for a character without width: a zero-width character, a direction mark, a soft
/// hyphen, a byte order mark.
pub(crate) fn is_invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}'
    )
}

/// Returns the text without the white space around it. Most texts have none, which two bytes show.
pub(crate) fn trim(text: &str) -> &str {
    let bytes = text.as_bytes();
    let bare = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    if bare(bytes.first()) && bare(bytes.last()) {
        text
    } else {
        text.trim()
    }
}

/// Returns true when a text has nothing to read: only white space, invisible characters, and what
/// programs write at the end of files: the end mark of DOS (Ctrl-Z), zeros.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_whitespace() || matches!(c, '\0' | '\u{1a}') || is_invisible(c))
}

/// Returns the text in lower case, without Latin accents, with one space in place of all characters
/// between letters and digits.
///
/// ```
/// assert_eq!(alta_intake::fold("Teléfono_Móvil (1)"), "telefono movil 1");
/// ```
#[must_use]
pub fn fold(text: &str) -> String {
    crate::steps::count(text.len());
    let mut out = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        let plain = match letter {
            'á' | 'à' | 'â' | 'ã' | 'ä' | 'å' => 'a',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'í' | 'ì' | 'î' | 'ï' => 'i',
            'ó' | 'ò' | 'ô' | 'õ' | 'ö' => 'o',
            'ú' | 'ù' | 'û' | 'ü' => 'u',
            'ç' => 'c',
            'ñ' => 'n',
            letter if letter.is_alphanumeric() => letter,
            _ => ' ',
        };
        if plain != ' ' || !(out.is_empty() || out.ends_with(' ')) {
            out.push(plain);
        }
    }
    if out.ends_with(' ') {
        out.pop();
    }
    out
}

/// Returns true when one text becomes the other by one letter added, removed or changed, or by
/// swapping two neighbours (Damerau's four).
pub(crate) fn is_one_slip(a: &[u8], b: &[u8]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let same = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    match long.len() - short.len() {
        0 => {
            short[same..].get(1..) == long[same..].get(1..)
                || (same + 1 < short.len()
                    && short[same] == long[same + 1]
                    && short[same + 1] == long[same]
                    && short[same + 2..] == long[same + 2..])
        }
        1 => short[same..] == long[same + 1..],
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_case_and_punctuation_do_not_count() {
        assert_eq!(fold("  Teléfono_Móvil (1) "), "telefono movil 1");
    }

    #[test]
    fn one_slip_is_one_letter_or_two_neighbours() {
        assert!(is_one_slip(b"abc", b"acb"));
        assert!(is_one_slip(b"abc", b"abd"));
        assert!(is_one_slip(b"abc", b"abcd"));
        assert!(!is_one_slip(b"abc", b"adcb"));
        assert!(!is_one_slip(b"abcd", b"badc"));
    }
}
