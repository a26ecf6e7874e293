//! Tests of passwords: forgotten, changed, and set on the command line.

use alta_domain::{ErrorCode, Role};
use alta_store::account::mail::{self, Letter};
use alta_store::account::{passwords, sessions};
use alta_store::db_test;
use alta_store::testing::{hash_weakly, password_hash_of};

use crate::people::{PASSWORD, is_in, refusal, role_of, signs_in};
use crate::support::ana;

db_test! {
    async fn a_hash_with_old_settings_is_made_anew_when_its_owner_signs_in(database) {
        let ana = ana(database).await;
        hash_weakly(&ana.store, "ana@example.com", PASSWORD).await;
        let old = password_hash_of(&ana.store, "ana@example.com").await;
        assert!(old.contains("m=64,t=1"), "{old}");
        signs_in(&ana).await;
        let new = password_hash_of(&ana.store, "ana@example.com").await;
        assert!(new.contains("m=19456,t=2"), "{new}");
        signs_in(&ana).await;
        assert_eq!(password_hash_of(&ana.store, "ana@example.com").await, new);
    }

    async fn a_forgotten_password_is_set_once_by_its_link_and_ends_all_sessions(database) {
        let ana = ana(database).await;
        passwords::forgot(&ana.store, "nobody@example.com")
            .await
            .unwrap();
        assert_eq!(mail::lease_next(&ana.store).await.unwrap(), None);
        passwords::forgot(&ana.store, "ana@example.com")
            .await
            .unwrap();
        let letter = mail::lease_next(&ana.store).await.unwrap().unwrap();
        assert_eq!(
            (letter.letter, letter.to.as_str()),
            (Letter::Password, "ana@example.com")
        );
        let own = passwords::reset(&ana.store, &letter.token, "ana silva".into()).await;
        assert_eq!(refusal(own), ErrorCode::CommonPassword);
        let token = passwords::reset(&ana.store, &letter.token, "otra cosa larga".into())
            .await
            .unwrap();
        assert_eq!(role_of(&ana, &ana.token).await, None);
        assert_eq!(role_of(&ana, &token).await, Some(Role::Admin));
        let twice = passwords::reset(&ana.store, &letter.token, "otra cosa larga".into()).await;
        assert_eq!(refusal(twice), ErrorCode::BadLink);

        let access = sessions::account(&ana.store, &token).await.unwrap().unwrap();
        let other = sessions::sign_in(&ana.store, "ana@example.com", "otra cosa larga".into())
            .await
            .unwrap();
        let wrong = passwords::change(
            &ana.store,
            &access,
            &token,
            "wrong".into(),
            "tercera cosa larga".into(),
        )
        .await;
        assert_eq!(refusal(wrong), ErrorCode::BadCredentials);
        passwords::change(
            &ana.store,
            &access,
            &token,
            "otra cosa larga".into(),
            "tercera cosa larga".into(),
        )
        .await
        .unwrap();
        assert_eq!(
            (role_of(&ana, &token).await, role_of(&ana, &other).await),
            (Some(Role::Admin), None)
        );
    }

    async fn a_password_set_on_the_servers_command_line_ends_the_sessions(database) {
        let ana = ana(database).await;
        assert_eq!(
            refusal(passwords::set(&ana.store, "ana@example.com", "12345678".into()).await),
            ErrorCode::CommonPassword
        );
        passwords::set(&ana.store, "ana@example.com", "otra cosa larga".into())
            .await
            .unwrap();
        assert!(!is_in(&ana, &ana.token).await);
    }
}
