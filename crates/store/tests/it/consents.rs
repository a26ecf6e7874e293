//! Tests of permissions to write to contacts, as imports write them.

use alta_domain::Channel::{self, Email, Sms, Whatsapp};
use alta_domain::ExistingPolicy::Update;
use alta_domain::{
    BuiltInField, ConsentPlan, ErrorCode, FieldException, FieldPolicy, FieldTarget, ImportPlan,
    LegalBasis, ListTarget,
};
use alta_store::contacts::consents::of_contact;
use alta_store::{db_test, imports};

use crate::support::{Person, again, ana, facts, plan, row, with_target};

/// Returns a plan that permits these channels for all records, by consent.
fn granting(channels: &[Channel], source: &str) -> ImportPlan {
    let consent = ConsentPlan {
        channels: channels.to_vec(),
        basis: Some(LegalBasis::Consent),
        source: source.into(),
    };
    ImportPlan {
        consent,
        ..plan(Update, ListTarget::None)
    }
}

/// Reads the answers in force about a contact, by channel: true for yes and false for no.
async fn consents(person: &Person, identity: &str) -> Vec<(Channel, bool)> {
    let states = of_contact(&person.store, &person.member().await, identity)
        .await
        .unwrap();
    states
        .iter()
        .map(|state| (state.channel, state.granted))
        .collect()
}

db_test! {
    async fn a_consent_keeps_its_basis_and_a_no_is_for_good(database) {
        let ana = ana(database).await;
        let by_column = with_target(
            granting(&[Email], "formulario"),
            3,
            FieldTarget::Consent(Whatsapp),
        );
        let rows = [
            row(1, ["51999990001", "", "Bia", "sim"]),
            row(2, ["51999990002", "", "Caio", "não"]),
            row(3, ["51999990003", "", "Dani", ""]),
        ];
        ana.imports_plan(&by_column, &rows).await;
        assert_eq!(
            consents(&ana, "5551999990001").await,
            [(Email, true), (Whatsapp, true)]
        );
        assert_eq!(
            consents(&ana, "5551999990002").await,
            [(Email, true), (Whatsapp, false)]
        );
        assert_eq!(
            consents(&ana, "5551999990003").await,
            [(Email, true)],
            "an empty cell says nothing"
        );
        let state = of_contact(&ana.store, &ana.member().await, "5551999990001")
            .await
            .unwrap()
            .remove(0);
        assert_eq!(
            (state.basis, state.source.as_str()),
            (Some(LegalBasis::Consent), "formulario")
        );

        let again = ana
            .imports_plan(&granting(&[Whatsapp, Sms], "outra"), &rows)
            .await;
        assert_eq!(
            consents(&ana, "5551999990002").await,
            [(Email, true), (Sms, true), (Whatsapp, false)]
        );
        let admin = ana.admin().await;
        let summary = imports::one(&ana.store, &admin, again).await.unwrap();
        assert_eq!(summary.kept_out, 1, "and the admin is told of how many");
        ana.undoes(again).await.unwrap();
        assert_eq!(
            consents(&ana, "5551999990002").await,
            [(Email, true), (Whatsapp, false)],
            "undo takes only its own along"
        );
    }

    async fn two_rows_of_one_person_that_disagree_are_a_no(database) {
        let ana = ana(database).await;
        let by_column = with_target(granting(&[], ""), 3, FieldTarget::Consent(Sms));
        ana.imports_plan(
            &by_column,
            &[
                row(1, ["51999990001", "", "Bia", "no"]),
                again(2, 1, ["51999990001", "", "", "sí"]),
            ],
        )
        .await;
        assert_eq!(consents(&ana, "5551999990001").await, [(Sms, false)]);
    }

    async fn a_plan_that_permits_without_a_basis_or_merges_a_name_is_refused(database) {
        let ana = ana(database).await;
        let mut groundless = granting(&[Email], "x");
        groundless.consent.basis = None;
        let merged = FieldException {
            target: FieldTarget::BuiltIn(BuiltInField::Name),
            policy: FieldPolicy::Merge,
        };
        let merged = ImportPlan {
            exceptions: vec![merged],
            ..plan(Update, ListTarget::None)
        };
        let facts = facts("x.csv", 1);
        for bad in [
            groundless,
            merged,
            granting(&[Email], &"x".repeat(201)),
        ] {
            let refused = ana.begins_plan(&bad, &facts).await;
            assert_eq!(refused.unwrap_err(), ErrorCode::BadPlan);
        }
    }
}
