//! The reading of e-mail addresses from cells.

use std::borrow::Cow;
use std::collections::HashSet;

use alta_domain::Email;

use crate::words::is_invisible;

/// Reads the first address of a cell, trimmed and in lower case. `Name <a@b.c>` and `mailto:` are
/// unwrapped.
///
/// ```
/// let email = alta_intake::read_email("Ana Silva <Ana@Example.com>").ok_or("no e-mail")?;
/// assert_eq!(email, "ana@example.com");
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn read_email(text: &str) -> Option<Cow<'_, str>> {
    match plain(text) {
        Some(plain) => Some(plain),
        None => read_several(text).map(|emails| emails.first),
    }
}

/// Returns the address of a cell that holds nothing else; `None` when the cell needs a closer look.
fn plain(text: &str) -> Option<Cow<'_, str>> {
    Email::plain(text).filter(|_| !is_of_whatsapp(text) && !begins_with_number(text))
}

/// Returns true for a number followed by a slash, such as a phone before an address. A slash is
/// valid in a local part too.
fn begins_with_number(text: &str) -> bool {
    if text.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) {
        return false;
    }
    text.split_once('/')
        .is_some_and(|(before, _)| !before.contains(|c: char| c.is_alphabetic() || c == '@'))
}

fn is_of_whatsapp(text: &str) -> bool {
    WHATSAPP.iter().any(|end| text.ends_with(end))
}

/// The largest size of a cell of addresses in bytes.
const LONGEST: usize = 16 * 1024;

/// The e-mail addresses of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Emails<'a> {
    /// The first valid address, in lower case.
    pub first: Cow<'a, str>,
    /// The other addresses in their order, each once.
    pub further: Vec<String>,
    /// True when something was left out: invisible characters, punctuation, a remark in brackets.
    pub has_extra: bool,
}

/// Reads all addresses of a cell: the one that [`read_email`] gives, and the further ones.
#[must_use]
pub fn read_emails(text: &str) -> Option<Emails<'_>> {
    match plain(text) {
        Some(first) => Some(Emails {
            first,
            further: Vec::new(),
            has_extra: false,
        }),
        None => read_several(text),
    }
}

fn read_several(text: &str) -> Option<Emails<'_>> {
    if text.len() > LONGEST {
        return None;
    }
    let seen = visible(text);
    let hidden = matches!(seen, Cow::Owned(_));
    let owned = |emails: Emails<'_>| Emails {
        first: Cow::Owned(emails.first.into_owned()),
        further: emails.further,
        has_extra: emails.has_extra || hidden,
    };
    match &seen {
        Cow::Borrowed(_) => of_visible(text),
        Cow::Owned(seen) => of_visible(seen).map(owned),
    }
}

/// Returns a text without invisible characters and HTML entities of spaces. A non-breaking space
/// becomes a space.
fn visible(text: &str) -> Cow<'_, str> {
    const BLANK: [&str; 2] = ["&nbsp;", "&nbsp"];
    let is_odd = |letter: char| is_invisible(letter) || letter == '\u{a0}';
    let has_entity = text.contains(BLANK[1]);
    if !has_entity && !text.contains(is_odd) {
        return Cow::Borrowed(text);
    }
    let seen: String = text
        .chars()
        .filter(|letter| !is_invisible(*letter))
        .map(|letter| if letter == '\u{a0}' { ' ' } else { letter })
        .collect();
    Cow::Owned(if has_entity {
        seen.replace(BLANK[0], " ").replace(BLANK[1], " ")
    } else {
        seen
    })
}

fn of_visible(text: &str) -> Option<Emails<'_>> {
    // A text with one `@` is one address, unless its domain has a separator.
    if let Some((_, domain)) = text.split_once('@')
        && !domain.contains(['@', '/', '|'])
        && let Some((first, has_extra)) = read_one(text)
    {
        return Some(Emails {
            first,
            further: Vec::new(),
            has_extra,
        });
    }
    let mut first = None;
    let mut has_extra = false;
    let mut known: HashSet<String> = HashSet::new();
    let mut further: Vec<String> = Vec::new();
    for piece in pieces(text).filter(|piece| piece.contains('@')) {
        // A piece that is no address is left out.
        let Some((address, extra)) = read_one(piece) else {
            has_extra = true;
            continue;
        };
        has_extra |= extra;
        if first.is_none() {
            known.insert(address.clone().into_owned());
            first = Some(address);
        } else if known.insert(address.clone().into_owned()) {
            further.push(address.into_owned());
        }
    }
    Some(Emails {
        first: first?,
        further,
        has_extra,
    })
}

/// The endings of WhatsApp's ids, which are numbers and not addresses.
const WHATSAPP: [&str; 3] = ["@s.whatsapp.net", "@c.us", "@g.us"];

/// Reads one address. The flag is true when something besides a wrapper was left out.
fn read_one(text: &str) -> Option<(Cow<'_, str>, bool)> {
    let text = crate::words::trim(text);
    if is_of_whatsapp(text) || begins_with_number(text) {
        return None;
    }
    if let Some(clean) = Email::clean(text.trim_start_matches(is_quote)) {
        // An apostrophe may begin a local part; a quote that was left open may not.
        return Some((clean, false));
    }
    let text = match text
        .strip_suffix('>')
        .and_then(|rest| rest.rsplit_once('<'))
    {
        Some((_, inner)) => inner,
        None => text,
    };
    let (text, has_remark) = without_remark(text);
    let text = without_label(text);
    let inner = text.trim_matches(|letter| is_quote(letter) || is_bracket(letter));
    let bare = inner
        .trim_start_matches(|letter: char| !letter.is_alphanumeric() && !"_+-".contains(letter))
        .trim_end_matches(|letter: char| !letter.is_alphanumeric());
    let has_mark = bare.len() < inner.len();
    Some((Email::clean(bare)?, has_remark || has_mark))
}

/// Removes a remark in brackets before or after an address; an address in brackets stays. The flag
/// is true when something was removed.
fn without_remark(text: &str) -> (&str, bool) {
    let Some((before, rest)) = text.split_once('(') else {
        return (text, false);
    };
    let (inside, behind) = rest.split_once(')').unwrap_or((rest, ""));
    let around = [before, behind];
    if inside.contains('@') {
        (inside, around.iter().any(|part| !part.trim().is_empty()))
    } else if behind.contains('@') {
        (behind.trim(), true)
    } else {
        (before.trim(), true)
    }
}

/// Removes `mailto:` with everything after the address in such a link, and `E-mail:`.
fn without_label(text: &str) -> &str {
    let Some((label, rest)) = text.split_once(':') else {
        return text;
    };
    match label.trim().to_lowercase().as_str() {
        "mailto" => rest.split_once('?').map_or(rest, |(address, _)| address),
        "e-mail" | "email" | "mail" | "correo" => rest.trim(),
        _ => text,
    }
}

fn is_quote(letter: char) -> bool {
    matches!(
        letter,
        '"' | '\'' | '`' | '´' | '«' | '»' | '‹' | '›' | '\u{2018}'
            ..='\u{201f}' | '\u{2032}' | '\u{2033}'
    )
}

fn is_bracket(letter: char) -> bool {
    "<>()[]{}".contains(letter)
}

/// Splits a text into pieces at the marks and words that separate addresses.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let marked = text
        .split([';', ',', '/', '|', '(', ')', '\n', '\r'])
        .flat_map(|piece| piece.split(":::"));
    marked.flat_map(|piece| {
        let mut rest = Some(piece);
        std::iter::from_fn(move || {
            let text = rest?;
            let (piece, behind) = at_joint(text).unzip();
            rest = behind;
            piece.or(Some(text))
        })
    })
}

/// Splits at the first word for 'or' or 'and' between white space.
fn at_joint(text: &str) -> Option<(&str, &str)> {
    const JOINTS: [&str; 5] = ["ou", "o", "e", "y", "u"];
    let mut begins = None;
    for (at, letter) in text.char_indices() {
        match (letter.is_whitespace(), begins) {
            (false, None) => begins = Some(at),
            (true, Some(start)) => {
                let word = &text[start..at];
                let is_joint = JOINTS.iter().any(|joint| joint.eq_ignore_ascii_case(word));
                if is_joint && start > 0 {
                    return Some((&text[..start], &text[at..]));
                }
                begins = None;
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests;
