//! Strangers who know an address and guess its password, and the owner, who has the right password.

use alta_app::api::AppError;
use alta_domain::{ErrorCode, Role};
use alta_server::config::Config;
use alta_store::account::{mail, passwords};
use alta_store::db_test;
use futures_util::future::join_all;

use crate::support::{PASSWORD, TestApp, Visitor};

/// Returns settings under which a try that has to wait is refused.
fn strict() -> Config {
    Config {
        sign_in_pause_ms: 3_600_000,
        ..Config::default()
    }
}

/// Guesses until guesses are refused.
async fn guess(stranger: &Visitor, email: &str) {
    for _ in 0..20 {
        if stranger.signs_in(email, "wrong password").await.status() == 429 {
            return;
        }
    }
    panic!("twenty wrong passwords of {email}");
}

async fn change(visitor: &Visitor) -> Result<(), ErrorCode> {
    let form = [("old", PASSWORD), ("new", "otra frase buena 77")];
    let url = format!("{}/api/account/change_password", visitor.base);
    let answer = visitor.client.post(url).form(&form).send().await.unwrap();
    if answer.status().is_success() {
        return Ok(());
    }
    let body = answer.bytes().await.unwrap();
    Err(postcard::from_bytes::<AppError>(&body).unwrap().code)
}

db_test! {
    async fn a_browser_that_signed_in_before_is_not_shut_out_by_a_strangers_guesses(database) {
        let app = TestApp::serve_set_up(database, &strict()).await;
        let owner = app.signed_in(Role::Admin).await;
        guess(&app.visitor(), "admin@example.com").await;
        assert_eq!(app.visitor().signs_in("admin@example.com", PASSWORD).await.status(), 429,
            "a browser that nobody knows");
        assert_eq!(owner.signs_in("admin@example.com", PASSWORD).await.status(), 200);
        // The browser is known for the first address only.
        guess(&app.visitor(), "viewer@example.com").await;
        assert_eq!(owner.signs_in("viewer@example.com", PASSWORD).await.status(), 429);
    }

    async fn right_passwords_wait_behind_wrong_ones_and_pass(database) {
        // Of tries at the same moment, those whose turn comes within ten seconds pass.
        let config = Config { sign_in_pause_ms: 4_000, ..Config::default() };
        let app = TestApp::serve_set_up(database, &config).await;
        let stranger = app.visitor();
        for _ in 0..10 {
            stranger.signs_in("viewer@example.com", "wrong password").await;
        }
        let owner = app.visitor();
        let tries = (0..8).map(|_| owner.signs_in("viewer@example.com", PASSWORD));
        let answers = join_all(tries).await;
        let passed = answers.iter().filter(|answer| answer.status() == 200).count();
        let refused = answers.iter().filter(|answer| answer.status() == 429).count();
        assert!(matches!((passed, refused), (3, 5) | (4, 4)), "{passed} {refused}");
    }

    async fn guesses_at_the_same_moment_are_counted_one_after_another(database) {
        let app = TestApp::serve_set_up(database, &strict()).await;
        let stranger = app.visitor();
        let tries = (0..60).map(|_| stranger.signs_in("viewer@example.com", "wrong password"));
        let answers = join_all(tries).await;
        let tried = answers.iter().filter(|answer| answer.status() == 401).count();
        assert!((10..=11).contains(&tried), "{tried} of 60 were tried");
    }

    async fn a_cookie_of_before_a_new_password_is_no_known_browser(database) {
        let app = TestApp::serve_set_up(database, &strict()).await;
        let thief = app.signed_in(Role::Viewer).await;
        passwords::set(&database.store, "viewer@example.com", "otra frase buena 77".into())
            .await.unwrap();
        guess(&app.visitor(), "viewer@example.com").await;
        assert_eq!(thief.signs_in("viewer@example.com", "wrong password").await.status(), 429);
    }

    async fn mails_to_many_addresses_are_counted_by_the_network(database) {
        let config = Config { smtp_url: Some("smtp://127.0.0.1:1".to_owned().into()),
            network_failures: 20, ..strict() };
        let app = TestApp::serve_set_up(database, &config).await;
        let stranger = app.visitor();
        let url = format!("{}/api/forgot_password", app.base);
        let tries = (0..60).map(|n| {
            let form = [("email", format!("person{n}@example.com"))];
            stranger.client.post(&url).form(&form).send()
        });
        let answers = join_all(tries).await;
        let taken = answers.into_iter().filter(|answer| answer.as_ref().unwrap().status() == 200);
        assert!((20..=22).contains(&taken.count()));
    }

    async fn right_passwords_are_no_failures(database) {
        let app = TestApp::serve_set_up(database, &strict()).await;
        for _ in 0..15 {
            let answer = app.visitor().signs_in("viewer@example.com", PASSWORD).await;
            assert_eq!(answer.status(), 200);
        }
    }

    async fn what_a_stranger_types_names_no_bucket_of_others(database) {
        let app = TestApp::serve_set_up(database, &strict()).await;
        let viewer = app.signed_in(Role::Viewer).await;
        let stranger = app.visitor();
        for name in ["password of viewer@example.com", "viewer@example.com", "set-up"] {
            for _ in 0..12 {
                stranger.signs_in(name, "wrong password").await;
            }
        }
        assert_eq!(change(&viewer).await, Ok(()));
    }

    async fn a_link_that_nobody_can_guess_has_no_limit_of_its_own(database) {
        let app = TestApp::serve(database).await;
        let new = [("token", "x"), ("organization", "o"), ("country", "BR"), ("language", "es"),
            ("name", "n"), ("email", "e@example.com"), ("password", "p")];
        for _ in 0..30 {
            let call = app.visitor().client.post(format!("{}/api/set_up", app.base)).form(&new);
            let answer = call.send().await.unwrap();
            let body = answer.bytes().await.unwrap();
            let code = postcard::from_bytes::<AppError>(&body).unwrap().code;
            assert_eq!(code, ErrorCode::BadSetupLink);
        }
    }

    async fn an_owner_who_has_just_reset_is_let_in(database) {
        let app = TestApp::serve_set_up(database, &strict()).await;
        guess(&app.visitor(), "viewer@example.com").await;
        passwords::forgot(&database.store, "viewer@example.com").await.unwrap();
        let letter = mail::lease_next(&database.store).await.unwrap().unwrap();
        let form = [("token", letter.token.as_str()), ("password", "otra frase buena 77")];
        let owner = app.visitor();
        let call = owner.client.post(format!("{}/api/reset_password", app.base)).form(&form);
        assert_eq!(call.send().await.unwrap().status(), 200);
        let elsewhere = app.visitor();
        let again = elsewhere.signs_in("viewer@example.com", "otra frase buena 77").await;
        assert_eq!(again.status(), 200, "in another browser");
        // The same reset from the server's own shell, which is another process.
        guess(&app.visitor(), "operator@example.com").await;
        passwords::set(&database.store, "operator@example.com",
            "otra frase buena 77".into()).await.unwrap();
        let reset = app.visitor().signs_in("operator@example.com", "otra frase buena 77").await;
        assert_eq!(reset.status(), 200);
    }

    async fn an_address_with_spaces_or_in_capitals_is_the_same_address(database) {
        let config = Config { smtp_url: Some("smtp://127.0.0.1:1".to_owned().into()), ..strict() };
        let app = TestApp::serve_set_up(database, &config).await;
        let mut taken = 0;
        for n in 0..12 {
            let email = format!("{}{}", " ".repeat(n),
                if n % 2 == 0 { "viewer@example.com" } else { "Viewer@Example.com" });
            let call = app.visitor().client.post(format!("{}/api/forgot_password", app.base));
            let answer = call.form(&[("email", email)]).send().await.unwrap();
            taken += u32::from(answer.status() == 200);
        }
        assert_eq!(taken, 5);
    }
}
