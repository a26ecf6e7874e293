//! Tests of the rows that the numbers of an import count, and of the list of all imports.

use alta_domain::ExistingPolicy::Update;
use alta_domain::{
    Batch, BuiltInField, ChangedPart, ErrorCode, ImportId, ImportState, LedgerPlace, LedgerRow,
    ListTarget, ProblemCode, RowInput,
};
use alta_store::{StoreLimits, db_test, imports};

use crate::support::{Person, again, ana, facts, plan, row};

/// Returns a record that is rejected because it has neither phone nor e-mail.
fn nobody(record: u32) -> RowInput {
    let cells = ["", "", "Sem contato", ""];
    RowInput {
        rejected: Some(cells.map(str::to_owned).to_vec()),
        ..row(record, cells)
    }
}

async fn rows(person: &Person, import: ImportId, place: LedgerPlace) -> Vec<LedgerRow> {
    let admin = person.admin().await;
    match place {
        LedgerPlace::Merged | LedgerPlace::Rejected | LedgerPlace::Dropped => {
            imports::records_of(&person.store, &admin, import, (place, None), None).await
        }
        _ => imports::contacts_of(&person.store, &admin, import, place, None).await,
    }
    .unwrap()
}

fn names(rows: &[LedgerRow]) -> Vec<&str> {
    let contacts = rows.iter().filter_map(|row| row.contact.as_ref());
    contacts.map(|contact| contact.name.as_str()).collect()
}

/// Imports Bia and Caio, and then a file that changes Bia, leaves Caio as he was, adds Dani twice
/// and has a record without an identity.
async fn second_import(person: &Person) -> ImportId {
    let first = [
        row(1, ["51999990001", "", "Bia", "01/01/1990"]),
        row(2, ["51999990002", "", "Caio", ""]),
    ];
    person
        .imports_plan(&plan(Update, ListTarget::None), &first)
        .await;
    let second = [
        row(1, ["51999990001", "bia@example.com", "Beatriz", ""]),
        row(2, ["51999990002", "", "Caio", ""]),
        row(3, ["51999990003", "", "Dani", ""]),
        again(4, 3, ["51999990003", "", "Dani", ""]),
        nobody(5),
    ];
    person
        .imports_plan(&plan(Update, ListTarget::None), &second)
        .await
}

db_test! {
    async fn each_number_of_an_import_opens_its_rows(database) {
        let ana = ana(database).await;
        let id = second_import(&ana).await;
        assert_eq!(names(&rows(&ana, id, LedgerPlace::New).await), ["Dani"]);
        assert_eq!(names(&rows(&ana, id, LedgerPlace::Unchanged).await), ["Caio"]);

        let updated = rows(&ana, id, LedgerPlace::Updated).await;
        assert_eq!(names(&updated), ["Beatriz"]);
        let changes: Vec<_> = updated[0]
            .changes
            .iter()
            .map(|change| (&change.part, change.before.as_deref(), change.after.as_deref()))
            .collect();
        assert_eq!(
            changes,
            [
                (&ChangedPart::Field(BuiltInField::Email), None, Some("bia@example.com")),
                (&ChangedPart::Field(BuiltInField::Name), Some("Bia"), Some("Beatriz")),
            ]
        );

        let merged = rows(&ana, id, LedgerPlace::Merged).await;
        assert_eq!((names(&merged), merged[0].line), (vec!["Dani"], Some(5)));
        let rejected = rows(&ana, id, LedgerPlace::Rejected).await;
        assert_eq!(
            (rejected.len(), rejected[0].reason, rejected[0].line),
            (1, Some(ProblemCode::NoIdentity), Some(6))
        );
        assert_eq!(rejected[0].cells, [("name".to_owned(), "Sem contato".to_owned())]);
    }

    async fn of_the_records_that_were_left_out_the_lines_are_kept(database) {
        let ana = ana(database).await;
        let plan = plan(Update, ListTarget::None);
        let admin = ana.admin().await;
        let begun = ana.begins_plan(&plan, &facts("clientes.csv", 7)).await.unwrap();
        let batch = Batch {
            rows: vec![row(1, ["51999990001", "", "Bia", ""])],
            dropped: vec![3, 4, 9],
            records_before: 0,
        };
        let ledger = imports::receive(&ana.store, &admin, begun.import, 0, batch).await.unwrap();
        assert_eq!((ledger.records, ledger.dropped), (4, 3));
        let left_out = rows(&ana, begun.import, LedgerPlace::Dropped).await;
        let lines: Vec<_> = left_out.iter().map(|row| row.line).collect();
        assert_eq!(lines, [Some(3), Some(4), Some(9)]);
        let place = (LedgerPlace::Dropped, None);
        let after = imports::records_of(&ana.store, &admin, begun.import, place, Some(4)).await;
        assert_eq!(after.unwrap().len(), 1, "after the cursor of line 4");
    }

    async fn rejects_are_listed_by_their_reason(database) {
        let ana = ana(database).await;
        let id = second_import(&ana).await;
        let admin = ana.admin().await;
        for (problem, expected) in [(ProblemCode::NoIdentity, 1), (ProblemCode::InvalidPhone, 0)] {
            let place = (LedgerPlace::Rejected, Some(problem));
            let found = imports::records_of(&ana.store, &admin, id, place, None).await.unwrap();
            assert_eq!(found.len(), expected, "{problem:?}");
        }
    }

    async fn a_list_alone_makes_a_contact_updated_and_says_which(database) {
        let ana = ana(database).await;
        let bia = [row(1, ["51999990001", "", "Bia", ""])];
        ana.imports_plan(&plan(Update, ListTarget::None), &bia).await;
        let list = ListTarget::New("Clientes".into());
        let id = ana.imports_plan(&plan(Update, list), &bia).await;
        let updated = rows(&ana, id, LedgerPlace::Updated).await;
        let parts: Vec<_> = updated[0].changes.iter().map(|change| &change.part).collect();
        assert_eq!(parts, [&ChangedPart::List("Clientes".into())]);
        assert_eq!(rows(&ana, id, LedgerPlace::Unchanged).await, []);
    }

    async fn rows_come_in_pages_and_each_once(database) {
        let ana = ana(database).await;
        let phone = |record: u32| format!("5199999{record:04}");
        let people: Vec<RowInput> = (1..=120)
            .map(|record| row(record, [phone(record).as_str(), "", "Bia", ""]))
            .collect();
        let id = ana.imports_plan(&plan(Update, ListTarget::None), &people).await;
        let access = ana.member().await;
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = imports::contacts_of(&ana.store, &access, id, LedgerPlace::New, after)
                .await
                .unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.cursor);
            seen.extend(page.iter().map(|row| row.cursor));
        }
        let mut once = seen.clone();
        once.dedup();
        assert_eq!((seen.len(), once.len()), (120, 120));
    }

    async fn an_import_that_was_undone_has_no_rows_left(database) {
        let ana = ana(database).await;
        let id = second_import(&ana).await;
        ana.undoes(id).await.unwrap();
        assert_eq!(rows(&ana, id, LedgerPlace::New).await, []);
        let merged = rows(&ana, id, LedgerPlace::Merged).await;
        assert_eq!(names(&merged), Vec::<&str>::new(), "whom it joined is gone");
    }

    async fn imports_are_found_by_name_and_each_has_a_page(database) {
        let ana = ana(database).await;
        let id = second_import(&ana).await;
        let admin = ana.admin().await;
        let find = async |text: &str| {
            let filter = imports::ImportFilter { text: text.into(), ..Default::default() };
            imports::all(&ana.store, &admin, &filter, 20).await.unwrap().len()
        };
        assert_eq!((find("CLIEN").await, find("otro").await), (2, 0));
        let detail = imports::detail(&ana.store, &admin, id).await.unwrap();
        assert_eq!(detail.problems, [(ProblemCode::NoIdentity, 1)]);
        assert_eq!(detail.entry.by, "Ana Silva");
        assert_eq!(detail.plan.unwrap().columns.len(), 4);
        let none = imports::detail(&ana.store, &admin, ImportId(9999)).await;
        assert_eq!(none.unwrap_err().code(), ErrorCode::NotFound);
    }

    async fn the_last_time_is_that_of_a_file_with_the_same_columns(database) {
        let ana = ana(database).await;
        let list = ListTarget::New("Clientes".into());
        let bia = [row(1, ["51999990001", "", "Bia", ""])];
        ana.imports_plan(&plan(Update, list.clone()), &bia).await;
        let admin = ana.admin().await;
        let header: Vec<String> = plan(Update, ListTarget::None)
            .mapping
            .columns
            .into_iter()
            .map(|column| column.header)
            .collect();
        let found = imports::last_with_header(&ana.store, &admin, &header).await.unwrap();
        let (name, last) = found.unwrap();
        assert_eq!((name.as_str(), last.list), ("clientes.csv", list));
        let other = imports::last_with_header(&ana.store, &admin, &header[1..]).await.unwrap();
        assert!(other.is_none());
    }

    async fn an_undo_that_was_stopped_says_how_far_it_is_and_goes_on(database) {
        let ana = ana(database).await;
        let phone = |record: u32| format!("519{record:08}");
        let people: Vec<RowInput> = (1..=1200)
            .map(|record| row(record, [phone(90_000_000 + record).as_str(), "", "Bia", ""]))
            .collect();
        let id = ana.imports_plan(&plan(Update, ListTarget::None), &people).await;
        let admin = ana.admin().await;
        // With no time the undo handles one page.
        let progress = imports::undo_for(&ana.store, &admin, id, 0).await.unwrap();
        assert!(!progress.is_finished);
        let stopped = imports::one(&ana.store, &admin, id).await.unwrap();
        assert_eq!(stopped.state, ImportState::Undoing);
        assert_eq!(stopped.undoing.map(|undoing| undoing.of), Some(1200));
        let refused = ana.begins_plan(&plan(Update, ListTarget::None), &facts("b.csv", 8)).await;
        assert_eq!(refused.unwrap_err(), ErrorCode::UndoUnderWay);
        let undone = ana.undoes(id).await.unwrap();
        assert_eq!(undone.undone.map(|ledger| ledger.removed), Some(1200));
    }

    async fn rejects_are_deleted_when_their_days_are_over_and_their_number_stays(database) {
        let ana = ana(database).await;
        let id = second_import(&ana).await;
        assert_eq!(imports::forget_rejects(&ana.store).await.unwrap(), 0);
        let short = ana.store.clone().with_limits(StoreLimits {
            reject_days: 0,
            ..StoreLimits::default()
        });
        assert_eq!(imports::forget_rejects(&short).await.unwrap(), 1);
        assert_eq!(rows(&ana, id, LedgerPlace::Rejected).await, []);
        let summary = imports::one(&short, &ana.admin().await, id).await.unwrap();
        assert_eq!((summary.ledger.rejected, summary.rejects_until), (1, None));
    }
}
