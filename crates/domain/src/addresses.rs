//! E-mail addresses in pasted text: lists, mail headers, calendars.

/// Returns the e-mail addresses of a pasted text, in their order. Commas, semicolons, white space
/// and line ends separate them. `Name <a@b.c>` gives the address in the brackets, and quotes keep a
/// comma inside a name (RFC 5322, 3.4). Calendars write `mailto:` before an address (RFC 6068). A
/// word that is no address is returned too, so that the person can correct it; where the text has
/// names beside addresses, only words with an `@` are returned.
///
/// ```
/// use alta_domain::pasted_addresses;
/// let found = pasted_addresses("To: \"Souza, Bia\" <bia@example.com>, caio@example.com");
/// assert_eq!(found, ["bia@example.com", "caio@example.com"]);
/// ```
#[must_use]
pub fn pasted_addresses(text: &str) -> Vec<String> {
    let is_named = text.contains('<') || text.to_ascii_lowercase().contains("mailto:");
    parts(text)
        .iter()
        .flat_map(|part| of_part(part, is_named))
        .collect()
}

/// Splits the text at commas, semicolons and line ends. Commas and semicolons in quotes or brackets
/// do not split.
fn parts(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let (mut quoted, mut bracketed) = (false, false);
    for letter in text.chars() {
        match letter {
            '\n' | '\r' => (quoted, bracketed) = (false, false),
            '"' => quoted = !quoted,
            '<' => (quoted, bracketed) = (false, true),
            '>' => bracketed = false,
            _ => {}
        }
        if matches!(letter, '\n' | '\r') || (matches!(letter, ',' | ';') && !quoted && !bracketed) {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(letter);
        }
    }
    // A quote that is never closed encloses nothing.
    if quoted {
        text.split([',', ';', '\n', '\r'])
            .map(str::to_owned)
            .collect()
    } else {
        parts
    }
}

fn of_part(part: &str, is_named: bool) -> Vec<String> {
    let bracketed: Vec<&str> = part
        .split('<')
        .skip(1)
        .filter_map(|rest| rest.split('>').next())
        .filter(|inner| inner.contains('@'))
        .collect();
    let words: Vec<&str> = if bracketed.is_empty() {
        part.split_whitespace().collect()
    } else {
        bracketed
    };
    let bare = |word: &str| {
        let word = word.trim();
        let word = word
            .to_ascii_lowercase()
            .rfind("mailto:")
            .map_or(word, |at| &word[at + 7..]);
        word.trim_matches(|letter: char| {
            letter.is_whitespace()
                || matches!(letter, '"' | '\'' | '<' | '>' | '(' | ')' | '[' | ']')
        })
        .to_owned()
    };
    let found = words
        .into_iter()
        .map(bare)
        .filter(|word| !word.is_empty() && !word.ends_with(':'));
    found
        .filter(|word| !is_named || word.contains('@'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::pasted_addresses;
    use crate::Email;
    use proptest::prelude::*;

    #[test]
    fn lists_from_mail_spreadsheets_and_calendars_are_taken_apart() {
        for (text, found) in [
            (
                "a@example.com, b@example.com;c@example.com\nd@example.com",
                &[
                    "a@example.com",
                    "b@example.com",
                    "c@example.com",
                    "d@example.com",
                ][..],
            ),
            (
                "\"Silva, Ana\" <a@example.com>, Bia <b@example.com>; c@example.com",
                &["a@example.com", "b@example.com", "c@example.com"],
            ),
            ("Silva, Ana <a@example.com>", &["a@example.com"]),
            (
                "To: a@example.com\r\nCc: Bia <b@example.com>",
                &["a@example.com", "b@example.com"],
            ),
            (
                "ATTENDEE;CN=Bia Souza;ROLE=REQ-PARTICIPANT:mailto:b@example.com",
                &["b@example.com"],
            ),
            (
                "\"a@example.com, b@example.com",
                &["a@example.com", "b@example.com"],
            ),
            ("a@example.com dani", &["a@example.com", "dani"]),
            (" ,; ", &[]),
        ] {
            assert_eq!(pasted_addresses(text), found, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_taken_apart(text in ".{0,200}") {
            prop_assert!(pasted_addresses(&text).iter().all(|word| !word.is_empty()));
        }

        #[test]
        fn no_address_of_a_list_is_lost(names in proptest::collection::vec("[a-z]{1,8}", 1..20),
            mark in "[,;\n ]", brackets in any::<bool>()) {
            let addresses: Vec<String> = names.iter().map(|name| format!("{name}@example.com"))
                .collect();
            let write = |address: &String| if brackets {
                format!("\"Lima, {address}\" <{address}>")
            } else {
                address.clone()
            };
            let mark = if brackets && mark == " " { "," } else { &mark };
            let text = addresses.iter().map(write).collect::<Vec<_>>().join(mark);
            let found = pasted_addresses(&text);
            prop_assert_eq!(&found, &addresses);
            prop_assert!(found.iter().all(|address| Email::parse(address).is_some()));
        }
    }
}
