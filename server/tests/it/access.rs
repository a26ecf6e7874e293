//! Who may open and call what: tests every page and every server function, from the router's own
//! lists.

use alta_app::api::AppError;
use alta_app::api::imports::BATCH_PATH;
use alta_domain::{
    AuditAction, AuditEntry, BuiltInField, Channel, ContactId, EditId, ErrorCode, FieldTarget,
    LegalBasis, Role, ValueEdit,
};
use alta_server::config::Config;
use alta_server::router::{calls, pages};
use alta_store::db_test;
use reqwest::header::{ACCEPT, CONTENT_TYPE, COOKIE, LOCATION, ORIGIN, REFERER, SET_COOKIE};

use crate::support::{TestApp, bytes};

const OTHERS: [Role; 3] = [Role::Operator, Role::Agent, Role::Viewer];
/// The server functions that people without a session may call.
const OPEN_CALLS: [&str; 15] = [
    "/api/accept_invitation",
    "/api/current_user",
    "/api/confirm_email",
    "/api/forgot_password",
    "/api/give_code",
    "/api/invitation_offer",
    "/api/keep_language",
    "/api/reset_password",
    "/api/set_up",
    "/api/setup_link_valid",
    "/api/sign_in",
    "/api/sign_out",
    "/api/ways_in",
    "/api/begin_passkey_sign_in",
    "/api/passkey_sign_in",
];
const OPEN_PAGES: [&str; 7] = [
    "/confirm-email",
    "/forgot",
    "/invitation",
    "/reset",
    "/second-factor",
    "/setup",
    "/sign-in",
];
/// The pages that every member may open.
const MEMBERS_PAGES: [&str; 4] = ["/", "/account", "/contacts", "/imports"];
const MEMBERS_CALLS: [&str; 22] = [
    "/api/account/begin_passkey",
    "/api/account/begin_second_factor",
    "/api/account/change_email",
    "/api/account/change_password",
    "/api/account/confirm_second_factor",
    "/api/account/end_other_sessions",
    "/api/account/end_session",
    "/api/account/finish_passkey",
    "/api/account/new_recovery_codes",
    "/api/account/passkeys",
    "/api/account/remove_passkey",
    "/api/account/second_factor",
    "/api/account/sessions",
    "/api/account/turn_off_second_factor",
    "/api/contact",
    "/api/contact_counts",
    "/api/contact_fields",
    "/api/contacts",
    "/api/import",
    "/api/import_rows",
    "/api/imports",
    "/api/home",
];
/// The calls that change contacts by hand. A Viewer may make none of them.
const EDITORS_CALLS: [&str; 6] = [
    "/api/add_contact",
    "/api/bin_contact",
    "/api/edit_contact",
    "/api/make_first",
    "/api/note_permission",
    "/api/take_back_edit",
];
/// Files that only an Admin gets.
const ADMINS_FILES: [&str; 4] = [
    "/api/onboarding/connected",
    "/api/onboarding/rejects/1",
    "/api/person/file/1",
    "/api/team/audit.csv",
];

/// The file of contacts, which a form asks for.
const CONTACTS_FILE: &str = "/api/person/contacts.csv";
const FORM: &str = "application/x-www-form-urlencoded";

fn page_paths() -> Vec<String> {
    let filled = |path: &str| path.replace("{slug}", "omie").replace("{id}", "1");
    pages().iter().map(|page| filled(page.path())).collect()
}

db_test! {
    async fn the_signed_out_reach_nothing_but_sign_in_and_set_up(database) {
        let app = TestApp::serve(database).await;
        let stranger = app.visitor();
        for path in page_paths() {
            let answer = stranger.opens(&path).await;
            if OPEN_PAGES.contains(&path.as_str()) {
                // Without a link there is no invitation.
                assert_eq!(answer.status(), if path == "/invitation" { 403 } else { 200 },
                    "{path}");
            } else {
                assert_eq!((answer.status().as_u16(),
                        answer.headers().get(LOCATION).unwrap().to_str().unwrap()),
                    (303, "/sign-in"), "{path}");
            }
        }
        for path in calls().into_iter().filter(|path| !OPEN_CALLS.contains(path)) {
            assert_eq!(stranger.calls(path, "application/json", "{}").await.status(), 401,
                "{path}");
        }
        for file in ADMINS_FILES {
            assert_eq!(stranger.opens(file).await.status(), 401, "{file}");
        }
        assert_eq!(stranger.calls(CONTACTS_FILE, FORM, "q=").await.status(), 401);
    }

    async fn what_is_not_every_members_is_the_admins_alone(database) {
        let app = TestApp::serve(database).await;
        let is_members = |path: &str| MEMBERS_PAGES.contains(&path)
            || MEMBERS_CALLS.contains(&path) || EDITORS_CALLS.contains(&path);
        let admins_pages: Vec<String> = page_paths().into_iter()
            .filter(|path| !OPEN_PAGES.contains(&path.as_str()) && !is_members(path)).collect();
        let admins_calls: Vec<&str> = calls().into_iter()
            .filter(|path| !OPEN_CALLS.contains(path) && !is_members(path)).collect();
        assert!(admins_pages.len() >= 10 && admins_calls.len() >= 25,
            "{admins_pages:?} {admins_calls:?}");
        for role in OTHERS {
            let visitor = app.signed_in(role).await;
            for path in &admins_pages {
                let answer = visitor.opens(path).await;
                assert_eq!(answer.status(), 403, "{role:?} {path}");
                let text = answer.text().await.unwrap();
                // The page of conflicts shows the refusal in place of the conflicts.
                assert!(path.starts_with("/conflicts") || text.contains("Esta parte es de los \
                    Admin"), "{role:?} {path}");
            }
            for path in &admins_calls {
                assert_eq!(visitor.calls(path, "application/json", "{}").await.status(), 403,
                    "{role:?} {path}");
            }
            for file in ADMINS_FILES {
                assert_eq!(visitor.opens(file).await.status(), 403, "{file}");
            }
            let file = visitor.calls(CONTACTS_FILE, FORM, "q=").await;
            assert_eq!(file.status(), 403, "{role:?}");
            for path in MEMBERS_PAGES {
                assert_eq!(visitor.opens(path).await.status(), 200, "{path}");
            }
            for path in MEMBERS_CALLS {
                let status = visitor.calls(path, "application/json", "{}").await.status().as_u16();
                assert!(!matches!(status, 401 | 403), "{role:?} {path}: {status}");
            }
        }
        // The arguments must be right: they are read before the caller's role is asked.
        let email = FieldTarget::BuiltIn(BuiltInField::Email);
        let edit = ValueEdit { contact: ContactId(1), target: email, old: None, new: None };
        let edits = [
            ("/api/add_contact", bytes(&(vec![(email, "x@example.com")],))),
            ("/api/bin_contact", bytes(&(ContactId(1), true))),
            ("/api/edit_contact", bytes(&(edit,))),
            ("/api/make_first", bytes(&(ContactId(1), BuiltInField::Email, "x@example.com"))),
            ("/api/note_permission",
                bytes(&(ContactId(1), Channel::Email, None::<LegalBasis>, ""))),
            ("/api/take_back_edit", bytes(&(ContactId(1), EditId(1)))),
        ];
        assert_eq!(edits.each_ref().map(|(path, _)| *path), EDITORS_CALLS);
        for role in OTHERS {
            let visitor = app.signed_in(role).await;
            for (path, arguments) in &edits {
                let answer = visitor.calls(path, "application/x-postcard", arguments.clone());
                let is_refused = answer.await.status() == 403;
                assert_eq!(is_refused, role == Role::Viewer, "{role:?} {path}");
            }
        }
        let admin = app.signed_in(Role::Admin).await;
        for path in &admins_pages {
            // There is no import with this id, and no person without one.
            let is_missing = path.starts_with("/conflicts") || path == "/person";
            let expected = if is_missing { 404 } else { 200 };
            assert_eq!(admin.opens(path).await.status(), expected,
                "{path}");
        }
        assert_eq!(admin.opens("/api/onboarding/rejects/1").await.status(), 404);
        assert_eq!(admin.opens("/api/person/file/0").await.status(), 404);
        let file = admin.calls(CONTACTS_FILE, FORM, "q=").await.text().await.unwrap();
        assert!(file.starts_with("\u{feff}Teléfono celular;Teléfono fijo;"), "{file}");
        assert!(admin.opens("/api/team/audit.csv").await.text().await.unwrap()
            .starts_with("\u{feff}at;actor;action;subject;from"));
    }

    async fn failures_beyond_ten_come_one_by_one_and_answer_alike(database) {
        // The pause is longer than a try may wait: beyond the free failures one try passes, and the
        // next is refused.
        let config = Config { sign_in_pause_ms: 3_600_000, ..Config::default() };
        let app = TestApp::serve_set_up(database, &config).await;
        for email in ["nobody-there@example.com", "viewer@example.com"] {
            let visitor = app.visitor();
            let mut seen = Vec::new();
            for _ in 0..12 {
                let answer = visitor.signs_in(email, "wrong password").await;
                let status = answer.status().as_u16();
                seen.push((status,
                        postcard::from_bytes::<AppError>(&answer.bytes().await.unwrap()).unwrap()
                            .code));
            }
            assert!(seen[..11].iter().all(|answer| *answer == (401, ErrorCode::BadCredentials)),
                "{seen:?}");
            assert_eq!(seen[11], (429, ErrorCode::TooManyTries));
        }
    }

    async fn a_form_sent_before_the_module_is_there_comes_back_with_the_reason(database) {
        let app = TestApp::serve(database).await;
        let call = app.visitor().client.post(format!("{}/api/sign_in", app.base)).header(ACCEPT,
            "text/html");
        let back = call
            .header(REFERER, format!("{}/sign-in", app.base))
            .form(&[("email", "form@example.com"), ("password", "wrong password")])
            .send()
            .await
            .unwrap();
        assert_eq!(back.status(), 302);
        let page = back.headers()[LOCATION].to_str().unwrap().strip_prefix(&app.base).unwrap()
            .to_owned();
        assert!(app.visitor().opens(&page).await.text().await.unwrap().contains("role=\"alert\""),
            "{page}");
    }

    async fn the_session_cookie_is_out_of_the_reach_of_scripts_and_other_sites(database) {
        let app = TestApp::serve(database).await;
        let answer = app.visitor().signs_in("admin@example.com", crate::support::PASSWORD).await;
        let cookies: Vec<&str> = answer.headers().get_all(SET_COOKIE).iter()
            .map(|cookie| cookie.to_str().unwrap()).collect();
        let session = cookies.iter().find(|cookie| cookie.starts_with("alta=")).unwrap();
        assert!(session.contains("HttpOnly") && session.contains("SameSite=Lax"), "{session}");
        assert!(!session.contains("Secure"), "on a loopback address");
    }

    async fn a_session_is_new_at_each_sign_in_and_dead_after_sign_out(database) {
        let app = TestApp::serve(database).await;
        let cookie = |answer: &reqwest::Response| {
            let cookies = answer.headers().get_all(SET_COOKIE).iter()
                .filter_map(|cookie| cookie.to_str().ok());
            cookies.filter_map(|cookie| cookie.strip_prefix("alta="))
                .find_map(|cookie| cookie.split(';').next().map(str::to_owned)).unwrap()
        };
        let planted = "planted-by-somebody-else";
        let visitor = app.visitor();
        let call = visitor.client.post(format!("{}/api/sign_in", app.base)).header(COOKIE,
            format!("alta={planted}"));
        let form = [("email", "admin@example.com"), ("password", crate::support::PASSWORD)];
        let token = cookie(&call.form(&form).send().await.unwrap());
        assert_ne!(token, planted);
        let with = |token: &str| app.visitor().client.post(format!("{}/api/home",
                app.base)).header(COOKIE, format!("alta={token}")).send();
        assert_eq!(with(planted).await.unwrap().status(), 401);
        assert_eq!(with(&token).await.unwrap().status(), 200);
        let leave = app.visitor().client.post(format!("{}/api/sign_out", app.base)).header(COOKIE,
            format!("alta={token}"));
        assert_eq!(leave.send().await.unwrap().status(), 200);
        assert_eq!(with(&token).await.unwrap().status(), 401, "a stolen copy is worth nothing");
        let admin = app.signed_in(Role::Admin).await;
        let log: Vec<AuditEntry> = admin.asks("/api/team/audit", &(None::<AuditAction>, 0_i64))
            .await.unwrap();
        let [AuditAction::SignedIn, AuditAction::SignedOut, AuditAction::SignedIn] =
            log.iter().map(|entry| entry.action).take(3).collect::<Vec<_>>()[..] else {
            panic!("{log:?}");
        };
    }

    async fn nothing_is_called_by_following_a_link(database) {
        let app = TestApp::serve(database).await;
        let admin = app.signed_in(Role::Admin).await;
        for path in calls() {
            assert_eq!(admin.opens(path).await.status(), 405, "{path}");
        }
    }

    async fn a_call_from_another_site_is_refused(database) {
        let app = TestApp::serve(database).await;
        let admin = app.signed_in(Role::Admin).await;
        for path in calls() {
            // A form of another page, a script of another site, and a frame without an origin.
            for (origin, kind) in [
                ("https://evil.example.com", "application/x-www-form-urlencoded"),
                ("https://evil.example.com", "application/x-postcard"),
                ("null", "text/plain"),
            ] {
                let call = admin.client.post(format!("{}{path}", app.base)).header(ORIGIN,
                    origin).header(CONTENT_TYPE, kind);
                assert_eq!(call.send().await.unwrap().status(), 403, "{path} {origin}");
            }
        }
    }

    async fn only_the_batches_route_takes_large_bodies(database) {
        let app = TestApp::serve(database).await;
        let admin = app.signed_in(Role::Admin).await;
        let large = vec![b' '; 600_000];
        for path in calls() {
            match admin.tries(path, "application/json", large.clone()).await {
                Ok(answer) => assert!(
                    answer.status().is_client_error() || answer.status().is_server_error(),
                    "{path}: {}", answer.status()
                ),
                // The refusal came while the body was being sent, and ended the connection.
                Err(error) => assert!(error.is_request(), "{path}: {error}"),
            }
        }
        let small = admin.calls(BATCH_PATH, "application/x-postcard", vec![0; 90_000]).await;
        assert_ne!(small.status(), 413);
    }

    async fn strangers_send_little(database) {
        let app = TestApp::serve(database).await;
        let stranger = app.visitor();
        let long = "x".repeat(20_000);
        for path in OPEN_CALLS {
            let kind = "application/x-www-form-urlencoded";
            let body = format!("email={long}&password={long}&token={long}&code={long}");
            let Ok(answer) = stranger.tries(path, kind, body).await else { continue };
            let status = answer.status().as_u16();
            // Server functions without arguments read no body.
            let reads_none = ["/api/current_user", "/api/sign_out", "/api/ways_in",
                "/api/begin_passkey_sign_in"].contains(&path);
            assert!(matches!(status, 400 | 413 | 415) || reads_none, "{path}: {status}");
        }
        let form = [("email", "viewer@example.com".to_owned()), ("password", long)];
        // The server closes the connection of an answer 413, which may end the client's sending.
        let answer = loop {
            let stranger = app.visitor();
            let call = stranger.client.post(format!("{}/api/sign_in", app.base)).form(&form);
            if let Ok(answer) = call.send().await {
                break answer;
            }
        };
        assert_eq!(answer.status(), 413);
    }

    async fn pages_carry_a_strict_policy(database) {
        let app = TestApp::serve(database).await;
        let answer = app.visitor().opens("/sign-in").await;
        let policy = answer.headers().get("content-security-policy").unwrap().to_str().unwrap()
            .to_owned();
        let mut scripts = policy.split(';').map(str::trim)
            .filter_map(|rule| rule.strip_prefix("script-src "));
        let sources: Vec<&str> = scripts.next().unwrap().split(' ').collect();
        let ["'self'", nonce, "'wasm-unsafe-eval'"] = sources[..] else {
            panic!("{policy}");
        };
        assert!(nonce.starts_with("'nonce-") && scripts.next().is_none(), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert_eq!(answer.headers().get("x-content-type-options").unwrap(), "nosniff");
    }
}
