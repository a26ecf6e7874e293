//! Tests that the preview of an import agrees with the import.

use alta_domain::ExistingPolicy::{Fill, Keep, Update};
use alta_domain::{
    Batch, BuiltInField, ContactId, Effect, ErrorCode, FieldException, FieldPolicy, FieldTarget,
    ImportLedger, ImportPlan, RowInput,
};
use alta_intake::{Base, Checker, Rehearsal};
use alta_store::{StoreLimits, contacts, db_test, imports};

use crate::support::{Person, ana, row, tags_plan};

/// Makes the preview of an import as the browser makes it.
async fn preview(person: &Person, plan: &ImportPlan, rows: &[RowInput]) -> Effect {
    let admin = person.admin().await;
    let fields = plan.mapping.value_fields();
    let mut base = Base::of(fields.clone());
    let mut after = ContactId(0);
    loop {
        let marks = imports::effect::marks(&person.store, &admin, &fields, &[], after)
            .await
            .unwrap();
        base.add(&marks.bytes);
        let Some(last) = marks.last else { break };
        after = last;
    }
    base.complete();
    let mut rehearsal = Rehearsal::new(&base, plan.policy, &plan.exceptions);
    let batch = Batch {
        rows: rows.to_vec(),
        ..Batch::default()
    };
    rehearsal.take(&Checker::new(&plan.mapping), &batch);
    rehearsal.effect
}

/// Returns the records of the contacts that exist before the import.
fn stored() -> Vec<RowInput> {
    (1..=300)
        .map(|at| {
            let tags = if at % 2 == 0 { "a, b" } else { "" };
            row(
                at,
                [
                    &format!("519{:08}", 90_000_000 + at),
                    &format!("p{at}@example.com"),
                    &format!("P {at}"),
                    tags,
                ],
            )
        })
        .collect()
}

/// Returns the records of the import: some of the stored contacts, some new ones, some conflicts
/// and some rejects.
fn sent() -> Vec<RowInput> {
    (1..=400)
        .map(|at| {
            let phone = if at % 7 == 0 && at % 5 == 1 {
                "12".to_owned()
            } else {
                format!("519{:08}", 90_000_100 + at)
            };
            let email = match at % 5 {
                0 => format!("p{}@example.com", at + 100),
                1 => String::new(),
                // The e-mail address of another contact than the phone's.
                2 if at <= 183 => format!("p{}@example.com", at + 17),
                _ => format!("new{at}@example.com"),
            };
            let name = if at % 3 == 0 {
                format!("P {}", at + 100)
            } else {
                "Other".to_owned()
            };
            row(
                at,
                [&phone, &email, &name, if at % 4 == 0 { "b" } else { "c" }],
            )
        })
        .collect()
}

db_test! {
    async fn the_preview_has_the_ledger_of_the_import(database) {
        let ana = ana(database).await;
        let update = tags_plan(Update, Vec::new());
        ana.imports_plan(&update, &stored()).await;
        let rows = sent();
        let merged_tags = FieldException {
            target: FieldTarget::BuiltIn(BuiltInField::Tags),
            policy: FieldPolicy::Merge,
        };
        for (policy, exceptions) in [
            (Keep, Vec::new()),
            (Fill, vec![merged_tags]),
            (Update, Vec::new()),
        ] {
            let plan = tags_plan(policy, exceptions);
            let preview = preview(&ana, &plan, &rows).await;
            let id = ana.imports_plan(&plan, &rows).await;
            let summary = imports::one(&ana.store, &ana.admin().await, id).await;
            assert_eq!(preview.ledger, summary.unwrap().ledger, "{policy:?}");
            assert_ne!(preview.ledger, ImportLedger::default());
            ana.undoes(id).await.unwrap();
        }
        let preview = preview(&ana, &update, &rows).await;
        let wanted: Vec<(ContactId, FieldTarget)> = preview
            .samples
            .iter()
            .map(|sample| (sample.contact, sample.target))
            .collect();
        let values = imports::effect::values(&ana.store, &ana.admin().await, &wanted)
            .await
            .unwrap();
        assert!(
            preview
                .samples
                .iter()
                .zip(values)
                .all(|(sample, old)| old.as_deref() != Some(&sample.value))
        );
    }

    async fn a_base_too_large_to_be_sent_is_refused(database) {
        let ana = ana(database).await;
        ana.imports(Update, &[row(1, ["51999990001", "", "Bia", ""])])
            .await;
        let small = ana.store.clone().with_limits(StoreLimits {
            preview_contacts: 0,
            ..StoreLimits::default()
        });
        let admin = ana.admin().await;
        let refused = imports::effect::marks(&small, &admin, &[], &[], ContactId(0)).await;
        assert_eq!(refused.unwrap_err().code(), ErrorCode::TooLarge);
        let count = contacts::count(&ana.store, &ana.member().await).await;
        assert_eq!(count.unwrap(), 1);
    }
}
