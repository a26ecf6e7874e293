//! Signing in with the company's own accounts, by OpenID Connect: the code flow of Core 1.0 (3.1) with PKCE (RFC 7636).
//!
//! Who may sign in is decided here, by an account with the address that the provider has verified; the provider only says who it is.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use alta_app::api::AppError;
use alta_app::api::caller::{Caller, session_cookie};
use alta_app::api::session::limit;
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
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest, HttpResponse, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, Scope, TokenResponse,
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
/// The cookie that holds what the answer must fit, sealed.
const COOKIE_NAME: &str = "alta-sign-on";
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
        let Some(issuer) = &config.oidc_issuer else { return Ok(None) };
        let id = config.oidc_client_id.clone().context("oidc_client_id")?;
        let http = reqwest::Client::builder().timeout(PATIENCE).redirect(reqwest::redirect::Policy::none()).build()?;
        Ok(Some(Arc::new(Self {
            http,
            issuer: IssuerUrl::new(issuer.clone()).context("oidc_issuer")?,
            id: ClientId::new(id),
            secret: config.oidc_client_secret.clone().map(ClientSecret::new),
            back: RedirectUrl::new(format!("{base}{BACK}")).context("public_url")?,
            base: base.to_owned(),
        })))
    }

    /// The address to send the browser to, and what its answer must fit.
    async fn begin(&self) -> anyhow::Result<(String, Attempt)> {
        let metadata = CoreProviderMetadata::discover_async(self.issuer.clone(), &self.calls()).await?;
        let client = CoreClient::from_provider_metadata(metadata, self.id.clone(), self.secret.clone()).set_redirect_uri(self.back.clone());
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let asked = client.authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random);
        let (to, state, nonce) = asked.add_scope(Scope::new("email".to_owned())).set_pkce_challenge(challenge).url();
        let attempt =
            Attempt { state: state.into_secret(), nonce: nonce.secret().clone(), verifier: verifier.into_secret(), until: now() + WITHIN };
        Ok((to.into(), attempt))
    }

    /// The address of who signed in there: of the one whose answer fits the attempt, and only when the provider has verified it.
    async fn end(&self, answer: Answer, attempt: Attempt) -> anyhow::Result<Email> {
        ensure!(attempt.until > now(), "it took too long");
        ensure!(answer.state.as_ref() == Some(&attempt.state), "the answer belongs to another attempt");
        let code = answer.code.context("the provider gave no code")?;
        let metadata = CoreProviderMetadata::discover_async(self.issuer.clone(), &self.calls()).await?;
        let client = CoreClient::from_provider_metadata(metadata, self.id.clone(), self.secret.clone()).set_redirect_uri(self.back.clone());
        let request = client.exchange_code(AuthorizationCode::new(code))?.set_pkce_verifier(PkceCodeVerifier::new(attempt.verifier));
        let tokens = request.request_async(&self.calls()).await?;
        let token = tokens.id_token().context("the provider gave no ID token")?;
        let claims = token.claims(&client.id_token_verifier(), &Nonce::new(attempt.nonce))?;
        ensure!(claims.email_verified() == Some(true), "the provider has not verified the address");
        let email = claims.email().and_then(|email| Email::parse(email));
        email.ok_or_else(|| anyhow!("the provider gave no address"))
    }

    fn calls(&self) -> impl Fn(HttpRequest) -> std::pin::Pin<Box<dyn Future<Output = Result<HttpResponse, reqwest::Error>> + Send>> {
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
    fn refuse(&self, refusal: Refusal) -> Response {
        let code = match refusal {
            Refusal::Failed(error) => {
                tracing::warn!(error = format!("{error:#}"), "single sign-on failed");
                ErrorCode::SignOnFailed
            }
            Refusal::NoAccount => ErrorCode::NoAccount,
        };
        let page = format!("{}/sign-in", self.base);
        let to = ServerFnUrlError::new(START, AppError { code }).to_url(&page).map_or(page, Into::into);
        (StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response()
    }
}

/// The cookie of an attempt; without one it is ended.
fn cookie(secure: bool, sealed: &str) -> String {
    let (age, flags) = (if sealed.is_empty() { 0 } else { WITHIN / 1000 }, if secure { "; Secure" } else { "" });
    format!("{COOKIE_NAME}={sealed}; Path={START}; HttpOnly; SameSite=Lax; Max-Age={age}{flags}")
}

/// Sends the browser to the provider.
pub(crate) async fn start(
    State(store): State<Store>,
    State(provider): State<Option<Arc<SingleSignOn>>>,
    Extension(caller): Extension<Caller>,
) -> Response {
    let Some(provider) = provider else { return StatusCode::NOT_FOUND.into_response() };
    if limit::of_address(caller.address.as_deref()).is_err() {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    }
    let begun: Result<_, Refusal> = async {
        let (to, attempt) = provider.begin().await?;
        Ok((to, store.seal(PURPOSE, &serde_json::to_vec(&attempt)?)?))
    }
    .await;
    match begun {
        Ok((to, sealed)) => (StatusCode::SEE_OTHER, [(LOCATION, to), (SET_COOKIE, cookie(caller.secure, &sealed))]).into_response(),
        Err(refusal) => provider.refuse(refusal),
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
    let Some(provider) = provider else { return StatusCode::NOT_FOUND.into_response() };
    if limit::of_address(caller.address.as_deref()).is_err() {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    }
    match sign_in(&store, &provider, &caller, &headers, answer).await {
        Ok(token) => {
            let cookies = [session_cookie(caller.secure, Some(&token)), cookie(caller.secure, "")];
            let cookies = AppendHeaders(cookies.map(|cookie| (SET_COOKIE, cookie)));
            (StatusCode::SEE_OTHER, [(LOCATION, format!("{}/", provider.base))], cookies).into_response()
        }
        Err(refusal) => (AppendHeaders([(SET_COOKIE, cookie(caller.secure, ""))]), provider.refuse(refusal)).into_response(),
    }
}

async fn sign_in(store: &Store, provider: &SingleSignOn, caller: &Caller, headers: &HeaderMap, answer: Answer) -> Result<String, Refusal> {
    let lines = headers.get_all(COOKIE).into_iter().filter_map(|value| value.to_str().ok()).flat_map(|line| line.split(';'));
    let mut pairs = lines.filter_map(|pair| pair.trim().split_once('='));
    let sealed = pairs.find(|(name, _)| *name == COOKIE_NAME).map(|(_, value)| value).context("this browser began no attempt")?;
    let attempt: Attempt = serde_json::from_slice(&store.unseal(PURPOSE, sealed)?)?;
    let email = provider.end(answer, attempt).await?;
    let token = sessions::sign_in_as(store, &email).await?.ok_or(Refusal::NoAccount)?;
    if let Some(before) = &caller.token {
        sessions::sign_out(store, before).await?;
    }
    sessions::note_opened(store, &token, caller.address.clone(), caller.browser.clone()).await?;
    Ok(token)
}
