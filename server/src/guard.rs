//! Who may pass: the session of each request, and the walls around everything that needs one.

use std::net::{IpAddr, SocketAddr};

use alta_app::api::AppError;
use alta_app::api::caller::{Caller, cookie_name};
use alta_domain::{ErrorCode, Permission, browser_of};
use alta_store::access::Access;
use alta_store::{Store, sessions};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, ORIGIN, REFERER, USER_AGENT};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use server_fn::error::FromServerFnError;

/// What the guard needs to know.
#[derive(Clone)]
pub(crate) struct Guard {
    pub(crate) store: Store,
    pub(crate) secure: bool,
    /// The header in which a proxy says whom it asks for.
    pub(crate) address_header: Option<String>,
}

/// How a path is guarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wall {
    /// Sign-in, set-up and files.
    Open,
    /// Needs the session of somebody who may.
    Needs(Permission),
}

/// How this path is guarded; what is not named here is home's.
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

/// Finds out who calls, and lets them pass or not: 401 or the sign-in page for the signed-out, 403
/// for other profiles and foreign origins.
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
    let mut caller = stranger(&guard, &request);
    match find(&guard.store, &caller).await {
        Ok(access) => caller.access = access,
        Err(error) => {
            tracing::error!(%error, "the session could not be read");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    }
    drop_foreign_referer(request.headers_mut());
    let path = request.uri().path().to_owned();
    let is_call = path.starts_with("/api/");
    let member = caller
        .access
        .as_ref()
        .map(|access| (access.role(), access.needs_factor()));
    let Wall::Needs(permission) = wall else {
        request.extensions_mut().insert(caller);
        return next.run(request).await;
    };
    match member {
        Some((role, needs_factor))
            if role.may(permission) && (!needs_factor || permission == Permission::Account) =>
        {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        None if is_call => refusal(ErrorCode::SignedOut),
        None => {
            let waits = match &caller.token {
                Some(token) => sessions::waits_for_code(&guard.store, token)
                    .await
                    .ok()
                    .flatten()
                    .is_some(),
                None => false,
            };
            see_other(if waits { "/second-factor" } else { "/sign-in" })
        }
        Some((role, true)) if role.may(permission) && !is_call => see_other("/account"),
        Some((role, _)) => {
            tracing::warn!(
                path,
                role = role.as_str(),
                from = caller.address,
                "a request was refused to this profile"
            );
            if is_call {
                return refusal(if role.may(permission) {
                    ErrorCode::SecondFactorNeeded
                } else {
                    ErrorCode::Forbidden
                });
            }
            // The page itself says who may, with the status that says so too.
            request.extensions_mut().insert(caller);
            let mut response = next.run(request).await;
            *response.status_mut() = StatusCode::FORBIDDEN;
            response
        }
    }
}

/// As a call answers that refuses by itself.
fn refusal(code: ErrorCode) -> Response {
    (
        alta_app::status(code),
        [(CONTENT_TYPE, "application/x-postcard")],
        AppError { code }.ser(),
    )
        .into_response()
}

fn see_other(path: &'static str) -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, path)]).into_response()
}

/// What a request says of who calls.
fn stranger(guard: &Guard, request: &Request) -> Caller {
    Caller {
        access: None,
        token: cookie(request.headers(), cookie_name(guard.secure)),
        address: address(request, guard.address_header.as_deref()),
        browser: text(request.headers(), &USER_AGENT).and_then(browser_of),
        secure: guard.secure,
    }
}

/// Whose session it is.
async fn find(store: &Store, caller: &Caller) -> alta_store::Result<Option<Access>> {
    let Some(token) = &caller.token else {
        return Ok(None);
    };
    let found = sessions::access(store, token).await?;
    Ok(found.map(|access| match &caller.address {
        Some(address) => access.from_address(address.clone()),
        None => access,
    }))
}

/// A form that comes back with an error goes to the page it says it came from: that must be one of
/// ours.
fn drop_foreign_referer(headers: &mut HeaderMap) {
    let authority = text(headers, &REFERER)
        .and_then(|from| from.split_once("://"))
        .map(|(_, rest)| rest.split(['/', '?', '#']).next());
    if authority.flatten() != text(headers, &HOST) {
        headers.remove(REFERER);
    }
}

/// The network address that a request comes from; behind a proxy the one that it names last.
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
    // An IPv4 address stays one, on a socket for both kinds too.
    named
        .and_then(|address| address.trim().parse().ok())
        .or_else(connected)
        .map(|address: IpAddr| address.to_canonical().to_string())
}

/// A browser says where a request comes from; one that says nothing is no browser and has no
/// cookies to abuse.
fn same_origin(headers: &HeaderMap) -> bool {
    match (text(headers, &ORIGIN), text(headers, &HOST)) {
        (None, _) => true,
        (Some(origin), Some(host)) => origin
            .split_once("://")
            .is_some_and(|(_, authority)| authority == host),
        (Some(_), None) => false,
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers
        .get_all(COOKIE)
        .into_iter()
        .filter_map(|value| value.to_str().ok());
    let mut pairs = all
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(known, _)| *known == name)
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
