//! What an import does to the contact base, on both databases.

use crate::support::{again, ana, plan, row};
use alta_domain::{
    Batch, BuiltInField, ErrorCode, ExistingPolicy, FieldTarget, ImportId, ImportLedger,
    ImportState, ListTarget,
};
use alta_store::imports::{self, FileFacts};
use alta_store::{StoreLimits, db_test, lists};

fn ledger(
    records: u32,
    new: u32,
    updated: u32,
    unchanged: u32,
    merged: u32,
    rejected: u32,
) -> ImportLedger {
    ImportLedger {
        records,
        new,
        updated,
        unchanged,
        merged,
        rejected,
        dropped: 0,
    }
}

db_test! {
    async fn every_record_is_accounted_for_once(database) {
        let ana = ana(database).await;
        let rows = [
            row(1, ["(51) 99999-9999", "bia@example.com", "Bia", "31/12/1990"]),
            again(2, 1, ["51 9999-9999", "", "Bia Souza", ""]),
            row(3, ["123", "", "Caio", ""]),
            row(4, ["", "DANI@example.com", "Dani", ""]),
        ];
        assert_eq!(ana.imports(ExistingPolicy::Update, &rows).await, ledger(4, 2, 0, 0, 1, 1));
        assert_eq!(ana.value("5551999999999", "birth_date").await.as_deref(), Some("1990-12-31"));
        assert_eq!(ana.value("5551999999999", "name").await.as_deref(), Some("Bia"), "the first record of a person stands");
        assert_eq!(ana.imports(ExistingPolicy::Update, &rows).await, ledger(4, 0, 0, 2, 1, 1));
        let found = lists::all(&ana.store, &ana.access().await).await.unwrap();
        assert_eq!((found.len(), found[0].contacts), (1, 2));
    }

    async fn a_merged_record_gives_what_the_first_lacks(database) {
        let ana = ana(database).await;
        let rows = [row(1, ["51999999999", "", "Bia", ""]), again(2, 1, ["51999999999", "bia@example.com", "Other", ""])];
        ana.imports(ExistingPolicy::Update, &rows).await;
        assert_eq!(ana.value("5551999999999", "email").await.as_deref(), Some("bia@example.com"));
        assert_eq!(ana.value("bia@example.com", "name").await.as_deref(), Some("Bia"));
    }

    async fn each_policy_does_what_it_says(database) {
        let ana = ana(database).await;
        ana.imports(ExistingPolicy::Update, &[row(1, ["51999999999", "", "Bia", ""])]).await;
        let change = [row(1, ["51999999999", "bia@example.com", "Beatriz", ""])];
        assert_eq!(ana.imports(ExistingPolicy::Keep, &change).await, ledger(1, 0, 0, 1, 0, 0));
        assert_eq!(ana.value("5551999999999", "email").await, None);
        assert_eq!(ana.imports(ExistingPolicy::Fill, &change).await, ledger(1, 0, 1, 0, 0, 0));
        assert_eq!(ana.value("bia@example.com", "name").await.as_deref(), Some("Bia"));
        assert_eq!(ana.imports(ExistingPolicy::Update, &change).await, ledger(1, 0, 1, 0, 0, 0));
        assert_eq!(ana.value("bia@example.com", "name").await.as_deref(), Some("Beatriz"));
    }

    async fn a_record_that_points_at_two_people_is_left_alone(database) {
        let ana = ana(database).await;
        ana.imports(ExistingPolicy::Update, &[row(1, ["51999999999", "", "Bia", ""]), row(2, ["", "caio@example.com", "Caio", ""])]).await;
        let both = [row(1, ["51999999999", "caio@example.com", "Who", ""])];
        assert_eq!(ana.imports(ExistingPolicy::Update, &both).await, ledger(1, 0, 0, 0, 0, 1));
        assert_eq!(ana.value("5551999999999", "name").await.as_deref(), Some("Bia"));
    }

    async fn a_landline_and_a_name_are_one_person_when_imported_again(database) {
        let ana = ana(database).await;
        let rows = [row(1, ["51 3333-4444", "", "Bia", ""]), row(2, ["51 3333-4444", "", "Caio", ""])];
        assert_eq!(ana.imports(ExistingPolicy::Update, &rows).await, ledger(2, 2, 0, 0, 0, 0));
        assert_eq!(ana.imports(ExistingPolicy::Update, &rows).await, ledger(2, 0, 0, 2, 0, 0));
    }

    async fn a_batch_sent_twice_counts_once_and_a_gap_is_refused(database) {
        let ana = ana(database).await;
        let id = ana.begins(ExistingPolicy::Update, ListTarget::None).await;
        let rows = [row(1, ["51999999999", "", "Bia", ""])];
        assert_eq!(ana.sends(id, 0, &rows).await, ledger(1, 1, 0, 0, 0, 0));
        assert_eq!(ana.sends(id, 0, &rows).await, ledger(1, 1, 0, 0, 0, 0));
        let admin = ana.admin().await;
        let hasty = ana.store.clone().with_limits(StoreLimits { batch_wait_ms: 10, ..StoreLimits::default() });
        let gap = imports::receive(&hasty, &admin, id, 2, Batch { rows: rows.to_vec(), ..Batch::default() }).await;
        assert_eq!(gap.unwrap_err().code(), ErrorCode::BadBatch);
        let overlapping = imports::receive(&ana.store, &admin, id, 1, Batch { rows: rows.to_vec(), ..Batch::default() }).await;
        assert_eq!(overlapping.unwrap_err().code(), ErrorCode::BadBatch, "it begins in front of what is there");
        let ended = imports::stop(&ana.store, &admin, id).await.unwrap();
        assert_eq!(ended.state, ImportState::Stopped);
        let late = imports::receive(&ana.store, &admin, id, 1, Batch { rows: rows.to_vec(), ..Batch::default() }).await;
        assert_eq!(late.unwrap_err().code(), ErrorCode::BadBatch);
    }

    async fn a_batch_that_overtook_the_one_before_waits_for_it(database) {
        let ana = ana(database).await;
        let id = ana.begins(ExistingPolicy::Update, ListTarget::None).await;
        let admin = ana.admin().await;
        let first = Batch { rows: vec![row(1, ["51999999999", "", "Bia", ""])], ..Batch::default() };
        let second = Batch { rows: vec![row(2, ["51999999998", "", "Caio", ""])], behind: 1, ..Batch::default() };
        let (overtook, before) =
            tokio::join!(imports::receive(&ana.store, &admin, id, 1, second), imports::receive(&ana.store, &admin, id, 0, first));
        assert_eq!((before.unwrap().new, overtook.unwrap()), (1, ledger(2, 2, 0, 0, 0, 0)));
    }

    async fn a_nul_in_a_cell_stops_nothing(database) {
        let ana = ana(database).await;
        let rows = [row(1, ["51999999999", "", "Ana\0Silva", ""]), row(2, ["12\u{0}3", "", "Bia\0", ""])];
        assert_eq!(ana.imports(ExistingPolicy::Update, &rows).await, ledger(2, 1, 0, 0, 0, 1));
        assert_eq!(ana.value("5551999999999", "name").await.as_deref(), Some("Ana\u{fffd}Silva"));
        assert_eq!(ana.imports(ExistingPolicy::Update, &rows).await, ledger(2, 0, 0, 1, 0, 1));
    }

    async fn rejects_are_kept_with_their_reason_and_their_cells(database) {
        let ana = ana(database).await;
        let id = ana.begins(ExistingPolicy::Update, ListTarget::None).await;
        let mut bad = row(1, ["5,55E+12", "", "Bia", ""]);
        bad.rejected = Some(vec!["5,55E+12".into(), String::new(), "Bia".into(), String::new(), "left out".into()]);
        ana.sends(id, 0, &[bad, row(2, ["", "", "Caio", ""])]).await;
        let (_, rejects) = imports::rejects(&ana.store, &ana.admin().await, id, 0, 10).await.unwrap();
        let seen: Vec<_> = rejects.iter().map(|reject| (reject.line, reject.code.as_str(), reject.cells.len())).collect();
        assert_eq!(seen, [(2, "lost_digits", 5), (3, "no_identity", 4)]);
    }

    async fn a_plan_that_cannot_be_carried_out_is_refused(database) {
        let ana = ana(database).await;
        let facts = FileFacts { name: "x.csv".into(), bytes: 1, fingerprint: 1, records: 0 };
        let good = plan(ExistingPolicy::Update, ListTarget::None);
        let mut without_identity = good.clone();
        without_identity.mapping.columns[0].target = None;
        without_identity.mapping.columns[1].target = None;
        let mut twice = good.clone();
        twice.mapping.columns[1].target = Some(FieldTarget::BuiltIn(BuiltInField::Phone));
        let mut foreign = good.clone();
        foreign.mapping.columns[2].target = Some(FieldTarget::Custom { id: alta_domain::FieldId(99), kind: alta_domain::FieldKind::Text });
        for bad in [without_identity, twice, foreign] {
            let refused = imports::begin(&ana.store, &ana.admin().await, &bad, &facts).await;
            assert_eq!(refused.unwrap_err().code(), ErrorCode::BadPlan);
        }
    }

    async fn an_import_of_nobody_is_not_found(database) {
        let ana = ana(database).await;
        let admin = ana.admin().await;
        assert_eq!(imports::one(&ana.store, &admin, ImportId(404)).await.unwrap_err().code(), ErrorCode::NotFound);
    }

    async fn more_rows_than_one_statement_holds_go_in(database) {
        let ana = ana(database).await;
        let rows: Vec<_> = (1..=2500).map(|n| row(n, ["", &format!("p{n}@example.com"), "Name", ""])).collect();
        assert_eq!(ana.imports(ExistingPolicy::Update, &rows).await, ledger(2500, 2500, 0, 0, 0, 0));
        let changed: Vec<_> = (1..=2500).map(|n| row(n, ["", &format!("p{n}@example.com"), "Other", ""])).collect();
        assert_eq!(ana.imports(ExistingPolicy::Update, &changed).await, ledger(2500, 0, 2500, 0, 0, 0));
        assert_eq!(ana.value("p2500@example.com", "name").await.as_deref(), Some("Other"));
    }
}

fn correcting(record: u32, corrects: u32, cells: [&str; 4]) -> alta_domain::RowInput {
    alta_domain::RowInput {
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
        let id = ana.begins(ExistingPolicy::Update, ListTarget::New("Clientes".into())).await;
        assert_eq!(ana.sends(id, 0, &rows).await, ledger(4, 1, 0, 0, 0, 3));
        let admin = ana.admin().await;
        imports::finish(&ana.store, &admin, id).await.unwrap();

        let mut correction = plan(ExistingPolicy::Update, ListTarget::None);
        correction.mapping.correction = Some(alta_domain::Correction { import: id, column: 5 });
        let facts = FileFacts { name: "alta-1.csv".into(), bytes: 1, fingerprint: 9, records: 0 };
        let begun = imports::begin(&ana.store, &admin, &correction, &facts).await.unwrap();
        assert_eq!((begun.import, begun.sequence), (id, 1));
        let corrected = [
            correcting(1, 2, ["51988887777", "", "Caio", ""]),
            correcting(2, 3, ["45", "", "Dani Lima", ""]),
            row(3, ["51977776666", "", "Fabi", ""]),
            row(4, ["1", "", "Gil", ""]),
        ];
        assert_eq!(ana.sends(id, 1, &corrected).await, ledger(6, 3, 0, 0, 0, 3), "two rows are new to the import, one reject is none any more");
        assert_eq!(ana.sends(id, 1, &corrected).await, ledger(6, 3, 0, 0, 0, 3), "the same batch again changes nothing");
        let done = imports::finish(&ana.store, &admin, id).await.unwrap();
        assert!(done.ledger.adds_up());
        let (_, left) = imports::rejects(&ana.store, &admin, id, 0, 100).await.unwrap();
        let names: Vec<_> = left.iter().map(|reject| (reject.record, reject.cells[2].as_str())).collect();
        assert_eq!(names, [(3, "Dani Lima"), (4, "Eva"), (6, "Gil")]);

        // The same corrected list once more: nobody twice.
        let begun = imports::begin(&ana.store, &admin, &correction, &facts).await.unwrap();
        let again = ana.sends(id, begun.sequence, &corrected[..1]).await;
        assert_eq!(again, ledger(7, 3, 0, 1, 0, 3));
    }

    async fn an_import_of_somebody_else_is_not_corrected(database) {
        let ana = ana(database).await;
        let mut correction = plan(ExistingPolicy::Update, ListTarget::None);
        correction.mapping.correction = Some(alta_domain::Correction { import: ImportId(404), column: 5 });
        let facts = FileFacts { name: "alta-404.csv".into(), bytes: 1, fingerprint: 9, records: 0 };
        let refused = imports::begin(&ana.store, &ana.admin().await, &correction, &facts).await;
        assert_eq!(refused.unwrap_err().code(), ErrorCode::NotFound);
    }

    async fn the_last_of_several_records_of_a_person_is_used_alone_when_that_was_decided(database) {
        let ana = ana(database).await;
        let mut last = plan(ExistingPolicy::Update, ListTarget::None);
        last.mapping.decide(alta_domain::Fix::Repeated(alta_domain::Repeated::Last));
        let facts = FileFacts { name: "clientes.csv".into(), bytes: 1, fingerprint: 7, records: 0 };
        let admin = ana.admin().await;
        let id = imports::begin(&ana.store, &admin, &last, &facts).await.unwrap().import;
        let rows = [again(1, 2, ["51999999999", "bia@example.com", "Bia", ""]), row(2, ["51999999999", "", "Beatriz", ""])];
        let batch = Batch { rows: rows.to_vec(), dropped: 3, behind: 0 };
        let got = imports::receive(&ana.store, &admin, id, 0, batch).await.unwrap();
        assert_eq!(got, ImportLedger { dropped: 3, ..ledger(5, 1, 0, 0, 1, 0) });
        assert_eq!(ana.value("5551999999999", "name").await.as_deref(), Some("Beatriz"));
        assert_eq!(ana.value("5551999999999", "email").await, None);
    }
}
