//! Tests that sessions end one by one, and by disuse.

use alta_domain::{AuditAction, ErrorCode, Role};
use alta_store::account::accounts;
use alta_store::account::sessions::{self, Arrival};
use alta_store::testing::age_sessions;
use alta_store::{audit, db_test};

use crate::people::{PASSWORD, is_in, refusal, role_of, signs_in};
use crate::support::ana;

db_test! {
    async fn sessions_end_one_by_one_and_only_ones_own(database) {
        let ana = ana(database).await;
        let access = ana.account().await;
        let second = signs_in(&ana).await;
        sessions::record_opened(
            &ana.store,
            &second,
            (Some("192.0.2.7".into()), Some("Firefox, Windows".into())),
            AuditAction::SignedIn,
        )
        .await
        .unwrap();
        accounts::add(
            &ana.store,
            "bia@example.com",
            "Bia",
            "primeros pasos".into(),
            Role::Admin,
        )
        .await
        .unwrap();
        let bia = sessions::sign_in(&ana.store, "bia@example.com", "primeros pasos".into())
            .await
            .unwrap();
        let theirs = sessions::account(&ana.store, &bia).await.unwrap().unwrap();
        let listed = sessions::list(&ana.store, &access, &ana.token)
            .await
            .unwrap();
        assert_eq!(listed.len(), 2);
        let other = listed.iter().find(|session| !session.is_this).unwrap();
        assert_eq!(
            (other.from.as_deref(), other.browser.as_deref()),
            (Some("192.0.2.7"), Some("Firefox, Windows"))
        );
        assert_eq!(
            refusal(sessions::end(&ana.store, &theirs, &other.id).await),
            ErrorCode::NotFound
        );
        assert!(is_in(&ana, &second).await);
        sessions::end(&ana.store, &access, &other.id).await.unwrap();
        assert!(!is_in(&ana, &second).await && is_in(&ana, &ana.token).await);
    }

    async fn a_sign_in_ends_the_session_before_it_in_the_same_browser(database) {
        let ana = ana(database).await;
        let before = signs_in(&ana).await;
        let password = PASSWORD.to_owned();
        let proven = sessions::check_password(&ana.store, "ana@example.com", password).await;
        let arrival = Arrival {
            address: Some("192.0.2.7".into()),
            browser: Some("Firefox, Windows".into()),
            way: AuditAction::SignedIn,
            before: Some(&before),
        };
        let entered = sessions::enter(&ana.store, proven.unwrap(), arrival).await;
        let (token, account) = entered.unwrap();
        assert!(is_in(&ana, &token).await && is_in(&ana, &ana.token).await);
        assert!(!is_in(&ana, &before).await);
        let listed = sessions::list(&ana.store, &account.unwrap(), &token).await.unwrap();
        let this = listed.iter().find(|session| session.is_this).unwrap();
        assert_eq!(
            (this.from.as_deref(), this.browser.as_deref()),
            (Some("192.0.2.7"), Some("Firefox, Windows"))
        );
        let log = audit::entries(&ana.store, &ana.admin().await, None, 0, 1).await;
        let last = &log.unwrap()[0];
        assert_eq!(
            (last.action, last.from.as_deref()),
            (AuditAction::SignedIn, Some("192.0.2.7"))
        );
    }

    async fn a_session_that_nobody_uses_ends_and_one_in_use_stays(database) {
        let ana = ana(database).await;
        age_sessions(&ana.store, sessions::IDLE_LENGTH - 60_000).await;
        assert_eq!(
            role_of(&ana, &ana.token).await,
            Some(Role::Admin),
            "and is in use from here on"
        );
        age_sessions(&ana.store, sessions::IDLE_LENGTH - 60_000).await;
        assert_eq!(role_of(&ana, &ana.token).await, Some(Role::Admin));
        age_sessions(&ana.store, sessions::IDLE_LENGTH + 1).await;
        assert_eq!(role_of(&ana, &ana.token).await, None);
    }
}
