//! Tests of an import's records and their results, on both databases.

use alta_domain::ExistingPolicy::{Fill, Keep, Update};
use alta_domain::{
    Batch, BuiltInField, ErrorCode, FieldException, FieldId, FieldKind, FieldPolicy, FieldTarget,
    Fix, ImportId, ImportLedger, ListTarget, Repeated, RowIdentity, RowInput,
};
use alta_store::contacts::lists;
use alta_store::{StoreLimits, db_test, imports};

use crate::support::{again, ana, facts, ledger, plan, row, tags_plan};

/// Returns a record whose name and phone give way to a later record of its person.
fn yielding(row: RowInput) -> RowInput {
    let identity = RowIdentity {
        yields: vec![0, 2],
        ..RowIdentity::default()
    };
    RowInput {
        identity: Some(Box::new(identity)),
        ..row
    }
}

db_test! {
    async fn every_record_is_accounted_for_once(database) {
        let ana = ana(database).await;
        let rows = [
            row(
                1,
                ["(51) 99999-9999", "bia@example.com", "Bia", "31/12/1990"],
            ),
            again(2, 1, ["51 9999-9999", "", "Bia Souza", ""]),
            row(3, ["123", "", "Caio", ""]),
            row(4, ["", "DANI@example.com", "Dani", ""]),
        ];
        assert_eq!(ana.imports(Update, &rows).await, ledger(4, 2, 0, 0, 1, 1));
        assert_eq!(ana.text("5551999999999", "birth_date").await, "1990-12-31");
        assert_eq!(
            ana.text("5551999999999", "name").await,
            "Bia",
            "the first record of a person stands"
        );
        assert_eq!(ana.imports(Update, &rows).await, ledger(4, 0, 0, 2, 1, 1));
        let found = lists::all(&ana.store, &ana.member().await).await.unwrap();
        assert_eq!((found.len(), found[0].contacts), (1, 2));
    }

    async fn a_merged_record_gives_what_the_first_lacks(database) {
        let ana = ana(database).await;
        let rows = [
            row(1, ["51999999999", "", "Bia", ""]),
            again(2, 1, ["51999999999", "bia@example.com", "Other", ""]),
        ];
        ana.imports(Update, &rows).await;
        assert_eq!(ana.text("5551999999999", "email").await, "bia@example.com");
        assert_eq!(ana.text("bia@example.com", "name").await, "Bia");
    }

    async fn each_policy_does_what_it_says(database) {
        let ana = ana(database).await;
        ana.imports(Update, &[row(1, ["51999999999", "", "Bia", ""])])
            .await;
        let change = [row(1, ["51999999999", "bia@example.com", "Beatriz", ""])];
        assert_eq!(ana.imports(Keep, &change).await, ledger(1, 0, 0, 1, 0, 0));
        assert_eq!(ana.value("5551999999999", "email").await, None);
        assert_eq!(ana.imports(Fill, &change).await, ledger(1, 0, 1, 0, 0, 0));
        assert_eq!(ana.text("bia@example.com", "name").await, "Bia");
        assert_eq!(ana.imports(Update, &change).await, ledger(1, 0, 1, 0, 0, 0));
        assert_eq!(ana.text("bia@example.com", "name").await, "Beatriz");
    }

    async fn a_record_that_points_at_two_people_is_left_alone(database) {
        let ana = ana(database).await;
        ana.imports(
            Update,
            &[
                row(1, ["51999999999", "", "Bia", ""]),
                row(2, ["", "caio@example.com", "Caio", ""]),
            ],
        )
        .await;
        let both = [row(1, ["51999999999", "caio@example.com", "Who", ""])];
        assert_eq!(ana.imports(Update, &both).await, ledger(1, 0, 0, 0, 0, 1));
        assert_eq!(ana.text("5551999999999", "name").await, "Bia");
    }

    async fn a_landline_and_a_name_are_one_person_when_imported_again(database) {
        let ana = ana(database).await;
        let rows = [
            row(1, ["51 3333-4444", "", "Bia", ""]),
            row(2, ["51 3333-4444", "", "Caio", ""]),
        ];
        assert_eq!(ana.imports(Update, &rows).await, ledger(2, 2, 0, 0, 0, 0));
        assert_eq!(ana.imports(Update, &rows).await, ledger(2, 0, 0, 2, 0, 0));
    }

    async fn a_nul_in_a_cell_stops_nothing(database) {
        let ana = ana(database).await;
        let rows = [
            row(1, ["51999999999", "", "Ana\0Silva", ""]),
            row(2, ["12\u{0}3", "", "Bia\0", ""]),
        ];
        assert_eq!(ana.imports(Update, &rows).await, ledger(2, 1, 0, 0, 0, 1));
        assert_eq!(ana.text("5551999999999", "name").await, "Ana\u{fffd}Silva");
        assert_eq!(ana.imports(Update, &rows).await, ledger(2, 0, 0, 1, 0, 1));
    }

    async fn rejects_are_kept_with_their_reason_and_their_cells(database) {
        let ana = ana(database).await;
        let id = ana.begins(Update, ListTarget::None).await;
        let mut bad = row(1, ["5,55E+12", "", "Bia", ""]);
        bad.rejected = Some(vec![
            "5,55E+12".into(),
            String::new(),
            "Bia".into(),
            String::new(),
            "left out".into(),
        ]);
        ana.sends(id, 0, &[bad, row(2, ["", "", "Caio", ""])]).await;
        let (_, rejects) = imports::rejects(&ana.store, &ana.admin().await, id, 0, 10)
            .await
            .unwrap();
        let seen: Vec<_> = rejects
            .iter()
            .map(|reject| (reject.line, reject.code.as_str(), reject.cells.len()))
            .collect();
        assert_eq!(seen, [(2, "lost_digits", 5), (3, "no_identity", 4)]);
    }

    async fn a_plan_that_cannot_be_carried_out_is_refused(database) {
        let ana = ana(database).await;
        let facts = facts("x.csv", 1);
        let good = plan(Update, ListTarget::None);
        let mut without_identity = good.clone();
        without_identity.mapping.columns[0].target = None;
        without_identity.mapping.columns[1].target = None;
        let mut twice = good.clone();
        twice.mapping.columns[1].target = Some(FieldTarget::BuiltIn(BuiltInField::Name));
        let mut foreign = good.clone();
        foreign.mapping.columns[2].target = Some(FieldTarget::Custom {
            id: FieldId(99),
            kind: FieldKind::Text,
        });
        let most = u32::try_from(StoreLimits::default().max_decisions).unwrap();
        let replaces = |number: u32| Fix::Replace {
            column: 0,
            from: number.to_string(),
            to: String::new(),
        };
        let mut decided = good.clone();
        decided.mapping.fixes = (0..=most).map(replaces).collect();
        for bad in [without_identity, twice, foreign] {
            let refused = ana.begins_plan(&bad, &facts).await;
            assert_eq!(refused.unwrap_err(), ErrorCode::BadPlan);
        }
        let refused = ana.begins_plan(&decided, &facts).await;
        assert_eq!(refused.unwrap_err(), ErrorCode::TooManyDecisions);
        // Decisions about single cells are looked up, so any number is allowed.
        let sets = |record: u32| Fix::SetCell {
            record,
            line: record + 1,
            column: 0,
            text: String::new(),
        };
        let mut edited = good;
        edited.mapping.fixes = (1..=most).map(replaces).chain((1..=most).map(sets)).collect();
        assert!(ana.begins_plan(&edited, &facts).await.is_ok());
    }

    async fn an_import_of_nobody_is_not_found(database) {
        let ana = ana(database).await;
        let admin = ana.admin().await;
        let found = imports::one(&ana.store, &admin, ImportId(404)).await;
        assert_eq!(found.unwrap_err().code(), ErrorCode::NotFound);
    }

    async fn the_last_record_of_a_person_stands_when_that_was_decided(database) {
        let ana = ana(database).await;
        let mut last = plan(Update, ListTarget::None);
        last.mapping.decide(Fix::Repeated(Repeated::Last));
        let facts = facts("clientes.csv", 7);
        let admin = ana.admin().await;
        let id = ana.begins_plan(&last, &facts).await.unwrap().import;
        let rows = [
            yielding(row(1, ["51999999999", "bia@example.com", "Bia", ""])),
            again(2, 1, ["51999999999", "", "Bia Reis", ""]),
        ];
        let batch = Batch {
            rows: rows.to_vec(),
            dropped: vec![4, 5, 6],
            records_before: 0,
        };
        let got = imports::receive(&ana.store, &admin, id, 0, batch)
            .await
            .unwrap();
        assert_eq!(
            got,
            ImportLedger {
                dropped: 3,
                ..ledger(5, 1, 0, 0, 1, 0)
            }
        );
        assert_eq!(ana.text("5551999999999", "name").await, "Bia Reis");
        let email = ana.text("5551999999999", "email").await;
        assert_eq!(email, "bia@example.com", "the first gives what the last lacks");
    }

    async fn tags_are_added_to_and_a_field_may_have_a_policy_of_its_own(database) {
        let ana = ana(database).await;
        ana.imports_plan(
            &tags_plan(Update, Vec::new()),
            &[row(1, ["51999990001", "", "Bia", "vip"])],
        )
        .await;
        ana.imports_plan(
            &tags_plan(Update, Vec::new()),
            &[row(1, ["51999990001", "", "Beatriz", "Lima; VIP"])],
        )
        .await;
        assert_eq!(ana.text("5551999990001", "tags").await, "vip, Lima");

        let name = FieldException {
            target: FieldTarget::BuiltIn(BuiltInField::Name),
            policy: FieldPolicy::Keep,
        };
        let tags = FieldException {
            target: FieldTarget::BuiltIn(BuiltInField::Tags),
            policy: FieldPolicy::Update,
        };
        let excepted = tags_plan(Update, vec![name, tags]);
        let id = ana
            .imports_plan(
                &excepted,
                &[row(1, ["51999990001", "bia@example.com", "Bea", "nueva"])],
            )
            .await;
        assert_eq!(ana.text("5551999990001", "name").await, "Beatriz");
        let joined = ana.text("5551999990001", "tags").await;
        assert_eq!(joined, "vip, Lima, nueva", "tags are joined, whatever the policy");
        assert_eq!(ana.text("5551999990001", "email").await, "bia@example.com");
        ana.undoes(id).await.unwrap();
        assert_eq!(ana.text("5551999990001", "tags").await, "vip, Lima");
    }
}
