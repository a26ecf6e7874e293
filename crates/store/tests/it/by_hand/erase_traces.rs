//! Tests of the erasure of what stands about a person outside their contact: rejected records, and
//! the records of connected systems.

use alta_domain::ExistingPolicy::Update;
use alta_domain::{
    Account, Channel, ContactId, ContactShape, ListTarget, SourcePage, SourceRecord, Sourced,
    Stream, Transaction, TransactionStatus,
};
use alta_store::systems::{self, PageOutcome};
use alta_store::{db_test, imports};

use super::BIA;
use crate::support::{Person, ana, plan, row};

const CAIO: &str = "5551999990003";

/// Returns a transaction as a system sends it, with this buyer and this record.
fn sale(id: &str, buyer: Option<&str>, raw: &str) -> Sourced {
    Sourced {
        id: id.to_owned(),
        record: Ok(SourceRecord::Transaction(Transaction {
            number: None,
            made_at: 0,
            status: TransactionStatus::Approved,
            status_text: "paid".to_owned(),
            contact: buyer.map(str::to_owned),
            total: 100,
            discount: 0,
            freight: 0,
            currency: "BRL".to_owned(),
            items: Vec::new(),
        })),
        raw: raw.to_owned(),
    }
}

impl Person {
    /// Connects a system and reads a page of transactions.
    async fn reads_sales(&self, records: Vec<Sourced>) -> alta_domain::ConnectionId {
        let account = Account {
            id: Some("1".to_owned()),
            name: "Acme".to_owned(),
        };
        let admin = self.admin().await;
        let connected = systems::connect(&self.store, &admin, "omie", &account, b"secret").await;
        let lease = systems::lease_due(&self.store).await.unwrap().unwrap();
        let run = systems::begin_run(&self.store, &lease).await.unwrap();
        let page = SourcePage {
            records,
            position: "{}".to_owned(),
            done: false,
            whole: None,
        };
        let shape = ContactShape {
            fields: Vec::new(),
            country: None,
        };
        let stream = Stream::Transactions;
        let written = systems::write_page(&self.store, &lease, run.id, stream, page, &shape).await;
        assert_eq!(written.unwrap(), PageOutcome::Written);
        connected.unwrap()
    }

    /// Returns true when a contact carries a no of an erased contact for a channel.
    async fn has_kept_no(&self, id: ContactId, channel: Channel) -> bool {
        let answers = self.card(id).await.permissions.into_iter();
        let mut answers = answers.filter(|(of, _)| *of == channel);
        answers.any(|(_, answer)| answer.is_some_and(|answer| answer.is_of_erased))
    }
}

db_test! {
    async fn a_conflict_with_somebody_who_stays_keeps_only_what_is_theirs(database) {
        let ana = ana(database).await;
        let base = [
            row(1, [BIA, "", "Bia Souza", "31/12/1990"]),
            row(2, ["", "caio@example.com", "Caio", ""]),
        ];
        ana.imports(Update, &base).await;
        let both = row(1, ["51 99999-0001", "caio@example.com", "Bia Souza", "31/12/1990"]);
        ana.imports(Update, &[both]).await;
        let report = ana.erases(ana.id("Bia").await).await;
        assert_eq!(report.rejects, 0, "the record is not deleted");
        assert_eq!(ana.rejects().await, [["", "caio@example.com", "", ""]]);
        let report = ana.erases(ana.id("Caio").await).await;
        assert_eq!(report.rejects, 1);
        assert!(ana.rejects().await.is_empty());
    }

    async fn a_conflict_between_two_contacts_of_one_person_goes_with_the_last_of_them(database) {
        let ana = ana(database).await;
        let base = [
            row(1, [BIA, "", "Bia Souza", ""]),
            row(2, ["", "bia@example.com", "Bia", ""]),
        ];
        ana.imports(Update, &base).await;
        let both = row(1, [BIA, "bia@example.com, nova@example.com", "Beatriz", ""]);
        ana.imports(Update, &[both]).await;
        for left in [1, 0] {
            ana.erases(ana.id("Bia").await).await;
            assert_eq!(ana.rejects().await.len(), left);
        }
    }

    async fn a_rejected_record_of_the_same_number_in_another_area_stays(database) {
        let ana = ana(database).await;
        let rows = [
            row(1, [BIA, "", "Bia Souza", ""]),
            row(2, ["", "", "Zeca (11) 99999-0001", ""]),
            row(3, ["", "", "Lojinha, fone 51 99999 0001", ""]),
            row(4, ["", "", "Lote 51 quadra 99999 casa 00012", ""]),
        ];
        ana.imports(Update, &rows).await;
        assert_eq!(ana.erases(ana.id("Bia").await).await.rejects, 1);
        let left = ana.rejects().await;
        let names: Vec<&str> = left.iter().map(|cells| cells[2].as_str()).collect();
        assert_eq!(names, ["Zeca (11) 99999-0001", "Lote 51 quadra 99999 casa 00012"]);
    }

    async fn sales_that_name_the_person_in_their_record_lose_the_buyer(database) {
        let ana = ana(database).await;
        ana.imports(Update, &[row(1, [BIA, "bia@example.com", "Bia Souza", ""])]).await;
        let others = r#"{"buyer": {"email": "caio@example.com"}}"#;
        let id = ana.reads_sales(vec![
            sale("1", Some("77"), r#"{"buyer": {"id": 77, "email": "Bia@example.com"}}"#),
            sale("2", None, r#"{"note": "fone 51 99999-0001"}"#),
            sale("3", Some("78"), others),
            sale("4", None, others),
        ]).await;
        assert_eq!(ana.erases(ana.id("Bia").await).await.transactions, 2);
        let stored = systems::stored_records(&ana.store, id).await.unwrap();
        let sale = |id: &str| {
            let sale = &stored["transactions"][id];
            let buyer = sale["contact_external_id"].as_str().map(str::to_owned);
            (buyer, sale["raw"].as_str().unwrap().to_owned())
        };
        let empty = (None, "{}".to_owned());
        assert_eq!([sale("1"), sale("2")], [empty.clone(), empty]);
        assert_eq!(sale("3"), (Some("78".to_owned()), others.to_owned()));
        assert_eq!(sale("4"), (None, others.to_owned()));
    }

    async fn a_kept_no_holds_for_whom_a_conflict_gives_the_address(database) {
        let ana = ana(database).await;
        let base = [
            row(1, [BIA, "bia@example.com", "Bia Souza", ""]),
            row(2, [CAIO, "", "Caio", ""]),
            row(3, ["", "dario@example.com", "Dario", ""]),
        ];
        ana.imports(Update, &base).await;
        let bia = ana.id("Bia").await;
        ana.notes_no(bia, Channel::Whatsapp).await;
        ana.erases(bia).await;
        let all = row(1, [CAIO, "dario@example.com, bia@example.com", "Caio", ""]);
        let import = ana.imports_plan(&plan(Update, ListTarget::None), &[all]).await;
        let caio = ana.id("Caio").await;
        assert!(!ana.has_kept_no(caio, Channel::Whatsapp).await);
        let admin = ana.admin().await;
        imports::resolve(&ana.store, &admin, import, 1, caio).await.unwrap();
        assert!(ana.has_kept_no(caio, Channel::Whatsapp).await);
    }
}
