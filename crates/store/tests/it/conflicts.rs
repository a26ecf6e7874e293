//! Tests of conflicts: records whose identities belong to two contacts, decided by an Admin.

use alta_domain::ExistingPolicy::Update;
use alta_domain::{BuiltInField, ContactId, ErrorCode, ListTarget, RowInput};
use alta_store::contacts::{self, lists};
use alta_store::{db_test, imports};

use crate::support::{ana, ledger, plan, row};

/// Returns the records of two contacts.
fn bia_and_caio() -> [RowInput; 2] {
    [
        row(1, ["51999990001", "", "Bia", ""]),
        row(2, ["", "caio@example.com", "Caio", ""]),
    ]
}

/// Returns a record with the phone of one contact and the e-mail address of the other, and the
/// record of a new contact.
fn conflict_and_dani() -> [RowInput; 2] {
    let email = "caio@example.com";
    [
        row(1, ["51999990001", email, "Beatriz", "31/12/1990"]),
        row(2, ["51999990003", "", "Dani", ""]),
    ]
}

db_test! {
    async fn a_record_that_points_at_two_contacts_goes_to_the_one_the_admin_says(database) {
        let ana = ana(database).await;
        ana.imports_plan(&plan(Update, ListTarget::None), &bia_and_caio())
            .await;
        let base = contacts::dump(&ana.store, &ana.member().await)
            .await
            .unwrap();
        let into_list = plan(Update, ListTarget::New("Clientes".into()));
        let id = ana.imports_plan(&into_list, &conflict_and_dani()).await;
        let admin = ana.admin().await;
        let found = imports::conflicts(&ana.store, &admin, id, 0, 10)
            .await
            .unwrap();
        assert_eq!(
            (found.len(), found[0].line, found[0].candidates.len()),
            (1, 2, 2)
        );
        assert_eq!(found[0].candidates[0].shares, [BuiltInField::Phone]);
        assert_eq!(
            found[0].candidates[1].values[0],
            (BuiltInField::Name, "Caio".to_owned())
        );
        let bia = found[0].candidates[0].contact;
        let nobody = imports::resolve(&ana.store, &admin, id, 1, ContactId(999)).await;
        assert_eq!(nobody.unwrap_err().code(), ErrorCode::NotFound);

        let resolved = imports::resolve(&ana.store, &admin, id, 1, bia)
            .await
            .unwrap();
        assert_eq!(resolved.ledger, ledger(2, 1, 1, 0, 0, 0));
        assert_eq!(ana.text("5551999990001", "birth_date").await, "1990-12-31");
        assert_eq!(
            ana.value("5551999990001", "email").await,
            None,
            "the address stays with whom it belongs to"
        );
        let twice = imports::resolve(&ana.store, &admin, id, 1, bia)
            .await
            .unwrap();
        assert_eq!(twice.ledger, resolved.ledger);
        assert_eq!(lists::all(&ana.store, &admin).await.unwrap()[0].contacts, 2);
        let left = imports::conflicts(&ana.store, &admin, id, 0, 10).await;
        assert!(left.unwrap().is_empty());

        ana.undoes(id).await.unwrap();
        assert_eq!(
            contacts::dump(&ana.store, &ana.member().await)
                .await
                .unwrap(),
            base,
            "taking the import back takes this back too"
        );
    }
}
