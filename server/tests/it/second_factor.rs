//! Signing in with a second factor, over the network.

use alta_app::api::account::AppSecret;
use alta_domain::{AuditAction, AuditEntry, OrganizationSettings, Role};
use alta_store::account::second_factor::code_of;
use alta_store::account::sessions;
use alta_store::db_test;
use futures_util::future::join_all;
use reqwest::Response;
use reqwest::header::LOCATION;

use crate::support::{PASSWORD, TestApp, Visitor};

async fn gives(visitor: &Visitor, app: &TestApp, code: &str) -> Response {
    visitor
        .client
        .post(format!("{}/api/give_code", app.base))
        .form(&[("code", code)])
        .send()
        .await
        .unwrap()
}

/// Turns the second factor on; returns the app's secret and the recovery codes.
async fn turns_on(visitor: &Visitor) -> (String, Vec<String>) {
    let password = postcard::to_allocvec(&(PASSWORD,)).unwrap();
    let made = visitor
        .calls(
            "/api/account/begin_second_factor",
            "application/x-postcard",
            password,
        )
        .await;
    let secret = postcard::from_bytes::<AppSecret>(&made.bytes().await.unwrap())
        .unwrap()
        .secret;
    let code = postcard::to_allocvec(&(code_of(&secret, 0).unwrap(),)).unwrap();
    let confirmed = visitor
        .calls(
            "/api/account/confirm_second_factor",
            "application/x-postcard",
            code,
        )
        .await;
    assert_eq!(confirmed.status(), 200);
    (
        secret,
        postcard::from_bytes(&confirmed.bytes().await.unwrap()).unwrap(),
    )
}

/// Turns the Admin's second factor on, and makes it required for all Admins.
pub(crate) async fn require_second_factor(app: &TestApp) {
    let admin = app.signed_in(Role::Admin).await;
    turns_on(&admin).await;
    let asked = OrganizationSettings {
        requires_second_factor: true,
        ..settings()
    };
    let set: Result<(), _> = admin.asks("/api/team/set_organization", &(asked,)).await;
    set.unwrap();
}

db_test! {
    async fn the_password_alone_opens_nothing(database) {
        let app = TestApp::serve(database).await;
        let admin = app.signed_in(Role::Admin).await;
        let (secret, codes) = turns_on(&admin).await;
        let visitor = app.visitor();
        assert_eq!(visitor.signs_in("admin@example.com", PASSWORD).await.status(), 200);
        let page = visitor.opens("/").await;
        assert_eq!((page.status().as_u16(), page.headers()[LOCATION].to_str().unwrap()),
            (303, "/second-factor"));
        for path in ["/api/home", "/api/account/sessions", "/api/team/read",
            "/api/account/turn_off_second_factor"] {
            assert_eq!(visitor.calls(path, "application/x-postcard", Vec::new()).await.status(),
                401, "{path}");
        }
        assert_eq!(gives(&visitor, &app, "000 000").await.status(), 401);
        let code = code_of(&secret, 1).unwrap();
        assert_eq!(gives(&visitor, &app, &code).await.status(), 200);
        assert_eq!(visitor.opens("/").await.status(), 200);
        let log: Vec<AuditEntry> = visitor
            .asks("/api/team/audit", &(None::<AuditAction>, 0_i64))
            .await
            .unwrap();
        assert_eq!(log[0].action, AuditAction::SignedInWithCode, "{log:?}");

        let replay = app.visitor();
        replay.signs_in("admin@example.com", PASSWORD).await;
        assert_eq!(gives(&replay, &app, &code).await.status(), 401, "a code passes once");
        assert_eq!(gives(&replay, &app, &codes[0].to_uppercase()).await.status(), 200,
            "a recovery code in its place");
        let again = app.visitor();
        again.signs_in("admin@example.com", PASSWORD).await;
        assert_eq!(gives(&again, &app, &codes[0]).await.status(), 401,
            "a recovery code passes once");
        assert_eq!(gives(&app.visitor(), &app, &codes[1]).await.status(), 401,
            "and none without the password");
    }

    async fn codes_at_the_same_moment_are_counted_one_after_another(database) {
        let app = TestApp::serve(database).await;
        let admin = app.signed_in(Role::Admin).await;
        turns_on(&admin).await;
        let visitor = app.visitor();
        visitor.signs_in("admin@example.com", PASSWORD).await;
        let answers = join_all((0..40).map(|_| gives(&visitor, &app, "000 000"))).await;
        let tried = answers.iter().filter(|answer| answer.status() == 401).count();
        assert!((1..=11).contains(&tried), "{tried} of 40 were tried");
    }

    async fn an_admin_without_the_factor_that_is_asked_for_reaches_their_account_alone(database) {
        let app = TestApp::serve(database).await;
        let admin = app.signed_in(Role::Admin).await;
        let asked = OrganizationSettings { requires_second_factor: true, ..settings() };
        let body = postcard::to_allocvec(&(asked,)).unwrap();
        let set = |body: Vec<u8>| admin.calls("/api/team/set_organization",
            "application/x-postcard", body);
        assert_eq!(set(body.clone()).await.status(), 403, "who asks for it must have it");
        turns_on(&admin).await;
        assert_eq!(set(body).await.status(), 200);
        alta_store::account::accounts::add(&database.store, "second@example.com", "Bia",
            PASSWORD.into(), Role::Admin).await.unwrap();
        let second = app.visitor();
        second.signs_in("second@example.com", PASSWORD).await;
        let page = second.opens("/settings").await;
        assert_eq!((page.status().as_u16(), page.headers()[LOCATION].to_str().unwrap()),
            (303, "/account"));
        assert_eq!(second.calls("/api/team/read", "application/x-postcard",
                Vec::new()).await.status(), 403);
        assert_eq!(second.opens("/account").await.status(), 200);
        turns_on(&second).await;
        assert_eq!(second.opens("/settings").await.status(), 200);
        assert_eq!(app.signed_in(Role::Viewer).await.opens("/").await.status(), 200,
            "others are not asked");
        assert!(sessions::operator(&database.store, "acme").await.is_ok(),
            "nor is the server's own command line");
    }
}

fn settings() -> OrganizationSettings {
    OrganizationSettings {
        name: "Acme".into(),
        country: alta_domain::Country::BRAZIL,
        language: alta_domain::Language::Spanish,
        requires_second_factor: false,
    }
}
