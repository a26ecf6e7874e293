//! Splits Rust sources into words and signs, without comments, strings and numbers.

/// Returns the tokens of a source: words, `::`, and single signs.
pub(crate) fn tokens(source: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if let Some(length) = string(rest) {
            length
        } else if first == '\'' {
            quoted(rest)
        } else if first.is_alphanumeric() || first == '_' {
            let word = word(rest);
            if !first.is_numeric() {
                tokens.push(&rest[..word]);
            }
            word
        } else if rest.starts_with("::") {
            tokens.push("::");
            2
        } else {
            if !first.is_whitespace() {
                tokens.push(&rest[..first.len_utf8()]);
            }
            first.len_utf8()
        };
        rest = &rest[length..];
    }
    tokens
}

/// Returns the length of the word at the beginning.
fn word(rest: &str) -> usize {
    rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .unwrap_or(rest.len())
}

/// Returns the length of the comment `/* ... */` at the beginning; such comments nest.
fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// Returns the length of the string at the beginning, with its prefix; `None` when there is none.
fn string(rest: &str) -> Option<usize> {
    let prefix = ["br", "cr", "b", "c", "r", ""]
        .into_iter()
        .find(|prefix| rest.starts_with(prefix))?;
    let hashes = rest[prefix.len()..]
        .bytes()
        .take_while(|byte| *byte == b'#')
        .count();
    let start = prefix.len() + hashes;
    if !rest[start..].starts_with('"') || (hashes > 0 && !prefix.ends_with('r')) {
        return None;
    }
    let body = &rest[start + 1..];
    if prefix.ends_with('r') {
        let end = format!("\"{}", "#".repeat(hashes));
        let length = body.find(&end).unwrap_or(body.len() - end.len());
        return Some(start + 1 + length + end.len());
    }
    let mut is_escaped = false;
    let end = body.find(|letter| {
        let ends = letter == '"' && !is_escaped;
        is_escaped = letter == '\\' && !is_escaped;
        ends
    });
    Some(end.map_or(rest.len(), |end| start + 1 + end + 1))
}

/// Returns the length of the character in quotes, or of the lifetime, at the beginning.
fn quoted(rest: &str) -> usize {
    let mut letters = rest.char_indices().skip(1);
    match (letters.next(), letters.next()) {
        (Some((_, '\\')), Some((escaped, _))) => {
            let after = &rest[escaped + 1..];
            after
                .find('\'')
                .map_or(rest.len(), |end| escaped + 1 + end + 1)
        }
        (_, Some((end, '\''))) => end + 1,
        _ => 1 + word(&rest[1..]),
    }
}

#[test]
fn comments_strings_and_numbers_are_no_tokens() {
    let source = r##"use a::b; // use c::d;
        /* use e /* nested */ ::f; */
        fn g<'a>(x: &'a str) { "use h::i"; r#"j"k"#; '\''; '"'; 0xff }"##;
    let words = tokens(source);
    assert_eq!(words[..5], ["use", "a", "::", "b", ";"]);
    assert_eq!(words[5..9], ["fn", "g", "<", ">"]);
    for gone in ["c", "e", "f", "h", "j", "k", "0xff"] {
        assert!(!words.contains(&gone), "{gone} in {words:?}");
    }
}
