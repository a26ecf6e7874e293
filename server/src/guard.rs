//! Reads the session of each request, and refuses requests without the permission for their route.

mod origin;
mod wall;

use alta_app::api::AppError;
use alta_app::api::caller::{Caller, browser_cookie_name, cookie_name};
use alta_domain::{ErrorCode, Permission, browser_of};
use alta_store::Store;
use alta_store::access::Account;
use alta_store::account::sessions;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, REFERER, USER_AGENT};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use server_fn::error::FromServerFnError;

pub(crate) use origin::Proxies;
use origin::{address, is_from_here, text};
pub(crate) use wall::is_open;
use wall::{PathReading, Wall, path_of, wall_of};

/// The state of the guard.
#[derive(Clone)]
pub(crate) struct Guard {
    pub(crate) store: Store,
    /// True when cookies are `Secure`.
    pub(crate) secure: bool,
    /// The address that people open: scheme, host and port.
    pub(crate) origin: String,
    /// The proxies in front of the server.
    pub(crate) proxies: Proxies,
}

/// Identifies the caller and passes the request on, or refuses it: with 400 for a path that can be
/// read in two ways, with 401 or a redirect to the sign-in page without a session, with 403 without
/// the permission or from a foreign origin.
pub(crate) async fn guard(
    State(guard): State<Guard>,
    mut request: Request,
    next: Next,
) -> Response {
    match path_of(request.uri()) {
        PathReading::Plain => {}
        PathReading::TrailingSlash(address) => return moved(&address),
        PathReading::Ambiguous => return (StatusCode::BAD_REQUEST, AMBIGUOUS_PATH).into_response(),
    }
    if request.method() != Method::GET
        && request.method() != Method::HEAD
        && !is_from_here(request.headers(), &guard.origin)
    {
        tracing::warn!(
            path = request.uri().path(),
            from = address(&request, &guard.proxies),
            "a request from another site was refused"
        );
        return StatusCode::FORBIDDEN.into_response();
    }
    let route = request.extensions().get::<MatchedPath>();
    let wall = wall_of(route.map(MatchedPath::as_str));
    let mut caller = caller_of(&guard, &request);
    match access_of(&guard.store, &caller).await {
        Ok(account) => caller.account = account,
        Err(error) => {
            tracing::error!("the session could not be read");
            return refusal(error.noted());
        }
    }
    drop_foreign_referer(request.headers_mut(), &guard.origin);
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

/// The answer to a path that can be read in two ways.
const AMBIGUOUS_PATH: &str = "This address has a part that is empty, is a dot, or is encoded.\n";

/// The guard's decision about a request.
enum Decision {
    /// The guard passes the request on.
    Pass,
    /// The guard responds with an error, as a server function does.
    Refuse(ErrorCode),
    /// The guard redirects to a page.
    Redirect(&'static str),
    /// The guard passes the request on with the status 403: the page itself says who may see it.
    ForbiddenPage,
}

/// Decides about a request for a path that needs a permission.
async fn decide(guard: &Guard, caller: &Caller, path: &str, permission: Permission) -> Decision {
    let is_call = path.starts_with("/api/");
    let Some(account) = &caller.account else {
        return if is_call {
            Decision::Refuse(ErrorCode::SignedOut)
        } else if waits_for_code(guard, caller).await {
            Decision::Redirect("/second-factor")
        } else {
            Decision::Redirect("/sign-in")
        };
    };
    let may = account.role().may(permission);
    if may && (!account.needs_factor() || permission == Permission::Account) {
        return Decision::Pass;
    }
    // The user has the permission, but the second factor is missing.
    if may && !is_call {
        return Decision::Redirect("/account");
    }
    tracing::warn!(
        path,
        role = account.role().as_str(),
        from = caller.address,
        "a request was refused to this profile"
    );
    match (is_call, may) {
        (true, true) => Decision::Refuse(ErrorCode::SecondFactorNeeded),
        (true, false) => Decision::Refuse(ErrorCode::Forbidden),
        (false, _) => Decision::ForbiddenPage,
    }
}

/// Returns true when the caller has given the password, but not yet the code of the second factor.
async fn waits_for_code(guard: &Guard, caller: &Caller) -> bool {
    let Some(token) = &caller.token else {
        return false;
    };
    let waiting = sessions::user_awaiting_code(&guard.store, token).await;
    waiting.ok().flatten().is_some()
}

/// Responds as a server function does when it refuses a call itself.
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

/// Redirects permanently to the address without the slash at its end.
fn moved(address: &str) -> Response {
    (StatusCode::PERMANENT_REDIRECT, [(LOCATION, address)]).into_response()
}

/// Returns the caller as the request describes them, before their session is read.
fn caller_of(guard: &Guard, request: &Request) -> Caller {
    Caller {
        account: None,
        token: cookie(request.headers(), cookie_name(guard.secure)),
        known_browser: cookie(request.headers(), browser_cookie_name(guard.secure)),
        address: address(request, &guard.proxies),
        browser: text(request.headers(), &USER_AGENT).and_then(browser_of),
        secure: guard.secure,
    }
}

/// Reads the account of the caller's session; `None` when there is no session.
async fn access_of(store: &Store, caller: &Caller) -> alta_store::Result<Option<Account>> {
    let Some(token) = &caller.token else {
        return Ok(None);
    };
    let found = sessions::account(store, token).await?;
    Ok(found.map(|account| match &caller.address {
        Some(address) => account.from_address(address.clone()),
        None => account,
    }))
}

/// Removes a `Referer` of another site. A form that fails without scripts is redirected to its
/// `Referer`, which must therefore be an address of this server.
fn drop_foreign_referer(headers: &mut HeaderMap, own: &str) {
    let authority = |address: &str| {
        let (_, rest) = address.split_once("://")?;
        rest.split(['/', '?', '#']).next().map(str::to_owned)
    };
    let from = text(headers, &REFERER).and_then(authority);
    let is_ours = from.as_deref() == text(headers, &HOST) || from == authority(own);
    if from.is_none() || !is_ours {
        headers.remove(REFERER);
    }
}

/// Returns the value of a cookie; `None` when the request does not have the cookie.
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
            drop_foreign_referer(&mut headers, "http://127.0.0.1:3000");
            assert_eq!(headers.contains_key(REFERER), stays, "{referer}");
        }
    }

    #[test]
    fn behind_a_proxy_a_form_comes_back_to_the_public_address() {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, "127.0.0.1:3000".parse().unwrap());
        headers.insert(REFERER, "https://alta.example.com/sign-in".parse().unwrap());
        drop_foreign_referer(&mut headers, "https://alta.example.com");
        assert!(headers.contains_key(REFERER));
        drop_foreign_referer(&mut headers, "https://other.example.com");
        assert!(!headers.contains_key(REFERER));
    }
}
