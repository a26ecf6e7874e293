//! Who calls, as the server's middleware found out from the session cookie.

use std::sync::Arc;

use alta_connect::{Catalogue, Http};
use alta_domain::{ErrorCode, FileLimits, Language};
use alta_store::access::{Access, Admin};
use alta_store::account::passkeys::RelyingParty;
use alta_store::{Store, StoreError};
use http::HeaderValue;
use http::header::{ACCEPT, ACCEPT_LANGUAGE, COOKIE, SET_COOKIE};
use http::request::Parts;
use leptos::prelude::{expect_context, use_context};
use leptos_axum::ResponseOptions;

/// The session of a request, put into its extensions once.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// Who is signed in.
    pub access: Option<Access>,
    /// The token of the session.
    pub token: Option<String>,
    /// The network address it came from.
    pub address: Option<String>,
    /// The browser it came from, as people name it.
    pub browser: Option<String>,
    /// The request came over TLS or from elsewhere than this machine: cookies are `Secure`.
    pub secure: bool,
}

/// Settings that pages need.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How much a file may hold.
    pub limits: FileLimits,
    /// A mail server is set up.
    pub sends_mail: bool,
    /// What the company's own accounts are called, where they may sign in.
    pub single_sign_on: Option<String>,
    /// What passkeys are made for, where browsers make any.
    pub passkeys: Option<Arc<RelyingParty>>,
    /// The systems that can be connected.
    pub catalogue: Arc<Catalogue>,
    /// How they are asked.
    pub http: Http,
    /// The address people see, without a slash behind it.
    pub base: String,
    /// Bytes a batch of an import may have, unpacked.
    pub max_batch_bytes: usize,
}

/// What passkeys are made for.
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

pub(crate) fn access() -> Result<Access, StoreError> {
    caller().access.ok_or_else(|| ErrorCode::SignedOut.into())
}

pub(crate) fn admin() -> Result<Admin, StoreError> {
    access()?.admin()
}

/// The name of the session cookie. `__Host-` binds it to this host and to TLS, so it can't be used
/// on a loopback address.
#[must_use]
pub fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-alta" } else { "alta" }
}

/// The session cookie, or its end.
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

/// Sets or ends the session cookie.
pub(crate) fn set_session(token: Option<&str>) {
    append_cookie(&session_cookie(caller().secure, token));
}

/// Gives the browser a session that was opened, with the language of whose it is.
pub(crate) async fn begin_session(store: &Store, token: &str) -> Result<(), StoreError> {
    let Caller {
        address, browser, ..
    } = caller();
    set_session(Some(token));
    if let Some(access) =
        alta_store::account::sessions::record_opened(store, token, address, browser).await?
    {
        set_language(access.language());
    }
    Ok(())
}

/// The cookie of the language that a reader chose.
const LANGUAGE_COOKIE: &str = "language";

/// The language that the reader chose in this browser, or for their account.
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
    of_browser.or_else(|| caller().access.map(|access| access.language()))
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

/// Remembers the language in this browser.
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

/// Sends a plain form on to its next page; a page with scripts goes there by itself.
pub(crate) fn redirect_forms(path: &str) {
    if is_form() {
        leptos_axum::redirect(path);
    }
}

/// Whether the browser sent a form by itself: it follows the answer to the next page, and shows no
/// other.
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
