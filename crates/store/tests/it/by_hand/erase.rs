//! Tests of the erasure of contacts.

use std::path::Path;

use alta_domain::ExistingPolicy::Update;
use alta_domain::{
    AuditAction, Channel, ConsentPlan, ContactId, ErasureReport, ErrorCode, EventSource,
    LegalBasis, ListTarget,
};
use alta_store::contacts::{Place, consents};
use alta_store::person::data::person_data;
use alta_store::person::erasure::{erase, forget_bin};
use alta_store::testing::TestDatabase;
use alta_store::{StoreLimits, audit, db_test, imports};

use super::{BIA, F, SAVED, bia};
use crate::support::{Person, ana, plan, row};

impl Person {
    pub(super) async fn erases(&self, id: ContactId) -> ErasureReport {
        erase(&self.store, &self.admin().await, id).await.unwrap()
    }

    pub(super) async fn notes_no(&self, id: ContactId, channel: Channel) {
        let editor = self.editor().await;
        consents::note(&self.store, &editor, id, channel, None, "call")
            .await
            .unwrap();
    }

    /// Returns the cells of the rejects of the last import.
    pub(super) async fn rejects(&self) -> Vec<Vec<String>> {
        let last = imports::last(&self.store, &self.member().await).await;
        let (admin, id) = (self.admin().await, last.unwrap().unwrap().id);
        let (_, rejects) = imports::rejects(&self.store, &admin, id, 0, 10)
            .await
            .unwrap();
        rejects.into_iter().map(|reject| reject.cells).collect()
    }
}

/// Returns the files of a directory that contain one of these texts.
fn files_with(directory: &Path, texts: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        for text in texts {
            let has = bytes
                .windows(text.len())
                .any(|part| part == text.as_bytes());
            if has {
                found.push(format!("{}: {text}", path.display()));
            }
        }
    }
    found
}

/// Imports Bia, Caio and a rejected row of each, changes Bia by hand, and lets her refuse WhatsApp.
/// Returns Bia's id.
async fn known_in_many_places(ana: &Person) -> ContactId {
    let rows = [
        row(1, [BIA, "bia@example.com", "Bia Souza", "31/12/1990"]),
        row(2, ["5551999990003", "", "Caio Lima", ""]),
        row(3, ["", "", "Bia (bia@example.com)", ""]),
        row(4, ["", "", "Caio", ""]),
    ];
    ana.imports(Update, &rows).await;
    let id = ana.id("Bia").await;
    let phone = ana.edits(id, F::Phone, "", "51 99999-0005").await;
    assert_eq!(phone, SAVED);
    ana.edits(id, F::Phone, "5551999990005", "").await;
    ana.notes_no(id, Channel::Whatsapp).await;
    id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_an_erased_contact_nothing_stays_in_the_files_of_the_database() {
    let directory = tempfile::tempdir().unwrap();
    let database = TestDatabase::sqlite_in(directory.path()).await;
    let ana = ana(&database).await;
    let id = known_in_many_places(&ana).await;
    let traces = [
        BIA,
        "5551999990005",
        "bia@example.com",
        "Bia Souza",
        "1990-12-31",
    ];
    assert!(!files_with(directory.path(), &traces).is_empty());
    ana.erases(id).await;
    let copy = directory.path().join("copy.db");
    database.store.backup(&copy).await.unwrap();
    assert_eq!(files_with(directory.path(), &traces), Vec::<String>::new());
    let caio = files_with(directory.path(), &["Caio Lima"]);
    assert!(caio.len() >= 2, "the others stay: {caio:?}");
}

db_test! {
    async fn an_erasure_takes_the_person_and_leaves_the_others(database) {
        let ana = ana(database).await;
        let id = known_in_many_places(&ana).await;
        let report = ana.erases(id).await;
        let refusals = vec![Channel::Whatsapp];
        assert_eq!(report, ErasureReport { refusals, transactions: 0, rejects: 1 });
        assert_eq!(ana.count().await, 1);
        assert_eq!(ana.rejects().await, [["", "", "Caio", ""]]);
        let admin = ana.admin().await;
        let entries = audit::entries(&ana.store, &admin, None, 0, 100).await.unwrap();
        assert!(entries.iter().all(|entry| !entry.subject.contains("Bia")), "{entries:?}");
        assert_eq!(entries[0].action, AuditAction::ContactErased);
        let again = erase(&ana.store, &admin, id).await.unwrap_err();
        assert_eq!(again.code(), ErrorCode::NotFound);
        let last = imports::last(&ana.store, &ana.member().await).await.unwrap().unwrap();
        assert_eq!(last.ledger.rejected, 2, "the numbers of the import stay");
    }

    async fn who_was_erased_comes_again_as_new_and_has_refused(database) {
        let ana = ana(database).await;
        let id = bia(&ana).await;
        ana.notes_no(id, Channel::Whatsapp).await;
        ana.erases(id).await;
        let mut plan = plan(Update, ListTarget::None);
        plan.consent = ConsentPlan {
            channels: vec![Channel::Whatsapp, Channel::Email],
            basis: Some(LegalBasis::Consent),
            source: "form".into(),
        };
        let import = ana.imports_plan(&plan, &[row(1, [BIA, "", "Bia Souza", ""])]).await;
        let new = ana.id("Bia").await;
        assert_ne!(new, id);
        let card = ana.card(new).await;
        let answer = |channel| {
            let mut all = card.permissions.iter();
            let found = all.find(|(of, _)| *of == channel).unwrap().1.as_ref().unwrap();
            (found.granted, found.is_of_erased)
        };
        assert_eq!(answer(Channel::Whatsapp), (false, true));
        assert_eq!(answer(Channel::Email), (true, false));
        let mut history = card.history.iter();
        assert!(history.any(|event| event.source == EventSource::KeptRefusal));
        // Nobody has relied on the new contact since: the undo takes it away.
        ana.undoes(import).await.unwrap();
        assert_eq!(ana.find_in(Place::Base, "Bia").await, None);
        ana.imports_plan(&plan, &[row(1, ["", "bia@example.com", "Bia", ""])]).await;
        let card = ana.card(ana.id("Bia").await).await;
        let refused = card.permissions.iter().filter_map(|(_, answer)| answer.as_ref());
        assert_eq!(refused.filter(|answer| answer.is_of_erased).count(), 1, "by the address too");
    }

    async fn who_is_long_in_the_bin_is_erased(database) {
        let ana = ana(database).await;
        let id = bia(&ana).await;
        assert_eq!(forget_bin(&ana.store).await.unwrap(), 0, "not in the bin");
        ana.deletes(id).await;
        assert_eq!(forget_bin(&ana.store).await.unwrap(), 0, "not long in the bin");
        let limits = StoreLimits { bin_days: 0, ..StoreLimits::default() };
        let store = ana.store.clone().with_limits(limits);
        assert_eq!(forget_bin(&store).await.unwrap(), 1);
        assert_eq!(ana.find_in(Place::Bin, "Bia").await, None);
        let entries = audit::entries(&store, &ana.admin().await, None, 0, 1).await.unwrap();
        let entry = &entries[0];
        let done = (entry.action, entry.actor.as_str(), entry.subject.clone());
        assert_eq!(done, (AuditAction::ContactErased, "Alta", format!("#{id}")));
    }

    async fn a_person_gets_everything_that_is_stored(database) {
        let ana = ana(database).await;
        let id = known_in_many_places(&ana).await;
        let admin = ana.admin().await;
        let data = person_data(&ana.store, &admin, id).await.unwrap();
        assert_eq!(data.lists, ["Clientes"]);
        let answers = data.answers.iter().map(|(of, answer)| (*of, answer.granted));
        let answers: Vec<_> = answers.collect();
        assert_eq!(answers, [(Channel::Whatsapp, false)]);
        assert!(data.card.history.len() >= 3, "{:?}", data.card.history);
        assert_eq!(data.rejects, [["", "", "Bia (bia@example.com)", ""]]);
        let values: Vec<&str> = data.card.values.iter().map(|value| &*value.value).collect();
        for value in [BIA, "bia@example.com", "Bia Souza", "1990-12-31"] {
            assert!(values.contains(&value), "{value} in {values:?}");
        }
    }

    async fn a_kept_no_holds_however_the_phone_comes_to_somebody(database) {
        let ana = ana(database).await;
        let cells = ["5551999990003", "", "Caio Lima", ""];
        ana.imports(Update, &[row(1, cells), row(2, [BIA, "", "Bia Souza", ""])]).await;
        let (caio, bia) = (ana.id("Caio").await, ana.id("Bia").await);
        let refused = async |id| {
            let answers = ana.card(id).await.permissions;
            answers.into_iter().filter_map(|(_, answer)| answer).any(|answer| answer.is_of_erased)
        };
        // Caio gives up a phone, Bia gets it, refuses and is erased; then Caio's edit is taken
        // back.
        assert_eq!(ana.edits(caio, F::Phone, "", "51 99999-0007").await, SAVED);
        ana.edits(caio, F::Phone, "5551999990007", "").await;
        assert_eq!(ana.edits(bia, F::Phone, "", "51 99999-0007").await, SAVED);
        ana.notes_no(bia, Channel::Sms).await;
        ana.erases(bia).await;
        assert!(!refused(caio).await);
        ana.takes_back(caio).await;
        assert!(refused(caio).await, "taken back");
        ana.edits(caio, F::Phone, "5551999990007", "").await;
        assert_eq!(ana.adds(&[(F::Phone, "51 99999-0007"), (F::Name, "Eva")]).await,
            alta_domain::AddAnswer::Added(ana.id("Eva").await));
        assert!(refused(ana.id("Eva").await).await, "added by hand");
        // An import that brings the phone to somebody is undone: the no goes with the phone.
        let plan = plan(Update, ListTarget::None);
        let joined = [BIA, "dario@example.com", "Dario", ""];
        ana.imports_plan(&plan, &[row(1, ["", "dario@example.com", "Dario", ""])]).await;
        let import = ana.imports_plan(&plan, &[row(1, joined)]).await;
        let dario = ana.id("Dario").await;
        assert!(refused(dario).await);
        ana.undoes(import).await.unwrap();
        assert!(!refused(dario).await, "undone");
    }

    async fn a_key_that_went_to_somebody_else_meanwhile_stays_there(database) {
        let ana = ana(database).await;
        let id = known_in_many_places(&ana).await;
        let caio = ana.id("Caio Lima").await;
        // Bia had this phone before.
        assert_eq!(ana.edits(caio, F::Phone, "", "51 99999-0005").await, SAVED);
        ana.erases(id).await;
        let member = ana.member().await;
        let found = alta_store::contacts::find(&ana.store, &member, "5551999990005").await;
        assert!(found.unwrap().is_some());
    }
}
