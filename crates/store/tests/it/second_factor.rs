//! The second factor, the key that its secret is sealed with, sessions one by one, and a new e-mail
//! address.

use alta_domain::{AuditAction, ErrorCode, Role};
use alta_store::mail::{self, Letter};
use alta_store::second_factor::{self, code_of};
use alta_store::vault::Vault;
use alta_store::{accounts, audit, db_test, emails, invitations, passwords, sessions, team};

use crate::support::{Person, ana};

const PASSWORD: &str = "correct horse";

/// Turns Ana's factor on; answers with the secret of her app.
async fn turns_on(ana: &Person) -> String {
    let access = ana.access().await;
    let secret = second_factor::begin(&ana.store, &access, PASSWORD.into())
        .await
        .unwrap()
        .secret;
    second_factor::confirm(
        &ana.store,
        &access,
        &ana.token,
        &code_of(&secret, 0).unwrap(),
    )
    .await
    .unwrap();
    secret
}

async fn signs_in(ana: &Person) -> String {
    sessions::sign_in(&ana.store, "ana@example.com", PASSWORD.into())
        .await
        .unwrap()
}

async fn is_in(ana: &Person, token: &str) -> bool {
    sessions::access(&ana.store, token).await.unwrap().is_some()
}

db_test! {
    async fn it_is_on_after_a_first_code_and_off_with_the_password(database) {
        let ana = ana(database).await;
        let access = ana.access().await;
        let elsewhere = signs_in(&ana).await;
        let stranger = second_factor::begin(&ana.store, &access, "wrong".into()).await;
        assert_eq!(stranger.unwrap_err().code(), ErrorCode::BadCredentials, "who finds an open screen does not shut its owner out");
        let secret = second_factor::begin(&ana.store, &access, PASSWORD.into()).await.unwrap().secret;
        let wrong = second_factor::confirm(&ana.store, &access, &ana.token, "123").await;
        assert_eq!(wrong.unwrap_err().code(), ErrorCode::BadCode);
        let after_begin = signs_in(&ana).await;
        assert!(is_in(&ana, &after_begin).await, "nothing is asked before");
        let codes = second_factor::confirm(&ana.store, &access, &ana.token, &code_of(&secret, 0).unwrap()).await.unwrap();
        assert_eq!((codes.len(), codes[0].len()), (10, 14));
        assert!(is_in(&ana, &ana.token).await && !is_in(&ana, &elsewhere).await, "sessions elsewhere end");
        let state = second_factor::state(&ana.store, &access).await.unwrap();
        assert_eq!((state.since.is_some(), state.codes, state.required), (true, 10, false));
        assert!(second_factor::begin(&ana.store, &access, PASSWORD.into()).await.is_err(), "an app is not exchanged behind the owner's back");

        let wrong = second_factor::turn_off(&ana.store, &access, "wrong".into()).await;
        assert_eq!(wrong.unwrap_err().code(), ErrorCode::BadCredentials);
        let renewed = second_factor::new_codes(&ana.store, &access, PASSWORD.into()).await.unwrap();
        assert_ne!(renewed[0], codes[0]);
        let waiting = signs_in(&ana).await;
        assert_eq!(second_factor::pass(&ana.store, &waiting, &codes[0]).await.unwrap_err().code(), ErrorCode::BadCode);
        second_factor::pass(&ana.store, &waiting, &renewed[0]).await.unwrap();
        second_factor::turn_off(&ana.store, &access, PASSWORD.into()).await.unwrap();
        let after = signs_in(&ana).await;
        assert!(is_in(&ana, &after).await);
        let log: Vec<AuditAction> =
            audit::entries(&ana.store, &ana.admin().await, None, 0, 3).await.unwrap().iter().map(|entry| entry.action).collect();
        assert_eq!(log, [AuditAction::SecondFactorOff, AuditAction::RecoveryCodesRenewed, AuditAction::SecondFactorOn]);
    }

    async fn ten_wrong_codes_shut_the_door_for_a_while_even_to_the_right_one(database) {
        let ana = ana(database).await;
        let secret = turns_on(&ana).await;
        let waiting = signs_in(&ana).await;
        for _ in 0..10 {
            assert_eq!(second_factor::pass(&ana.store, &waiting, "000000").await.unwrap_err().code(), ErrorCode::BadCode);
        }
        let right = second_factor::pass(&ana.store, &waiting, &code_of(&secret, 1).unwrap()).await;
        assert_eq!(right.unwrap_err().code(), ErrorCode::TooManyTries);
        second_factor::reset(&ana.store, "ana@example.com").await.unwrap();
        let after_reset = signs_in(&ana).await;
        assert!(is_in(&ana, &after_reset).await, "the server's command line opens it");
    }

    async fn no_way_in_goes_around_it(database) {
        let ana = ana(database).await;
        turns_on(&ana).await;
        passwords::forgot(&ana.store, "ana@example.com").await.unwrap();
        let letter = mail::next(&ana.store).await.unwrap().unwrap();
        let reset = passwords::reset(&ana.store, &letter.token, "otra cosa larga".into()).await.unwrap();
        assert!(!is_in(&ana, &reset).await, "a new password by mail");
        alta_store::testing::another_organization(&ana.store, other()).await;
        let eva = sessions::sign_in(&ana.store, "eva@example.com", "primeros pasos".into()).await.unwrap();
        let eva = sessions::access(&ana.store, &eva).await.unwrap().unwrap().admin().unwrap();
        invitations::invite(&ana.store, &eva, &["ana@example.com".to_owned()]).await.unwrap();
        let id = invitations::pending(&ana.store, &eva).await.unwrap()[0].id;
        let link = invitations::link(&ana.store, &eva, id).await.unwrap();
        let joined = invitations::join(&ana.store, &link, "otra cosa larga".into()).await.unwrap();
        assert!(!is_in(&ana, &joined).await, "an invitation to another organization");
    }

    async fn secrets_are_sealed_anew_with_a_new_key_and_the_old_one_opens_nothing(database) {
        let ana = ana(database).await;
        let old = ana.store.clone();
        old.check_vault().await.unwrap();
        let secret = turns_on(&ana).await;
        let new = Vault::random();
        let other = old.clone().with_vault(new.clone());
        assert!(other.check_vault().await.is_err(), "a server with another key says so");
        assert!(other.reseal().await.is_err());
        let both = Vault::parse(&format!("{},{}", new.to_text(), old_key(&old))).unwrap();
        assert_eq!(old.clone().with_vault(both).reseal().await.unwrap(), 1);
        other.check_vault().await.unwrap();
        let waiting = signs_in(&ana).await;
        let code = code_of(&secret, 1).unwrap();
        assert!(second_factor::pass(&old, &waiting, &code).await.is_err());
        second_factor::pass(&other, &waiting, &code).await.unwrap();
    }

    async fn sessions_end_one_by_one_and_only_ones_own(database) {
        let ana = ana(database).await;
        let access = ana.access().await;
        let second = signs_in(&ana).await;
        sessions::note_opened(&ana.store, &second, Some("192.0.2.7".into()), Some("Firefox, Windows".into())).await.unwrap();
        accounts::add(&ana.store, "bia@example.com", "Bia", "primeros pasos".into(), Role::Admin).await.unwrap();
        let bia = sessions::sign_in(&ana.store, "bia@example.com", "primeros pasos".into()).await.unwrap();
        let theirs = sessions::access(&ana.store, &bia).await.unwrap().unwrap();
        let listed = sessions::list(&ana.store, &access, &ana.token).await.unwrap();
        assert_eq!(listed.len(), 2);
        let other = listed.iter().find(|session| !session.is_this).unwrap();
        assert_eq!((other.from.as_deref(), other.browser.as_deref()), (Some("192.0.2.7"), Some("Firefox, Windows")));
        assert_eq!(sessions::end(&ana.store, &theirs, &other.id).await.unwrap_err().code(), ErrorCode::NotFound);
        assert!(is_in(&ana, &second).await);
        sessions::end(&ana.store, &access, &other.id).await.unwrap();
        assert!(!is_in(&ana, &second).await && is_in(&ana, &ana.token).await);
    }

    async fn a_new_address_counts_once_its_link_is_followed(database) {
        let ana = ana(database).await;
        let access = ana.access().await;
        assert_eq!(emails::ask(&ana.store, &access, "ana.silva@example.com", "wrong".into()).await.unwrap_err().code(), ErrorCode::BadCredentials);
        emails::ask(&ana.store, &access, "first@example.com", PASSWORD.into()).await.unwrap();
        emails::ask(&ana.store, &access, "ana.silva@example.com", PASSWORD.into()).await.unwrap();
        let letter = mail::next(&ana.store).await.unwrap().unwrap();
        assert_eq!((letter.to.as_str(), &letter.letter), ("ana.silva@example.com", &Letter::Email), "the last one that was asked for");
        signs_in(&ana).await;
        assert_eq!(emails::confirm(&ana.store, &letter.token).await.unwrap(), "ana.silva@example.com");
        assert_eq!(emails::confirm(&ana.store, &letter.token).await.unwrap_err().code(), ErrorCode::BadLink);
        let old = sessions::sign_in(&ana.store, "ana@example.com", PASSWORD.into()).await;
        assert_eq!(old.unwrap_err().code(), ErrorCode::BadCredentials);
        sessions::sign_in(&ana.store, "ana.silva@example.com", PASSWORD.into()).await.unwrap();

        accounts::add(&ana.store, "bia@example.com", "Bia", "primeros pasos".into(), Role::Admin).await.unwrap();
        emails::ask(&ana.store, &access, "bia@example.com", PASSWORD.into()).await.unwrap();
        mail::sent(&ana.store, letter.id).await.unwrap();
        let letter = mail::next(&ana.store).await.unwrap().unwrap();
        assert_eq!(emails::confirm(&ana.store, &letter.token).await.unwrap_err().code(), ErrorCode::NameTaken);
    }

    async fn a_new_password_ends_what_was_asked_for_under_the_old_one(database) {
        let ana = ana(database).await;
        let access = ana.access().await;
        emails::ask(&ana.store, &access, "eva@example.com", PASSWORD.into()).await.unwrap();
        let sent = mail::next(&ana.store).await.unwrap().unwrap();
        emails::ask(&ana.store, &access, "eva@example.com", PASSWORD.into()).await.unwrap();
        passwords::set(&ana.store, "ana@example.com", "otra cosa larga".into()).await.unwrap();
        assert_eq!(emails::confirm(&ana.store, &sent.token).await.unwrap_err().code(), ErrorCode::BadLink);
        assert_eq!(mail::next(&ana.store).await.unwrap(), None, "nor is it sent later");

        passwords::forgot(&ana.store, "ana@example.com").await.unwrap();
        let reset = mail::next(&ana.store).await.unwrap().unwrap();
        let again = sessions::sign_in(&ana.store, "ana@example.com", "otra cosa larga".into()).await.unwrap();
        let access = sessions::access(&ana.store, &again).await.unwrap().unwrap();
        emails::ask(&ana.store, &access, "ana.silva@example.com", "otra cosa larga".into()).await.unwrap();
        let letter = mail::next(&ana.store).await.unwrap().unwrap();
        emails::confirm(&ana.store, &letter.token).await.unwrap();
        let late = passwords::reset(&ana.store, &reset.token, "tercera cosa larga".into()).await;
        assert_eq!(late.unwrap_err().code(), ErrorCode::BadLink, "the old mailbox may be somebody else's");
    }

    async fn who_is_shut_out_does_not_come_back_by_an_invitation_of_their_own(database) {
        let ana = ana(database).await;
        accounts::add(&ana.store, "bia@example.com", "Bia", "primeros pasos".into(), Role::Admin).await.unwrap();
        let token = sessions::sign_in(&ana.store, "bia@example.com", "primeros pasos".into()).await.unwrap();
        let bia = sessions::access(&ana.store, &token).await.unwrap().unwrap().admin().unwrap();
        invitations::invite(&ana.store, &bia, &["bia.private@example.com".to_owned()]).await.unwrap();
        let id = invitations::pending(&ana.store, &bia).await.unwrap()[0].id;
        let link = invitations::link(&ana.store, &bia, id).await.unwrap();
        let member = team::members(&ana.store, &ana.admin().await).await.unwrap().into_iter().find(|member| member.email == "bia@example.com");
        team::set_active(&ana.store, &ana.admin().await, member.unwrap().user, false).await.unwrap();
        assert_eq!(invitations::offer(&ana.store, &link).await.unwrap_err().code(), ErrorCode::BadLink);
    }

    async fn a_password_set_on_the_servers_command_line_ends_the_sessions(database) {
        let ana = ana(database).await;
        assert_eq!(passwords::set(&ana.store, "ana@example.com", "12345678".into()).await.unwrap_err().code(), ErrorCode::CommonPassword);
        passwords::set(&ana.store, "ana@example.com", "otra cosa larga".into()).await.unwrap();
        assert!(!is_in(&ana, &ana.token).await);
    }
}

fn old_key(store: &alta_store::Store) -> String {
    store.vault().to_text()
}

fn other() -> alta_domain::NewOrganization {
    alta_domain::NewOrganization {
        organization: "Otra".into(),
        country: alta_domain::Country::BRAZIL,
        language: alta_domain::Language::Spanish,
        name: "Eva".into(),
        email: "eva@example.com".into(),
        password: "primeros pasos".into(),
    }
}
