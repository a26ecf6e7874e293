//! Tests of an import's batches: received in order, each once, and continued after an interruption.

use alta_domain::ExistingPolicy::Update;
use alta_domain::{Batch, ErrorCode, FileLimits, ImportState, ListTarget, RowInput};
use alta_store::imports::{self, FileFacts};
use alta_store::{StoreLimits, db_test};

use crate::support::{ana, facts, ledger, plan, row};

/// Returns a batch of these rows, before which there are no records.
fn batch(rows: &[RowInput]) -> Batch {
    Batch {
        rows: rows.to_vec(),
        ..Batch::default()
    }
}

db_test! {
    async fn a_batch_sent_twice_counts_once_and_a_gap_is_refused(database) {
        let ana = ana(database).await;
        let id = ana.begins(Update, ListTarget::None).await;
        let rows = [row(1, ["51999999999", "", "Bia", ""])];
        assert_eq!(ana.sends(id, 0, &rows).await, ledger(1, 1, 0, 0, 0, 0));
        assert_eq!(ana.sends(id, 0, &rows).await, ledger(1, 1, 0, 0, 0, 0));
        let admin = ana.admin().await;
        let hasty = ana.store.clone().with_limits(StoreLimits {
            batch_wait_ms: 10,
            ..StoreLimits::default()
        });
        let gap = imports::receive(&hasty, &admin, id, 2, batch(&rows)).await;
        assert_eq!(gap.unwrap_err().code(), ErrorCode::BadBatch);
        let overlapping = imports::receive(&ana.store, &admin, id, 1, batch(&rows)).await;
        assert_eq!(
            overlapping.unwrap_err().code(),
            ErrorCode::BadBatch,
            "it begins before the records that are there"
        );
        let ended = imports::stop(&ana.store, &admin, id).await.unwrap();
        assert_eq!(ended.state, ImportState::Stopped);
        let late = imports::receive(&ana.store, &admin, id, 1, batch(&rows)).await;
        assert_eq!(late.unwrap_err().code(), ErrorCode::BadBatch);
    }

    async fn a_file_beyond_the_limits_is_refused_whatever_the_browser_says(database) {
        let mut ana = ana(database).await;
        let limits = StoreLimits {
            file: FileLimits {
                bytes: 1000,
                records: 2,
                ..FileLimits::default()
            },
            ..StoreLimits::default()
        };
        ana.store = ana.store.with_limits(limits);
        let admin = ana.admin().await;
        let begin = async |bytes, records| {
            let file = FileFacts {
                bytes,
                records,
                ..facts("base.csv", 7)
            };
            let plan = plan(Update, ListTarget::None);
            let begun = imports::begin(&ana.store, &admin, &plan, &file).await;
            begun.map_err(|error| error.code())
        };
        assert_eq!(begin(1001, 2).await.unwrap_err(), ErrorCode::TooLarge);
        assert_eq!(begin(1000, 3).await.unwrap_err(), ErrorCode::TooLarge);
        let id = begin(1000, 2).await.unwrap().import;
        let rows = [1, 2, 3].map(|at| row(at, ["", &format!("a{at}@example.com"), "Bia", ""]));
        let refused = imports::receive(&ana.store, &admin, id, 0, batch(&rows)).await;
        assert_eq!(refused.unwrap_err().code(), ErrorCode::TooLarge);
        assert_eq!(ana.sends(id, 0, &rows[..2]).await.new, 2);
    }

    async fn a_batch_that_overtook_the_one_before_waits_for_it(database) {
        let ana = ana(database).await;
        let id = ana.begins(Update, ListTarget::None).await;
        let admin = ana.admin().await;
        let first = batch(&[row(1, ["51999999999", "", "Bia", ""])]);
        let second = Batch {
            records_before: 1,
            ..batch(&[row(2, ["51999999998", "", "Caio", ""])])
        };
        let (overtook, before) = tokio::join!(
            imports::receive(&ana.store, &admin, id, 1, second),
            imports::receive(&ana.store, &admin, id, 0, first)
        );
        // The answer to the first batch is the ledger of the whole import, which may have the
        // second one by then.
        assert!(matches!(before.unwrap().new, 1 | 2));
        assert_eq!(overtook.unwrap(), ledger(2, 2, 0, 0, 0, 0));
    }

    async fn more_rows_than_one_statement_holds_go_in(database) {
        let ana = ana(database).await;
        let rows: Vec<_> = (1..=2500)
            .map(|n| row(n, ["", &format!("p{n}@example.com"), "Name", ""]))
            .collect();
        assert_eq!(
            ana.imports(Update, &rows).await,
            ledger(2500, 2500, 0, 0, 0, 0)
        );
        let changed: Vec<_> = (1..=2500)
            .map(|n| row(n, ["", &format!("p{n}@example.com"), "Other", ""]))
            .collect();
        assert_eq!(
            ana.imports(Update, &changed).await,
            ledger(2500, 0, 2500, 0, 0, 0)
        );
        assert_eq!(ana.text("p2500@example.com", "name").await, "Other");
    }

    async fn the_same_file_under_the_same_plan_goes_on_where_it_was(database) {
        let ana = ana(database).await;
        let plan = plan(Update, ListTarget::New("Clientes".into()));
        let file = FileFacts {
            bytes: 9,
            records: 3,
            ..facts("clientes.csv", 7)
        };
        let begun = ana.begins_plan(&plan, &file).await.unwrap();
        assert_eq!((begun.sequence, begun.records), (0, 0));
        let rows = [
            row(1, ["51999990001", "", "Bia", ""]),
            row(2, ["1", "", "Caio", ""]),
            row(3, ["51999990003", "", "Dani", ""]),
        ];
        ana.sends(begun.import, 0, &rows[..2]).await;
        let cut_off = imports::last_unfinished(&ana.store, &ana.admin().await).await;
        let cut_off = cut_off.unwrap().unwrap();
        assert_eq!(
            (cut_off.file_name.as_str(), cut_off.percent),
            ("clientes.csv", 66)
        );

        let other_file = FileFacts {
            fingerprint: 8,
            ..file.clone()
        };
        assert_ne!(
            ana.begins_plan(&plan, &other_file).await.unwrap().import,
            begun.import
        );
        let on = ana.begins_plan(&plan, &file).await.unwrap();
        assert_eq!((on.import, on.sequence, on.records), (begun.import, 1, 2));
        ana.sends(on.import, on.sequence, &rows[2..]).await;
        let finished = ana.finishes(on.import).await.ledger;
        assert_eq!(finished, ledger(3, 2, 0, 0, 0, 1));
        assert_ne!(
            ana.begins_plan(&plan, &file).await.unwrap().import,
            begun.import,
            "one that has ended begins anew"
        );
    }
}
