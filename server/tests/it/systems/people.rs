//! One person in two systems and in a file, and secrets that stay where they are.

use alta_domain::{
    Batch, BuiltInField, ColumnPlan, ContactCard, Country, ExistingPolicy, FieldTarget, FileShape,
    ImportPlan, ListTarget, Mapping, RowInput,
};
use alta_store::access::Admin;
use alta_store::account::sessions;
use alta_store::imports::{self, FileFacts};
use alta_store::{Store, db_test, systems};
use serde_json::{Value, json};

use super::{OMIE, Rig, WBUY};

/// Returns the plan of a file with these columns.
pub(super) fn plan(fields: &[BuiltInField], policy: ExistingPolicy) -> ImportPlan {
    let column = |(field, index): (&BuiltInField, u32)| ColumnPlan {
        index,
        header: field.as_str().to_owned(),
        target: Some(FieldTarget::BuiltIn(*field)),
        date_order: None,
    };
    let columns = fields.iter().zip(0..).map(column).collect();
    let mapping = Mapping {
        shape: FileShape::default(),
        country: Country::BRAZIL,
        year: 2026,
        columns,
        fixes: Vec::new(),
        correction: None,
    };
    ImportPlan::new(mapping, ListTarget::None, policy)
}

/// Imports a file of one row.
pub(super) async fn file(store: &Store, operator: &Admin, plan: &ImportPlan, cells: &[&str]) {
    let file = FileFacts {
        name: "clientes.csv".into(),
        bytes: 1,
        fingerprint: 7,
        records: 1,
    };
    let begun = imports::begin(store, operator, plan, &file).await.unwrap();
    let cells = cells.iter().map(|cell| (*cell).to_owned()).collect();
    let row = RowInput {
        record: 1,
        line: 2,
        cells,
        rejected: None,
        left_out: Vec::new(),
        same_as: None,
        identity: None,
        corrects: None,
    };
    imports::receive(
        store,
        operator,
        begun.import,
        0,
        Batch {
            rows: vec![row],
            dropped: Vec::new(),
            records_before: 0,
        },
    )
    .await
    .unwrap();
    imports::finish(store, operator, begun.import)
        .await
        .unwrap();
}

/// Finds a contact with a mobile phone at the first vendor whom the second vendor has too, by the
/// tax id. Returns the id and the phone at the first vendor, and the id at the second.
fn somebody(first: &Value, second: &Value) -> (String, String, String) {
    let contacts = |truth: &Value| truth["contacts"].as_array().unwrap().clone();
    let is_mobile = |phone: &&Value| {
        phone
            .as_str()
            .is_some_and(|phone| phone.chars().filter(char::is_ascii_digit).count() >= 11)
    };
    let found = contacts(first).into_iter().find_map(|contact| {
        let phone = contact["phones"]
            .as_array()?
            .iter()
            .find(is_mobile)?
            .as_str()?
            .to_owned();
        let tax_id = contact["tax_id"].as_str()?;
        let other = contacts(second)
            .into_iter()
            .find(|other| other["tax_id"] == json!(tax_id))?;
        Some((
            contact["id"].as_str()?.to_owned(),
            phone,
            other["id"].as_str()?.to_owned(),
        ))
    });
    found.unwrap()
}

db_test! {
    async fn one_person_of_a_file_omie_and_wbuy_is_one_contact_and_each_value_names_its_origin(
        database
    ) {
        let rig = Rig::new(database, &[&OMIE, &WBUY]).await;
        let (at_omie, at_wbuy) = (rig.control(&OMIE, "truth", Value::Null).await,
            rig.control(&WBUY, "truth", Value::Null).await);
        let (omie_id, phone, wbuy_id) = somebody(&at_omie, &at_wbuy);
        let digits = alta_intake::phone::read_phone(&phone,
            Country::BRAZIL).unwrap().digits.to_string();
        let written = format!("+55 ({}) {}", &digits[2..4], &digits[4..]);
        let operator = sessions::operator(rig.store, "acme").await.unwrap();
        let plan = plan(&[BuiltInField::Name, BuiltInField::Phone, BuiltInField::Notes],
            ExistingPolicy::Fill);
        file(rig.store, &operator, &plan, &["Quien la conoce", &written, "vip"]).await;

        let omie = rig.connects(&OMIE).await;
        rig.run_ends(omie, 0).await;
        let here = systems::stored_records(rig.store, omie).await.unwrap();
        let contact = &here["contacts"][&omie_id];
        assert_eq!((&contact["name"], &contact["notes"]),
            (&json!("Quien la conoce"), &json!("vip")), "what was there stays");
        let wbuy = rig.connects(&WBUY).await;
        rig.run_ends(wbuy, 0).await;
        let there = systems::stored_records(rig.store, wbuy).await.unwrap();
        assert_eq!(there["contacts"][&wbuy_id]["id"], contact["id"]);

        let card: ContactCard = rig.admin.asks("/api/contact",
            &(contact["id"].as_i64().unwrap(),)).await.unwrap();
        let from = |field: BuiltInField| {
            let value = card.values.iter().find(|value| value.field == Ok(field)).unwrap();
            let origin = value.origin.clone().unwrap();
            origin.system.unwrap_or(origin.name)
        };
        assert_eq!(from(BuiltInField::Name), "clientes.csv");
        assert_eq!(from(BuiltInField::TaxId), "Omie");
        let sales = here["transactions"].as_object().unwrap().values()
            .filter(|sale| sale["contact_external_id"] == json!(omie_id)).count();
        assert!(card.transactions.iter().filter(|sale| sale.system == "Omie").count() == sales,
            "{card:?}");
    }

    async fn a_secret_is_in_no_answer_and_in_the_database_only_sealed(database) {
        let rig = Rig::new(database, &[&OMIE]).await;
        let id = rig.connects(&OMIE).await;
        rig.run_ends(id, 0).await;
        let secret = OMIE.typed[1].1;
        for (path, arguments) in [
            ("/api/onboarding/connections", postcard::to_allocvec(&()).unwrap()),
            ("/api/onboarding/connection", postcard::to_allocvec(&(id,)).unwrap()),
            ("/api/onboarding/connect_form", postcard::to_allocvec(&("omie", Some(id))).unwrap()),
            ("/api/onboarding/connection_runs", postcard::to_allocvec(&(id,)).unwrap()),
        ] {
            let answer = rig.admin.calls(path, "application/x-postcard", arguments).await;
            assert_eq!(answer.status(), 200, "{path}");
            let body = answer.bytes().await.unwrap();
            assert!(!body.windows(secret.len()).any(|part| part == secret.as_bytes()), "{path}");
        }
        assert!(rig.store.check_vault().await.is_ok());
        let moved = rig.store.clone().with_vault(rig.store.vault().renewed());
        assert_eq!(moved.reseal().await.unwrap(), 1, "a new key seals it anew");
    }

    async fn what_changes_there_is_taken_over_and_what_stands_still_does_not_fight(database) {
        let rig = Rig::new(database, &[&OMIE]).await;
        let id = rig.connects(&OMIE).await;
        rig.run_ends(id, 0).await;
        let changed = rig.control(&OMIE, "change",
            json!({ "contacts": 4, "transactions": 0, "products": 0 })).await;
        assert_eq!(rig.syncs(id).await.fault, None);
        rig.is_true(&OMIE, id).await;
        let runs: (Vec<alta_domain::SyncRun>,
            Vec<alta_domain::SyncProblem>) = rig.admin.asks("/api/onboarding/connection_runs",
            &(id,)).await.unwrap();
        let last = &runs.0[0];
        let told = changed["contacts"].as_array().unwrap().len();
        let ledger = last.import.as_ref().unwrap().ledger;
        // The overlap of two runs reads some unchanged records again.
        assert_eq!((ledger.records - ledger.unchanged) as usize, told,
            "exactly what changed is taken over: {ledger:?}");
        assert!(ledger.records < 50 && ledger.new >= 1 && ledger.updated >= 1, "{ledger:?}");
        // After the undo the contacts are as they were before.
        let operator = sessions::operator(rig.store, "acme").await.unwrap();
        let undone = imports::undo(rig.store, &operator,
            last.import.as_ref().unwrap().id).await.unwrap().undone.unwrap();
        assert_eq!((undone.removed, undone.restored, undone.spared),
            (ledger.new, ledger.updated, 0));
    }
}
