//! Paths that two programs may read differently, for every page, call and file, with every kind of
//! session.

use alta_domain::Role;
use alta_server::config::Config;
use alta_server::router::{calls, pages, router};
use alta_server::syncer::Systems;
use alta_store::account::sessions;
use alta_store::db_test;
use axum::Router;
use axum::body::Body;
use axum::http::header::{COOKIE, LOCATION};
use axum::http::{Method, Request, Uri};
use tower::ServiceExt;

use crate::second_factor::require_second_factor;
use crate::support::{PASSWORD, TestApp};

/// Roots below which anybody may request something.
const OPEN_ROOTS: [&str; 5] = [
    "/assets",
    "/assets/x",
    "/api/notices",
    "/api/single-sign-on",
    "/sign-in",
];

/// Files that are not pages, and need a session.
const FILES: [&str; 3] = [
    "/api/onboarding/connected",
    "/api/onboarding/rejects/1",
    "/api/team/audit.csv",
];

/// Returns the ways to write a path so that a program that normalizes it finds `target`.
fn tricks(target: &str) -> Vec<String> {
    let mut tricks = vec![
        format!("/{target}"),
        format!("/.{target}"),
        format!("/x/..{target}"),
        format!("/%2e{target}"),
        format!("/..{target}"),
        format!("{target}/."),
        format!("{target}//"),
        format!("{target}/.."),
        format!("{target}%20"),
        format!("{target}%00"),
        format!("{target}%2f"),
        format!("{target}."),
        format!("{target};x=1"),
        format!("{target}/x/.."),
        target.to_uppercase(),
        encoded(target),
        target.replace('/', "//"),
        target.replace('/', "/%2f"),
        target.replace('/', "\\"),
    ];
    for root in OPEN_ROOTS {
        tricks.push(format!("{root}/..{target}"));
        tricks.push(format!("{root}/../..{target}"));
        tricks.push(format!("{root}/%2e%2e{target}"));
        tricks.push(format!("{root}/.%2E{target}"));
        tricks.push(format!("{root}/..%2f{}", &target[1..]));
        tricks.push(format!("{root}/..\\{}", &target[1..]));
        tricks.push(format!("{root}/..;{target}"));
    }
    tricks.retain(|trick| trick != target);
    tricks
}

/// Returns the path with its first letter percent-encoded.
fn encoded(path: &str) -> String {
    let first = path.as_bytes().get(1).copied().unwrap_or(b'.');
    format!("/%{first:02x}{}", path.get(2..).unwrap_or_default())
}

/// Returns everything that has a route, open or not; its other spellings must have none.
fn targets() -> Vec<(Method, String)> {
    let pages = pages().into_iter().map(|page| page.path().to_owned());
    let files = FILES.into_iter().map(str::to_owned);
    let gets = pages.chain(files).map(|path| (Method::GET, path));
    let posts = calls().into_iter().map(|path| (Method::POST, path.into()));
    let filled = |path: String| path.replace("{slug}", "omie").replace("{id}", "1");
    gets.chain(posts)
        .map(|(method, path)| (method, filled(path)))
        .collect()
}

/// Requests a path exactly as given. Returns the status, the address of a redirect, and the text;
/// `None` when the path is not a valid URI.
async fn asks(
    router: &Router,
    method: &Method,
    path: &str,
    token: Option<&str>,
) -> Option<(u16, String, String)> {
    // A text that is not a path reaches no server.
    let uri: Uri = path.parse().ok()?;
    let mut request = Request::builder().method(method).uri(uri);
    if let Some(token) = token {
        request = request.header(COOKIE, format!("alta={token}"));
    }
    let request = request.body(Body::empty()).unwrap();
    let answer = router.clone().oneshot(request).await.unwrap();
    let to = answer.headers().get(LOCATION);
    let to = to.map_or_else(String::new, |to| to.to_str().unwrap().to_owned());
    let status = answer.status().as_u16();
    let body = axum::body::to_bytes(answer.into_body(), 4 << 20).await;
    let text = String::from_utf8_lossy(&body.unwrap()).into_owned();
    Some((status, to, text))
}

db_test! {
    async fn no_spelling_of_a_path_opens_what_its_route_does_not(database) {
        let app = TestApp::serve(database).await;
        require_second_factor(&app).await;
        let config = Config::default();
        let systems = Systems::new(&config).unwrap();
        let router = router(&config, database.store.clone(), &app.base, &systems).unwrap();
        alta_store::account::accounts::add(&database.store, "second@example.com", "Bia",
            PASSWORD.into(), Role::Admin).await.unwrap();
        let signed_in = |email: &'static str|
            sessions::sign_in(&database.store, email, PASSWORD.into());
        let sessions = [
            ("nobody", None),
            ("an Admin who owes the factor", Some(signed_in("second@example.com").await.unwrap())),
            ("a Viewer", Some(signed_in("viewer@example.com").await.unwrap())),
        ];
        let mut tried = 0;
        for (method, target) in targets() {
            for trick in tricks(&target) {
                for (who, token) in &sessions {
                    let Some((status, to, text)) =
                        asks(&router, &method, &trick, token.as_deref()).await
                    else {
                        continue;
                    };
                    tried += 1;
                    let is_refused = matches!(status, 400 | 401 | 403 | 404 | 405)
                        || status == 303 && !to.contains("..")
                        || status == 308 && to == target;
                    assert!(is_refused, "{method} {trick} by {who}: {status} {to}\n{text}");
                }
            }
        }
        assert!(tried > 10_000, "{tried}");
    }

    async fn an_admin_who_owes_the_factor_reads_nothing_of_the_organization(database) {
        let app = TestApp::serve(database).await;
        require_second_factor(&app).await;
        alta_store::account::accounts::add(&database.store, "second@example.com", "Bia",
            PASSWORD.into(), Role::Admin).await.unwrap();
        let token = sessions::sign_in(&database.store, "second@example.com", PASSWORD.into())
            .await.unwrap();
        // Read from the session itself, without the guard's decision about a path.
        let account = sessions::account(&database.store, &token).await.unwrap().unwrap();
        let needed = alta_domain::ErrorCode::SecondFactorNeeded;
        assert_eq!(account.clone().member().unwrap_err().code(), needed);
        assert_eq!(account.clone().editor().unwrap_err().code(), needed);
        assert_eq!(account.admin().unwrap_err().code(), needed);
    }
}
