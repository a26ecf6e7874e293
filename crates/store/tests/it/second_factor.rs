//! Tests of the second factor, and of the key that its secret is sealed with.

use alta_domain::{AuditAction, Country, ErrorCode, Language, NewOrganization};
use alta_store::account::second_factor::{self, code_of};
use alta_store::account::{invitations, mail, passwords, sessions};
use alta_store::testing::another_organization;
use alta_store::vault::Vault;
use alta_store::{Store, audit, db_test};

use crate::people::{PASSWORD, is_in, refusal, signs_in};
use crate::support::{Person, ana};

/// A second factor that is on.
struct TurnedOn {
    /// The secret of the app.
    secret: String,
    /// The recovery codes.
    codes: Vec<String>,
}

/// Turns Ana's second factor on.
async fn turns_on(ana: &Person) -> TurnedOn {
    let access = ana.account().await;
    let secret = second_factor::begin(&ana.store, &access, PASSWORD.into())
        .await
        .unwrap()
        .secret;
    let code = code_of(&secret, 0).unwrap();
    let codes = second_factor::confirm(&ana.store, &access, &ana.token, &code)
        .await
        .unwrap();
    TurnedOn { secret, codes }
}

fn old_key(store: &Store) -> String {
    store.vault().to_text()
}

fn other() -> NewOrganization {
    NewOrganization {
        organization: "Otra".into(),
        country: Country::BRAZIL,
        language: Language::Spanish,
        name: "Eva".into(),
        email: "eva@example.com".into(),
        password: "primeros pasos".into(),
    }
}

db_test! {
    async fn it_is_on_after_a_first_code(database) {
        let ana = ana(database).await;
        let access = ana.account().await;
        let elsewhere = signs_in(&ana).await;
        let stranger = second_factor::begin(&ana.store, &access, "wrong".into()).await;
        assert_eq!(
            refusal(stranger),
            ErrorCode::BadCredentials,
            "who finds an open screen does not shut its owner out"
        );
        let secret = second_factor::begin(&ana.store, &access, PASSWORD.into())
            .await
            .unwrap()
            .secret;
        let wrong = second_factor::confirm(&ana.store, &access, &ana.token, "123").await;
        assert_eq!(refusal(wrong), ErrorCode::BadCode);
        let after_begin = signs_in(&ana).await;
        assert!(is_in(&ana, &after_begin).await, "nothing is asked before");
        let codes = second_factor::confirm(
            &ana.store,
            &access,
            &ana.token,
            &code_of(&secret, 0).unwrap(),
        )
        .await
        .unwrap();
        assert_eq!((codes.len(), codes[0].len()), (10, 14));
        assert!(
            is_in(&ana, &ana.token).await && !is_in(&ana, &elsewhere).await,
            "sessions elsewhere end"
        );
        let state = second_factor::state(&ana.store, &access).await.unwrap();
        assert_eq!(
            (state.since.is_some(), state.codes, state.required),
            (true, 10, false)
        );
        assert!(
            second_factor::begin(&ana.store, &access, PASSWORD.into())
                .await
                .is_err(),
            "an app is not exchanged behind the owner's back"
        );
    }

    async fn its_codes_are_renewed_and_it_is_turned_off_with_the_password(database) {
        let ana = ana(database).await;
        let codes = turns_on(&ana).await.codes;
        let access = ana.account().await;
        let wrong = second_factor::turn_off(&ana.store, &access, "wrong".into()).await;
        assert_eq!(refusal(wrong), ErrorCode::BadCredentials);
        let renewed = second_factor::new_codes(&ana.store, &access, PASSWORD.into())
            .await
            .unwrap();
        assert_ne!(renewed[0], codes[0]);
        let waiting = signs_in(&ana).await;
        assert_eq!(
            refusal(second_factor::enter_code(&ana.store, &waiting, &codes[0]).await),
            ErrorCode::BadCode
        );
        second_factor::enter_code(&ana.store, &waiting, &renewed[0])
            .await
            .unwrap();
        second_factor::turn_off(&ana.store, &access, PASSWORD.into())
            .await
            .unwrap();
        let after = signs_in(&ana).await;
        assert!(is_in(&ana, &after).await);
        let log: Vec<AuditAction> = audit::entries(&ana.store, &ana.admin().await, None, 0, 3)
            .await
            .unwrap()
            .iter()
            .map(|entry| entry.action)
            .collect();
        assert_eq!(
            log,
            [
                AuditAction::SecondFactorOff,
                AuditAction::RecoveryCodesRenewed,
                AuditAction::SecondFactorOn
            ]
        );
    }

    async fn ten_wrong_codes_shut_the_door_for_a_while_even_to_the_right_one(database) {
        let ana = ana(database).await;
        let secret = turns_on(&ana).await.secret;
        let waiting = signs_in(&ana).await;
        for _ in 0..10 {
            assert_eq!(
                refusal(second_factor::enter_code(&ana.store, &waiting, "000000").await),
                ErrorCode::BadCode
            );
        }
        let right =
            second_factor::enter_code(&ana.store, &waiting, &code_of(&secret, 1).unwrap()).await;
        assert_eq!(refusal(right), ErrorCode::TooManyTries);
        second_factor::reset(&ana.store, "ana@example.com")
            .await
            .unwrap();
        let after_reset = signs_in(&ana).await;
        assert!(
            is_in(&ana, &after_reset).await,
            "the server's command line opens it"
        );
    }

    async fn no_way_in_goes_around_it(database) {
        let ana = ana(database).await;
        turns_on(&ana).await;
        passwords::forgot(&ana.store, "ana@example.com")
            .await
            .unwrap();
        let letter = mail::lease_next(&ana.store).await.unwrap().unwrap();
        let reset = passwords::reset(&ana.store, &letter.token, "otra cosa larga".into())
            .await
            .unwrap();
        assert!(!is_in(&ana, &reset).await, "a new password by mail");
        another_organization(&ana.store, other()).await;
        let eva = sessions::sign_in(&ana.store, "eva@example.com", "primeros pasos".into())
            .await
            .unwrap();
        let eva = sessions::account(&ana.store, &eva)
            .await
            .unwrap()
            .unwrap()
            .admin()
            .unwrap();
        invitations::invite(&ana.store, &eva, &["ana@example.com".to_owned()])
            .await
            .unwrap();
        let id = invitations::pending(&ana.store, &eva).await.unwrap()[0].id;
        let link = invitations::link(&ana.store, &eva, id).await.unwrap();
        let joined = invitations::join(&ana.store, &link, "otra cosa larga".into())
            .await
            .unwrap();
        assert!(
            !is_in(&ana, &joined).await,
            "an invitation to another organization"
        );
    }

    async fn secrets_are_sealed_anew_with_a_new_key_and_the_old_one_opens_nothing(database) {
        let ana = ana(database).await;
        let old = ana.store.clone();
        old.check_vault().await.unwrap();
        let secret = turns_on(&ana).await.secret;
        let new = Vault::random();
        let other = old.clone().with_vault(new.clone());
        assert!(
            other.check_vault().await.is_err(),
            "a server with another key says so"
        );
        assert!(other.reseal().await.is_err());
        let both = Vault::parse(&format!("{},{}", new.to_text(), old_key(&old))).unwrap();
        assert_eq!(old.clone().with_vault(both).reseal().await.unwrap(), 1);
        other.check_vault().await.unwrap();
        let waiting = signs_in(&ana).await;
        let code = code_of(&secret, 1).unwrap();
        assert!(
            second_factor::enter_code(&old, &waiting, &code)
                .await
                .is_err()
        );
        second_factor::enter_code(&other, &waiting, &code)
            .await
            .unwrap();
    }
}
