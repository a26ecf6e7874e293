//! Tests of changes of e-mail addresses.

use alta_domain::{ErrorCode, Role};
use alta_store::account::mail::{self, Letter, Mail};
use alta_store::account::{accounts, emails, passwords, sessions};
use alta_store::{StoreLimits, db_test};

use crate::people::{PASSWORD, refusal, signs_in};
use crate::support::{Person, ana};

/// Takes the next mail that is due.
async fn next_mail(ana: &Person) -> Mail {
    mail::lease_next(&ana.store).await.unwrap().unwrap()
}

db_test! {
    async fn an_address_is_warned_of_a_change_that_was_made_before_it_could_be_told(database) {
        let ana = ana(database).await;
        let access = ana.account().await;
        emails::request_change(&ana.store, &access, "eva@example.com", PASSWORD.into())
            .await
            .unwrap();
        let letter = next_mail(&ana).await;
        emails::confirm(&ana.store, &letter.token).await.unwrap();
        let warning = next_mail(&ana).await;
        assert_eq!(warning.to, "ana@example.com", "the address that was");
    }

    async fn a_new_address_counts_once_its_link_is_followed(database) {
        let ana = ana(database).await;
        let access = ana.account().await;
        assert_eq!(
            refusal(
                emails::request_change(
                    &ana.store,
                    &access,
                    "ana.silva@example.com",
                    "wrong".into()
                )
                .await
            ),
            ErrorCode::BadCredentials
        );
        emails::request_change(&ana.store, &access, "first@example.com", PASSWORD.into())
            .await
            .unwrap();
        emails::request_change(
            &ana.store,
            &access,
            "ana.silva@example.com",
            PASSWORD.into(),
        )
        .await
        .unwrap();
        let first_warning = next_mail(&ana).await;
        let letter = next_mail(&ana).await;
        assert_eq!(
            (letter.to.as_str(), &letter.letter),
            ("ana.silva@example.com", &Letter::Email),
            "the last one that was asked for"
        );
        let warnings = [first_warning, next_mail(&ana).await];
        for (warning, asked) in warnings.iter().zip(["first", "ana.silva"]) {
            let new_email = format!("{asked}@example.com");
            assert_eq!(warning.letter, Letter::EmailWarning { new_email });
            assert_eq!((warning.to.as_str(), warning.token.as_str()), ("ana@example.com", ""));
        }
        signs_in(&ana).await;
        assert_eq!(
            emails::confirm(&ana.store, &letter.token).await.unwrap(),
            "ana.silva@example.com"
        );
        assert_eq!(
            refusal(emails::confirm(&ana.store, &letter.token).await),
            ErrorCode::BadLink
        );
        let old = sessions::sign_in(&ana.store, "ana@example.com", PASSWORD.into()).await;
        assert_eq!(refusal(old), ErrorCode::BadCredentials);
        sessions::sign_in(&ana.store, "ana.silva@example.com", PASSWORD.into())
            .await
            .unwrap();
    }

    async fn who_knows_a_password_sends_a_few_mails_to_strangers_and_no_more(database) {
        let ana = ana(database).await;
        let access = ana.account().await;
        let most = StoreLimits::default().address_changes;
        let asks = async |address: String| {
            let asked = emails::request_change(&ana.store, &access, &address, PASSWORD.into());
            let refused = asked.await.err().map(|error| error.code());
            // The mails are sent before the next change is asked for.
            while let Some(mail) = mail::lease_next(&ana.store).await.unwrap() {
                mail::mark_sent(&ana.store, mail.id).await.unwrap();
            }
            refused
        };
        for number in 0..most {
            assert_eq!(asks(format!("stranger{number}@example.com")).await, None);
        }
        let one_more = asks("stranger@example.com".into()).await;
        assert_eq!(one_more, Some(ErrorCode::TooManyChanges));
    }

    async fn a_change_that_is_asked_for_again_counts_although_its_warning_was_refused(database) {
        let ana = ana(database).await;
        let access = ana.account().await;
        let most = StoreLimits::default().address_changes;
        for number in 0..=most {
            let asked =
                emails::request_change(&ana.store, &access, "eva@example.com", PASSWORD.into());
            let refused = asked.await.err().map(|error| error.code());
            assert_eq!(
                refused,
                (number == most).then_some(ErrorCode::TooManyChanges),
                "change {number}"
            );
            while let Some(mail) = mail::lease_next(&ana.store).await.unwrap() {
                if matches!(mail.letter, Letter::EmailWarning { .. }) {
                    mail::mark_refused(&ana.store, mail.id, "550 no such user")
                        .await
                        .unwrap();
                } else {
                    mail::mark_sent(&ana.store, mail.id).await.unwrap();
                }
            }
        }
    }

    async fn an_address_that_somebody_has_is_refused_once_its_link_is_followed(database) {
        let ana = ana(database).await;
        let access = ana.account().await;
        accounts::add(
            &ana.store,
            "bia@example.com",
            "Bia",
            "primeros pasos".into(),
            Role::Admin,
        )
        .await
        .unwrap();
        emails::request_change(&ana.store, &access, "bia@example.com", PASSWORD.into())
            .await
            .unwrap();
        let letter = next_mail(&ana).await;
        assert_eq!(
            refusal(emails::confirm(&ana.store, &letter.token).await),
            ErrorCode::NameTaken
        );
    }

    async fn a_new_password_ends_what_was_asked_for_under_the_old_one(database) {
        let ana = ana(database).await;
        let access = ana.account().await;
        emails::request_change(&ana.store, &access, "eva@example.com", PASSWORD.into())
            .await
            .unwrap();
        let sent = next_mail(&ana).await;
        emails::request_change(&ana.store, &access, "eva@example.com", PASSWORD.into())
            .await
            .unwrap();
        passwords::set(&ana.store, "ana@example.com", "otra cosa larga".into())
            .await
            .unwrap();
        assert_eq!(
            refusal(emails::confirm(&ana.store, &sent.token).await),
            ErrorCode::BadLink
        );
        let new_email = "eva@example.com".to_owned();
        assert_eq!(
            next_mail(&ana).await.letter,
            Letter::EmailWarning { new_email },
            "the old address is warned all the same, and once"
        );
        assert_eq!(
            mail::lease_next(&ana.store).await.unwrap(),
            None,
            "nor is the question sent later"
        );

        passwords::forgot(&ana.store, "ana@example.com")
            .await
            .unwrap();
        let reset = next_mail(&ana).await;
        let again = sessions::sign_in(&ana.store, "ana@example.com", "otra cosa larga".into())
            .await
            .unwrap();
        let access = sessions::account(&ana.store, &again).await.unwrap().unwrap();
        emails::request_change(
            &ana.store,
            &access,
            "ana.silva@example.com",
            "otra cosa larga".into(),
        )
        .await
        .unwrap();
        let letter = next_mail(&ana).await;
        emails::confirm(&ana.store, &letter.token).await.unwrap();
        let late = passwords::reset(&ana.store, &reset.token, "tercera cosa larga".into()).await;
        assert_eq!(
            refusal(late),
            ErrorCode::BadLink,
            "the old mailbox may be somebody else's"
        );
    }
}
