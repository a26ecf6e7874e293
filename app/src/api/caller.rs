//! The caller of a server function, which the server's middleware finds by the session cookie, and
//! the cookies of an answer.

use std::sync::Arc;

use alta_connect::{Catalogue, Http};
use alta_domain::{AuditAction, Email, ErrorCode, FileLimits, Language};
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
    /// The account of the user who is signed in; `None` when nobody is.
    pub account: Option<Account>,
    /// The value of the session cookie; `None` without this cookie.
    pub token: Option<String>,
    /// The value of the cookie that marks a browser as one that signed in before; `None` without
    /// this cookie.
    pub known_browser: Option<String>,
    /// The IP address that the request came from; `None` when it is not known.
    pub address: Option<String>,
    /// The name of the browser, such as `Firefox`; `None` when it is not known.
    pub browser: Option<String>,
    /// True when the server's cookies are marked `Secure`: the server is reached over TLS or from
    /// other machines.
    pub secure: bool,
}

/// The settings of the server that server functions need.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The limits of an import file.
    pub limits: FileLimits,
    /// True when a mail server is set up.
    pub sends_mail: bool,
    /// The name of the company's accounts for single sign-on; `None` when single sign-on is not set
    /// up.
    pub single_sign_on: Option<String>,
    /// The relying party of passkeys; `None` when browsers make no passkeys for the server's
    /// address.
    pub passkeys: Option<Arc<RelyingParty>>,
    /// The catalogue of systems, with the manifests of those that can be connected.
    pub catalogue: Arc<Catalogue>,
    /// The HTTP client that calls systems.
    pub http: Http,
    /// The counter of failed tries, which slows down those who guess secrets.
    pub limiter: Arc<Limiter>,
    /// The public address of the server, without a slash at the end.
    pub base: String,
    /// The largest batch of an import, in bytes after decompression.
    pub max_batch_bytes: usize,
}

/// Returns the relying party of passkeys.
///
/// # Errors
/// [`ErrorCode::BadPasskey`] when browsers make no passkeys for the server's address.
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

/// Returns the caller's own account. It gives access to what belongs to the user, and to no data of
/// the organization.
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

/// Returns the name of the session cookie: with the prefix `__Host-` when `secure`, which binds the
/// cookie to this host and to TLS; without it for a server that is reached without TLS.
#[must_use]
pub fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-alta" } else { "alta" }
}

/// Returns the header that sets the session cookie, or that deletes this cookie when there is no
/// token.
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

/// Returns the name of the cookie that marks a browser as one that signed in before.
#[must_use]
pub fn browser_cookie_name(secure: bool) -> &'static str {
    if secure {
        "__Host-alta-browser"
    } else {
        "alta-browser"
    }
}

/// Returns the header that sets the cookie of a browser that signed in, for a year.
fn browser_cookie(secure: bool, token: &str) -> String {
    let flags = if secure { "; Secure" } else { "" };
    format!(
        "{}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000{flags}",
        browser_cookie_name(secure)
    )
}

/// Sets the session cookie on the answer, or deletes this cookie when there is no token.
pub(crate) fn set_session(token: Option<&str>) {
    append_cookie(&session_cookie(caller().secure, token));
}

/// Records that a session was opened, with the way in, and sets its cookies.
pub(crate) async fn begin_session(
    store: &Store,
    token: &str,
    way: AuditAction,
) -> Result<(), StoreError> {
    let Caller {
        address, browser, ..
    } = caller();
    let account =
        alta_store::account::sessions::record_opened(store, token, (address, browser), way).await?;
    set_cookies(store, token, account.as_ref()).await
}

/// Sets the cookies of a session: the token, and for an account that is signed in its language and
/// the mark of a browser that signed in.
pub(crate) async fn set_cookies(
    store: &Store,
    token: &str,
    account: Option<&Account>,
) -> Result<(), StoreError> {
    set_session(Some(token));
    if let Some(account) = account {
        set_language(account.language());
        if let Some(address) = Email::parse(&account.me().email) {
            let target = super::failures::target(store, &address).await?;
            let known = super::failures::browser_token(store, &target)?;
            append_cookie(&browser_cookie(caller().secure, &known));
        }
    }
    Ok(())
}

/// Returns the name of the cookie with the language that a reader chose.
#[must_use]
pub fn language_cookie_name(secure: bool) -> &'static str {
    if secure {
        "__Host-language"
    } else {
        "language"
    }
}

/// Returns the language that the reader chose in this browser, or else for the account; `None` when
/// there is neither.
pub(crate) fn chosen_language() -> Option<Language> {
    let parts = use_context::<Parts>()?;
    let mut pairs = parts
        .headers
        .get_all(COOKIE)
        .into_iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'));
    let name = language_cookie_name(caller().secure);
    let of_browser =
        pairs.find_map(|pair| Language::parse(pair.trim().strip_prefix(name)?.strip_prefix('=')?));
    of_browser.or_else(|| caller().account.map(|account| account.language()))
}

/// Returns the languages of the browser's `Accept-Language` header, the most wanted first (RFC
/// 9110, 12.5.4).
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

/// Sets the cookie with the reader's language on the answer.
pub(crate) fn set_language(language: Language) {
    let flags = if caller().secure { "; Secure" } else { "" };
    append_cookie(&format!(
        "{}={}; Path=/; SameSite=Lax; Max-Age=31536000{flags}",
        language_cookie_name(caller().secure),
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

/// Answers with a redirect to a path when the browser itself posted a form, because no script was
/// running. Does nothing for a call of a script, which changes the address itself.
pub(crate) fn redirect_forms(path: &str) {
    if is_form() {
        leptos_axum::redirect(path);
    }
}

/// Returns true when the browser sent a form itself, without the page's module. The browser then
/// follows a redirect and shows nothing else.
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
