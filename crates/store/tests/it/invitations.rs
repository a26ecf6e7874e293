//! Tests of invitations and their mails.

use alta_domain::{ErrorCode, Language, MailState, Role};
use alta_store::account::mail::{self, Letter};
use alta_store::account::{accounts, invitations, sessions, team};
use alta_store::{StoreLimits, db_test};

use crate::people::{adds, invites, refusal, role_of};
use crate::support::ana;

db_test! {
    async fn an_organization_sends_some_hundred_invitations_an_hour_and_no_more(database) {
        let mut ana = ana(database).await;
        let limits = StoreLimits {
            invitation_mails: 3,
            ..StoreLimits::default()
        };
        ana.store = ana.store.with_limits(limits);
        let admin = ana.admin().await;
        let two = ["bia@example.com", "caio@example.com"].map(str::to_owned);
        invitations::invite(&ana.store, &admin, &two).await.unwrap();
        let more = ["duda@example.com", "eva@example.com"].map(str::to_owned);
        let refused = invitations::invite(&ana.store, &admin, &more).await;
        assert_eq!(refusal(refused), ErrorCode::TooManyInvitations);
        let pending = invitations::pending(&ana.store, &admin).await.unwrap();
        assert_eq!(pending.len(), 2, "nobody of the second call is invited");
        let again = async || invitations::resend(&ana.store, &admin, pending[0].id).await;
        again().await.unwrap();
        assert_eq!(refusal(again().await), ErrorCode::TooManyInvitations);
    }

    async fn an_invitation_is_mailed_by_one_server_and_again_in_its_time(database) {
        let ana = ana(database).await;
        let admin = ana.admin().await;
        let id = invites(&ana, "bia@example.com").await;
        let first = mail::lease_next(&ana.store).await.unwrap().unwrap();
        assert_eq!(
            (first.to.as_str(), first.language),
            ("bia@example.com", Language::Portuguese),
            "the organization's language"
        );
        assert_eq!(
            first.letter,
            Letter::Invitation {
                organization: "Acme".into(),
                inviter: "Ana Silva".into()
            }
        );
        assert_eq!(
            mail::lease_next(&ana.store).await.unwrap(),
            None,
            "one server has it in hand"
        );
        mail::retry_later(&ana.store, first.id).await.unwrap();
        assert_eq!(
            mail::lease_next(&ana.store).await.unwrap(),
            None,
            "not before its time"
        );
        invitations::resend(&ana.store, &admin, id).await.unwrap();
        let second = mail::lease_next(&ana.store).await.unwrap().unwrap();
        mail::mark_sent(&ana.store, second.id).await.unwrap();
        assert!(matches!(
            invitations::pending(&ana.store, &admin).await.unwrap()[0].mail,
            MailState::Sent(_)
        ));
    }

    async fn an_invitation_is_accepted_once_and_only_by_its_newest_link(database) {
        let ana = ana(database).await;
        let admin = ana.admin().await;
        let id = invites(&ana, "bia@example.com").await;
        let first = mail::lease_next(&ana.store).await.unwrap().unwrap();
        invitations::resend(&ana.store, &admin, id).await.unwrap();
        let second = mail::lease_next(&ana.store).await.unwrap().unwrap();
        assert_eq!(
            refusal(invitations::offer(&ana.store, &first.token).await),
            ErrorCode::BadLink,
            "a newer link was sent"
        );
        let offer = invitations::offer(&ana.store, &second.token).await.unwrap();
        assert_eq!(
            (offer.organization.as_str(), offer.role, offer.has_account),
            ("Acme", Role::Admin, false)
        );
        let weak = invitations::accept(
            &ana.store,
            &second.token,
            "Bia",
            "password123".into(),
            Language::English,
        )
        .await;
        assert_eq!(refusal(weak), ErrorCode::CommonPassword);
        let token = invitations::accept(
            &ana.store,
            &second.token,
            "Bia",
            "primeros pasos".into(),
            Language::English,
        )
        .await
        .unwrap();
        assert_eq!(role_of(&ana, &token).await, Some(Role::Admin));
        let twice = invitations::accept(
            &ana.store,
            &second.token,
            "Eva",
            "primeros pasos".into(),
            Language::English,
        )
        .await;
        assert_eq!(refusal(twice), ErrorCode::BadLink);
        assert!(
            invitations::pending(&ana.store, &admin)
                .await
                .unwrap()
                .is_empty()
        );
    }

    async fn a_refused_mail_says_so_and_a_revoked_invitation_is_not_sent(database) {
        let ana = ana(database).await;
        let admin = ana.admin().await;
        let id = invites(&ana, "bia@example.com").await;
        let sent = mail::lease_next(&ana.store).await.unwrap().unwrap();
        mail::mark_refused(&ana.store, sent.id, "550 no such user")
            .await
            .unwrap();
        assert_eq!(
            invitations::pending(&ana.store, &admin).await.unwrap()[0].mail,
            MailState::Refused("550 no such user".into())
        );
        let token = invitations::link(&ana.store, &admin, id).await.unwrap();
        invitations::offer(&ana.store, &token).await.unwrap();
        invitations::revoke(&ana.store, &admin, id).await.unwrap();
        assert_eq!(
            refusal(invitations::offer(&ana.store, &token).await),
            ErrorCode::BadLink
        );
        assert_eq!(mail::lease_next(&ana.store).await.unwrap(), None);
        assert_eq!(
            refusal(invitations::revoke(&ana.store, &admin, id).await),
            ErrorCode::NotFound
        );
    }

    async fn a_link_that_was_handed_over_is_not_killed_by_a_mail_that_waited(database) {
        let ana = ana(database).await;
        let admin = ana.admin().await;
        let id = invites(&ana, "bia@example.com").await;
        let token = invitations::link(&ana.store, &admin, id).await.unwrap();
        assert_eq!(mail::lease_next(&ana.store).await.unwrap(), None);
        assert_eq!(
            invitations::pending(&ana.store, &admin).await.unwrap()[0].mail,
            MailState::NotSent
        );
        invitations::offer(&ana.store, &token).await.unwrap();
    }

    async fn who_has_an_account_joins_with_its_password(database) {
        let ana = ana(database).await;
        let bia = adds(&ana, "bia@example.com", Role::Viewer).await;
        let id = invites(&ana, "eva@example.com").await;
        let token = invitations::link(&ana.store, &ana.admin().await, id)
            .await
            .unwrap();
        accounts::add(
            &ana.store,
            "eva@example.com",
            "Eva",
            "primeros pasos".into(),
            Role::Viewer,
        )
        .await
        .unwrap();
        assert!(
            invitations::offer(&ana.store, &token)
                .await
                .unwrap()
                .has_account
        );
        let taken = invitations::accept(
            &ana.store,
            &token,
            "Eva",
            "primeros pasos".into(),
            Language::English,
        )
        .await;
        assert_eq!(refusal(taken), ErrorCode::NameTaken);
        let wrong = invitations::join(&ana.store, &token, "something else".into()).await;
        assert_eq!(refusal(wrong), ErrorCode::BadCredentials);
        invitations::join(&ana.store, &token, "primeros pasos".into())
            .await
            .unwrap();
        team::remove(&ana.store, &ana.admin().await, bia)
            .await
            .unwrap();
    }

    async fn who_is_shut_out_does_not_come_back_by_an_invitation_of_their_own(database) {
        let ana = ana(database).await;
        accounts::add(
            &ana.store,
            "bia@example.com",
            "Bia",
            "primeros pasos".into(),
            Role::Admin,
        )
        .await
        .unwrap();
        let token = sessions::sign_in(&ana.store, "bia@example.com", "primeros pasos".into())
            .await
            .unwrap();
        let bia = sessions::account(&ana.store, &token)
            .await
            .unwrap()
            .unwrap()
            .admin()
            .unwrap();
        invitations::invite(&ana.store, &bia, &["bia.private@example.com".to_owned()])
            .await
            .unwrap();
        let id = invitations::pending(&ana.store, &bia).await.unwrap()[0].id;
        let link = invitations::link(&ana.store, &bia, id).await.unwrap();
        let member = team::members(&ana.store, &ana.admin().await)
            .await
            .unwrap()
            .into_iter()
            .find(|member| member.email == "bia@example.com");
        team::set_active(&ana.store, &ana.admin().await, member.unwrap().user, false)
            .await
            .unwrap();
        assert_eq!(
            refusal(invitations::offer(&ana.store, &link).await),
            ErrorCode::BadLink
        );
    }
}
