//! Tests of the members of an organization, and of its settings.

use alta_domain::{AuditAction, ErrorCode, OrganizationSettings, Role, UserId};
use alta_store::account::{sessions, team};
use alta_store::{audit, db_test};

use crate::people::{adds, refusal, role_of};
use crate::support::ana;

db_test! {
    async fn a_new_role_holds_at_once_and_who_is_shut_out_is_out_at_once(database) {
        let ana = ana(database).await;
        let admin = ana.admin().await;
        let bia = adds(&ana, "bia@example.com", Role::Admin).await;
        let token = sessions::sign_in(&ana.store, "bia@example.com", "primeros pasos".into())
            .await
            .unwrap();
        team::set_role(&ana.store, &admin, bia, Role::Operator)
            .await
            .unwrap();
        assert_eq!(role_of(&ana, &token).await, Some(Role::Operator));

        team::set_active(&ana.store, &admin, bia, false)
            .await
            .unwrap();
        assert_eq!(role_of(&ana, &token).await, None);
        let refused =
            sessions::sign_in(&ana.store, "bia@example.com", "primeros pasos".into()).await;
        assert_eq!(refusal(refused), ErrorCode::BadCredentials);
        team::set_active(&ana.store, &admin, bia, true)
            .await
            .unwrap();
        assert_eq!(
            role_of(&ana, &token).await,
            None,
            "the session does not come back"
        );
        sessions::sign_in(&ana.store, "bia@example.com", "primeros pasos".into())
            .await
            .unwrap();

        team::remove(&ana.store, &admin, bia).await.unwrap();
        assert_eq!(team::members(&ana.store, &admin).await.unwrap().len(), 1);
        let log: Vec<AuditAction> = audit::entries(&ana.store, &admin, None, 0, 10)
            .await
            .unwrap()
            .iter()
            .map(|entry| entry.action)
            .collect();
        assert_eq!(
            log,
            [
                AuditAction::Deleted,
                AuditAction::Reactivated,
                AuditAction::Deactivated,
                AuditAction::RoleChanged
            ]
        );
    }

    async fn the_last_admin_stays_admin_active_and_there(database) {
        let ana = ana(database).await;
        let admin = ana.admin().await;
        let me = team::members(&ana.store, &admin).await.unwrap()[0].user;
        let bia = adds(&ana, "bia@example.com", Role::Operator).await;
        let last = ErrorCode::LastAdmin;
        assert_eq!(
            refusal(team::set_role(&ana.store, &admin, me, Role::Viewer).await),
            last
        );
        assert_eq!(
            refusal(team::set_active(&ana.store, &admin, me, false).await),
            last
        );
        assert_eq!(refusal(team::remove(&ana.store, &admin, me).await), last);
        assert_eq!(
            role_of(&ana, &ana.token).await,
            Some(Role::Admin),
            "nothing of it was done"
        );
        team::set_role(&ana.store, &admin, bia, Role::Admin)
            .await
            .unwrap();
        team::set_role(&ana.store, &admin, me, Role::Viewer)
            .await
            .unwrap();
        assert_eq!(
            refusal(team::set_role(&ana.store, &admin, UserId(999), Role::Admin).await),
            ErrorCode::NotFound
        );
    }

    async fn the_organization_is_renamed_and_the_log_says_so(database) {
        let ana = ana(database).await;
        let admin = ana.admin().await;
        let settings = team::settings(&ana.store, &admin).await.unwrap();
        let renamed = OrganizationSettings {
            name: " Acme Ltda ".into(),
            ..settings
        };
        team::set_settings(&ana.store, &admin, &renamed)
            .await
            .unwrap();
        assert_eq!(
            team::settings(&ana.store, &admin).await.unwrap().name,
            "Acme Ltda"
        );
        let unnamed = team::set_settings(
            &ana.store,
            &admin,
            &OrganizationSettings {
                name: " ".into(),
                ..renamed
            },
        )
        .await;
        assert_eq!(refusal(unnamed), ErrorCode::Missing);
        let log = audit::entries(
            &ana.store,
            &admin,
            Some(AuditAction::OrganizationChanged),
            0,
            10,
        )
        .await
        .unwrap();
        assert_eq!(
            (log.len(), log[0].actor.as_str(), log[0].subject.as_str()),
            (1, "Ana Silva", "Acme Ltda")
        );
        assert!(
            audit::entries(&ana.store, &admin, None, log[0].id, 10)
                .await
                .unwrap()
                .is_empty()
        );
    }
}
