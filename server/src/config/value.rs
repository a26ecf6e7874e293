//! The types of settings: how each is read, checked and shown.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

/// The text that replaces a secret wherever settings are shown.
const MASK: &str = "***";

/// A value as an environment variable or the settings file writes it.
pub(super) enum Written<'a> {
    /// The text of an environment variable.
    Variable(&'a str),
    /// A string of the file.
    Text(&'a str),
    /// An integer of the file: its digits without underscores, and their base.
    Integer(&'a str, u32),
    /// A boolean of the file.
    Boolean(bool),
    /// A value of the file of a type that no setting has: a float, a time, an array, a table.
    Other,
}

impl<'a> Written<'a> {
    /// Returns the text of a variable or of a string; `None` for any other value.
    pub(super) fn text(&self) -> Option<&'a str> {
        match self {
            Self::Variable(text) | Self::Text(text) => Some(text),
            Self::Integer(..) | Self::Boolean(_) | Self::Other => None,
        }
    }
}

/// A type that a setting can have.
pub(super) trait SettingValue: Sized {
    /// Describes the values that `read` accepts, for the error message 'X must be ...'.
    fn form() -> String;

    /// Reads a value; `None` when it has the wrong type or is out of range.
    fn read(written: &Written<'_>) -> Option<Self>;

    /// Returns the value as text, its secrets masked; `None` when it is not set.
    fn show(&self) -> Option<String>;
}

impl SettingValue for String {
    fn form() -> String {
        "a text in UTF-8, in double quotes in the file".to_owned()
    }

    fn read(written: &Written<'_>) -> Option<Self> {
        written.text().map(str::to_owned)
    }

    fn show(&self) -> Option<String> {
        Some(self.clone())
    }
}

impl SettingValue for PathBuf {
    fn form() -> String {
        "a path, in double quotes in the file".to_owned()
    }

    fn read(written: &Written<'_>) -> Option<Self> {
        written.text().map(Self::from)
    }

    fn show(&self) -> Option<String> {
        Some(self.display().to_string())
    }
}

impl SettingValue for SocketAddr {
    fn form() -> String {
        "an IP address and a port, such as \"127.0.0.1:3000\"".to_owned()
    }

    fn read(written: &Written<'_>) -> Option<Self> {
        written.text()?.parse().ok()
    }

    fn show(&self) -> Option<String> {
        Some(self.to_string())
    }
}

impl SettingValue for bool {
    fn form() -> String {
        "true or false, without quotes".to_owned()
    }

    fn read(written: &Written<'_>) -> Option<Self> {
        match written {
            Written::Variable(text) => text.parse().ok(),
            Written::Boolean(value) => Some(*value),
            Written::Text(_) | Written::Integer(..) | Written::Other => None,
        }
    }

    fn show(&self) -> Option<String> {
        Some(self.to_string())
    }
}

/// Implements `SettingValue` for types of integers without sign.
macro_rules! whole_numbers {
    ($($number:ty)+) => { $(
        impl SettingValue for $number {
            fn form() -> String {
                format!("a whole number from 0 to {}, without quotes", Self::MAX)
            }

            fn read(written: &Written<'_>) -> Option<Self> {
                match written {
                    Written::Variable(text) => text.parse().ok(),
                    Written::Integer(digits, base) => Self::from_str_radix(digits, *base).ok(),
                    Written::Text(_) | Written::Boolean(_) | Written::Other => None,
                }
            }

            fn show(&self) -> Option<String> {
                Some(self.to_string())
            }
        }
    )+ };
}

whole_numbers! { u32 u64 usize }

impl<T: SettingValue> SettingValue for Option<T> {
    fn form() -> String {
        T::form()
    }

    fn read(written: &Written<'_>) -> Option<Self> {
        T::read(written).map(Some)
    }

    fn show(&self) -> Option<String> {
        self.as_ref().and_then(T::show)
    }
}

/// A text that is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Returns the text itself.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(MASK)
    }
}

impl SettingValue for Secret {
    fn form() -> String {
        String::form()
    }

    fn read(written: &Written<'_>) -> Option<Self> {
        String::read(written).map(Self)
    }

    fn show(&self) -> Option<String> {
        Some(MASK.to_owned())
    }
}

/// A URL that may hold a user name and a password, which are never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretUrl(String);

impl SecretUrl {
    /// Returns the URL with its secrets.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Returns the URL without user, password and parameters. A SQLite URL is a path and is
    /// returned as it is. Only a mask is returned when the parts cannot be told apart for certain.
    fn masked(&self) -> String {
        if self.0.starts_with("sqlite:") {
            return self.0.clone();
        }
        let Ok(url) = reqwest::Url::parse(&self.0) else {
            return MASK.to_owned();
        };
        let has_user = !url.username().is_empty() || url.password().is_some();
        // An @ that does not end the user's part may be inside a password.
        if url.cannot_be_a_base() || self.0.matches('@').count() != usize::from(has_user) {
            return MASK.to_owned();
        }
        let user = if has_user { "***@" } else { "" };
        let port = url
            .port()
            .map_or_else(String::new, |port| format!(":{port}"));
        let parameters = if url.query().is_some() || url.fragment().is_some() {
            "?***"
        } else {
            ""
        };
        format!(
            "{}://{user}{}{port}{}{parameters}",
            url.scheme(),
            url.host_str().unwrap_or_default(),
            url.path()
        )
    }
}

impl From<String> for SecretUrl {
    fn from(url: String) -> Self {
        Self(url)
    }
}

impl fmt::Debug for SecretUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.masked())
    }
}

impl SettingValue for SecretUrl {
    fn form() -> String {
        String::form()
    }

    fn read(written: &Written<'_>) -> Option<Self> {
        String::read(written).map(Self)
    }

    fn show(&self) -> Option<String> {
        Some(self.masked())
    }
}

/// The address of a website: `http://` or `https://` and a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebAddress(String);

impl WebAddress {
    /// Returns the address without a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.trim_end_matches('/')
    }

    /// Returns true for `https://`.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.0.starts_with("https://")
    }
}

/// The error of an address without scheme or host.
#[derive(Debug, thiserror::Error)]
#[error("{}", WebAddress::form())]
pub struct NotWebAddress;

impl FromStr for WebAddress {
    type Err = NotWebAddress;

    fn from_str(text: &str) -> Result<Self, NotWebAddress> {
        let has_scheme = text.starts_with("http://") || text.starts_with("https://");
        if has_scheme && reqwest::Url::parse(text).is_ok_and(|url| url.has_host()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotWebAddress)
        }
    }
}

impl SettingValue for WebAddress {
    fn form() -> String {
        "an address that begins with http:// or https://, such as \"https://alta.example.com\""
            .to_owned()
    }

    fn read(written: &Written<'_>) -> Option<Self> {
        written.text()?.parse().ok()
    }

    fn show(&self) -> Option<String> {
        Some(self.0.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(url: &str) -> String {
        SecretUrl(url.to_owned()).masked()
    }

    #[test]
    fn a_url_is_shown_without_its_user_and_parameters() {
        assert_eq!(
            masked("postgres://alta:secret@db.example.com:5433/alta"),
            "postgres://***@db.example.com:5433/alta"
        );
        assert_eq!(
            masked("postgres://db.example.com/alta?password=secret"),
            "postgres://db.example.com/alta?***"
        );
        assert_eq!(
            masked("smtps://token@mail.example.com"),
            "smtps://***@mail.example.com"
        );
        assert_eq!(masked("smtp://localhost:25"), "smtp://localhost:25");
        assert_eq!(
            masked("sqlite:data/alta.db?mode=rwc"),
            "sqlite:data/alta.db?mode=rwc"
        );
    }

    #[test]
    fn nothing_of_a_url_that_cannot_be_read_is_shown() {
        for url in [
            "secret",
            "mailto:secret@example.com",
            "postgres://alta:se@cret@db/alta",
            "postgres://alta:se/cret@db/alta",
            "postgres://alta:5432/cret@db/alta",
            "postgres://db/alta?password=se@cret",
        ] {
            assert!(!masked(url).contains("cret"), "{url}: {}", masked(url));
        }
        assert_eq!(format!("{:?}", Secret("secret".to_owned())), MASK);
    }

    #[test]
    fn a_web_address_has_a_scheme_and_a_host() {
        let read = |text: &str| text.parse::<WebAddress>().ok();
        for wrong in [
            "alta.example.com",
            "https:alta.example.com",
            "https://",
            "ftp://a.example",
        ] {
            assert!(read(wrong).is_none(), "{wrong}");
        }
        let address = read("https://alta.example.com/").unwrap();
        assert_eq!(address.as_str(), "https://alta.example.com");
        assert!(address.is_encrypted() && !read("http://localhost:3000").unwrap().is_encrypted());
    }

    #[test]
    fn numbers_are_read_from_their_own_type_only() {
        assert_eq!(u32::read(&Written::Variable("7")), Some(7));
        assert_eq!(u32::read(&Written::Integer("1f", 16)), Some(31));
        assert_eq!(u32::read(&Written::Integer("-1", 10)), None);
        assert_eq!(u32::read(&Written::Integer("4294967296", 10)), None);
        assert_eq!(u32::read(&Written::Text("7")), None);
        assert_eq!(bool::read(&Written::Text("true")), None);
        assert_eq!(bool::read(&Written::Variable("true")), Some(true));
    }
}
