//! Tests of the bin.

use alta_domain::ExistingPolicy::{Keep, Update};
use alta_domain::{
    BuiltInField as F, ChangedPart, ContactId, ErrorCode, EventSource, FieldTarget, ListTarget,
    TakeBackAnswer, ValueEdit,
};
use alta_store::contacts::{self, Place, edits, lists};
use alta_store::{db_test, imports};

use super::{BIA, bia};
use crate::support::{ana, plan, row};

db_test! {
    async fn a_deleted_contact_is_in_the_bin_alone(database) {
        let ana = ana(database).await;
        let id = bia(&ana).await;
        ana.deletes(id).await;
        assert_eq!((ana.find_in(Place::Base, "Bia").await, ana.count().await), (None, 0));
        assert_eq!(ana.find_in(Place::Bin, "Bia").await, Some(id));
        let all = lists::all(&ana.store, &ana.member().await).await.unwrap();
        assert_eq!(all[0].contacts, 0);
        let member = ana.member().await;
        let exported = contacts::export::page(&ana.store, &member, "", ContactId(0), 10).await;
        assert_eq!(exported.unwrap(), []);
        let editor = ana.editor().await;
        let edit = ValueEdit {
            contact: id,
            target: FieldTarget::BuiltIn(F::City),
            old: None,
            new: Some("Recife".into()),
        };
        let refused = edits::edit(&ana.store, &editor, &edit).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::NotFound);
        let twice = edits::delete(&ana.store, &editor, id).await.unwrap_err();
        assert_eq!(twice.code(), ErrorCode::NotFound);
        edits::restore(&ana.store, &editor, id).await.unwrap();
        assert_eq!((ana.find_in(Place::Base, "Bia").await, ana.count().await), (Some(id), 1));
    }

    async fn who_comes_again_in_an_import_leaves_the_bin(database) {
        let ana = ana(database).await;
        let id = bia(&ana).await;
        ana.deletes(id).await;
        // Even a file that changes no values.
        let cells = [BIA, "", "", ""];
        let ledger = ana.imports(Keep, &[row(1, cells)]).await;
        assert_eq!((ledger.new, ledger.updated), (0, 1));
        assert_eq!(ana.id("Bia").await, id);
        let event = ana.card(id).await.history.remove(0);
        assert!(matches!(event.source, EventSource::Import { .. }));
        let parts: Vec<_> = event.changes.iter().map(|change| &change.part).collect();
        assert!(parts.contains(&&ChangedPart::Bin(false)), "{parts:?}");
        let import = imports::last(&ana.store, &ana.member().await).await.unwrap().unwrap().id;
        ana.undoes(import).await.unwrap();
        assert_eq!(ana.find_in(Place::Bin, "Bia").await, Some(id));
        assert_eq!(ana.takes_back(id).await, TakeBackAnswer::TakenBack);
        assert_eq!(ana.id("Bia").await, id);
    }

    async fn who_was_found_after_the_bin_does_not_go_back_to_it(database) {
        let ana = ana(database).await;
        let id = bia(&ana).await;
        ana.deletes(id).await;
        let cells = [BIA, "", "Bia Souza", ""];
        let plan = plan(Update, ListTarget::None);
        let brings = ana.imports_plan(&plan, &[row(1, cells)]).await;
        ana.imports_plan(&plan, &[row(1, cells)]).await;
        ana.undoes(brings).await.unwrap();
        assert_eq!(ana.id("Bia").await, id);
    }

    async fn who_is_decided_to_be_a_deleted_contact_leaves_the_bin(database) {
        let ana = ana(database).await;
        let two = [
            row(1, [BIA, "", "Bia", ""]),
            row(2, ["", "bia@example.com", "Bia Souza", ""]),
        ];
        let plan = plan(Update, ListTarget::None);
        ana.imports_plan(&plan, &two).await;
        let deleted = ana.id("Bia Souza").await;
        ana.deletes(deleted).await;
        let cells = [BIA, "bia@example.com", "Bia Souza", ""];
        let import = ana.imports_plan(&plan, &[row(1, cells)]).await;
        let admin = ana.admin().await;
        let found = imports::conflicts(&ana.store, &admin, import, 0, 10).await.unwrap();
        assert_eq!(found.len(), 1, "{found:?}");
        imports::resolve(&ana.store, &admin, import, 1, deleted).await.unwrap();
        assert_eq!(ana.find_in(Place::Bin, "Bia").await, None);
    }
}
