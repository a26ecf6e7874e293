//! What opens a system: what the admin typed, and the tokens that came of their consent.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;

use serde::{Deserialize, Serialize};

use crate::manifest::Manifest;

/// Letters of a secret from which on it is looked for in a vendor's words.
const SHORTEST_SECRET: usize = 6;

/// What opens a system. Sealed wherever it is kept; nothing of it is printed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    /// What the admin typed, by the names of the form's fields.
    pub typed: BTreeMap<String, String>,
    /// What came of their consent.
    pub token: Option<Token>,
}

/// Tokens of OAuth 2.0.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// For requests.
    pub access_token: String,
    /// For new tokens.
    pub refresh_token: Option<String>,
    /// When the first ends, in milliseconds since 1970.
    pub expires_at: Option<i64>,
    /// All that the system answered, for those that say more: an address, an account.
    #[serde(default)]
    pub answer: serde_json::Map<String, serde_json::Value>,
}

impl Credentials {
    /// A vendor's words without the secrets in these: it may repeat what it was sent.
    pub(crate) fn masked(&self, manifest: &Manifest, said: &str) -> String {
        let typed = manifest
            .credentials
            .iter()
            .filter(|field| field.secret)
            .filter_map(|field| self.typed.get(&field.name));
        let tokens = self
            .token
            .iter()
            .flat_map(|token| std::iter::once(&token.access_token).chain(&token.refresh_token));
        let secrets = typed
            .chain(tokens)
            .filter(|secret| secret.len() >= SHORTEST_SECRET);
        secrets.fold(said.to_owned(), |said, secret| {
            said.replace(secret.as_str(), "•••")
        })
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials")
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

/// What keeping new tokens leads to: words about what failed.
pub type Kept<'a> = Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>>;

/// What was kept by somebody else.
pub type Newer<'a> = Pin<Box<dyn Future<Output = Option<Credentials>> + Send + 'a>>;

/// Keeps tokens before they are used: one that rotates and is lost shuts the admin out.
pub trait Keep: Send + Sync {
    /// Stores them.
    fn keep<'a>(&'a self, credentials: &'a Credentials) -> Kept<'a>;

    /// What somebody else has stored since.
    fn newer(&self) -> Newer<'_>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vendor_that_repeats_a_secret_is_not_quoted_with_it() {
        let manifest = include_str!("../systems/bling.toml");
        let manifest = Manifest::parse(manifest).unwrap();
        let typed = [
            ("client_id", "app-id-of-ana"),
            ("client_secret", "hunter2hunter2"),
        ];
        let token = Token {
            access_token: "access-1".into(),
            refresh_token: Some("fresh-1".into()),
            expires_at: None,
            answer: serde_json::Map::default(),
        };
        let typed = typed
            .map(|(name, text)| (name.to_owned(), text.to_owned()))
            .into();
        let credentials = Credentials {
            typed,
            token: Some(token),
        };
        let said = credentials.masked(
            &manifest,
            "no app-id-of-ana with hunter2hunter2, nor Bearer access-1 (fresh-1)",
        );
        assert_eq!(said, "no app-id-of-ana with •••, nor Bearer ••• (•••)");
    }
}
