//! The protection of each route, and the paths that are refused before any route is looked up.

use alta_domain::Permission;
use axum::http::Uri;

/// The protection of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wall {
    /// Anybody may request the route: sign-in, set-up and files.
    Open,
    /// The route needs the session of a user with the permission.
    Needs(Permission),
}

/// The routes that anybody may request, as the router matches them.
const OPEN: [&str; 29] = [
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
    "/api/notices/{word}",
    "/api/health",
    "/assets/{name}",
    "/favicon.svg",
    "/example.csv",
    crate::single_sign_on::START,
    crate::single_sign_on::CALLBACK,
];

/// Returns true for a route that anybody may request.
pub(crate) fn is_open(route: &str) -> bool {
    OPEN.contains(&route)
}

/// Returns the protection of a route, given as the router matched it. A route that this function
/// does not name, and a path without a route, needs the permission [`Permission::Home`].
pub(super) fn wall_of(route: Option<&str>) -> Wall {
    let route = route.unwrap_or_default();
    let below = |root: &str| {
        let rest = route.strip_prefix(root);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let is_below = |roots: &[&str]| roots.iter().any(|root| below(root));
    if is_open(route) {
        Wall::Open
    } else if is_below(&["/onboarding", "/conflicts", "/api/onboarding"]) {
        Wall::Needs(Permission::Onboarding)
    } else if is_below(&["/person", "/api/person"]) {
        Wall::Needs(Permission::PersonalData)
    } else if is_below(&["/settings", "/api/team"]) {
        Wall::Needs(Permission::Team)
    } else if is_below(&["/account", "/api/account"]) {
        Wall::Needs(Permission::Account)
    } else {
        Wall::Needs(Permission::Home)
    }
}

/// The ways in which different programs may read a path.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PathReading {
    /// Every program reads the path in the same way.
    Plain,
    /// The path is another path with a slash at its end; holds the other path, with the query.
    TrailingSlash(String),
    /// The router, the page and a proxy may take the path for different ones.
    Ambiguous,
}

/// Returns how a request's path may be read. No path of Alta has a dot segment, an empty segment, a
/// backslash, a semicolon or a percent sign: a request with one of them is meant to be read in two
/// ways (RFC 3986, 6.2.2).
pub(super) fn path_of(uri: &Uri) -> PathReading {
    let path = uri.path();
    let Some(inner) = path.strip_prefix('/') else {
        return PathReading::Ambiguous;
    };
    let (inner, has_slash) = match inner.strip_suffix('/') {
        Some(inner) => (inner, true),
        None => (inner, false),
    };
    let is_plain = |segment: &str| {
        let is_dots = segment.bytes().all(|byte| byte == b'.');
        !is_dots && !segment.contains(['%', '\\', ';'])
    };
    if path != "/" && !inner.split('/').all(is_plain) {
        PathReading::Ambiguous
    } else if has_slash {
        let query = uri.query().map(|query| format!("?{query}"));
        PathReading::TrailingSlash(format!("/{inner}{}", query.unwrap_or_default()))
    } else {
        PathReading::Plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_named_needs_a_session() {
        let needs = |route| match wall_of(Some(route)) {
            Wall::Needs(permission) => Some(permission),
            Wall::Open => None,
        };
        assert_eq!(needs("/"), Some(Permission::Home));
        assert_eq!(needs("/api/home"), Some(Permission::Home));
        assert_eq!(needs("/onboarding"), Some(Permission::Onboarding));
        let batch = "/api/onboarding/send_batch";
        assert_eq!(needs(batch), Some(Permission::Onboarding));
        assert_eq!(needs("/api/team/set_role"), Some(Permission::Team));
        assert_eq!(needs("/person"), Some(Permission::PersonalData));
        assert_eq!(needs("/api/person/erase"), Some(Permission::PersonalData));
        assert_eq!(needs("/onboardings"), Some(Permission::Home));
        assert_eq!(needs("/assets/../contacts"), Some(Permission::Home));
        assert_eq!(needs("/sign-in"), None);
        assert_eq!(wall_of(None), Wall::Needs(Permission::Home));
    }

    #[test]
    fn a_path_that_reads_in_two_ways_is_known() {
        for path in [
            "//contacts",
            "/assets/../contacts",
            "/./contacts",
            "/assets/..",
            "/assets/.../x",
            "/contacts//1",
            "/contacts//",
            "/%63ontacts",
            "/assets/%2e%2e/contacts",
            "/assets/..%2fcontacts",
            "/assets/..;/contacts",
            "/assets/..\\contacts",
        ] {
            let uri = Uri::builder().path_and_query(path).build();
            let read = uri.map(|uri| path_of(&uri));
            assert!(
                matches!(read, Ok(PathReading::Ambiguous) | Err(_)),
                "{path}"
            );
        }
        for path in [
            "/",
            "/contacts",
            "/assets/desk-1a.js",
            "/contacts/1?q=%2e%2e//",
        ] {
            assert_eq!(
                path_of(&path.parse().unwrap()),
                PathReading::Plain,
                "{path}"
            );
        }
        let slash = path_of(&"/contacts/?q=a".parse().unwrap());
        assert_eq!(slash, PathReading::TrailingSlash("/contacts?q=a".into()));
    }
}
