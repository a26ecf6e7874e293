//! Tests of answers that a member notes by hand, beside the answers of files.

use std::time::Duration;

use alta_domain::Channel::Whatsapp;
use alta_domain::ExistingPolicy::Update;
use alta_domain::{
    ContactId, ErrorCode, FieldTarget, LegalBasis, ListTarget, PermissionAnswer, Role,
};
use alta_store::contacts::{self, Place, consents};
use alta_store::db_test;

use crate::support::{Person, again, ana, facts, plan, row, with_target};

/// Imports one contact whose file says yes or no to WhatsApp.
async fn says(person: &Person, word: &str) {
    let mut plan = with_target(
        plan(Update, ListTarget::None),
        3,
        FieldTarget::Consent(Whatsapp),
    );
    plan.consent.basis = Some(LegalBasis::Consent);
    plan.consent.source = "formulario".into();
    person
        .imports_plan(&plan, &[row(1, ["51999990001", "", "Bia", word])])
        .await;
}

async fn bia(person: &Person) -> ContactId {
    let found = contacts::search(
        &person.store,
        &person.member().await,
        Place::Base,
        "Bia",
        None,
    )
    .await;
    found.unwrap()[0].id
}

async fn answer(person: &Person) -> Option<PermissionAnswer> {
    let access = person.member().await;
    let card = contacts::card(&person.store, &access, bia(person).await)
        .await
        .unwrap();
    let mut channels = card.permissions.into_iter();
    channels.find(|(channel, _)| *channel == Whatsapp)?.1
}

/// Notes an answer, each in another millisecond, because the times of answers decide.
async fn notes(person: &Person, yes: Option<LegalBasis>, source: &str) {
    tokio::time::sleep(Duration::from_millis(5)).await;
    let editor = person.account().await.editor().unwrap();
    let id = bia(person).await;
    consents::note(&person.store, &editor, id, Whatsapp, yes, source)
        .await
        .unwrap();
}

db_test! {
    async fn the_card_says_which_import_an_answer_came_by(database) {
        let ana = ana(database).await;
        says(&ana, "sim").await;
        let answer = answer(&ana).await.unwrap();
        assert!(answer.granted);
        assert_eq!(
            (answer.basis, answer.source.as_str()),
            (Some(LegalBasis::Consent), "formulario")
        );
        assert_eq!(answer.import.unwrap().1, "clientes.csv");
    }

    async fn a_yes_by_hand_holds_over_the_no_of_a_file_before(database) {
        let ana = ana(database).await;
        says(&ana, "não").await;
        notes(&ana, Some(LegalBasis::Contract), "por telefone").await;
        let now = answer(&ana).await.unwrap();
        assert_eq!(
            (now.granted, now.basis, now.source.as_str(), now.import),
            (true, Some(LegalBasis::Contract), "por telefone", None)
        );
    }

    async fn a_later_no_of_a_file_holds_over_a_yes_by_hand(database) {
        let ana = ana(database).await;
        says(&ana, "sim").await;
        notes(&ana, Some(LegalBasis::Consent), "").await;
        tokio::time::sleep(Duration::from_millis(5)).await;
        says(&ana, "não").await;
        assert!(!answer(&ana).await.unwrap().granted);
    }

    async fn a_no_by_hand_is_no_yes_of_a_later_file(database) {
        let ana = ana(database).await;
        says(&ana, "sim").await;
        notes(&ana, None, "").await;
        tokio::time::sleep(Duration::from_millis(5)).await;
        says(&ana, "sim").await;
        let now = answer(&ana).await.unwrap();
        assert_eq!((now.granted, now.import), (false, None));
    }

    async fn who_may_only_look_notes_nothing(database) {
        let ana = ana(database).await;
        says(&ana, "sim").await;
        let id = bia(&ana).await;
        let editor = ana.account().await.editor().unwrap();
        let long = "x".repeat(201);
        let refused = consents::note(&ana.store, &editor, id, Whatsapp, None, &long).await;
        assert_eq!(refused.unwrap_err().code(), ErrorCode::TooLong);
        let nobody = consents::note(&ana.store, &editor, ContactId(9999), Whatsapp, None, "").await;
        assert_eq!(nobody.unwrap_err().code(), ErrorCode::NotFound);
        assert!(!Role::Viewer.may(alta_domain::Permission::Contacts));
        assert!(Role::Agent.may(alta_domain::Permission::Contacts));
    }

    async fn a_no_that_a_later_batch_of_the_same_import_brings_holds_too(database) {
        let ana = ana(database).await;
        let mut plan = with_target(
            plan(Update, ListTarget::None),
            3,
            FieldTarget::Consent(Whatsapp),
        );
        plan.consent.basis = Some(LegalBasis::Consent);
        let import = ana.begins_plan(&plan, &facts("a.csv", 7)).await.unwrap().import;
        ana.sends(import, 0, &[row(1, ["51999990001", "", "Bia", "sim"])]).await;
        notes(&ana, Some(LegalBasis::Consent), "").await;
        tokio::time::sleep(Duration::from_millis(5)).await;
        ana.sends(import, 1, &[again(2, 1, ["51999990001", "", "Bia", "não"])]).await;
        ana.finishes(import).await;
        assert!(!answer(&ana).await.unwrap().granted);
    }
}
