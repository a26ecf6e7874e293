//! Signing in with the company's own accounts, by OpenID Connect: the code flow of Core 1.0 (3.1)
//! with PKCE (RFC 7636).
//!
//! The provider only identifies the user. A user may sign in when an account here has the e-mail
//! address that the provider has verified.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use alta_app::api::AppError;
use alta_app::api::caller::{Caller, Settings, session_cookie};
use alta_domain::{AuditAction, Email, ErrorCode};
use alta_store::account::sessions::{self, Arrival};
use alta_store::{Store, now};
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

/// The path that begins a sign-in.
pub(crate) const START: &str = "/api/single-sign-on";
/// The path of the redirect URI, to which the provider sends people after they have signed in.
pub(crate) const CALLBACK: &str = "/api/single-sign-on/return";
/// The longest time for a request to the provider.
const TIMEOUT: Duration = Duration::from_secs(10);
/// The time that a user may take to sign in at the provider, in milliseconds: 10 minutes.
const ATTEMPT_LIFETIME: i64 = 10 * 60 * 1000;
/// The purpose of the cookie's encryption: with another purpose the cookie cannot be decrypted.
const PURPOSE: &str = "single sign-on";

/// A response of the provider that has not arrived yet.
type PendingResponse = Pin<Box<dyn Future<Output = Result<HttpResponse, reqwest::Error>> + Send>>;

/// The provider, and this server's registration with the provider.
pub(crate) struct SingleSignOn {
    http: reqwest::Client,
    issuer: IssuerUrl,
    id: ClientId,
    secret: Option<ClientSecret>,
    redirect_uri: RedirectUrl,
    /// The address that people open, without a slash at its end.
    base: String,
}

/// A sign-in that was begun, which the provider's response must belong to.
#[derive(Serialize, Deserialize)]
struct Attempt {
    state: String,
    nonce: String,
    verifier: String,
    /// The time at which the attempt expires, in milliseconds since 1970.
    until: i64,
}

/// The parameters of an authorization response.
#[derive(Deserialize)]
pub(crate) struct AuthorizationResponse {
    code: Option<String>,
    state: Option<String>,
}

/// A user as the provider identifies them.
struct Identity {
    /// The address that the provider has verified.
    email: Email,
    /// The issuer and the user's id with this issuer. Unlike an address, this pair never passes to
    /// somebody else (OpenID Connect Core 1.0, 5.7).
    subject: String,
}

/// The reason why nobody was signed in.
enum Refusal {
    /// The provider or its response failed; the log gets the details.
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
    /// Reads the settings; `None` without a provider. `base` is the address that people open.
    pub(crate) fn new(config: &Config, base: &str) -> anyhow::Result<Option<Arc<Self>>> {
        // This fails when a provider of cryptography is installed already, which does as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let Some(issuer) = &config.oidc_issuer else {
            return Ok(None);
        };
        let id = config.oidc_client_id.clone().context("oidc_client_id")?;
        let secret = config.oidc_client_secret.as_ref();
        let secret = secret.map(|secret| ClientSecret::new(secret.reveal().to_owned()));
        let http = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Some(Arc::new(Self {
            http,
            issuer: require_tls(IssuerUrl::new(issuer.clone()).context("oidc_issuer")?)?,
            id: ClientId::new(id),
            secret,
            redirect_uri: RedirectUrl::new(format!("{base}{CALLBACK}")).context("public_url")?,
            base: base.to_owned(),
        })))
    }

    /// Begins a sign-in. Returns the provider's address for the browser, and the attempt.
    async fn begin(&self) -> anyhow::Result<(String, Attempt)> {
        let metadata =
            CoreProviderMetadata::discover_async(self.issuer.clone(), &self.http_client()).await?;
        let client =
            CoreClient::from_provider_metadata(metadata, self.id.clone(), self.secret.clone())
                .set_redirect_uri(self.redirect_uri.clone());
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
            until: now() + ATTEMPT_LIFETIME,
        };
        Ok((to.into(), attempt))
    }

    /// Ends a sign-in: checks that the response belongs to the attempt, and exchanges its code for
    /// the user's identity. The provider must have verified the address.
    async fn end(
        &self,
        response: AuthorizationResponse,
        attempt: Attempt,
    ) -> anyhow::Result<Identity> {
        ensure!(attempt.until > now(), "it took too long");
        ensure!(
            response.state.as_ref() == Some(&attempt.state),
            "the answer belongs to another attempt"
        );
        let code = response.code.context("the provider gave no code")?;
        let metadata =
            CoreProviderMetadata::discover_async(self.issuer.clone(), &self.http_client()).await?;
        let client =
            CoreClient::from_provider_metadata(metadata, self.id.clone(), self.secret.clone())
                .set_redirect_uri(self.redirect_uri.clone());
        let request = client
            .exchange_code(AuthorizationCode::new(code))?
            .set_pkce_verifier(PkceCodeVerifier::new(attempt.verifier));
        let tokens = request.request_async(&self.http_client()).await?;
        let token = tokens.id_token().context("the provider gave no ID token")?;
        let claims = token.claims(&client.id_token_verifier(), &Nonce::new(attempt.nonce))?;
        // The token was made for this server alone (OpenID Connect Core 1.0, 3.1.3.7).
        let mut party = claims.authorized_party().into_iter();
        ensure!(
            party.all(|party| *party == self.id),
            "the token is another client's"
        );
        ensure!(
            claims.email_verified() == Some(true),
            "the provider has not verified the address"
        );
        let email = claims.email().and_then(|email| Email::parse(email));
        let email = email.ok_or_else(|| anyhow!("the provider gave no address"))?;
        let subject = format!("{} {}", self.issuer.as_str(), claims.subject().as_str());
        Ok(Identity { email, subject })
    }

    /// Returns the HTTP client in the form that `openidconnect` needs.
    fn http_client(&self) -> impl Fn(HttpRequest) -> PendingResponse {
        let http = self.http.clone();
        move |request| {
            let http = http.clone();
            Box::pin(async move {
                let answer = http.execute(request.try_into()?).await?;
                let (status, headers) = (answer.status(), answer.headers().clone());
                let mut converted = HttpResponse::new(answer.bytes().await?.to_vec());
                *converted.status_mut() = status;
                *converted.headers_mut() = headers;
                Ok(converted)
            })
        }
    }

    /// Logs a refusal and redirects to the sign-in page, which shows its reason.
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

/// Returns the name of the cookie that holds the encrypted attempt. No other host can set a cookie
/// with the prefix `__Host-` (RFC 6265bis, 4.1.3.2).
fn cookie_name(secure: bool) -> &'static str {
    if secure {
        "__Host-alta-sign-on"
    } else {
        "alta-sign-on"
    }
}

/// Returns the header that sets the cookie of an encrypted attempt. An empty text deletes the
/// cookie.
fn cookie(secure: bool, sealed: &str) -> String {
    let (age, flags) = (
        if sealed.is_empty() {
            0
        } else {
            ATTEMPT_LIFETIME / 1000
        },
        if secure { "; Secure" } else { "" },
    );
    format!(
        "{}={sealed}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{flags}",
        cookie_name(secure)
    )
}

/// Refuses an issuer without TLS, because others on the network could impersonate it. An issuer on
/// this machine is allowed.
fn require_tls(issuer: IssuerUrl) -> anyhow::Result<IssuerUrl> {
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

/// Returns true when the browser says that a page of another site began the request
/// (`Sec-Fetch-Site`).
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    headers
        .get("sec-fetch-site")
        .is_some_and(|site| site == "cross-site")
}

/// Redirects the browser to the provider.
pub(crate) async fn start(
    State(store): State<Store>,
    State(settings): State<Settings>,
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
    let counted = settings.limiter.count_request(caller.address.as_deref());
    if counted.is_err() {
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

/// Receives the provider's response, and opens a session.
pub(crate) async fn callback(
    State(store): State<Store>,
    State(settings): State<Settings>,
    State(provider): State<Option<Arc<SingleSignOn>>>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Query(response): Query<AuthorizationResponse>,
) -> Response {
    let Some(provider) = provider else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match sign_in(&store, &provider, &caller, &headers, response).await {
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
        Err(refusal) => {
            // The failure is counted, but not refused here: a person with an attempt of their own
            // is never refused because of other people's attempts.
            let _ = settings.limiter.count_request(caller.address.as_deref());
            let ended = AppendHeaders([(SET_COOKIE, cookie(caller.secure, ""))]);
            (ended, provider.refuse(&caller, refusal)).into_response()
        }
    }
}

/// Opens a session for the user whom the provider identified. Returns the session's token.
async fn sign_in(
    store: &Store,
    provider: &SingleSignOn,
    caller: &Caller,
    headers: &HeaderMap,
    response: AuthorizationResponse,
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
    let Identity { email, subject } = provider.end(response, attempt).await?;
    let member = sessions::identified(store, &email, &subject)
        .await?
        .ok_or(Refusal::NoAccount)?;
    let arrival = Arrival {
        address: caller.address.clone(),
        browser: caller.browser.clone(),
        way: AuditAction::SignedInByProvider,
        before: caller.token.as_deref(),
    };
    let (token, _) = sessions::enter(store, member, arrival).await?;
    Ok(token)
}
