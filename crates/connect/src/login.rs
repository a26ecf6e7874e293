//! Signing in to a system that gives a token for a name and a password.

use alta_domain::FaultKind;
use minijinja::Value;

use crate::credentials::Token;
use crate::fault::Fault;
use crate::manifest::Login;
use crate::session::{Session, now};

impl Session {
    /// Signs in where there is no token that counts; `force` says that the one there is was
    /// refused. The new one is kept before it is used.
    pub(crate) async fn log_in(&mut self, login: &Login, force: bool) -> Result<(), Fault> {
        let counts = self
            .credentials
            .token
            .as_ref()
            .is_some_and(|token| token.expires_at.is_none_or(|ends| ends > now()));
        if counts && !force {
            return Ok(());
        }
        self.credentials.token = None;
        let answer = self
            .once(&login.request, &Value::UNDEFINED, None)
            .await?
            .unwrap_or_default();
        let access_token = login.token.text(&answer);
        if access_token.is_empty() {
            return Err(Fault::new(
                FaultKind::BadCredentials,
                "no token came of signing in",
            ));
        }
        let expires_at = login.seconds.map(|seconds| now() + seconds * 1000);
        self.credentials.token = Some(Token {
            access_token,
            refresh_token: None,
            expires_at,
            answer: serde_json::Map::new(),
        });
        self.keep
            .keep(&self.credentials)
            .await
            .map_err(|error| Fault::new(FaultKind::Down, error))
    }
}
