//! E-mail addresses as they stand in cells.

use std::borrow::Cow;

use alta_domain::Email;

/// The first address, trimmed and in lower case; `Name <a@b.c>` and `mailto:` are unwrapped.
///
/// ```
/// let email = alta_intake::read_email("Ana Silva <Ana@Example.com>").ok_or("no e-mail")?;
/// assert_eq!(email, "ana@example.com");
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn read_email(text: &str) -> Option<Cow<'_, str>> {
    match Email::plain(text) {
        Some(plain) => Some(plain),
        None => read_several(text).map(|(first, _)| first),
    }
}

/// All addresses of a cell: the one that [`read_email`] gives, and the further ones in their order,
/// each once.
#[must_use]
pub fn read_emails(text: &str) -> Option<(Cow<'_, str>, Vec<String>)> {
    match Email::plain(text) {
        Some(plain) => Some((plain, Vec::new())),
        None => read_several(text),
    }
}

fn read_several(text: &str) -> Option<(Cow<'_, str>, Vec<String>)> {
    // One at is one address; but no domain has a mark that stands between two.
    if let Some((_, domain)) = text.split_once('@')
        && !domain.contains(['@', '/', '|'])
        && let Some(only) = read_one(text)
    {
        return Some((only, Vec::new()));
    }
    let mut all = pieces(text)
        .filter(|piece| piece.contains('@'))
        .filter_map(read_one);
    let first = all.next()?;
    let mut further: Vec<String> = Vec::new();
    for address in all {
        if address != first && !further.iter().any(|known| *known == address) {
            further.push(address.into_owned());
        }
    }
    Some((first, further))
}

fn read_one(text: &str) -> Option<Cow<'_, str>> {
    let text = crate::words::trim(text);
    let text = match text
        .strip_suffix('>')
        .and_then(|rest| rest.rsplit_once('<'))
    {
        Some((_, inner)) => inner,
        None => text,
    };
    let scheme = text
        .get(..7)
        .filter(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
    Email::clean(&text[scheme.map_or(0, str::len)..])
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
        ] {
            let read = read_emails(good);
            assert_eq!(
                read,
                Some((Cow::Borrowed("ana@example.com"), Vec::new())),
                "{good}"
            );
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
            "ana@example.com.",
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
            let (first, further) = read_emails(cell).unwrap_or_else(|| panic!("{cell}"));
            assert_eq!(
                (&*first, &further[..]),
                ("ana@x.com", &["bia@y.com".to_owned()][..]),
                "{cell}"
            );
            assert_eq!(read_email(cell), Some(first), "{cell}");
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
            assert_eq!(
                read_emails(cell),
                Some((Cow::Borrowed("ana@example.com"), Vec::new())),
                "{cell}"
            );
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_read_again_as_itself(text in "[a-e@.;,/| <>:ou\n]{0,40}") {
            if let Some((first, further)) = read_emails(&text) {
                prop_assert_eq!(read_email(&first), Some(Cow::Borrowed(&*first)));
                prop_assert!(further.iter().all(|other| *other != first));
            }
        }
    }
}
