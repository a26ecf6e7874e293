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

/// Kinds of bytes in an address, a bit each; small letters, digits and `-` have none.
const UPPER: u8 = 1;
const DOT: u8 = 2;
/// A mark that a local part may have, and a domain not (RFC 5322, 3.2.3).
const MARK: u8 = 4;
const OTHER: u8 = 8;

const KINDS: [u8; 256] = {
    let mut kinds = [OTHER; 256];
    let mut byte: u8 = 0;
    while byte < 128 {
        kinds[byte as usize] = match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' => 0,
            b'A'..=b'Z' => UPPER,
            b'.' => DOT,
            b'_'
            | b'+'
            | b'!'
            | b'#'..=b'\''
            | b'*'
            | b'/'
            | b'='
            | b'?'
            | b'^'
            | b'`'
            | b'{'
            | b'}'
            | b'~' => MARK,
            _ => OTHER,
        };
        byte += 1;
    }
    kinds
};

/// Bytes of the longest address (RFC 5321, 4.5.3.1).
const LONGEST_EMAIL: usize = 254;

fn kinds_in(part: &[u8]) -> u8 {
    part.iter()
        .fold(0, |seen, byte| seen | KINDS[usize::from(*byte)])
}

/// Returns true for ASCII letters, digits and the marks of RFC 5322 (3.2.3), without two dots side
/// by side.
fn is_local_part(local: &[u8]) -> bool {
    !local.is_empty() && kinds_in(local) & OTHER == 0 && !local.windows(2).any(|pair| pair == b"..")
}

/// Returns true for labels of letters, digits and inner hyphens with dots between them; the last
/// one has no digits, unless it is an encoded name (RFC 5891: `xn--`).
fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let is_ending =
        |label: &str| label.starts_with("xn--") || label.chars().all(char::is_alphabetic);
    domain.rsplit_once('.').is_some_and(|(labels, ending)| {
        labels.split('.').all(is_label) && is_label(ending) && is_ending(ending)
    })
}

impl Email {
    /// Reads local@domain: ASCII letters, digits and marks before the `@`; behind it labels of
    /// letters, also with accents, digits and inner hyphens, with a dot, and an ending of letters.
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
        (is_local_part(local.as_bytes()) && is_domain(domain) && text.len() <= LONGEST_EMAIL)
            .then(|| Cow::Owned(text.to_lowercase()))
    }

    /// Most addresses: ASCII around one `@`, with nothing to look at twice. None says nothing:
    /// `clean` tells.
    #[must_use]
    pub fn plain(text: &str) -> Option<Cow<'_, str>> {
        let bytes = text.as_bytes();
        let at = bytes.iter().position(|byte| *byte == b'@')?;
        let (local, domain) = (&bytes[..at], &bytes[at + 1..]);
        let (of_local, of_domain) = (kinds_in(local), kinds_in(domain));
        let (labels, ending) = domain.split_at(domain.iter().rposition(|byte| *byte == b'.')?);
        // Both sides of each dot begin and end with letters or digits.
        let is_end = |byte: Option<&u8>| !matches!(byte, None | Some(b'.' | b'-'));
        let labels_fit = is_end(labels.first())
            && is_end(labels.last())
            && ending.len() > 1
            && ending[1..].iter().all(u8::is_ascii_alphabetic)
            && labels.iter().enumerate().all(|(at, byte)| {
                *byte != b'.' || is_end(labels.get(at + 1)) && is_end(labels.get(at - 1))
            });
        let local_fits =
            at > 0 && (of_local & DOT == 0 || !local.windows(2).any(|pair| pair == b".."));
        ((of_local | of_domain) & OTHER == 0
            && of_domain & MARK == 0
            && labels_fit
            && local_fits
            && text.len() <= LONGEST_EMAIL)
            .then(|| {
                if (of_local | of_domain) & UPPER != 0 {
                    Cow::Owned(text.to_ascii_lowercase())
                } else {
                    Cow::Borrowed(text)
                }
            })
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

/// A session that is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenSession {
    /// Its name; no secret.
    pub id: String,
    /// The one that asks.
    pub is_this: bool,
    /// When it was opened, in milliseconds since 1970.
    pub opened_at: i64,
    /// When it was used last, within the hour.
    pub seen_at: i64,
    /// From which network address it was opened.
    pub from: Option<String>,
    /// With which browser, on which system.
    pub browser: Option<String>,
}

/// How it stands with the own second factor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactor {
    /// When it was turned on, in milliseconds since 1970.
    pub since: Option<i64>,
    /// Recovery codes that are left.
    pub codes: u32,
    /// The organization wants it.
    pub required: bool,
}

/// A passkey, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    /// Its name to browser and server; no secret.
    pub id: String,
    /// With which browser, on which system it was added.
    pub browser: Option<String>,
    /// When, in milliseconds since 1970.
    pub added_at: i64,
    /// When it was used last.
    pub used_at: Option<i64>,
}

/// What a passkey is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeyChallenge {
    /// Comes back with the answer, once.
    pub token: String,
    /// What the browser is given, as the JSON of `WebAuthn` 3 (5.1.8, 5.1.9).
    pub options: String,
}

/// What an app that makes codes is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    /// The secret in base32, to be typed.
    pub secret: String,
    /// The same as a link (`otpauth:`), for a picture.
    pub link: String,
}

/// Browser and system of a `User-Agent` header, as people name them; none when the browser is not
/// known.
///
/// ```
/// let header = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 \
///     (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0";
/// assert_eq!(alta_domain::browser_of(header).as_deref(), Some("Edge, Windows"));
/// assert_eq!(alta_domain::browser_of("curl/8"), None);
/// ```
#[must_use]
pub fn browser_of(header: &str) -> Option<String> {
    // Each names those it wants to be taken for, so the order counts.
    const BROWSERS: [(&str, &str); 6] = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 7] = [
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];
    let find = |names: &[(&str, &'static str)]| {
        names
            .iter()
            .find(|(part, _)| header.contains(part))
            .map(|(_, name)| *name)
    };
    let browser = find(&BROWSERS)?;
    Some(find(&SYSTEMS).map_or_else(
        || browser.to_owned(),
        |system| format!("{browser}, {system}"),
    ))
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
