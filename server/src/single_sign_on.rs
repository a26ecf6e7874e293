//! Signing in with the company's own accounts, by OpenID Connect: the code flow of Core 1.0 (3.1)
//! with PKCE (RFC 7636).
//!
//! Who may sign in is decided here, by an account with the address that the provider has verified;
//! the provider only says who it is.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use alta_app::api::AppError;
use alta_app::api::caller::{Caller, session_cookie};
use alta_app::api::limit;
use alta_domain::{Email, ErrorCode};
use alta_store::{Store, now, sessions};
use anyhow::{Context, anyhow, ensure};
use axum::Extension;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::{COOKIE, HeaderMap, LOCATION, SET_COOKIE};
use axum::response::{AppendHeaders, IntoResponse, Response};
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreProviderMetadata};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest, HttpResponse, IssuerUrl,
    Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, TokenResponse,
};
use serde::{Deserialize, Serialize};
use server_fn::error::ServerFnUrlError;

use crate::config::Config;

/// Where it begins.
pub(crate) const START: &str = "/api/single-sign-on";
/// Where the provider sends people back to.
pub(crate) const BACK: &str = "/api/single-sign-on/return";
/// How long the provider may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long somebody may take to sign in there, in milliseconds: 10 minutes.
const WITHIN: i64 = 10 * 60 * 1000;
const PURPOSE: &str = "single sign-on";

/// The provider, and who we are to it.
pub(crate) struct SingleSignOn {
    http: reqwest::Client,
    issuer: IssuerUrl,
    id: ClientId,
    secret: Option<ClientSecret>,
    back: RedirectUrl,
    base: String,
}

/// What the provider's answer must fit.
#[derive(Serialize, Deserialize)]
struct Attempt {
    state: String,
    nonce: String,
    verifier: String,
    until: i64,
}

/// What the provider sends back with the browser.
#[derive(Deserialize)]
pub(crate) struct Answer {
    code: Option<String>,
    state: Option<String>,
}

/// Why nobody was signed in.
enum Refusal {
    /// The provider or its answer; the details are in the log.
    Failed(anyhow::Error),
    /// The address has no account that may sign in.
    NoAccount,
}

impl<E: Into<anyhow::Error>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl SingleSignOn {
    /// By the settings; none without a provider. `base` is the address people see.
    pub(crate) fn new(config: &Config, base: &str) -> anyhow::Result<Option<Arc<Self>>> {
        // Another one may be there already: any does.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let Some(issuer) = &config.oidc_issuer else {
            return Ok(None);
        };
        let id = config.oidc_client_id.clone().context("oidc_client_id")?;
        let http = reqwest::Client::builder()
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Some(Arc::new(Self {
            http,
            issuer: encrypted(IssuerUrl::new(issuer.clone()).context("oidc_issuer")?)?,
            id: ClientId::new(id),
            secret: config.oidc_client_secret.clone().map(ClientSecret::new),
            back: RedirectUrl::new(format!("{base}{BACK}")).context("public_url")?,
            base: base.to_owned(),
        })))
    }

    /// The address to send the browser to, and what its answer must fit.
    async fn begin(&self) -> anyhow::Result<(String, Attempt)> {
        let metadata =
            CoreProviderMetadata::discover_async(self.issuer.clone(), &self.calls()).await?;
        let client =
            CoreClient::from_provider_metadata(metadata, self.id.clone(), self.secret.clone())
                .set_redirect_uri(self.back.clone());
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let asked = client.authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            CsrfToken::new_random,
            Nonce::new_random,
        );
        let (to, state, nonce) = asked
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        let attempt = Attempt {
            state: state.into_secret(),
            nonce: nonce.secret().clone(),
            verifier: verifier.into_secret(),
            until: now() + WITHIN,
        };
        Ok((to.into(), attempt))
    }

    /// Who signed in there: the one whose answer fits the attempt, and only when the provider has
    /// verified their address. With the address comes what the provider knows them by: unlike
    /// an address it is never somebody else's (OpenID Connect Core 1.0, 5.7).
    async fn end(&self, answer: Answer, attempt: Attempt) -> anyhow::Result<(Email, String)> {
        ensure!(attempt.until > now(), "it took too long");
        ensure!(
            answer.state.as_ref() == Some(&attempt.state),
            "the answer belongs to another attempt"
        );
        let code = answer.code.context("the provider gave no code")?;
        let metadata =
            CoreProviderMetadata::discover_async(self.issuer.clone(), &self.calls()).await?;
        let client =
            CoreClient::from_provider_metadata(metadata, self.id.clone(), self.secret.clone())
                .set_redirect_uri(self.back.clone());
        let request = client
            .exchange_code(AuthorizationCode::new(code))?
            .set_pkce_verifier(PkceCodeVerifier::new(attempt.verifier));
        let tokens = request.request_async(&self.calls()).await?;
        let token = tokens.id_token().context("the provider gave no ID token")?;
        let claims = token.claims(&client.id_token_verifier(), &Nonce::new(attempt.nonce))?;
        ensure!(
            claims.email_verified() == Some(true),
            "the provider has not verified the address"
        );
        let email = claims.email().and_then(|email| Email::parse(email));
        let email = email.ok_or_else(|| anyhow!("the provider gave no address"))?;
        Ok((
            email,
            format!("{} {}", self.issuer.as_str(), claims.subject().as_str()),
        ))
    }

    fn calls(
        &self,
    ) -> impl Fn(
        HttpRequest,
    ) -> std::pin::Pin<
        Box<dyn Future<Output = Result<HttpResponse, reqwest::Error>> + Send>,
    > {
        let http = self.http.clone();
        move |request| {
            let http = http.clone();
            Box::pin(async move {
                let answer = http.execute(request.try_into()?).await?;
                let (status, headers) = (answer.status(), answer.headers().clone());
                let mut said = HttpResponse::new(answer.bytes().await?.to_vec());
                *said.status_mut() = status;
                *said.headers_mut() = headers;
                Ok(said)
            })
        }
    }

    /// Back to the sign-in page, which says why.
    fn refuse(&self, caller: &Caller, refusal: Refusal) -> Response {
        let code = match refusal {
            Refusal::Failed(error) => {
                tracing::warn!(
                    error = format!("{error:#}"),
                    from = caller.address,
                    "single sign-on failed"
                );
                ErrorCode::SignOnFailed
            }
            Refusal::NoAccount => {
                tracing::warn!(
                    from = caller.address,
                    "single sign-on of an address that has no account here"
                );
                ErrorCode::NoAccount
            }
        };
        let page = format!("{}/sign-in", self.base);
        let to = ServerFnUrlError::new(START, AppError { code })
            .to_url(&page)
            .map_or(page, Into::into);
        (StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response()
    }
}

/// The cookie that holds what the answer must fit, sealed. No other host can set one with that
/// prefix (RFC 6265bis, 4.1.3.2).
fn cookie_name(secure: bool) -> &'static str {
    if secure {
        "__Host-alta-sign-on"
    } else {
        "alta-sign-on"
    }
}

/// The cookie of an attempt; without one it is ended.
fn cookie(secure: bool, sealed: &str) -> String {
    let (age, flags) = (
        if sealed.is_empty() { 0 } else { WITHIN / 1000 },
        if secure { "; Secure" } else { "" },
    );
    format!(
        "{}={sealed}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{flags}",
        cookie_name(secure)
    )
}

/// An issuer that nobody on the way can play: on this machine it may be in the clear.
fn encrypted(issuer: IssuerUrl) -> anyhow::Result<IssuerUrl> {
    let host = issuer
        .url()
        .host_str()
        .unwrap_or_default()
        .trim_matches(['[', ']']);
    let is_here = host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback());
    ensure!(
        issuer.url().scheme() == "https" || is_here,
        "oidc_issuer must be https"
    );
    Ok(issuer)
}

/// A link of another site began it, and nobody here.
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    headers
        .get("sec-fetch-site")
        .is_some_and(|site| site == "cross-site")
}

/// Sends the browser to the provider.
pub(crate) async fn start(
    State(store): State<Store>,
    State(provider): State<Option<Arc<SingleSignOn>>>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
) -> Response {
    let Some(provider) = provider else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if is_from_elsewhere(&headers) {
        return (
            StatusCode::SEE_OTHER,
            [(LOCATION, format!("{}/sign-in", provider.base))],
        )
            .into_response();
    }
    if limit::count_address(caller.address.as_deref()).is_err() {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    }
    let begun: Result<_, Refusal> = async {
        let (to, attempt) = provider.begin().await?;
        Ok((to, store.seal(PURPOSE, &serde_json::to_vec(&attempt)?)?))
    }
    .await;
    match begun {
        Ok((to, sealed)) => (
            StatusCode::SEE_OTHER,
            [(LOCATION, to), (SET_COOKIE, cookie(caller.secure, &sealed))],
        )
            .into_response(),
        Err(refusal) => provider.refuse(&caller, refusal),
    }
}

/// Takes the provider's answer, and opens a session.
pub(crate) async fn back(
    State(store): State<Store>,
    State(provider): State<Option<Arc<SingleSignOn>>>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Query(answer): Query<Answer>,
) -> Response {
    let Some(provider) = provider else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if limit::count_address(caller.address.as_deref()).is_err() {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    }
    match sign_in(&store, &provider, &caller, &headers, answer).await {
        Ok(token) => {
            let cookies = [
                session_cookie(caller.secure, Some(&token)),
                cookie(caller.secure, ""),
            ];
            let cookies = AppendHeaders(cookies.map(|cookie| (SET_COOKIE, cookie)));
            (
                StatusCode::SEE_OTHER,
                [(LOCATION, format!("{}/", provider.base))],
                cookies,
            )
                .into_response()
        }
        Err(refusal) => (
            AppendHeaders([(SET_COOKIE, cookie(caller.secure, ""))]),
            provider.refuse(&caller, refusal),
        )
            .into_response(),
    }
}

async fn sign_in(
    store: &Store,
    provider: &SingleSignOn,
    caller: &Caller,
    headers: &HeaderMap,
    answer: Answer,
) -> Result<String, Refusal> {
    let lines = headers
        .get_all(COOKIE)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'));
    let mut pairs = lines.filter_map(|pair| pair.trim().split_once('='));
    let sealed = pairs
        .find(|(name, _)| *name == cookie_name(caller.secure))
        .map(|(_, value)| value)
        .context("this browser began no attempt")?;
    let attempt: Attempt = serde_json::from_slice(&store.unseal(PURPOSE, sealed)?)?;
    let (email, subject) = provider.end(answer, attempt).await?;
    let token = sessions::sign_in_as(store, &email, &subject)
        .await?
        .ok_or(Refusal::NoAccount)?;
    if let Some(before) = &caller.token {
        sessions::sign_out(store, before).await?;
    }
    sessions::note_opened(
        store,
        &token,
        caller.address.clone(),
        caller.browser.clone(),
    )
    .await?;
    Ok(token)
}
