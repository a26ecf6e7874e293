//! Gets tokens by OAuth 2.0: the code flow of RFC 6749 (4.1) and its refresh (6).

use std::sync::Arc;
use std::time::Duration;

use alta_domain::FaultKind;
use minijinja::context;
use minijinja::value::Serde;
use reqwest::Url;
use serde::Deserialize;

use crate::clock::now;
use crate::credentials::{Credentials, Token};
use crate::fault::Fault;
use crate::headers::retry_after;
use crate::http::Answer;
use crate::judge::passing_status;
use crate::manifest::{Manifest, OAuth};
use crate::room::Place;
use crate::session::Session;

/// The longest time that a token endpoint may take to answer.
const TOKEN_TIMEOUT: Duration = Duration::from_secs(30);
/// A token is renewed when it expires within this number of seconds.
const RENEW_BEFORE_SECONDS: i64 = 60;
/// The waits, in seconds, before each look for tokens that another run has saved. They are for a
/// refresh token that is used up. Together they last about as long as [`TOKEN_TIMEOUT`], because
/// the other run may wait for the token endpoint as long as that.
const WAITS_FOR_OTHER_RUN: [u64; 6] = [0, 1, 2, 4, 8, 16];

/// The tokens in the answer of a token endpoint (RFC 6749, 5.1). A refusal (5.2) has no
/// `access_token`; [`refused`] reads its error.
#[derive(Deserialize)]
struct TokenAnswer {
    access_token: Option<String>,
    refresh_token: Option<String>,
    expires_in: Option<i64>,
}

/// Returns the address of the vendor's page on which the admin gives consent. The vendor sends the
/// admin back to `back`, with `state` in the query.
///
/// # Errors
/// [`FaultKind::Unexpected`] for a system without consent; [`FaultKind::BadAddress`].
pub fn consent_page(
    manifest: &Manifest,
    credentials: &Credentials,
    back: &str,
    state: &str,
) -> Result<String, Fault> {
    let oauth = oauth_of(manifest)?;
    let variables = context! { credentials => Serde(&credentials.typed) };
    let mut url = address(&oauth.authorize.text(&variables))?;
    {
        let mut query = url.query_pairs_mut();
        query.append_pair("response_type", "code");
        query.append_pair("client_id", client(credentials, "client_id"));
        query.append_pair("state", state);
        if !oauth.registered_redirect {
            query.append_pair("redirect_uri", back);
        }
        for (name, value) in &oauth.query {
            query.append_pair(name, &value.text(&variables));
        }
    }
    Ok(url.into())
}

/// Returns the description of a system's consent.
fn oauth_of(manifest: &Manifest) -> Result<&OAuth, Fault> {
    manifest
        .oauth
        .as_ref()
        .ok_or_else(|| Fault::new(FaultKind::Unexpected, "this system asks for no consent"))
}

fn address(text: &str) -> Result<Url, Fault> {
    Url::parse(text).map_err(|_| Fault::new(FaultKind::BadAddress, "no address"))
}

/// Returns what the admin typed for the client's id or secret, or an empty text.
fn client<'a>(credentials: &'a Credentials, name: &str) -> &'a str {
    credentials.typed.get(name).map_or("", String::as_str)
}

impl Session {
    /// Exchanges the code that the admin came back with for tokens, and saves them.
    ///
    /// # Errors
    /// [`FaultKind::Consent`] for an invalid code; [`FaultKind::BadCredentials`] for an invalid
    /// client; others as with any request.
    pub async fn exchange(&mut self, code: &str, back: &str) -> Result<(), Fault> {
        let mut form = vec![("grant_type", "authorization_code"), ("code", code)];
        if !oauth_of(&self.manifest)?.registered_redirect {
            form.push(("redirect_uri", back));
        }
        self.request_tokens(&form).await
    }

    /// Gets new tokens when the present ones expire soon, or always when `force` is set. A refresh
    /// token may be valid only once, and another run may have used it. Then the tokens that the
    /// other run has saved are used.
    pub(crate) async fn refresh(&mut self, force: bool) -> Result<(), Fault> {
        if self.manifest.oauth.is_none()
            || self.is_fresh()? && !force
            || self.load_newer_tokens().await && self.is_fresh()?
        {
            return Ok(());
        }
        let refresh = self
            .credentials
            .token
            .as_ref()
            .and_then(|token| token.refresh_token.clone());
        let Some(refresh) = refresh else {
            return Err(Fault::new(FaultKind::Consent, ""));
        };
        let Err(fault) = self
            .request_tokens(&[("grant_type", "refresh_token"), ("refresh_token", &refresh)])
            .await
        else {
            return Ok(());
        };
        let looks = match fault.kind {
            FaultKind::Consent => WAITS_FOR_OTHER_RUN.len(),
            FaultKind::BadCredentials => 1,
            _ => 0,
        };
        for seconds in WAITS_FOR_OTHER_RUN.into_iter().take(looks) {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            if self.load_newer_tokens().await {
                return Ok(());
            }
        }
        Err(fault)
    }

    /// Returns true when the access token does not expire soon.
    fn is_fresh(&self) -> Result<bool, Fault> {
        let token = self
            .credentials
            .token
            .as_ref()
            .ok_or_else(|| Fault::new(FaultKind::Consent, ""))?;
        Ok(token
            .expires_at
            .is_none_or(|ends| ends > now() + RENEW_BEFORE_SECONDS * 1000))
    }

    /// Loads the tokens that another run has saved. Returns false when there are none.
    async fn load_newer_tokens(&mut self) -> bool {
        let Some(newer) = self.token_store.load_newer().await else {
            return false;
        };
        self.credentials = newer;
        true
    }

    /// Asks the token endpoint for tokens, and saves them before they are used.
    async fn request_tokens(&mut self, form: &[(&str, &str)]) -> Result<(), Fault> {
        let manifest = Arc::clone(&self.manifest);
        let oauth = oauth_of(&manifest)?;
        let variables = context! { credentials => Serde(&self.credentials.typed) };
        let url = address(&oauth.token.text(&variables))?;
        let (id, secret) = (
            client(&self.credentials, "client_id"),
            client(&self.credentials, "client_secret"),
        );
        let mut request = self.http.request(true, &url, self.is_typed_address)?;
        for (name, value) in &oauth.headers {
            request = request.header(name, value.text(&variables));
        }
        let mut form = form.to_vec();
        if oauth.basic {
            request = request.basic_auth(id, Some(secret));
        } else {
            form.extend([("client_id", id), ("client_secret", secret)]);
        }
        let request = request.form(&form);
        let (http, token_store, mut credentials) = (
            self.http.clone(),
            Arc::clone(&self.token_store),
            self.credentials.clone(),
        );
        // The task goes on when the run is stopped here. Otherwise the refresh token would be used
        // up and the new one lost.
        let granting = tokio::spawn(async move {
            let answer = http
                .brief()
                .send(request, TOKEN_TIMEOUT, &Place::default())
                .await?;
            let before = credentials
                .token
                .take()
                .and_then(|token| token.refresh_token);
            credentials.token = Some(granted(&answer, before)?);
            token_store
                .save(&credentials)
                .await
                .map_err(|error| Fault::new(FaultKind::Down, error))?;
            Ok(credentials)
        });
        let granted = granting
            .await
            .map_err(|_| Fault::new(FaultKind::Unexpected, "a fault of ours"))?;
        self.credentials = granted.map_err(|fault: Fault| Fault {
            message: self.credentials.masked(&manifest, &fault.message),
            ..fault
        })?;
        Ok(())
    }
}

/// Reads the tokens in an answer. When it has no new refresh token, `before` stays valid.
fn granted(answer: &Answer, before: Option<String>) -> Result<Token, Fault> {
    let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let granted: TokenAnswer = serde_json::from_value(body.clone()).unwrap_or(TokenAnswer {
        access_token: None,
        refresh_token: None,
        expires_in: None,
    });
    let Some(access_token) = granted.access_token.filter(|_| answer.status < 300) else {
        return Err(refused(answer, &body).retry_in(retry_after(answer)));
    };
    Ok(Token {
        access_token,
        refresh_token: granted.refresh_token.or(before),
        expires_at: granted
            .expires_in
            .map(|seconds| now().saturating_add(seconds.saturating_mul(1000))),
        answer: body.as_object().cloned().unwrap_or_default(),
    })
}

/// Returns the fault of an answer without tokens. Vendors write `error` as a text (RFC 6749, 5.2)
/// or as a structure with a `type`.
fn refused(answer: &Answer, body: &serde_json::Value) -> Fault {
    let error = &body["error"];
    let word = error
        .as_str()
        .or_else(|| error["type"].as_str())
        .unwrap_or_default();
    let message = body["error_description"]
        .as_str()
        .or_else(|| error["description"].as_str())
        .unwrap_or(word);
    let kind = match (answer.status, word) {
        _ if passing_status(answer).is_some() || word == "slow_down" => FaultKind::Busy,
        (_, "invalid_grant" | "access_denied") => FaultKind::Consent,
        (_, "invalid_client" | "unauthorized_client") | (401, _) => FaultKind::BadCredentials,
        (300..=399, _) => FaultKind::Moved,
        // Not an answer of the vendor's own, but a page of its gateway or of its maintenance.
        (500.., _) | (_, "" | "server_error" | "temporarily_unavailable") => FaultKind::Down,
        (400..=403, _) if !is_mistake_of_ours(word) => FaultKind::Consent,
        _ => FaultKind::Unexpected,
    };
    Fault::new(kind, "").saying(message)
}

/// Returns true for errors of RFC 6749, 5.2, that a mistake of this server or of the manifest
/// makes.
fn is_mistake_of_ours(word: &str) -> bool {
    matches!(
        word,
        "invalid_request" | "invalid_scope" | "unsupported_grant_type"
    )
}
