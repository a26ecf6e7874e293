//! Who may pass: the session of each request, and the walls around everything that needs one.

use std::net::{IpAddr, SocketAddr};

use alta_app::api::caller::{Caller, cookie_name};
use alta_domain::Role;
use alta_store::{Store, sessions};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{COOKIE, HOST, LOCATION, ORIGIN};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

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
pub(crate) enum Access {
    /// Sign-in, set-up and files.
    Open,
    /// Needs a session.
    SignedIn,
    /// The Admin's alone (G1).
    Admin,
}

/// How this path is guarded: what is not named here needs a session.
pub(crate) fn access_of(path: &str) -> Access {
    const OPEN: [&str; 15] = [
        "/sign-in",
        "/setup",
        "/invitation",
        "/forgot",
        "/reset",
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
    let below = |root: &str| path == root || path.strip_prefix(root).is_some_and(|rest| rest.starts_with('/'));
    if ["/onboarding", "/conflicts", "/settings", "/api/onboarding", "/api/team"].into_iter().any(below) {
        Access::Admin
    } else if OPEN.contains(&path) || below("/assets") || matches!(path, "/favicon.svg" | "/example.csv" | "/api/health") {
        Access::Open
    } else {
        Access::SignedIn
    }
}

/// Finds out who calls, and lets them pass or not: 401 or the sign-in page for the signed-out, 403 for other profiles and foreign origins.
pub(crate) async fn guard(State(guard): State<Guard>, mut request: Request, next: Next) -> Response {
    if request.method() != Method::GET && request.method() != Method::HEAD && !same_origin(request.headers()) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let access = access_of(request.uri().path());
    let token = cookie(request.headers(), cookie_name(guard.secure));
    let address = address(&request, guard.address_header.as_deref());
    let mut caller = Caller { access: None, token, address: address.clone(), secure: guard.secure };
    if let Some(token) = &caller.token {
        match sessions::access(&guard.store, token).await {
            Ok(found) => {
                caller.access = found.map(|access| match address {
                    Some(address) => access.from_address(address),
                    None => access,
                });
            }
            Err(error) => {
                tracing::error!(%error, "the session could not be read");
                return StatusCode::INTERNAL_SERVER_ERROR.into_response();
            }
        }
    }
    let role = caller.access.as_ref().map(alta_store::access::Access::role);
    let is_call = request.uri().path().starts_with("/api/");
    match (access, role) {
        (Access::Open, _) | (Access::SignedIn, Some(_)) | (Access::Admin, Some(Role::Admin)) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        (_, None) if is_call => (StatusCode::UNAUTHORIZED, r#"{"code":"signed_out"}"#).into_response(),
        (_, None) => (StatusCode::SEE_OTHER, [(LOCATION, "/sign-in")]).into_response(),
        (_, Some(_)) if is_call => (StatusCode::FORBIDDEN, r#"{"code":"forbidden"}"#).into_response(),
        (_, Some(_)) => {
            // The page itself says who may, with the status that says so too.
            request.extensions_mut().insert(caller);
            let mut response = next.run(request).await;
            *response.status_mut() = StatusCode::FORBIDDEN;
            response
        }
    }
}

/// The network address that a request comes from; behind a proxy the one that it names last.
fn address(request: &Request, header: Option<&str>) -> Option<String> {
    let named = header.and_then(|header| request.headers().get_all(header).into_iter().next_back()?.to_str().ok()?.rsplit(',').next());
    let connected = || request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip().to_string());
    named.and_then(|address| address.trim().parse::<IpAddr>().ok()).map(|address| address.to_string()).or_else(connected)
}

/// A browser says where a request comes from; one that says nothing is no browser and has no cookies to abuse.
fn same_origin(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
    match (text(ORIGIN), text(HOST)) {
        (None, _) => true,
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, authority)| authority == host),
        (Some(_), None) => false,
    }
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_named_needs_a_session_and_the_wizard_an_admin() {
        assert_eq!(access_of("/"), Access::SignedIn);
        assert_eq!(access_of("/api/home"), Access::SignedIn);
        assert_eq!(access_of("/onboarding"), Access::Admin);
        assert_eq!(access_of("/api/onboarding/send_batch"), Access::Admin);
        assert_eq!(access_of("/onboardings"), Access::SignedIn);
        assert_eq!(access_of("/sign-in"), Access::Open);
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
