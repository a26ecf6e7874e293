//! Consent by OAuth 2.0: the code flow of RFC 6749 (4.1) and its refresh (6).

use std::sync::Arc;
use std::time::Duration;

use alta_domain::FaultKind;
use minijinja::value::Serde;
use minijinja::{Value, context};
use reqwest::Url;
use serde::Deserialize;

use crate::credentials::{Credentials, Token};
use crate::fault::Fault;
use crate::http::Answer;
use crate::manifest::{Manifest, OAuth};
use crate::session::{PATIENCE, Session, now, retry_after};

/// Seconds before its end in which a token is exchanged already.
const EARLY: i64 = 60;
/// Seconds between looks at what another run has got, for a refresh token that counts no more: as
/// long as a token endpoint may take.
const MEANWHILE: [u64; 6] = [0, 1, 2, 4, 8, 16];

/// What a token endpoint answers (RFC 6749, 5.1 and 5.2).
#[derive(Deserialize)]
struct Granted {
    access_token: Option<String>,
    refresh_token: Option<String>,
    expires_in: Option<i64>,
}

/// The page on which the admin agrees.
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

fn oauth_of(manifest: &Manifest) -> Result<&OAuth, Fault> {
    manifest
        .oauth
        .as_ref()
        .ok_or_else(|| Fault::new(FaultKind::Unexpected, "this system asks for no consent"))
}

fn address(text: &str) -> Result<Url, Fault> {
    Url::parse(text).map_err(|_| Fault::new(FaultKind::BadAddress, "no address"))
}

fn client<'a>(credentials: &'a Credentials, name: &str) -> &'a str {
    credentials.typed.get(name).map_or("", String::as_str)
}

impl Session {
    /// Exchanges the code that the admin came back with.
    ///
    /// # Errors
    /// [`FaultKind::Consent`] for a code that is not good; [`FaultKind::BadCredentials`] for a
    /// client that is not; others as with any request.
    pub async fn exchange(&mut self, code: &str, back: &str) -> Result<(), Fault> {
        let mut form = vec![("grant_type", "authorization_code"), ("code", code)];
        if !oauth_of(&self.manifest)?.registered_redirect {
            form.push(("redirect_uri", back));
        }
        self.grant(&form).await
    }

    /// Takes new tokens when the ones there are end soon, or whenever `force` says so. A refresh
    /// token may count once, and a run that was stopped in the middle may have got others for
    /// it: those are taken.
    pub(crate) async fn refresh(&mut self, force: bool) -> Result<(), Fault> {
        if self.manifest.oauth.is_none()
            || self.is_young()? && !force
            || self.took_newer().await && self.is_young()?
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
            .grant(&[("grant_type", "refresh_token"), ("refresh_token", &refresh)])
            .await
        else {
            return Ok(());
        };
        let looks = match fault.kind {
            FaultKind::Consent => MEANWHILE.len(),
            FaultKind::BadCredentials => 1,
            _ => 0,
        };
        for seconds in MEANWHILE.into_iter().take(looks) {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            if self.took_newer().await {
                return Ok(());
            }
        }
        Err(fault)
    }

    /// Whether the tokens last a while.
    fn is_young(&self) -> Result<bool, Fault> {
        let token = self
            .credentials
            .token
            .as_ref()
            .ok_or_else(|| Fault::new(FaultKind::Consent, ""))?;
        Ok(token
            .expires_at
            .is_none_or(|ends| ends > now() + EARLY * 1000))
    }

    /// Whether others were kept since, which are ours from now on.
    async fn took_newer(&mut self) -> bool {
        let Some(newer) = self.keep.newer().await else {
            return false;
        };
        self.credentials = newer;
        true
    }

    /// Asks for tokens, and keeps them before anything else.
    async fn grant(&mut self, form: &[(&str, &str)]) -> Result<(), Fault> {
        let manifest = Arc::clone(&self.manifest);
        let oauth = oauth_of(&manifest)?;
        let url = address(
            &oauth
                .token
                .text(&context! { credentials => Serde(&self.credentials.typed) }),
        )?;
        let (id, secret) = (
            client(&self.credentials, "client_id"),
            client(&self.credentials, "client_secret"),
        );
        let mut request = self.http.request(true, &url, self.typed)?;
        let mut form = form.to_vec();
        if oauth.basic {
            request = request.basic_auth(id, Some(secret));
        } else {
            form.extend([("client_id", id), ("client_secret", secret)]);
        }
        let request = request.form(&form);
        let (http, keep, mut credentials) = (
            self.http.clone(),
            Arc::clone(&self.keep),
            self.credentials.clone(),
        );
        // In a task of its own: a refresh token may count once, and a run that is stopped here
        // would leave a spent one.
        let granting = tokio::spawn(async move {
            let answer = http.send(request, PATIENCE).await?;
            let before = credentials
                .token
                .take()
                .and_then(|token| token.refresh_token);
            credentials.token = Some(granted(&answer, before)?);
            keep.keep(&credentials)
                .await
                .map_err(|error| Fault::new(FaultKind::Down, error))?;
            Ok(credentials)
        });
        let granted = granting
            .await
            .map_err(|_| Fault::new(FaultKind::Unexpected, "a fault of ours"))?;
        self.credentials = granted.map_err(|fault: Fault| Fault {
            said: self.credentials.masked(&manifest, &fault.said),
            ..fault
        })?;
        Ok(())
    }
}

/// The tokens in an answer; without a new one for more of them, the one `before` goes on to count.
fn granted(answer: &Answer, before: Option<String>) -> Result<Token, Fault> {
    let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let granted: Granted = serde_json::from_value(body.clone()).unwrap_or(Granted {
        access_token: None,
        refresh_token: None,
        expires_in: None,
    });
    let Some(access_token) = granted.access_token.filter(|_| answer.status < 300) else {
        return Err(refused(answer.status, &body).after(retry_after(answer)));
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

/// Why no tokens came: vendors write `error` as a text (RFC 6749, 5.2) or as a structure with a
/// `type`.
fn refused(status: u16, body: &serde_json::Value) -> Fault {
    let error = &body["error"];
    let word = error
        .as_str()
        .or_else(|| error["type"].as_str())
        .unwrap_or_default();
    let said = body["error_description"]
        .as_str()
        .or_else(|| error["description"].as_str())
        .unwrap_or(word);
    let kind = match (status, word) {
        (_, "invalid_grant" | "access_denied") => FaultKind::Consent,
        (_, "invalid_client" | "unauthorized_client") | (401, _) => FaultKind::BadCredentials,
        (429, _) => FaultKind::Busy,
        // What is no answer of the vendor's: a page of its gateway, or of its maintenance.
        (500.., _) | (_, "") => FaultKind::Down,
        _ => FaultKind::Consent,
    };
    Fault::new(kind, said)
}

/// The variable `token` of expressions.
pub(crate) fn variable(token: Option<&Token>) -> Value {
    match token {
        Some(token) => {
            context! { access_token => token.access_token.as_str(), answer => Serde(&token.answer) }
        }
        None => Value::UNDEFINED,
    }
}
