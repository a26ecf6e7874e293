//! Other promises than those about identity: nothing is lost on the way.

use alta_store::db_test;
use serde_json::{Value, json};

use super::contact::{Contact, difference};
use super::organization::Organization;
use super::rejects::cells;

/// Asserts that the organization has these contacts.
fn assert_contacts(organization: &Organization, rows: &[&str]) {
    let expected: Vec<Contact> = rows
        .iter()
        .map(|row| Contact::from_row(row).unwrap())
        .collect();
    let found = organization.contacts().unwrap();
    assert_eq!(difference(&expected, found), None);
}

/// Imports a file under its suggested plan, after `change` has changed the plan. Returns the
/// import's id.
fn import_under(
    organization: &Organization,
    name: &str,
    file: &[u8],
    change: impl FnOnce(&mut Value),
) -> String {
    let file = organization.write(name, file).unwrap();
    let mut plan = organization.plan(&file).unwrap();
    change(&mut plan);
    let plan = organization
        .write("plan.json", plan.to_string().as_bytes())
        .unwrap();
    organization.import(&file, Some(&plan)).unwrap().id
}

db_test! {
    async fn a_conflict_comes_back_with_the_columns_that_were_left_out(database) {
        let organization = Organization::make(database, 1).await;
        let base = b"Celular;E-mail;Nome\n51999990001;;Ana\n;bia@x.com;Bia\n";
        import_under(&organization, "a.csv", base, |_| {});
        let file = "Celular;E-mail;Nome;Obs\n51999990001;bia@x.com;;importante\n";
        let import = import_under(&organization, "b.csv", file.as_bytes(), |plan| {
            plan["mapping"][3]["field"] = Value::Null;
        });
        let rejects = organization.rejects(&import).unwrap();
        let row = cells("51999990001;bia@x.com;;importante", b';').unwrap().remove(0);
        assert_eq!((rejects.len(), rejects.has(&row)), (1, true), "{rejects:?}");
        assert_contacts(
            &organization,
            &["| 5551999990001 |  | Ana |  |", "|  | bia@x.com | Bia |  |"],
        );
    }

    async fn a_very_long_name_stops_nothing(database) {
        let organization = Organization::make(database, 1).await;
        let name: String = (0..6000_u32)
            .map(|at| char::from(b'a' + u8::try_from(at * at % 23).unwrap()))
            .collect();
        let file = format!(
            "Celular;E-mail;Nome\n51999990001;;Ana\n5133330001;;{name}\n51999990002;;Bia\n"
        );
        for counts in [[3, 0, 0, 0, 0], [0, 0, 3, 0, 0]] {
            let path = organization.write("long.csv", file.as_bytes()).unwrap();
            let imported = organization.import(&path, None).unwrap();
            assert_eq!(imported.ledger.counts, counts);
        }
    }

    async fn a_text_replaced_by_nothing_replaces_nothing(database) {
        let organization = Organization::make(database, 1).await;
        let file = |city: &str| format!("Celular;E-mail;Nome;Cidade\n51999990001;;Ana;{city}\n");
        import_under(&organization, "a.csv", file("Lima").as_bytes(), |_| {});
        import_under(&organization, "b.csv", file("Sem").as_bytes(), |plan| {
            let replace = json!({ "replace": { "column": 3, "from": "Sem", "to": "" } });
            plan["remedies"] = json!([replace]);
        });
        assert_contacts(&organization, &["| 5551999990001 |  | Ana | city=Lima |"]);
    }

    async fn a_plan_carries_no_encoding_and_is_refused_for_another_header(database) {
        let organization = Organization::make(database, 1).await;
        let utf8 = organization
            .write("a.csv", "Celular;Nome\n51999990001;Zoë\n".as_bytes())
            .unwrap();
        let plan = organization.plan(&utf8).unwrap().to_string();
        let plan = organization.write("plan.json", plan.as_bytes()).unwrap();
        let latin = b"Celular;Nome\n51999990002;Jos\xe9 Concei\xe7\xe3o\n";
        let latin = organization.write("b.csv", latin).unwrap();
        organization.import(&latin, Some(&plan)).unwrap();
        assert_contacts(&organization, &["| 5551999990002 |  | José Conceição |  |"]);

        let other = organization
            .write("c.csv", b"Celular;Apelido\n51999990003;Bia\n")
            .unwrap();
        let refused = organization.import(&other, Some(&plan));
        let message = refused.err().unwrap();
        assert!(
            message.contains("'Nome'") && message.contains("'Apelido'"),
            "{message}"
        );
    }
}
