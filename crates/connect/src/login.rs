//! Signs in to systems that give a token for a name and a password.

use alta_domain::FaultKind;
use minijinja::Value;

use crate::clock::now;
use crate::credentials::Token;
use crate::fault::Fault;
use crate::manifest::Login;
use crate::session::Session;

impl Session {
    /// Signs in when there is no valid token, or always when `force` is set because the present
    /// token was refused. Saves the new token before it is used.
    pub(crate) async fn log_in(&mut self, login: &Login, force: bool) -> Result<(), Fault> {
        let is_valid = self
            .credentials
            .token
            .as_ref()
            .is_some_and(|token| token.expires_at.is_none_or(|ends| ends > now()));
        if is_valid && !force {
            return Ok(());
        }
        self.credentials.token = None;
        let answer = self
            .send_once(&login.request, &Value::UNDEFINED, None)
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
        self.token_store
            .save(&self.credentials)
            .await
            .map_err(|error| Fault::new(FaultKind::Down, error))
    }
}
