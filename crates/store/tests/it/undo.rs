//! Tests of the undo of an import, on both databases, and of a backup made while an import runs.

use alta_domain::ExistingPolicy::{Fill, Keep, Update};
use alta_domain::{ErrorCode, ImportId, ImportState, ListTarget, UndoLedger};
use alta_store::contacts::{self, lists};
use alta_store::{db_test, imports};

use crate::support::{again, ana, row};

/// Returns the counts of an undo, without the reasons.
fn counts(removed: u32, restored: u32, spared: u32) -> UndoLedger {
    UndoLedger {
        removed,
        restored,
        spared,
        ..UndoLedger::default()
    }
}

/// Returns the counts without the reasons.
fn bare(ledger: UndoLedger) -> UndoLedger {
    counts(ledger.removed, ledger.restored, ledger.spared)
}

db_test! {
    async fn the_base_is_what_it_was_before_whatever_the_policy(database) {
        let ana = ana(database).await;
        let before = [
            row(1, ["51999990001", "bia@example.com", "Bia", ""]),
            row(2, ["", "caio@example.com", "Caio", "01/02/1990"]),
        ];
        ana.imports(Update, &before).await;
        for policy in [Update, Fill, Keep] {
            let base = contacts::dump(&ana.store, &ana.member().await)
                .await
                .unwrap();
            let members = lists::all(&ana.store, &ana.member().await).await.unwrap();
            let id = ana
                .begins(policy, ListTarget::New(format!("Nova {policy:?}")))
                .await;
            let rows = [
                row(1, ["51999990001", "", "Beatriz", "31/12/1980"]),
                row(2, ["51999990002", "caio@example.com", "Caio Lima", ""]),
                row(3, ["51999990003", "", "Dani", ""]),
                again(4, 3, ["51999990003", "dani@example.com", "", ""]),
            ];
            ana.sends(id, 0, &rows[..2]).await;
            ana.sends(id, 1, &rows[2..]).await;
            let admin = ana.admin().await;
            ana.finishes(id).await;
            assert_ne!(contacts::dump(&ana.store, &admin).await.unwrap(), base);

            let promised = imports::undo_preview(&ana.store, &admin, id).await.unwrap();
            let restored = if policy == Keep { 0 } else { 2 };
            assert_eq!(bare(promised), counts(1, restored, 0));
            let undone = ana.undoes(id).await.unwrap();
            assert_eq!(
                (undone.state, undone.undone, undone.undo_until),
                (ImportState::Undone, Some(promised), None)
            );
            assert_eq!(
                contacts::dump(&ana.store, &admin).await.unwrap(),
                base,
                "{policy:?}"
            );
            assert_eq!(
                lists::all(&ana.store, &admin).await.unwrap(),
                members,
                "the list made for it is gone"
            );
            let twice = ana.undoes(id).await;
            assert_eq!(twice.unwrap_err(), ErrorCode::NotFound);
        }
    }

    async fn what_was_changed_since_is_spared(database) {
        let ana = ana(database).await;
        ana.imports(Update, &[row(1, ["51999990001", "", "Bia", "01/01/1990"])])
            .await;
        let id = ana.begins(Update, ListTarget::None).await;
        ana.sends(
            id,
            0,
            &[
                row(1, ["51999990001", "", "Beatriz", "02/02/1992"]),
                row(2, ["51999990002", "", "Caio", ""]),
            ],
        )
        .await;
        let admin = ana.admin().await;
        ana.finishes(id).await;
        ana.imports(
            Update,
            &[
                row(1, ["51999990001", "", "Bea", ""]),
                row(2, ["51999990002", "", "Caio Lima", ""]),
            ],
        )
        .await;

        let promised = imports::undo_preview(&ana.store, &admin, id).await.unwrap();
        assert_eq!(bare(promised), counts(0, 0, 2));
        ana.undoes(id).await.unwrap();
        assert_eq!(
            ana.text("5551999990001", "name").await,
            "Bea",
            "a later import's name stays"
        );
        assert_eq!(
            ana.text("5551999990001", "birth_date").await,
            "1990-01-01",
            "what only this import changed goes back"
        );
        assert_eq!(ana.text("5551999990002", "name").await, "Caio Lima");
    }

    async fn an_old_address_stays_hers_and_is_the_first_again(database) {
        let ana = ana(database).await;
        ana.imports(
            Update,
            &[row(1, ["51999990001", "old@example.com", "Bia", ""])],
        )
        .await;
        let id = ana.begins(Update, ListTarget::None).await;
        ana.sends(
            id,
            0,
            &[row(1, ["51999990001", "new@example.com", "Bia", ""])],
        )
        .await;
        ana.finishes(id).await;
        ana.imports(
            Update,
            &[row(1, ["51999990002", "old@example.com", "Caio", ""])],
        )
        .await;
        // It stayed hers as a further one, so Caio did not get it.
        assert_eq!(ana.undoes(id).await.unwrap().undone, Some(counts(0, 1, 0)));
        assert_eq!(ana.text("old@example.com", "name").await, "Bia");
        assert_eq!(ana.value("new@example.com", "name").await, None);
        assert_eq!(ana.value("5551999990002", "email").await, None);
    }

    async fn an_import_that_runs_or_is_somebody_elses_is_not_undone(database) {
        let ana = ana(database).await;
        let id = ana.begins(Update, ListTarget::None).await;
        let admin = ana.admin().await;
        assert_eq!(ana.undoes(id).await.unwrap_err(), ErrorCode::NotFound);
        let nobody = ImportId(404);
        assert_eq!(
            imports::undo_preview(&ana.store, &admin, nobody)
                .await
                .unwrap_err()
                .code(),
            ErrorCode::NotFound
        );
    }
}

#[tokio::test]
async fn a_backup_made_while_an_import_runs_is_whole() {
    let database = alta_store::testing::TestDatabase::sqlite().await;
    let ana = ana(&database).await;
    ana.imports(Update, &[row(1, ["51999990001", "", "Bia", ""])])
        .await;
    let id = ana.begins(Update, ListTarget::None).await;
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
    let account = alta_store::account::sessions::account(&restored, &ana.token)
        .await
        .unwrap()
        .unwrap();
    let member = account.member().unwrap();
    assert_eq!(
        contacts::dump(&restored, &member).await.unwrap(),
        contacts::dump(&ana.store, &ana.member().await)
            .await
            .unwrap()
    );
}
