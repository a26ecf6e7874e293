//! The caller of a server function, as the server's middleware found it from the session cookie,
//! and the cookies of an answer.

use std::sync::Arc;

use alta_connect::{Catalogue, Http};
use alta_domain::{Email, ErrorCode, FileLimits, Language};
use alta_store::access::{Account, Admin, Editor, Member};
use alta_store::account::passkeys::RelyingParty;
use alta_store::{Store, StoreError};
use http::HeaderValue;
use http::header::{ACCEPT, ACCEPT_LANGUAGE, COOKIE, SET_COOKIE};
use http::request::Parts;
use leptos::prelude::{expect_context, use_context};
use leptos_axum::ResponseOptions;

use super::failures::Limiter;

/// The caller of a request, which the middleware puts into the request's extensions.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// The account of the user who is signed in.
    pub account: Option<Account>,
    /// The token of the session.
    pub token: Option<String>,
    /// The cookie of a browser that signed in before.
    pub known_browser: Option<String>,
    /// The network address that the request came from.
    pub address: Option<String>,
    /// The name of the browser, such as `Firefox`.
    pub browser: Option<String>,
    /// Set when the request came over TLS or from another machine: cookies are `Secure`.
    pub secure: bool,
}

/// The settings of the server that server functions need.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The limits of a file.
    pub limits: FileLimits,
    /// Set when there is a mail server.
    pub sends_mail: bool,
    /// The name of the company's own accounts, when single sign-on is set up.
    pub single_sign_on: Option<String>,
    /// The relying party of passkeys; none where browsers make no passkeys for the address.
    pub passkeys: Option<Arc<RelyingParty>>,
    /// The systems that can be connected.
    pub catalogue: Arc<Catalogue>,
    /// The HTTP client that calls systems.
    pub http: Http,
    /// The failures of those who guess secrets.
    pub limiter: Arc<Limiter>,
    /// The public address of the server, without a slash at the end.
    pub base: String,
    /// The largest batch of an import, in bytes after unpacking.
    pub max_batch_bytes: usize,
}

/// The relying party of passkeys.
///
/// # Errors
/// [`ErrorCode::BadPasskey`] where browsers make no passkeys for the server's address.
pub(crate) fn passkeys() -> Result<Arc<RelyingParty>, StoreError> {
    expect_context::<Settings>()
        .passkeys
        .ok_or_else(|| ErrorCode::BadPasskey.into())
}

pub(crate) fn store() -> Store {
    expect_context::<Store>()
}

pub(crate) fn caller() -> Caller {
    use_context::<Parts>()
        .and_then(|parts| parts.extensions.get::<Caller>().cloned())
        .unwrap_or_default()
}

/// The caller's own account: for what is theirs, and no data of the organization.
pub(crate) fn account() -> Result<Account, StoreError> {
    caller().account.ok_or_else(|| ErrorCode::SignedOut.into())
}

pub(crate) fn member() -> Result<Member, StoreError> {
    account()?.member()
}

pub(crate) fn editor() -> Result<Editor, StoreError> {
    account()?.editor()
}

pub(crate) fn admin() -> Result<Admin, StoreError> {
    account()?.admin()
}

/// The name of the session cookie. `__Host-` binds it to this host and to TLS, so it can't be used
/// on a loopback address.
#[must_use]
pub fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-alta" } else { "alta" }
}

/// The header that sets the session cookie, or deletes it when there is no token.
#[must_use]
pub fn session_cookie(secure: bool, token: Option<&str>) -> String {
    let age = if token.is_some() {
        alta_store::account::sessions::SESSION_LENGTH / 1000
    } else {
        0
    };
    let flags = if secure { "; Secure" } else { "" };
    format!(
        "{}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{flags}",
        cookie_name(secure),
        token.unwrap_or_default()
    )
}

/// The name of the cookie by which a browser is known that signed in before.
#[must_use]
pub fn browser_cookie_name(secure: bool) -> &'static str {
    if secure {
        "__Host-alta-browser"
    } else {
        "alta-browser"
    }
}

/// The header that sets the cookie of a browser that signed in, for a year.
fn browser_cookie(secure: bool, token: &str) -> String {
    let flags = if secure { "; Secure" } else { "" };
    format!(
        "{}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000{flags}",
        browser_cookie_name(secure)
    )
}

/// Sets the session cookie on the answer, or deletes it when there is no token.
pub(crate) fn set_session(token: Option<&str>) {
    append_cookie(&session_cookie(caller().secure, token));
}

/// Sets the cookies of a session that was opened: its token, and the language of its user.
pub(crate) async fn begin_session(store: &Store, token: &str) -> Result<(), StoreError> {
    let Caller {
        address, browser, ..
    } = caller();
    set_session(Some(token));
    let is_secure = caller().secure;
    if let Some(account) =
        alta_store::account::sessions::record_opened(store, token, address, browser).await?
    {
        set_language(account.language());
        if let Some(address) = Email::parse(&account.me().email) {
            let target = super::failures::target(store, &address).await?;
            let known = super::failures::browser_token(store, &target)?;
            append_cookie(&browser_cookie(is_secure, &known));
        }
    }
    Ok(())
}

/// The cookie of the language that a reader chose.
const LANGUAGE_COOKIE: &str = "language";

/// The language that the reader chose in this browser or for the account.
pub(crate) fn chosen_language() -> Option<Language> {
    let parts = use_context::<Parts>()?;
    let mut pairs = parts
        .headers
        .get_all(COOKIE)
        .into_iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'));
    let of_browser = pairs.find_map(|pair| {
        Language::parse(
            pair.trim()
                .strip_prefix(LANGUAGE_COOKIE)?
                .strip_prefix('=')?,
        )
    });
    of_browser.or_else(|| caller().account.map(|account| account.language()))
}

/// The languages that the browser asks for, the most wanted first (RFC 9110, 12.5.4).
pub(crate) fn accepted_languages() -> Vec<String> {
    let asked = use_context::<Parts>().and_then(|parts| {
        Some(
            parts
                .headers
                .get(ACCEPT_LANGUAGE)?
                .to_str()
                .ok()?
                .to_owned(),
        )
    });
    let weighed = asked
        .iter()
        .flat_map(|asked| asked.split(','))
        .map(|range| {
            let (tag, weight) = range.split_once(';').unwrap_or((range, "q=1"));
            let weight = weight
                .trim()
                .strip_prefix("q=")
                .and_then(|weight| weight.parse::<f32>().ok());
            (tag.trim().to_owned(), weight.unwrap_or(0.0))
        });
    let mut weighed: Vec<(String, f32)> = weighed.collect();
    weighed.sort_by(|a, b| b.1.total_cmp(&a.1));
    weighed.into_iter().map(|(tag, _)| tag).collect()
}

/// Sets the cookie of the language on the answer.
pub(crate) fn set_language(language: Language) {
    let flags = if caller().secure { "; Secure" } else { "" };
    append_cookie(&format!(
        "{LANGUAGE_COOKIE}={}; Path=/; SameSite=Lax; Max-Age=31536000{flags}",
        language.as_str()
    ));
}

fn append_cookie(cookie: &str) {
    if let (Some(response), Ok(value)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(cookie),
    ) {
        response.append_header(SET_COOKIE, value);
    }
}

/// Redirects a browser that sent a form itself to a path; a page with scripts goes there by
/// itself.
pub(crate) fn redirect_forms(path: &str) {
    if is_form() {
        leptos_axum::redirect(path);
    }
}

/// Returns true when the browser sent a form itself, without the page's module. It then follows a
/// redirect and shows nothing else.
pub(crate) fn is_form() -> bool {
    let accepts = |parts: Parts| {
        parts
            .headers
            .get(ACCEPT)?
            .to_str()
            .ok()
            .map(|accept| accept.contains("text/html"))
    };
    use_context::<Parts>().and_then(accepts) == Some(true)
}
