//! Texts compared as people compare them: without case, accents or punctuation.

/// Without the white space around it; most texts have none, and two looks tell.
pub(crate) fn trim(text: &str) -> &str {
    let bytes = text.as_bytes();
    let bare = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    if bare(bytes.first()) && bare(bytes.last()) { text } else { text.trim() }
}

/// Lower case, Latin accents folded, everything that is no letter or digit a single space.
pub(crate) fn fold(text: &str) -> String {
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

#[cfg(test)]
mod tests {
    #[test]
    fn accents_case_and_punctuation_do_not_count() {
        assert_eq!(super::fold("  Teléfono_Móvil (1) "), "telefono movil 1");
    }
}
