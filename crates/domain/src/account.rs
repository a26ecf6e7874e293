//! The accounts of people who sign in, and the organization that they set up.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::{Country, Language, Role};

/// The allowed length of a password in characters: at least eight, and no composition rules, after
/// NIST SP 800-63B.
pub const PASSWORD_LENGTH: RangeInclusive<usize> = 8..=128;

/// An e-mail address, trimmed and in lower case. Sign-in and invitations compare addresses in this
/// form.
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

/// The bit of a capital letter.
const UPPER: u8 = 1;
/// The bit of a dot.
const DOT: u8 = 2;
/// The bit of a mark that is allowed before the `@` and not after it (RFC 5322, 3.2.3).
const MARK: u8 = 4;
/// The bit of a byte that plain addresses do not have.
const OTHER: u8 = 8;

/// The bit of each byte in an address; 0 for small letters, digits and `-`.
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

/// The length of the longest valid address in bytes (RFC 5321, 4.5.3.1).
const LONGEST_EMAIL: usize = 254;

fn kinds_in(part: &[u8]) -> u8 {
    part.iter()
        .fold(0, |seen, byte| seen | KINDS[usize::from(*byte)])
}

/// Returns true for a text of ASCII letters, digits and the marks of RFC 5322 (3.2.3), without two
/// dots side by side.
fn is_local_part(local: &[u8]) -> bool {
    !local.is_empty() && kinds_in(local) & OTHER == 0 && !local.windows(2).any(|pair| pair == b"..")
}

/// Returns true for at least two labels with dots between them. A label has letters (accented ones
/// too), digits and inner hyphens; the last one has letters only, or is an encoded name (RFC 5891:
/// `xn--`).
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
    /// Reads an address of the form local@domain; `None` for another text. The local part has ASCII
    /// letters, digits and marks. The domain has at least two labels of letters (accented ones
    /// too), digits and inner hyphens, and ends with a label of letters.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::clean(text).map(|clean| Self(clean.into_owned()))
    }

    /// Reads an address as [`Email::parse`] does, but copies the text only when the address differs
    /// from it.
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

    /// Reads the most common form of address quickly: only ASCII, one `@`, no space around it.
    /// `None` does not mean that the text is no address: [`Email::clean`] decides that.
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

    /// Returns the address as text.
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

/// The signed-in person, as pages show them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// The person's name.
    pub name: String,
    /// The address that the person signs in with.
    pub email: String,
    /// The organization's name.
    pub organization: String,
    /// The country by whose rules national phone numbers are read.
    pub country: Country,
    /// The role of the person in the organization.
    pub role: Role,
    /// The language that the person chose.
    pub language: Language,
}

/// An open session of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenSession {
    /// The public id of the session: the hash of its token.
    pub id: String,
    /// True for the session that asks for the list.
    pub is_this: bool,
    /// The time at which the session was opened, in milliseconds since 1970.
    pub opened_at: i64,
    /// The time of the last use, in milliseconds since 1970, accurate to an hour.
    pub seen_at: i64,
    /// The network address that the session was opened from; `None` when unknown.
    pub from: Option<String>,
    /// The browser and operating system that opened the session; `None` when unknown.
    pub browser: Option<String>,
}

/// The state of one's own second factor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactor {
    /// The time at which the second factor was turned on, in milliseconds since 1970; `None` when
    /// it is off.
    pub since: Option<i64>,
    /// The number of unused recovery codes.
    pub codes: u32,
    /// True when the organization requires a second factor.
    pub required: bool,
}

/// A passkey in the list that its owner sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    /// The id of the passkey, known to browser and server; no secret.
    pub id: String,
    /// The browser and operating system with which the passkey was added; `None` when unknown.
    pub browser: Option<String>,
    /// The time at which the passkey was added, in milliseconds since 1970.
    pub added_at: i64,
    /// The time of the last use, in milliseconds since 1970; `None` when it was never used.
    pub used_at: Option<i64>,
}

/// A challenge that a passkey must answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeyChallenge {
    /// A token that the browser sends back with the answer; valid once.
    pub token: String,
    /// The options for the browser, as the JSON of `WebAuthn` 3 (5.1.8, 5.1.9).
    pub options: String,
}

/// The secret that sets up an authenticator app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    /// The secret in base32, to type by hand.
    pub secret: String,
    /// The same secret as a link (`otpauth:`), to draw as a QR code.
    pub link: String,
}

/// Returns the browser and operating system of a `User-Agent` header, by the names that people use;
/// `None` when the browser is unknown.
///
/// ```
/// let header = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 \
///     (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0";
/// assert_eq!(alta_domain::browser_of(header).as_deref(), Some("Edge, Windows"));
/// assert_eq!(alta_domain::browser_of("curl/8"), None);
/// ```
#[must_use]
pub fn browser_of(header: &str) -> Option<String> {
    // Each browser's header also names the browsers that it imitates, so the order of the list
    // counts.
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

/// The input of the set-up page: a new organization and its first Admin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewOrganization {
    /// The company's name.
    pub organization: String,
    /// The country by whose rules national phone numbers are read.
    pub country: Country,
    /// The language of the organization and of the first Admin.
    pub language: Language,
    /// The first Admin's name.
    pub name: String,
    /// The first Admin's e-mail address.
    pub email: String,
    /// The first Admin's password.
    pub password: String,
}
