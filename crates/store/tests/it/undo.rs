//! An import is taken back, and goes on where it was cut off, on both databases.

use crate::support::{again, ana, plan, row};
use alta_domain::{ErrorCode, ExistingPolicy, ImportLedger, ImportState, ListTarget, UndoLedger};
use alta_store::imports::{self, FileFacts};
use alta_store::{contacts, db_test, lists};

fn facts(records: u32) -> FileFacts {
    FileFacts {
        name: "clientes.csv".into(),
        bytes: 9,
        fingerprint: 7,
        records,
    }
}

db_test! {
    async fn the_base_is_what_it_was_before_whatever_the_policy(database) {
        let ana = ana(database).await;
        let before = [row(1, ["51999990001", "bia@example.com", "Bia", ""]), row(2, ["", "caio@example.com", "Caio", "01/02/1990"])];
        ana.imports(ExistingPolicy::Update, &before).await;
        for policy in [ExistingPolicy::Update, ExistingPolicy::Fill, ExistingPolicy::Keep] {
            let base = contacts::dump(&ana.store, &ana.access().await).await.unwrap();
            let members = lists::all(&ana.store, &ana.access().await).await.unwrap();
            let id = ana.begins(policy, ListTarget::New(format!("Nova {policy:?}"))).await;
            let rows = [
                row(1, ["51999990001", "", "Beatriz", "31/12/1980"]),
                row(2, ["51999990002", "caio@example.com", "Caio Lima", ""]),
                row(3, ["51999990003", "", "Dani", ""]),
                again(4, 3, ["51999990003", "dani@example.com", "", ""]),
            ];
            ana.sends(id, 0, &rows[..2]).await;
            ana.sends(id, 1, &rows[2..]).await;
            let admin = ana.admin().await;
            imports::finish(&ana.store, &admin, id).await.unwrap();
            assert_ne!(contacts::dump(&ana.store, &admin).await.unwrap(), base);

            let promised = imports::undo_preview(&ana.store, &admin, id).await.unwrap();
            let restored = if policy == ExistingPolicy::Keep { 0 } else { 2 };
            assert_eq!(promised, UndoLedger { removed: 1, restored, spared: 0 });
            let undone = imports::undo(&ana.store, &admin, id).await.unwrap();
            assert_eq!((undone.state, undone.undone, undone.undo_until), (ImportState::Undone, Some(promised), None));
            assert_eq!(contacts::dump(&ana.store, &admin).await.unwrap(), base, "{policy:?}");
            assert_eq!(lists::all(&ana.store, &admin).await.unwrap(), members, "the list made for it is gone");
            let twice = imports::undo(&ana.store, &admin, id).await;
            assert_eq!(twice.unwrap_err().code(), ErrorCode::NotFound);
        }
    }

    async fn what_was_changed_since_is_spared(database) {
        let ana = ana(database).await;
        ana.imports(ExistingPolicy::Update, &[row(1, ["51999990001", "", "Bia", "01/01/1990"])]).await;
        let id = ana.begins(ExistingPolicy::Update, ListTarget::None).await;
        ana.sends(id, 0, &[row(1, ["51999990001", "", "Beatriz", "02/02/1992"]), row(2, ["51999990002", "", "Caio", ""])]).await;
        let admin = ana.admin().await;
        imports::finish(&ana.store, &admin, id).await.unwrap();
        ana.imports(ExistingPolicy::Update, &[row(1, ["51999990001", "", "Bea", ""]), row(2, ["51999990002", "", "Caio Lima", ""])]).await;

        let promised = imports::undo_preview(&ana.store, &admin, id).await.unwrap();
        assert_eq!(promised, UndoLedger { removed: 0, restored: 0, spared: 2 });
        imports::undo(&ana.store, &admin, id).await.unwrap();
        assert_eq!(ana.value("5551999990001", "name").await.as_deref(), Some("Bea"), "a later import's name stays");
        assert_eq!(ana.value("5551999990001", "birth_date").await.as_deref(), Some("1990-01-01"), "what only this import changed goes back");
        assert_eq!(ana.value("5551999990002", "name").await.as_deref(), Some("Caio Lima"));
    }

    async fn an_old_address_that_somebody_else_has_now_is_not_taken_from_them(database) {
        let ana = ana(database).await;
        ana.imports(ExistingPolicy::Update, &[row(1, ["51999990001", "old@example.com", "Bia", ""])]).await;
        let id = ana.begins(ExistingPolicy::Update, ListTarget::None).await;
        ana.sends(id, 0, &[row(1, ["51999990001", "new@example.com", "Bia", ""])]).await;
        let admin = ana.admin().await;
        imports::finish(&ana.store, &admin, id).await.unwrap();
        ana.imports(ExistingPolicy::Update, &[row(1, ["51999990002", "old@example.com", "Caio", ""])]).await;
        assert_eq!(imports::undo(&ana.store, &admin, id).await.unwrap().undone, Some(UndoLedger { removed: 0, restored: 0, spared: 1 }));
        assert_eq!(ana.value("old@example.com", "name").await.as_deref(), Some("Caio"));
        assert_eq!(ana.value("new@example.com", "name").await.as_deref(), Some("Bia"));
    }

    async fn an_import_that_runs_or_is_somebody_elses_is_not_undone(database) {
        let ana = ana(database).await;
        let id = ana.begins(ExistingPolicy::Update, ListTarget::None).await;
        let admin = ana.admin().await;
        assert_eq!(imports::undo(&ana.store, &admin, id).await.unwrap_err().code(), ErrorCode::NotFound);
        let nobody = alta_domain::ImportId(404);
        assert_eq!(imports::undo_preview(&ana.store, &admin, nobody).await.unwrap_err().code(), ErrorCode::NotFound);
    }

    async fn the_same_file_under_the_same_plan_goes_on_where_it_was(database) {
        let ana = ana(database).await;
        let admin = ana.admin().await;
        let plan = plan(ExistingPolicy::Update, ListTarget::New("Clientes".into()));
        let begun = imports::begin(&ana.store, &admin, &plan, &facts(3)).await.unwrap();
        assert_eq!((begun.sequence, begun.records), (0, 0));
        ana.sends(begun.import, 0, &[row(1, ["51999990001", "", "Bia", ""]), row(2, ["1", "", "Caio", ""])]).await;
        let cut_off = imports::last_unfinished(&ana.store, &admin).await.unwrap().unwrap();
        assert_eq!((cut_off.file_name.as_str(), cut_off.percent), ("clientes.csv", 66));

        let other_file = FileFacts { fingerprint: 8, ..facts(3) };
        assert_ne!(imports::begin(&ana.store, &admin, &plan, &other_file).await.unwrap().import, begun.import);
        let on = imports::begin(&ana.store, &admin, &plan, &facts(3)).await.unwrap();
        assert_eq!((on.import, on.sequence, on.records), (begun.import, 1, 2));
        ana.sends(on.import, on.sequence, &[row(3, ["51999990003", "", "Dani", ""])]).await;
        let ledger = imports::finish(&ana.store, &admin, on.import).await.unwrap().ledger;
        assert_eq!(ledger, ImportLedger { records: 3, new: 2, rejected: 1, ..ImportLedger::default() });
        assert_ne!(imports::begin(&ana.store, &admin, &plan, &facts(3)).await.unwrap().import, begun.import, "one that has ended begins anew");
    }
}

#[tokio::test]
async fn a_backup_made_while_an_import_runs_is_whole() {
    let database = alta_store::testing::TestDatabase::sqlite().await;
    let ana = ana(&database).await;
    ana.imports(
        ExistingPolicy::Update,
        &[row(1, ["51999990001", "", "Bia", ""])],
    )
    .await;
    let id = ana.begins(ExistingPolicy::Update, ListTarget::None).await;
    ana.sends(id, 0, &[row(1, ["51999990002", "", "Caio", ""])])
        .await;
    let directory = tempfile::tempdir().unwrap();
    let copy = directory.path().join("copy.db");
    ana.store.backup(&copy).await.unwrap();
    assert!(
        ana.store.backup(&copy).await.is_err(),
        "a backup is never overwritten"
    );

    let restored = alta_store::Store::connect(
        &format!("sqlite:{}", copy.display()),
        alta_store::vault::Vault::random(),
    )
    .await
    .unwrap();
    let access = alta_store::account::sessions::access(&restored, &ana.token)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        contacts::dump(&restored, &access).await.unwrap(),
        contacts::dump(&ana.store, &ana.access().await)
            .await
            .unwrap()
    );
}
