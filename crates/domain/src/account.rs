//! People who sign in, and the organization they set up.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::{Country, Language, Role};

/// Characters a password may have: at least eight and no composition rules, after NIST SP 800-63B.
pub const PASSWORD_LENGTH: RangeInclusive<usize> = 8..=128;

/// An e-mail address, trimmed and in lower case: what sign-in and invitations compare.
///
/// ```
/// use alta_domain::Email;
/// let email = Email::parse(" Ana@Example.com ").ok_or("no e-mail")?;
/// assert_eq!(email.as_str(), "ana@example.com");
/// assert!(Email::parse("ana@example").is_none());
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// local@domain with a dot in the domain, no empty label and no white space or brackets; at most 254 bytes (RFC 5321, 4.5.3.1).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::clean(text).map(|clean| Self(clean.into_owned()))
    }

    /// The same without a copy where the text is the address already.
    #[must_use]
    pub fn clean(text: &str) -> Option<Cow<'_, str>> {
        if let Some(plain) = Self::plain(text) {
            return Some(plain);
        }
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@')?;
        let readable = |c: char| {
            !c.is_whitespace()
                && !c.is_control()
                && !matches!(c, '\u{fffd}' | '@' | ',' | ';' | '<' | '>' | '(' | ')' | '[' | ']' | '"' | '\\' | ':')
        };
        let local_fits = !local.is_empty() && local.chars().all(readable);
        let domain_fits = domain.contains('.') && domain.split('.').all(|label| !label.is_empty() && label.chars().all(readable));
        (local_fits && domain_fits && text.len() <= 254).then(|| Cow::Owned(text.to_lowercase()))
    }

    /// Most addresses: letters, digits and `.-_+` around one `@`, with nothing to look at twice.
    fn plain(text: &str) -> Option<Cow<'_, str>> {
        let mut at = None;
        let mut upper = false;
        let mut dotted = false;
        let mut before = b'.';
        for (place, byte) in text.bytes().enumerate() {
            match byte {
                b'A'..=b'Z' => upper = true,
                b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'+' => {}
                b'@' if at.is_none() && place > 0 => at = Some(place),
                b'.' if at.is_none() || !matches!(before, b'.' | b'@') => dotted = at.is_some(),
                _ => return None,
            }
            before = byte;
        }
        (dotted && !matches!(before, b'.' | b'@') && text.len() <= 254)
            .then(|| if upper { Cow::Owned(text.to_ascii_lowercase()) } else { Cow::Borrowed(text) })
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Who is signed in, as the page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// The person's name.
    pub name: String,
    /// The address they sign in with.
    pub email: String,
    /// The organization's name.
    pub organization: String,
    /// How national numbers are read.
    pub country: Country,
    /// What they may do.
    pub role: Role,
    /// The language they chose.
    pub language: Language,
}

/// What the set-up page asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewOrganization {
    /// The company's name.
    pub organization: String,
    /// How national numbers are read.
    pub country: Country,
    /// The organization's and the first admin's language.
    pub language: Language,
    /// The first admin's name.
    pub name: String,
    /// The first admin's address.
    pub email: String,
    /// The first admin's password.
    pub password: String,
}
