//! What an admin may decide beyond one policy for all: field by field, permission, and what is said
//! of it beforehand. On both databases.

use crate::support::{again, ana, plan, row};
use alta_domain::{
    Batch, BuiltInField, Channel, ConsentPlan, ContactId, Effect, ErrorCode, ExistingPolicy,
    FieldException, FieldPolicy, FieldTarget, ImportId, ImportLedger, ImportPlan, ImportState,
    LegalBasis, ListTarget, RowInput,
};
use alta_intake::{Base, Checker, Rehearsal};
use alta_store::imports::{self, ConsentState, FileFacts, consents_of};
use alta_store::{StoreLimits, contacts, db_test};

use crate::support::Person;

fn with_target(mut plan: ImportPlan, column: usize, target: FieldTarget) -> ImportPlan {
    plan.mapping.columns[column].target = Some(target);
    plan
}

fn tags_plan(policy: ExistingPolicy, exceptions: Vec<FieldException>) -> ImportPlan {
    ImportPlan {
        exceptions,
        ..with_target(
            plan(policy, ListTarget::None),
            3,
            FieldTarget::BuiltIn(BuiltInField::Tags),
        )
    }
}

fn granting(channels: &[Channel], source: &str) -> ImportPlan {
    let consent = ConsentPlan {
        channels: channels.to_vec(),
        basis: Some(LegalBasis::Consent),
        source: source.into(),
    };
    ImportPlan {
        consent,
        ..plan(ExistingPolicy::Update, ListTarget::None)
    }
}

async fn import(person: &Person, plan: &ImportPlan, rows: &[RowInput]) -> ImportId {
    let admin = person.admin().await;
    let facts = FileFacts {
        name: "clientes.csv".into(),
        bytes: 1,
        fingerprint: 7,
        records: 0,
    };
    let id = imports::begin(&person.store, &admin, plan, &facts)
        .await
        .unwrap()
        .import;
    imports::receive(
        &person.store,
        &admin,
        id,
        0,
        Batch {
            rows: rows.to_vec(),
            ..Batch::default()
        },
    )
    .await
    .unwrap();
    assert_eq!(
        imports::finish(&person.store, &admin, id)
            .await
            .unwrap()
            .state,
        ImportState::Finished
    );
    id
}

async fn consents(person: &Person, identity: &str) -> Vec<(Channel, bool)> {
    let states = consents_of(&person.store, &person.access().await, identity)
        .await
        .unwrap();
    states
        .into_iter()
        .map(
            |ConsentState {
                 channel, granted, ..
             }| (channel, granted),
        )
        .collect()
}

/// What the browser would say before the import.
async fn rehearsed(person: &Person, plan: &ImportPlan, rows: &[RowInput]) -> Effect {
    let admin = person.admin().await;
    let fields = plan.mapping.value_fields();
    let mut base = Base::of(fields.clone());
    let mut behind = ContactId(0);
    loop {
        let marks = imports::effect::marks(&person.store, &admin, &fields, behind)
            .await
            .unwrap();
        base.add(&marks.bytes);
        let Some(last) = marks.last else { break };
        behind = last;
    }
    base.complete();
    let mut rehearsal = Rehearsal::new(&base, plan.policy, &plan.exceptions);
    rehearsal.take(&Checker::new(&plan.mapping), rows, 0);
    rehearsal.effect
}

db_test! {
    async fn tags_are_added_to_and_a_field_may_have_a_policy_of_its_own(database) {
        let ana = ana(database).await;
        import(&ana, &tags_plan(ExistingPolicy::Update, Vec::new()), &[row(1, ["51999990001", "", "Bia", "vip"])]).await;
        import(&ana, &tags_plan(ExistingPolicy::Update, Vec::new()), &[row(1, ["51999990001", "", "Beatriz", "Lima; VIP"])]).await;
        assert_eq!(ana.value("5551999990001", "tags").await.as_deref(), Some("vip, Lima"));

        let name = FieldException { target: FieldTarget::BuiltIn(BuiltInField::Name), policy: FieldPolicy::Keep };
        let tags = FieldException { target: FieldTarget::BuiltIn(BuiltInField::Tags), policy: FieldPolicy::Update };
        let excepted = tags_plan(ExistingPolicy::Update, vec![name, tags]);
        let id = import(&ana, &excepted, &[row(1, ["51999990001", "bia@example.com", "Bea", "nueva"])]).await;
        assert_eq!(ana.value("5551999990001", "name").await.as_deref(), Some("Beatriz"));
        assert_eq!(ana.value("5551999990001", "tags").await.as_deref(), Some("nueva"));
        assert_eq!(ana.value("5551999990001", "email").await.as_deref(), Some("bia@example.com"));
        imports::undo(&ana.store, &ana.admin().await, id).await.unwrap();
        assert_eq!(ana.value("5551999990001", "tags").await.as_deref(), Some("vip, Lima"));
    }

    async fn permission_is_kept_with_its_ground_and_a_no_is_for_good(database) {
        let ana = ana(database).await;
        let by_column = with_target(granting(&[Channel::Email], "formulario"), 3, FieldTarget::Consent(Channel::Whatsapp));
        let rows = [row(1, ["51999990001", "", "Bia", "sim"]), row(2, ["51999990002", "", "Caio", "não"]), row(3, ["51999990003", "", "Dani", ""])];
        import(&ana, &by_column, &rows).await;
        assert_eq!(consents(&ana, "5551999990001").await, [(Channel::Email, true), (Channel::Whatsapp, true)]);
        assert_eq!(consents(&ana, "5551999990002").await, [(Channel::Email, true), (Channel::Whatsapp, false)]);
        assert_eq!(consents(&ana, "5551999990003").await, [(Channel::Email, true)], "an empty cell says nothing");
        let state = consents_of(&ana.store, &ana.access().await, "5551999990001").await.unwrap().remove(0);
        assert_eq!((state.basis, state.source.as_str()), (Some(LegalBasis::Consent), "formulario"));

        let again = import(&ana, &granting(&[Channel::Whatsapp, Channel::Sms], "outra"), &rows).await;
        assert_eq!(consents(&ana, "5551999990002").await, [(Channel::Email, true), (Channel::Sms, true), (Channel::Whatsapp, false)]);
        let admin = ana.admin().await;
        assert_eq!(imports::one(&ana.store, &admin, again).await.unwrap().kept_out, 1, "and the admin is told of how many");
        imports::undo(&ana.store, &admin, again).await.unwrap();
        assert_eq!(consents(&ana, "5551999990002").await, [(Channel::Email, true), (Channel::Whatsapp, false)], "undo takes only its own along");
    }

    async fn two_rows_of_one_person_that_disagree_are_a_no(database) {
        let ana = ana(database).await;
        let by_column = with_target(granting(&[], ""), 3, FieldTarget::Consent(Channel::Sms));
        import(&ana, &by_column, &[row(1, ["51999990001", "", "Bia", "no"]), again(2, 1, ["51999990001", "", "", "sí"])]).await;
        assert_eq!(consents(&ana, "5551999990001").await, [(Channel::Sms, false)]);
    }

    async fn a_plan_that_grants_without_a_ground_or_merges_what_is_one_value_is_refused(database) {
        let ana = ana(database).await;
        let mut groundless = granting(&[Channel::Email], "x");
        groundless.consent.basis = None;
        let mut by_column = with_target(plan(ExistingPolicy::Update, ListTarget::None), 3, FieldTarget::Consent(Channel::Sms));
        by_column.consent.basis = None;
        let merged = FieldException { target: FieldTarget::BuiltIn(BuiltInField::Name), policy: FieldPolicy::Merge };
        let merged = ImportPlan { exceptions: vec![merged], ..plan(ExistingPolicy::Update, ListTarget::None) };
        let facts = FileFacts { name: "x.csv".into(), bytes: 1, fingerprint: 1, records: 0 };
        for bad in [groundless, by_column, merged, granting(&[Channel::Email], &"x".repeat(201))] {
            let refused = imports::begin(&ana.store, &ana.admin().await, &bad, &facts).await;
            assert_eq!(refused.unwrap_err().code(), ErrorCode::BadPlan);
        }
    }

    async fn what_is_said_before_is_what_the_import_then_does(database) {
        let ana = ana(database).await;
        let before: Vec<RowInput> = (1..=300)
            .map(|at| {
                let tags = if at % 2 == 0 { "a, b" } else { "" };
                row(at, [&format!("519{:08}", 90_000_000 + at), &format!("p{at}@example.com"), &format!("P {at}"), tags])
            })
            .collect();
        import(&ana, &tags_plan(ExistingPolicy::Update, Vec::new()), &before).await;
        let rows: Vec<RowInput> = (1..=400)
            .map(|at| {
                let phone = if at % 7 == 0 && at % 5 == 1 { "12".to_owned() } else { format!("519{:08}", 90_000_100 + at) };
                let email = match at % 5 {
                    0 => format!("p{}@example.com", at + 100),
                    1 => String::new(),
                    // Another contact's than the phone's.
                    2 if at <= 183 => format!("p{}@example.com", at + 17),
                    _ => format!("new{at}@example.com"),
                };
                let name = if at % 3 == 0 { format!("P {}", at + 100) } else { "Other".to_owned() };
                row(at, [&phone, &email, &name, if at % 4 == 0 { "b" } else { "c" }])
            })
            .collect();
        for (policy, exceptions) in [
            (ExistingPolicy::Keep, Vec::new()),
            (ExistingPolicy::Fill, vec![FieldException { target: FieldTarget::BuiltIn(BuiltInField::Tags), policy: FieldPolicy::Merge }]),
            (ExistingPolicy::Update, Vec::new()),
        ] {
            let plan = tags_plan(policy, exceptions);
            let said = rehearsed(&ana, &plan, &rows).await;
            let id = import(&ana, &plan, &rows).await;
            let did = imports::one(&ana.store, &ana.admin().await, id).await.unwrap().ledger;
            assert_eq!(said.ledger, did, "{policy:?}");
            assert_ne!(said.ledger, ImportLedger::default());
            imports::undo(&ana.store, &ana.admin().await, id).await.unwrap();
        }
        let said = rehearsed(&ana, &tags_plan(ExistingPolicy::Update, Vec::new()), &rows).await;
        let wanted: Vec<(ContactId, FieldTarget)> = said.samples.iter().map(|sample| (sample.contact, sample.target)).collect();
        let values = imports::effect::values(&ana.store, &ana.admin().await, &wanted).await.unwrap();
        assert!(said.samples.iter().zip(values).all(|(sample, old)| old.as_deref() != Some(&sample.value)));
    }

    async fn a_record_that_points_at_two_contacts_goes_to_the_one_the_admin_says(database) {
        let ana = ana(database).await;
        import(&ana, &plan(ExistingPolicy::Update, ListTarget::None), &[row(1, ["51999990001", "", "Bia", ""]), row(2, ["", "caio@example.com", "Caio", ""])]).await;
        let base = contacts::dump(&ana.store, &ana.access().await).await.unwrap();
        let rows = [row(1, ["51999990001", "caio@example.com", "Beatriz", "31/12/1990"]), row(2, ["51999990003", "", "Dani", ""])];
        let id = import(&ana, &plan(ExistingPolicy::Update, ListTarget::New("Clientes".into())), &rows).await;
        let admin = ana.admin().await;
        let found = imports::conflicts(&ana.store, &admin, id, 0, 10).await.unwrap();
        assert_eq!((found.len(), found[0].line, found[0].candidates.len()), (1, 2, 2));
        assert_eq!(found[0].candidates[0].shares, [BuiltInField::Phone]);
        assert_eq!(found[0].candidates[1].values[0], (BuiltInField::Name, "Caio".to_owned()));
        let bia = found[0].candidates[0].contact;
        let nobody = imports::resolve(&ana.store, &admin, id, 1, ContactId(999)).await;
        assert_eq!(nobody.unwrap_err().code(), ErrorCode::NotFound);

        let resolved = imports::resolve(&ana.store, &admin, id, 1, bia).await.unwrap();
        assert_eq!(resolved.ledger, ImportLedger { records: 2, new: 1, updated: 1, ..ImportLedger::default() });
        assert_eq!(ana.value("5551999990001", "birth_date").await.as_deref(), Some("1990-12-31"));
        assert_eq!(ana.value("5551999990001", "email").await, None, "the address stays with whom it belongs to");
        let twice = imports::resolve(&ana.store, &admin, id, 1, bia).await.unwrap();
        assert_eq!(twice.ledger, resolved.ledger);
        assert_eq!(alta_store::lists::all(&ana.store, &admin).await.unwrap()[0].contacts, 2);
        assert!(imports::conflicts(&ana.store, &admin, id, 0, 10).await.unwrap().is_empty());

        imports::undo(&ana.store, &admin, id).await.unwrap();
        assert_eq!(contacts::dump(&ana.store, &ana.access().await).await.unwrap(), base, "taking the import back takes this back too");
    }

    async fn a_base_too_large_to_be_sent_is_refused(database) {
        let ana = ana(database).await;
        ana.imports(ExistingPolicy::Update, &[row(1, ["51999990001", "", "Bia", ""])]).await;
        let small = ana.store.clone().with_limits(StoreLimits { preview_contacts: 0, ..StoreLimits::default() });
        let refused = imports::effect::marks(&small, &ana.admin().await, &[], ContactId(0)).await;
        assert_eq!(refused.unwrap_err().code(), ErrorCode::TooLarge);
        assert_eq!(contacts::count(&ana.store, &ana.access().await).await.unwrap(), 1);
    }
}
