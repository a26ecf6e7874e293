//! The credentials of an account: what the admin typed, and the tokens that the vendor has issued.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;

use serde::{Deserialize, Serialize};

use crate::manifest::Manifest;
use crate::mask::mask;

/// The credentials of one account. They are encrypted wherever they are kept, and never printed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    /// The texts that the admin typed, by the names of the form's fields.
    pub typed: BTreeMap<String, String>,
    /// The tokens that the vendor issued after consent or sign-in. `None` before that.
    pub token: Option<Token>,
}

/// The tokens of OAuth 2.0, or the token of a sign-in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// The token that requests carry.
    pub access_token: String,
    /// The token that is exchanged for new tokens. `None` when the vendor issues none.
    pub refresh_token: Option<String>,
    /// The time at which the access token expires, in milliseconds since 1970. `None` when that is
    /// unknown.
    pub expires_at: Option<i64>,
    /// The whole answer of the token endpoint. For some systems it has the
    /// address of the API or the account's id.
    #[serde(default)]
    pub answer: serde_json::Map<String, serde_json::Value>,
}

impl Credentials {
    /// Returns a vendor's message with all secrets masked. The vendor may repeat in it what we
    /// sent.
    pub(crate) fn masked(&self, manifest: &Manifest, message: &str) -> String {
        let typed = manifest
            .credentials
            .iter()
            .filter(|field| field.secret)
            .filter_map(|field| self.typed.get(&field.name));
        let tokens = self
            .token
            .iter()
            .flat_map(|token| std::iter::once(&token.access_token).chain(&token.refresh_token));
        mask(message, typed.chain(tokens).map(String::as_str))
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

/// The future of [`TokenStore::save`]. Its error says in words why the tokens could not be saved.
pub type Saving<'a> = Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>>;

/// The future of [`TokenStore::load_newer`]. It is `None` when there are no newer credentials.
pub type LoadingNewer<'a> = Pin<Box<dyn Future<Output = Option<Credentials>> + Send + 'a>>;

/// A store for tokens, which are saved before they are used. Where a refresh token is valid only
/// once, a lost one means that the admin must give consent again.
pub trait TokenStore: Send + Sync {
    /// Saves the credentials with their new tokens.
    fn save<'a>(&'a self, credentials: &'a Credentials) -> Saving<'a>;

    /// Loads the credentials if another session has saved newer ones than this store knows.
    fn load_newer(&self) -> LoadingNewer<'_>;
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
        let masked = credentials.masked(
            &manifest,
            "no app-id-of-ana with hunter2hunter2, nor Bearer access-1 (fresh-1)",
        );
        assert_eq!(masked, "no app-id-of-ana with •••, nor Bearer ••• (•••)");
    }
}
