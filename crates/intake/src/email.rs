//! E-mail addresses as they stand in cells.

use std::borrow::Cow;

use alta_domain::Email;

use crate::words::is_invisible;

/// The first address, trimmed and in lower case; `Name <a@b.c>` and `mailto:` are unwrapped.
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

/// The address of a cell that holds nothing else; none when it must be looked at more closely.
fn plain(text: &str) -> Option<Cow<'_, str>> {
    Email::plain(text).filter(|_| !is_of_whatsapp(text))
}

fn is_of_whatsapp(text: &str) -> bool {
    WHATSAPP.iter().any(|end| text.ends_with(end))
}

/// The addresses of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Emails<'a> {
    /// The first valid one, in lower case.
    pub first: Cow<'a, str>,
    /// The others in their order, each once.
    pub further: Vec<String>,
    /// Something was left out: characters that nobody sees, punctuation, a remark in brackets.
    pub has_extra: bool,
}

/// All addresses of a cell: the one that [`read_email`] gives, and the further ones.
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

/// Returns a text without the characters that nobody sees and without entities of blanks. Blanks
/// that a spreadsheet does not break are blanks.
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
    // One at is one address; but no domain has a mark that stands between two.
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
    let mut all = pieces(text)
        .filter(|piece| piece.contains('@'))
        .filter_map(read_one);
    let (first, mut has_extra) = all.next()?;
    let mut further: Vec<String> = Vec::new();
    for (address, extra) in all {
        has_extra |= extra;
        if address != first && !further.iter().any(|known| *known == address) {
            further.push(address.into_owned());
        }
    }
    Some(Emails {
        first,
        further,
        has_extra,
    })
}

/// Ends of WhatsApp's ids: numbers, and no addresses.
const WHATSAPP: [&str; 3] = ["@s.whatsapp.net", "@c.us", "@g.us"];

/// Reads one address. Also says whether something was left out that is no wrapper.
fn read_one(text: &str) -> Option<(Cow<'_, str>, bool)> {
    let text = crate::words::trim(text);
    if is_of_whatsapp(text) {
        return None;
    }
    if let Some(clean) = Email::clean(text.trim_start_matches(is_quote)) {
        // An apostrophe may begin a local part, but a quote that somebody left open does not.
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

/// Takes off a remark in brackets before or behind an address; an address in brackets stays.
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

/// Takes off `mailto:` with what follows the address in such a link, and `E-mail:`.
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

/// What stands between the marks and words that part addresses.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let marked = text
        .split([';', ',', '/', '|', '\n', '\r'])
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

/// Splits at the first 'or' or 'and' that stands between white space.
fn at_joint(text: &str) -> Option<(&str, &str)> {
    const JOINTS: [&str; 5] = ["ou", "o", "e", "y", "u"];
    let spaces = text.char_indices().filter(|(_, c)| c.is_whitespace());
    spaces
        .filter_map(|(at, _)| text.split_at_checked(at))
        .find_map(|(before, rest)| {
            let (word, behind) = rest.trim_start().split_once(char::is_whitespace)?;
            let is_joint = JOINTS.iter().any(|joint| joint.eq_ignore_ascii_case(word));
            is_joint.then_some((before, behind))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn only(address: &str) -> Emails<'_> {
        Emails {
            first: address.into(),
            further: Vec::new(),
            has_extra: false,
        }
    }

    #[test]
    fn wrappings_are_taken_off_and_what_cannot_be_an_address_is_refused() {
        for good in [
            "ana@example.com",
            " ANA@EXAMPLE.COM ",
            "mailto:ana@example.com",
            "\"Silva, Ana\" <ana@example.com>",
            "Silva, Ana <ana@example.com>",
            "Ana e Beto <ana@example.com>",
            "ana@example.com <ana@example.com>",
            "<ana@example.com>",
            "(ana@example.com)",
            "[ana@example.com]",
            "«ana@example.com»",
            "“ana@example.com”",
            "'ana@example.com'",
            "MAILTO:ana@example.com?subject=Oi&body=x",
            "E-mail: ana@example.com",
            "email:ana@example.com",
        ] {
            let read = read_emails(good);
            assert_eq!(read, Some(only("ana@example.com")), "{good}");
            assert_eq!(
                read_email(good).as_deref(),
                Some("ana@example.com"),
                "{good}"
            );
        }
        for bad in [
            "",
            "ana",
            "ana@",
            "@example.com",
            "ana@example",
            "ana@@example.com",
            "ana@example..com",
            "ana..silva@example.com",
            "joão@example.com",
            "ana@example.123",
            "ana@-example.com",
            "ana@exam_ple.com",
            "ana@example.com#x",
            "5511987650001@s.whatsapp.net",
            "5511987650001@c.us",
            "a b@example.com",
            "a@b; c@d",
            "a@b.c d@e.f",
        ] {
            assert_eq!(read_emails(bad), None, "{bad}");
        }
    }

    #[test]
    fn of_several_the_first_valid_one_is_the_address_and_the_others_are_further_ones() {
        for cell in [
            "ana@x.com; bia@y.com",
            "ana@x.com,bia@y.com",
            "ana@x.com/bia@y.com",
            "Ana@X.com | Bia@Y.com",
            "ana@x.com ou bia@y.com",
            "ana@x.com  OU\tbia@y.com",
            "ana@x.com o bia@y.com",
            "ana@x.com e bia@y.com",
            "ana@x.com y bia@y.com",
            "ana@x.com ::: bia@y.com",
            "ana@x.com\nbia@y.com",
            "ana@x.com\r\nbia@y.com\r\n",
            "ana@; ana@x.com; ana@x.com; bia@y.com; bia@y.com",
            "51 99999-9999 / ana@x.com / bia@y.com",
            "\"Silva, Ana\" <ana@x.com>; \"Souza, Bia\" <bia@y.com>",
            "Ana <ana@x.com>, Bia <mailto:bia@y.com>",
        ] {
            let read = read_emails(cell).unwrap_or_else(|| panic!("{cell}"));
            assert_eq!(
                (&*read.first, &read.further[..], read.has_extra),
                ("ana@x.com", &["bia@y.com".to_owned()][..], false),
                "{cell}"
            );
            assert_eq!(read_email(cell), Some(read.first), "{cell}");
        }
    }

    #[test]
    fn marks_in_the_local_part_belong_to_it_and_those_behind_the_domain_do_not() {
        assert_eq!(
            read_email("ana/bia@example.com").as_deref(),
            Some("ana/bia@example.com")
        );
        for cell in [
            "ana@example.com/",
            "ana@example.com | Ana",
            "ana@example.com;",
        ] {
            let read = read_emails(cell).map(|read| read.first);
            assert_eq!(read.as_deref(), Some("ana@example.com"), "{cell}");
        }
    }

    #[test]
    fn what_nobody_sees_and_what_nobody_means_is_left_out_with_a_notice() {
        for cell in [
            "ana@example.com\u{a0}",
            "\u{200b}ana@example.com",
            "ana@exam\u{200b}ple.com",
            "\u{202a}ana@example.com\u{202c}",
            "ana\u{ad}@example.com",
            "\u{feff}ana@example.com",
            "ana@example.com.",
            "ana@example.com,",
            "ana@example.com*",
            "• ana@example.com",
            "ana@example.com&nbsp;",
            "ana@example.com (trabalho)",
            "Ana (ana@example.com)",
            "(casa) ana@example.com",
        ] {
            let expected = Emails {
                has_extra: true,
                ..only("ana@example.com")
            };
            assert_eq!(read_emails(cell), Some(expected), "{cell:?}");
        }
    }

    #[test]
    fn domains_may_be_written_with_accents() {
        for cell in [
            "ana@exámple.com",
            "ana@xn--exmple-qta.com",
            "ana@example.xn--p1ai",
        ] {
            assert_eq!(read_emails(cell), Some(only(cell)), "{cell}");
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_read_again_as_itself(
            text in "[a-e@.;,/| <>:ou()'\u{200b}\u{a0}\n]{0,40}",
        ) {
            if let Some(Emails { first, further, .. }) = read_emails(&text) {
                prop_assert_eq!(read_email(&first), Some(Cow::Borrowed(&*first)));
                prop_assert!(further.iter().all(|other| *other != first));
            }
        }
    }
}
