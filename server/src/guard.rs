//! Reads the session of each request, and refuses requests without the permission for their path.

use std::net::{IpAddr, SocketAddr};

use alta_app::api::AppError;
use alta_app::api::caller::{Caller, cookie_name};
use alta_domain::{ErrorCode, Permission, browser_of};
use alta_store::Store;
use alta_store::access::Access;
use alta_store::account::sessions;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, ORIGIN, REFERER, USER_AGENT};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use server_fn::error::FromServerFnError;

/// The state of the guard.
#[derive(Clone)]
pub(crate) struct Guard {
    pub(crate) store: Store,
    /// True when cookies are `Secure`.
    pub(crate) secure: bool,
    /// The header in which a proxy names the client.
    pub(crate) address_header: Option<String>,
}

/// The protection of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wall {
    /// Anybody may request it: sign-in, set-up and files.
    Open,
    /// It needs the session of a user with the permission.
    Needs(Permission),
}

/// Returns the protection of a path. A path that is not named here needs the permission for home.
pub(crate) fn wall_of(path: &str) -> Wall {
    const OPEN: [&str; 22] = [
        "/sign-in",
        "/setup",
        "/invitation",
        "/forgot",
        "/reset",
        "/second-factor",
        "/confirm-email",
        "/api/give_code",
        "/api/begin_passkey_sign_in",
        "/api/passkey_sign_in",
        "/api/ways_in",
        "/api/confirm_email",
        "/api/invitation_offer",
        "/api/accept_invitation",
        "/api/forgot_password",
        "/api/reset_password",
        "/api/sign_in",
        "/api/sign_out",
        "/api/set_up",
        "/api/setup_link_valid",
        "/api/current_user",
        "/api/keep_language",
    ];
    let below = |root: &str| {
        path == root
            || path
                .strip_prefix(root)
                .is_some_and(|rest| rest.starts_with('/'))
    };
    if ["/onboarding", "/conflicts", "/api/onboarding"]
        .into_iter()
        .any(below)
    {
        Wall::Needs(Permission::Onboarding)
    } else if ["/settings", "/api/team"].into_iter().any(below) {
        Wall::Needs(Permission::Team)
    } else if ["/account", "/api/account"].into_iter().any(below) {
        Wall::Needs(Permission::Account)
    } else if OPEN.contains(&path)
        || below("/assets")
        || below("/api/notices")
        || below(crate::single_sign_on::START)
        || matches!(path, "/favicon.svg" | "/example.csv" | "/api/health")
    {
        Wall::Open
    } else {
        Wall::Needs(Permission::Home)
    }
}

/// Identifies the caller and passes the request on, or refuses it: with 401 or a redirect to the
/// sign-in page without a session, with 403 without the permission or from a foreign origin.
pub(crate) async fn guard(
    State(guard): State<Guard>,
    mut request: Request,
    next: Next,
) -> Response {
    if request.method() != Method::GET
        && request.method() != Method::HEAD
        && !same_origin(request.headers())
    {
        return StatusCode::FORBIDDEN.into_response();
    }
    let wall = wall_of(request.uri().path());
    let mut caller = caller_of(&guard, &request);
    match access_of(&guard.store, &caller).await {
        Ok(access) => caller.access = access,
        Err(error) => {
            tracing::error!(%error, "the session could not be read");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    }
    drop_foreign_referer(request.headers_mut());
    let decision = match wall {
        Wall::Open => Decision::Pass,
        Wall::Needs(permission) => decide(&guard, &caller, request.uri().path(), permission).await,
    };
    match decision {
        Decision::Pass => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Decision::Refuse(code) => refusal(code),
        Decision::Redirect(page) => see_other(page),
        Decision::ForbiddenPage => {
            request.extensions_mut().insert(caller);
            let mut response = next.run(request).await;
            *response.status_mut() = StatusCode::FORBIDDEN;
            response
        }
    }
}

/// The guard's decision about a request.
enum Decision {
    /// Passes it on.
    Pass,
    /// Responds with an error, as a server function does.
    Refuse(ErrorCode),
    /// Redirects to a page.
    Redirect(&'static str),
    /// Passes it on with the status 403: the page itself tells who may see it.
    ForbiddenPage,
}

/// Decides about a request for a path that needs a permission.
async fn decide(guard: &Guard, caller: &Caller, path: &str, permission: Permission) -> Decision {
    let is_call = path.starts_with("/api/");
    let Some(access) = &caller.access else {
        return if is_call {
            Decision::Refuse(ErrorCode::SignedOut)
        } else if waits_for_code(guard, caller).await {
            Decision::Redirect("/second-factor")
        } else {
            Decision::Redirect("/sign-in")
        };
    };
    let may = access.role().may(permission);
    if may && (!access.needs_factor() || permission == Permission::Account) {
        return Decision::Pass;
    }
    // The permission is there, and the second factor is missing.
    if may && !is_call {
        return Decision::Redirect("/account");
    }
    tracing::warn!(
        path,
        role = access.role().as_str(),
        from = caller.address,
        "a request was refused to this profile"
    );
    match (is_call, may) {
        (true, true) => Decision::Refuse(ErrorCode::SecondFactorNeeded),
        (true, false) => Decision::Refuse(ErrorCode::Forbidden),
        (false, _) => Decision::ForbiddenPage,
    }
}

/// Returns true when the caller has given the password, and the code of the second factor not yet.
async fn waits_for_code(guard: &Guard, caller: &Caller) -> bool {
    let Some(token) = &caller.token else {
        return false;
    };
    let waiting = sessions::user_awaiting_code(&guard.store, token).await;
    waiting.ok().flatten().is_some()
}

/// Responds as a server function does that refuses by itself.
fn refusal(code: ErrorCode) -> Response {
    (
        alta_app::status(code),
        [(CONTENT_TYPE, "application/x-postcard")],
        AppError { code }.ser(),
    )
        .into_response()
}

/// Redirects to a page.
fn see_other(path: &'static str) -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, path)]).into_response()
}

/// Returns the caller as the request describes them, before their session is read.
fn caller_of(guard: &Guard, request: &Request) -> Caller {
    Caller {
        access: None,
        token: cookie(request.headers(), cookie_name(guard.secure)),
        address: address(request, guard.address_header.as_deref()),
        browser: text(request.headers(), &USER_AGENT).and_then(browser_of),
        secure: guard.secure,
    }
}

/// Reads the session of the caller; `None` when there is none.
async fn access_of(store: &Store, caller: &Caller) -> alta_store::Result<Option<Access>> {
    let Some(token) = &caller.token else {
        return Ok(None);
    };
    let found = sessions::access(store, token).await?;
    Ok(found.map(|access| match &caller.address {
        Some(address) => access.from_address(address.clone()),
        None => access,
    }))
}

/// Removes a `Referer` of another site. A form that fails without scripts is redirected to its
/// `Referer`, which must therefore be ours.
fn drop_foreign_referer(headers: &mut HeaderMap) {
    let authority = text(headers, &REFERER)
        .and_then(|from| from.split_once("://"))
        .map(|(_, rest)| rest.split(['/', '?', '#']).next());
    if authority.flatten() != text(headers, &HOST) {
        headers.remove(REFERER);
    }
}

/// Returns the IP address of the client; behind a proxy the last one that its header names.
fn address(request: &Request, header: Option<&str>) -> Option<String> {
    let named = header.and_then(|header| {
        request
            .headers()
            .get_all(header)
            .into_iter()
            .next_back()?
            .to_str()
            .ok()?
            .rsplit(',')
            .next()
    });
    let connected = || {
        request
            .extensions()
            .get::<ConnectInfo<SocketAddr>>()
            .map(|ConnectInfo(address)| address.ip())
    };
    // An IPv4 client of an IPv6 socket is shown with its IPv4 address.
    named
        .and_then(|address| address.trim().parse().ok())
        .or_else(connected)
        .map(|address: IpAddr| address.to_canonical().to_string())
}

/// Returns false for a request from a page of another site. A request without `Origin` does not
/// come from a browser's page, and carries no cookies of a victim.
fn same_origin(headers: &HeaderMap) -> bool {
    match (text(headers, &ORIGIN), text(headers, &HOST)) {
        (None, _) => true,
        (Some(origin), Some(host)) => origin
            .split_once("://")
            .is_some_and(|(_, authority)| authority == host),
        (Some(_), None) => false,
    }
}

/// Returns a header as text, `None` when it is missing or not ASCII.
fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Returns the value of a cookie.
fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers
        .get_all(COOKIE)
        .into_iter()
        .filter_map(|value| value.to_str().ok());
    let mut pairs = all
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(candidate, _)| *candidate == name)
        .map(|(_, value)| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_named_needs_a_session() {
        assert_eq!(wall_of("/"), Wall::Needs(Permission::Home));
        assert_eq!(wall_of("/api/home"), Wall::Needs(Permission::Home));
        assert_eq!(wall_of("/onboarding"), Wall::Needs(Permission::Onboarding));
        assert_eq!(
            wall_of("/api/onboarding/send_batch"),
            Wall::Needs(Permission::Onboarding)
        );
        assert_eq!(wall_of("/api/team/set_role"), Wall::Needs(Permission::Team));
        assert_eq!(wall_of("/onboardings"), Wall::Needs(Permission::Home));
        assert_eq!(wall_of("/sign-in"), Wall::Open);
    }

    #[test]
    fn a_form_comes_back_to_this_site_only() {
        for (referer, stays) in [
            ("https://alta.example.com/sign-in", true),
            ("https://alta.example.com", true),
            ("https://evil.example.com/alta.example.com", false),
            ("https://alta.example.com.evil.example.com/", false),
            ("https://alta.example.com@evil.example.com/", false),
            ("//alta.example.com/", false),
            ("javascript:alert(1)", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, "alta.example.com".parse().unwrap());
            headers.insert(REFERER, referer.parse().unwrap());
            drop_foreign_referer(&mut headers);
            assert_eq!(headers.contains_key(REFERER), stays, "{referer}");
        }
    }

    #[test]
    fn a_foreign_origin_is_known() {
        let headers = |origin: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, "alta.example.com".parse().unwrap());
            headers.insert(ORIGIN, origin.parse().unwrap());
            headers
        };
        assert!(same_origin(&headers("https://alta.example.com")));
        assert!(!same_origin(&headers("https://evil.example.com")));
        assert!(!same_origin(&headers("null")));
    }
}
