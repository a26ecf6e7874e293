//! Tests of corrections: rejects that are sent again with corrected cells, and join their import.

use alta_domain::ExistingPolicy::Update;
use alta_domain::{
    Channel, ContactId, Correction, ErrorCode, FieldTarget, ImportId, ImportPlan, Key, KeyKind,
    KeyRole, LedgerPlace, LegalBasis, ListTarget, RowIdentity, RowInput,
};
use alta_store::contacts::consents::of_contact;
use alta_store::contacts::export;
use alta_store::{db_test, imports};

use crate::support::{again, ana, facts, ledger, plan, row, with_target};

/// Returns the plan of a corrected list of rejects.
fn correction_of(import: ImportId) -> ImportPlan {
    let mut plan = plan(Update, ListTarget::None);
    plan.mapping.correction = Some(Correction {
        import,
        column: 5,
        nobodys: Vec::new(),
    });
    plan
}

/// Returns a row that corrects a reject.
fn correcting(record: u32, corrects: u32, cells: [&str; 4]) -> RowInput {
    RowInput {
        corrects: Some(corrects),
        ..row(record, cells)
    }
}

db_test! {
    async fn corrected_rejects_join_the_import_they_come_from(database) {
        let ana = ana(database).await;
        let rows = [
            row(1, ["51999999999", "", "Bia", ""]),
            row(2, ["123", "", "Caio", ""]),
            row(3, ["456", "", "Dani", ""]),
            row(4, ["789", "", "Eva", ""]),
        ];
        let id = ana.begins(Update, ListTarget::New("Clientes".into())).await;
        assert_eq!(ana.sends(id, 0, &rows).await, ledger(4, 1, 0, 0, 0, 3));
        let admin = ana.admin().await;
        ana.finishes(id).await;

        let correction = correction_of(id);
        let facts = facts("alta-1.csv", 9);
        let begun = ana.begins_plan(&correction, &facts).await.unwrap();
        assert_eq!((begun.import, begun.sequence), (id, 1));
        let corrected = [
            correcting(1, 2, ["51988887777", "", "Caio", ""]),
            correcting(2, 3, ["45", "", "Dani Lima", ""]),
            row(3, ["51977776666", "", "Fabi", ""]),
            row(4, ["1", "", "Gil", ""]),
        ];
        assert_eq!(
            ana.sends(id, 1, &corrected).await,
            ledger(6, 3, 0, 0, 0, 3),
            "two rows are new to the import, and one reject is corrected"
        );
        assert_eq!(
            ana.sends(id, 1, &corrected).await,
            ledger(6, 3, 0, 0, 0, 3),
            "the same batch again changes nothing"
        );
        let done = ana.finishes(id).await;
        assert!(done.ledger.adds_up());
        let (_, left) = imports::rejects(&ana.store, &admin, id, 0, 100)
            .await
            .unwrap();
        let names: Vec<_> = left
            .iter()
            .map(|reject| (reject.record, reject.cells[2].as_str()))
            .collect();
        assert_eq!(names, [(3, "Dani Lima"), (4, "Eva"), (6, "Gil")]);

        // The same corrected list once more: no contact and no record is counted twice.
        let begun = ana.begins_plan(&correction, &facts).await.unwrap();
        let again = ana.sends(id, begun.sequence, &corrected[..1]).await;
        assert_eq!(again, ledger(6, 3, 0, 0, 0, 3));
    }

    async fn what_waits_with_a_corrected_reject_comes_with_it_and_its_no_holds(database) {
        let ana = ana(database).await;
        let base = [
            row(1, ["51999990001", "", "Ana", ""]),
            row(2, ["", "bia@example.com", "Bia", ""]),
        ];
        ana.imports_plan(&plan(Update, ListTarget::None), &base).await;
        let mut own = with_target(
            plan(Update, ListTarget::None),
            3,
            FieldTarget::Consent(Channel::Whatsapp),
        );
        own.consent.basis = Some(LegalBasis::Consent);
        let id = ana.begins_plan(&own, &facts("a.csv", 7)).await.unwrap().import;
        let rows = [
            row(1, ["51999990001", "bia@example.com", "", "sim"]),
            again(2, 1, ["51999990001", "", "", "não"]),
        ];
        ana.sends(id, 0, &rows).await;
        let before = ana.finishes(id).await.ledger;
        assert_eq!(before, ledger(2, 0, 0, 0, 1, 1));

        let mut correction = own.clone();
        correction.mapping.correction = correction_of(id).mapping.correction;
        let begun = ana.begins_plan(&correction, &facts("b.csv", 9)).await.unwrap();
        let mended = correcting(1, 1, ["51999990001", "", "Ana", "sim"]);
        ana.sends(id, begun.sequence, &[mended]).await;
        let after = ana.finishes(id).await.ledger;
        assert_eq!(after, ledger(2, 0, 1, 0, 1, 0));
        let access = ana.member().await;
        let states = of_contact(&ana.store, &access, "5551999990001").await.unwrap();
        let answers: Vec<bool> = states.iter().map(|state| state.granted).collect();
        assert_eq!(answers, [false], "the no of the record that waited");
        let admin = ana.admin().await;
        let place = (LedgerPlace::Merged, None);
        let merged = imports::records_of(&ana.store, &admin, id, place, None).await;
        let merged = merged.unwrap();
        assert_eq!((merged.len(), merged[0].line, merged[0].reason), (1, Some(3), None));
    }

    async fn what_the_import_found_to_be_nobodys_stays_so_whatever_the_list_says(database) {
        let ana = ana(database).await;
        let shop = Key::new(KeyKind::Phone, "5551999990000");
        let nobodys = |row: RowInput| RowInput {
            identity: Some(Box::new(RowIdentity {
                roles: vec![(shop.clone(), KeyRole::Nobodys)],
                ..RowIdentity::default()
            })),
            ..row
        };
        let rows = [
            nobodys(row(1, ["51999990000", "", "Bia", ""])),
            nobodys(row(2, ["51999990000", "", "Caio", ""])),
        ];
        let id = ana.begins(Update, ListTarget::None).await;
        assert_eq!(ana.sends(id, 0, &rows).await, ledger(2, 0, 0, 0, 0, 2));
        ana.finishes(id).await;
        let admin = ana.admin().await;
        let nobodys = imports::nobodys(&ana.store, &admin, id).await.unwrap();
        assert_eq!(nobodys, std::slice::from_ref(&shop));

        let begun = ana.begins_plan(&correction_of(id), &facts("b.csv", 9)).await.unwrap();
        let corrected = [
            correcting(1, 1, ["51999990000", "bia@example.com", "Bia", ""]),
            correcting(2, 2, ["51999990000", "", "Caio", ""]),
        ];
        let after = ana.sends(id, begun.sequence, &corrected).await;
        assert_eq!(after, ledger(2, 1, 0, 0, 0, 1), "Caio is known by nobody's number alone");
        let stored = export::page(&ana.store, &admin, "", ContactId(0), 10).await.unwrap();
        assert_eq!((stored.len(), stored[0].phones.len()), (1, 0));
    }

    async fn a_list_sent_again_changes_nothing_for_rows_that_wait_with_one_another(database) {
        let ana = ana(database).await;
        let base = [
            row(1, ["51999990001", "", "Ana", ""]),
            row(2, ["", "bia@example.com", "Bia", ""]),
        ];
        ana.imports_plan(&plan(Update, ListTarget::None), &base).await;
        let id = ana.begins(Update, ListTarget::None).await;
        let rows = [
            row(1, ["51999990001", "bia@example.com", "", ""]),
            row(2, ["123", "", "", ""]),
        ];
        assert_eq!(ana.sends(id, 0, &rows).await, ledger(2, 0, 0, 0, 0, 2));
        ana.finishes(id).await;
        // The second row turns out to be the first one's person, who is rejected again. The third
        // row has no mark: each sending has one record more.
        let list = [
            correcting(1, 1, ["51999990001", "bia@example.com", "", ""]),
            RowInput {
                corrects: Some(2),
                ..again(2, 1, ["51999990001", "", "", "01/01/1990"])
            },
            row(3, ["456", "", "Dani", ""]),
        ];
        let correction = correction_of(id);
        for sent in 1..=3 {
            let begun = ana.begins_plan(&correction, &facts("b.csv", 9)).await.unwrap();
            let after = ana.sends(id, begun.sequence, &list).await;
            assert_eq!(after, ledger(2 + sent, 0, 0, 0, 1, 1 + sent), "sent {sent} times");
            ana.finishes(id).await;
        }
        // When the first row is corrected, the row that waits comes with it.
        let begun = ana.begins_plan(&correction, &facts("b.csv", 9)).await.unwrap();
        let mended = correcting(1, 1, ["51999990001", "", "Ana", ""]);
        let after = ana.sends(id, begun.sequence, &[mended]).await;
        assert_eq!(after, ledger(5, 0, 1, 0, 1, 3));
        let born = ana.text("5551999990001", "birth_date").await;
        assert_eq!(born, "1990-01-01");
    }

    async fn an_import_of_somebody_else_is_not_corrected(database) {
        let ana = ana(database).await;
        let correction = correction_of(ImportId(404));
        let facts = facts("alta-404.csv", 9);
        let refused = ana.begins_plan(&correction, &facts).await;
        assert_eq!(refused.unwrap_err(), ErrorCode::NotFound);
    }
}
