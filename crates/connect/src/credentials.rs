//! What opens a system: what the admin typed, and the tokens that came of their consent.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;

use serde::{Deserialize, Serialize};

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

/// Keeps tokens before they are used: one that rotates and is lost shuts the admin out.
pub trait Keep: Send + Sync {
    /// Stores them.
    fn keep<'a>(&'a self, credentials: &'a Credentials) -> Kept<'a>;
}
