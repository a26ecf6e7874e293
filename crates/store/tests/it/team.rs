//! Members, invitations and their mails, passwords, on both databases.

use alta_domain::{
    AuditAction, ErrorCode, InvitationId, Language, MailState, OrganizationSettings, Role, UserId,
};
use alta_store::mail::{self, Letter};
use alta_store::testing::age_sessions;
use alta_store::{accounts, audit, db_test, invitations, passwords, sessions, team};

use crate::support::{Person, ana};

async fn adds(person: &Person, email: &str, role: Role) -> UserId {
    accounts::add(
        &person.store,
        email,
        "Bia Souza",
        "primeros pasos".into(),
        role,
    )
    .await
    .unwrap();
    let members = team::members(&person.store, &person.admin().await)
        .await
        .unwrap();
    members
        .into_iter()
        .find(|member| member.email == email)
        .unwrap()
        .user
}

async fn role_of(person: &Person, token: &str) -> Option<Role> {
    sessions::access(&person.store, token)
        .await
        .unwrap()
        .map(|access| access.role())
}

async fn invites(person: &Person, email: &str) -> InvitationId {
    invitations::invite(&person.store, &person.admin().await, &[email.to_owned()])
        .await
        .unwrap();
    let pending = invitations::pending(&person.store, &person.admin().await)
        .await
        .unwrap();
    pending
        .into_iter()
        .find(|invitation| invitation.email == email)
        .unwrap()
        .id
}

db_test! {
    async fn another_profile_holds_from_the_next_request_and_who_is_shut_out_is_out_at_once(database) {
        let ana = ana(database).await;
        let admin = ana.admin().await;
        let bia = adds(&ana, "bia@example.com", Role::Admin).await;
        let token = sessions::sign_in(&ana.store, "bia@example.com", "primeros pasos".into()).await.unwrap();
        team::set_role(&ana.store, &admin, bia, Role::Operator).await.unwrap();
        assert_eq!(role_of(&ana, &token).await, Some(Role::Operator));

        team::set_active(&ana.store, &admin, bia, false).await.unwrap();
        assert_eq!(role_of(&ana, &token).await, None);
        let refused = sessions::sign_in(&ana.store, "bia@example.com", "primeros pasos".into()).await;
        assert_eq!(refused.unwrap_err().code(), ErrorCode::BadCredentials);
        team::set_active(&ana.store, &admin, bia, true).await.unwrap();
        assert_eq!(role_of(&ana, &token).await, None, "the session does not come back");
        sessions::sign_in(&ana.store, "bia@example.com", "primeros pasos".into()).await.unwrap();

        team::remove(&ana.store, &admin, bia).await.unwrap();
        assert_eq!(team::members(&ana.store, &admin).await.unwrap().len(), 1);
        let log: Vec<AuditAction> = audit::entries(&ana.store, &admin, None, 0, 10).await.unwrap().iter().map(|entry| entry.action).collect();
        assert_eq!(log, [AuditAction::Deleted, AuditAction::Reactivated, AuditAction::Deactivated, AuditAction::RoleChanged]);
    }

    async fn the_last_admin_stays_admin_active_and_there(database) {
        let ana = ana(database).await;
        let admin = ana.admin().await;
        let me = team::members(&ana.store, &admin).await.unwrap()[0].user;
        let bia = adds(&ana, "bia@example.com", Role::Operator).await;
        let last = ErrorCode::LastAdmin;
        assert_eq!(team::set_role(&ana.store, &admin, me, Role::Viewer).await.unwrap_err().code(), last);
        assert_eq!(team::set_active(&ana.store, &admin, me, false).await.unwrap_err().code(), last);
        assert_eq!(team::remove(&ana.store, &admin, me).await.unwrap_err().code(), last);
        assert_eq!(role_of(&ana, &ana.token).await, Some(Role::Admin), "nothing of it was done");
        team::set_role(&ana.store, &admin, bia, Role::Admin).await.unwrap();
        team::set_role(&ana.store, &admin, me, Role::Viewer).await.unwrap();
        assert_eq!(team::set_role(&ana.store, &admin, UserId(999), Role::Admin).await.unwrap_err().code(), ErrorCode::NotFound);
    }

    async fn an_invitation_is_sent_taken_up_once_and_its_link_holds_no_longer_than_it_should(database) {
        let ana = ana(database).await;
        let admin = ana.admin().await;
        let id = invites(&ana, "bia@example.com").await;
        let first = mail::next(&ana.store).await.unwrap().unwrap();
        assert_eq!((first.to.as_str(), first.language), ("bia@example.com", Language::Portuguese), "the organization's language");
        assert_eq!(first.letter, Letter::Invitation { organization: "Acme".into(), inviter: "Ana Silva".into() });
        assert_eq!(mail::next(&ana.store).await.unwrap(), None, "one server has it in hand");
        mail::again(&ana.store, first.id).await.unwrap();
        assert_eq!(mail::next(&ana.store).await.unwrap(), None, "not before its time");
        invitations::resend(&ana.store, &admin, id).await.unwrap();
        let second = mail::next(&ana.store).await.unwrap().unwrap();
        mail::sent(&ana.store, second.id).await.unwrap();
        assert!(matches!(invitations::pending(&ana.store, &admin).await.unwrap()[0].mail, MailState::Sent(_)));

        assert_eq!(invitations::offer(&ana.store, &first.token).await.unwrap_err().code(), ErrorCode::BadLink, "a newer link was sent");
        let offer = invitations::offer(&ana.store, &second.token).await.unwrap();
        assert_eq!((offer.organization.as_str(), offer.role, offer.has_account), ("Acme", Role::Admin, false));
        let weak = invitations::accept(&ana.store, &second.token, "Bia", "password123".into(), Language::English).await;
        assert_eq!(weak.unwrap_err().code(), ErrorCode::CommonPassword);
        let token = invitations::accept(&ana.store, &second.token, "Bia", "primeros pasos".into(), Language::English).await.unwrap();
        assert_eq!(role_of(&ana, &token).await, Some(Role::Admin));
        let twice = invitations::accept(&ana.store, &second.token, "Eva", "primeros pasos".into(), Language::English).await;
        assert_eq!(twice.unwrap_err().code(), ErrorCode::BadLink);
        assert!(invitations::pending(&ana.store, &admin).await.unwrap().is_empty());
    }

    async fn a_refused_mail_says_so_and_a_revoked_invitation_is_not_sent(database) {
        let ana = ana(database).await;
        let admin = ana.admin().await;
        let id = invites(&ana, "bia@example.com").await;
        let sent = mail::next(&ana.store).await.unwrap().unwrap();
        mail::refused(&ana.store, sent.id, "550 no such user").await.unwrap();
        assert_eq!(invitations::pending(&ana.store, &admin).await.unwrap()[0].mail, MailState::Refused("550 no such user".into()));
        let token = invitations::link(&ana.store, &admin, id).await.unwrap();
        invitations::offer(&ana.store, &token).await.unwrap();
        invitations::revoke(&ana.store, &admin, id).await.unwrap();
        assert_eq!(invitations::offer(&ana.store, &token).await.unwrap_err().code(), ErrorCode::BadLink);
        assert_eq!(mail::next(&ana.store).await.unwrap(), None);
        assert_eq!(invitations::revoke(&ana.store, &admin, id).await.unwrap_err().code(), ErrorCode::NotFound);
    }

    async fn a_link_that_was_handed_over_is_not_killed_by_a_mail_that_waited(database) {
        let ana = ana(database).await;
        let admin = ana.admin().await;
        let id = invites(&ana, "bia@example.com").await;
        let token = invitations::link(&ana.store, &admin, id).await.unwrap();
        assert_eq!(mail::next(&ana.store).await.unwrap(), None);
        assert_eq!(invitations::pending(&ana.store, &admin).await.unwrap()[0].mail, MailState::NotSent);
        invitations::offer(&ana.store, &token).await.unwrap();
    }

    async fn who_has_an_account_joins_with_its_password(database) {
        let ana = ana(database).await;
        let bia = adds(&ana, "bia@example.com", Role::Viewer).await;
        let id = invites(&ana, "eva@example.com").await;
        let token = invitations::link(&ana.store, &ana.admin().await, id).await.unwrap();
        accounts::add(&ana.store, "eva@example.com", "Eva", "primeros pasos".into(), Role::Viewer).await.unwrap();
        assert!(invitations::offer(&ana.store, &token).await.unwrap().has_account);
        let taken = invitations::accept(&ana.store, &token, "Eva", "primeros pasos".into(), Language::English).await;
        assert_eq!(taken.unwrap_err().code(), ErrorCode::NameTaken);
        let wrong = invitations::join(&ana.store, &token, "something else".into()).await;
        assert_eq!(wrong.unwrap_err().code(), ErrorCode::BadCredentials);
        invitations::join(&ana.store, &token, "primeros pasos".into()).await.unwrap();
        team::remove(&ana.store, &ana.admin().await, bia).await.unwrap();
    }

    async fn a_forgotten_password_is_set_once_by_its_link_and_ends_all_sessions(database) {
        let ana = ana(database).await;
        passwords::forgot(&ana.store, "nobody@example.com").await.unwrap();
        assert_eq!(mail::next(&ana.store).await.unwrap(), None);
        passwords::forgot(&ana.store, "ana@example.com").await.unwrap();
        let letter = mail::next(&ana.store).await.unwrap().unwrap();
        assert_eq!((letter.letter, letter.to.as_str()), (Letter::Password, "ana@example.com"));
        let own = passwords::reset(&ana.store, &letter.token, "ana silva".into()).await;
        assert_eq!(own.unwrap_err().code(), ErrorCode::CommonPassword);
        let token = passwords::reset(&ana.store, &letter.token, "otra cosa larga".into()).await.unwrap();
        assert_eq!(role_of(&ana, &ana.token).await, None);
        assert_eq!(role_of(&ana, &token).await, Some(Role::Admin));
        let twice = passwords::reset(&ana.store, &letter.token, "otra cosa larga".into()).await;
        assert_eq!(twice.unwrap_err().code(), ErrorCode::BadLink);

        let access = sessions::access(&ana.store, &token).await.unwrap().unwrap();
        let other = sessions::sign_in(&ana.store, "ana@example.com", "otra cosa larga".into()).await.unwrap();
        let wrong = passwords::change(&ana.store, &access, &token, "wrong".into(), "tercera cosa larga".into()).await;
        assert_eq!(wrong.unwrap_err().code(), ErrorCode::BadCredentials);
        passwords::change(&ana.store, &access, &token, "otra cosa larga".into(), "tercera cosa larga".into()).await.unwrap();
        assert_eq!((role_of(&ana, &token).await, role_of(&ana, &other).await), (Some(Role::Admin), None));
    }

    async fn a_session_that_nobody_uses_ends_and_one_in_use_stays(database) {
        let ana = ana(database).await;
        age_sessions(&ana.store, sessions::IDLE_LENGTH - 60_000).await;
        assert_eq!(role_of(&ana, &ana.token).await, Some(Role::Admin), "and is in use from here on");
        age_sessions(&ana.store, sessions::IDLE_LENGTH - 60_000).await;
        assert_eq!(role_of(&ana, &ana.token).await, Some(Role::Admin));
        age_sessions(&ana.store, sessions::IDLE_LENGTH + 1).await;
        assert_eq!(role_of(&ana, &ana.token).await, None);
    }

    async fn the_organization_is_renamed_and_the_log_says_so(database) {
        let ana = ana(database).await;
        let admin = ana.admin().await;
        let settings = team::settings(&ana.store, &admin).await.unwrap();
        let renamed = OrganizationSettings { name: " Acme Ltda ".into(), ..settings };
        team::set_settings(&ana.store, &admin, &renamed).await.unwrap();
        assert_eq!(team::settings(&ana.store, &admin).await.unwrap().name, "Acme Ltda");
        let unnamed = team::set_settings(&ana.store, &admin, &OrganizationSettings { name: " ".into(), ..renamed }).await;
        assert_eq!(unnamed.unwrap_err().code(), ErrorCode::Missing);
        let log = audit::entries(&ana.store, &admin, Some(AuditAction::OrganizationChanged), 0, 10).await.unwrap();
        assert_eq!((log.len(), log[0].actor.as_str(), log[0].subject.as_str()), (1, "Ana Silva", "Acme Ltda"));
        assert!(audit::entries(&ana.store, &admin, None, log[0].id, 10).await.unwrap().is_empty());
    }
}
