//! Tests of set-up, sign-in, the wizard's state, fields, systems and the home page.

use alta_domain::{
    Email, ErrorCode, FieldKind, InviteOutcome, NewField, Role, Step, StepState, SystemChoice,
};
use alta_store::account::{accounts, invitations, passwords, sessions, setup};
use alta_store::contacts::fields;
use alta_store::{db_test, home, onboarding};

use crate::people::refusal;
use crate::support::ana;

db_test! {
    async fn a_setup_link_works_once_and_only_the_newest(database) {
        let old = setup::renew_link(&database.store).await.unwrap().unwrap();
        let ana = ana(database).await;
        assert!(!setup::is_valid(&database.store, &old).await.unwrap());
        assert_eq!(
            setup::renew_link(&database.store).await.unwrap(),
            None,
            "no link once somebody can sign in"
        );
        assert_eq!(ana.account().await.role(), Role::Admin);
    }

    async fn a_wrong_password_and_an_unknown_address_answer_alike(database) {
        let ana = ana(database).await;
        for (email, password) in [
            ("ana@example.com", "wrong horse"),
            ("nobody@example.com", "correct horse"),
            ("no address", "x"),
        ] {
            let refused = sessions::sign_in(&ana.store, email, password.into()).await;
            assert_eq!(refusal(refused), ErrorCode::BadCredentials);
        }
        let token = sessions::sign_in(&ana.store, " ANA@example.com ", "correct horse".into())
            .await
            .unwrap();
        assert!(
            sessions::account(&ana.store, &token)
                .await
                .unwrap()
                .is_some()
        );
        sessions::sign_out(&ana.store, &token).await.unwrap();
        assert!(
            sessions::account(&ana.store, &token)
                .await
                .unwrap()
                .is_none()
        );
    }

    async fn an_account_stays_with_its_first_subject_of_single_sign_on(database) {
        let ana = ana(database).await;
        let email = Email::parse("ana@example.com").unwrap();
        for (subject, opens) in [
            ("https://id.example.com 1", true),
            ("https://id.example.com 2", false),
            ("https://id.example.com 1", true),
        ] {
            assert_eq!(
                sessions::identified(&ana.store, &email, subject)
                    .await
                    .unwrap()
                    .is_some(),
                opens,
                "{subject}"
            );
        }
        // Somebody who has an account gets no second one.
        accounts::add(
            &ana.store,
            "bia@example.com",
            "Bia",
            "long password".into(),
            Role::Viewer,
        )
        .await
        .unwrap();
        let bia = Email::parse("bia@example.com").unwrap();
        for (subject, opens) in [
            ("https://id.example.com 1", false),
            ("https://id.example.com 2", true),
        ] {
            let opened = sessions::identified(&ana.store, &bia, subject).await;
            assert_eq!(opened.unwrap().is_some(), opens, "{subject}");
        }
        let nobody = Email::parse("nobody@example.com").unwrap();
        let unknown = sessions::identified(&ana.store, &nobody, "https://id.example.com 1").await;
        assert!(unknown.unwrap().is_none());
    }

    async fn only_an_admin_is_an_admin(database) {
        let ana = ana(database).await;
        for (role, email) in [
            (Role::Operator, "o@example.com"),
            (Role::Agent, "g@example.com"),
            (Role::Viewer, "v@example.com"),
        ] {
            accounts::add(&ana.store, email, "Name", "long password".into(), role)
                .await
                .unwrap();
            let token = sessions::sign_in(&ana.store, email, "long password".into())
                .await
                .unwrap();
            let access = sessions::account(&ana.store, &token).await.unwrap().unwrap();
            assert_eq!(access.admin().unwrap_err().code(), ErrorCode::Forbidden);
        }
        let again = accounts::add(
            &ana.store,
            "v@example.com",
            "Name",
            "long password".into(),
            Role::Viewer,
        )
        .await;
        assert_eq!(refusal(again), ErrorCode::NameTaken);
        passwords::set(&ana.store, "v@example.com", "another password".into())
            .await
            .unwrap();
        assert!(
            sessions::sign_in(&ana.store, "v@example.com", "another password".into())
                .await
                .is_ok()
        );
    }

    async fn the_wizard_goes_on_where_it_was(database) {
        let ana = ana(database).await;
        let admin = ana.admin().await;
        assert_eq!(
            onboarding::state(&ana.store, &admin).await.unwrap().current,
            Some(Step::Systems)
        );
        onboarding::leave(&ana.store, &admin, Step::Systems, StepState::Skipped)
            .await
            .unwrap();
        onboarding::enter(&ana.store, &admin, Step::Columns)
            .await
            .unwrap();
        let state = onboarding::state(&ana.store, &admin).await.unwrap();
        assert_eq!(
            (state.current, state.of(Step::Systems)),
            (Some(Step::Columns), StepState::Skipped)
        );
        let end = onboarding::leave(&ana.store, &admin, Step::Team, StepState::Done)
            .await
            .unwrap();
        assert_eq!(end.current, None);
        let kept = onboarding::leave(&ana.store, &admin, Step::Team, StepState::Skipped)
            .await
            .unwrap();
        assert_eq!(
            kept.of(Step::Team),
            StepState::Done,
            "what is done is not undone by skipping it"
        );
    }

    async fn a_field_is_created_once_whatever_its_case(database) {
        let ana = ana(database).await;
        let admin = ana.admin().await;
        let new = |name: &str| NewField {
            name: name.into(),
            kind: FieldKind::Date,
        };
        let made = fields::create(&ana.store, &admin, &new(" Cumpleaños "))
            .await
            .unwrap();
        assert_eq!(made.name, "Cumpleaños");
        assert_eq!(
            refusal(fields::create(&ana.store, &admin, &new("CUMPLEAÑOS")).await),
            ErrorCode::NameTaken
        );
        assert_eq!(
            refusal(fields::create(&ana.store, &admin, &new("  ")).await),
            ErrorCode::Missing
        );
        assert_eq!(
            fields::all(&ana.store, &ana.member().await).await.unwrap(),
            [made]
        );
    }

    async fn systems_ticked_replace_those_before(database) {
        let ana = ana(database).await;
        let admin = ana.admin().await;
        let choice = |slugs: &[&str], others: &[&str]| SystemChoice {
            slugs: slugs.iter().map(|&slug| slug.to_owned()).collect(),
            others: others.iter().map(|&other| other.to_owned()).collect(),
        };
        onboarding::choose_systems(
            &ana.store,
            &admin,
            &choice(&["omie", "bling"], &["Nosso ERP"]),
        )
        .await
        .unwrap();
        onboarding::choose_systems(
            &ana.store,
            &admin,
            &choice(&["bling"], &["Nosso ERP", "Planilha"]),
        )
        .await
        .unwrap();
        assert_eq!(
            onboarding::systems(&ana.store, &admin).await.unwrap(),
            choice(&["bling"], &["Nosso ERP", "Planilha"])
        );
    }

    async fn invitations_have_one_result_an_address(database) {
        let ana = ana(database).await;
        let admin = ana.admin().await;
        let addresses = [
            "Bia@example.com",
            "bia@example.com",
            "ana@example.com",
            "nobody",
        ]
        .map(str::to_owned);
        let results = invitations::invite(&ana.store, &admin, &addresses)
            .await
            .unwrap();
        let outcomes: Vec<_> = results.iter().map(|result| result.outcome).collect();
        assert_eq!(
            outcomes,
            [
                InviteOutcome::Invited,
                InviteOutcome::AlreadyInvited,
                InviteOutcome::AlreadyMember,
                InviteOutcome::Invalid
            ]
        );
        let pending = invitations::pending(&ana.store, &admin).await.unwrap();
        assert_eq!(pending.len(), 1);
        invitations::revoke(&ana.store, &admin, pending[0].id)
            .await
            .unwrap();
        assert_eq!(
            refusal(invitations::revoke(&ana.store, &admin, pending[0].id).await),
            ErrorCode::NotFound
        );
    }

    async fn home_of_a_new_organization_is_empty_and_a_viewer_sees_no_onboarding(database) {
        let ana = ana(database).await;
        let (seen, _) = home::home(&ana.store, ana.member().await).await.unwrap();
        assert_eq!(
            (seen.contacts, seen.lists.len(), seen.last_import),
            (0, 0, None)
        );
        assert!(seen.onboarding.is_some());
        accounts::add(
            &ana.store,
            "v@example.com",
            "Vera",
            "long password".into(),
            Role::Viewer,
        )
        .await
        .unwrap();
        let token = sessions::sign_in(&ana.store, "v@example.com", "long password".into())
            .await
            .unwrap();
        let vera = sessions::account(&ana.store, &token).await.unwrap().unwrap();
        assert!(
            home::home(&ana.store, vera.member().unwrap())
                .await
                .unwrap()
                .0
                .onboarding
                .is_none()
        );
    }
}
