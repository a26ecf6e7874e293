//! Tests of the search among contacts.

use alta_domain::ExistingPolicy::Update;
use alta_domain::{BuiltInField, ContactId, FieldTarget, ListTarget};
use alta_store::contacts::{self, Place};
use alta_store::db_test;

use crate::support::{Person, ana, plan, row, with_target};

/// Returns the names of the contacts that a search finds, in the order of the alphabet.
async fn found(person: &Person, text: &str) -> Vec<String> {
    let member = person.member().await;
    let found = contacts::search(&person.store, &member, Place::Base, text, None::<ContactId>);
    let mut names: Vec<String> = found
        .await
        .unwrap()
        .into_iter()
        .map(|entry| entry.name)
        .collect();
    names.sort_unstable();
    names
}

db_test! {
    async fn contacts_are_found_as_people_write_them(database) {
        let ana = ana(database).await;
        let tax_id = FieldTarget::BuiltIn(BuiltInField::TaxId);
        let plan = with_target(plan(Update, ListTarget::None), 3, tax_id);
        let rows = [
            row(1, ["5531960000007", "bia.souza@example.com", "Bia Souza Lima", "52998224725"]),
            row(2, ["5531960000008", "caio@example.com", "Caio Lima", ""]),
            row(3, ["", "lima_100%@example.com", "Dani", ""]),
        ];
        ana.imports_plan(&plan, &rows).await;
        let all = ["Bia Souza Lima", "Caio Lima", "Dani"];
        assert_eq!(found(&ana, "").await, all);
        assert_eq!(found(&ana, "lima bia").await, ["Bia Souza Lima"]);
        assert_eq!(found(&ana, "LIMA").await, all);
        assert_eq!(found(&ana, "(31) 96000-0007").await, ["Bia Souza Lima"]);
        assert_eq!(found(&ana, "+55 31 96000").await, ["Bia Souza Lima", "Caio Lima"]);
        assert_eq!(found(&ana, "529.982.247-25").await, ["Bia Souza Lima"]);
        assert_eq!(found(&ana, "souza@example").await, ["Bia Souza Lima"]);
        assert_eq!(found(&ana, "100%").await, ["Dani"]);
        assert_eq!(found(&ana, "bia caio").await, [""; 0]);
        assert_eq!(found(&ana, "12").await, [""; 0]);
    }
}
