//! E-mail addresses as they stand in cells.

use std::borrow::Cow;

use alta_domain::Email;

/// The address, trimmed and in lower case; `Name <a@b.c>` and `mailto:` are unwrapped.
///
/// ```
/// let email = alta_intake::read_email("Ana Silva <Ana@Example.com>").ok_or("no e-mail")?;
/// assert_eq!(email, "ana@example.com");
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn read_email(text: &str) -> Option<Cow<'_, str>> {
    if let Some(plain) = Email::plain(text) {
        return Some(plain);
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrappings_are_taken_off_and_what_cannot_be_an_address_is_refused() {
        for good in [
            "ana@example.com",
            " ANA@EXAMPLE.COM ",
            "mailto:ana@example.com",
            "\"Silva, Ana\" <ana@example.com>",
        ] {
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
            "a@b.c; d@e.f",
        ] {
            assert_eq!(read_email(bad), None, "{bad}");
        }
    }
}
