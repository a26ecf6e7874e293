//! What happens between two pages of a run: an Admin acts, or the manifest changes.

use alta_domain::{
    Account, Batch, BuiltInField, ConnectionId, ConnectionState, ContactShape, Correction,
    ErrorCode, ExistingPolicy, FaultKind, RowInput, SetAside, SourceContact, SourcePage,
    SourceRecord, Sourced, Stream,
};
use alta_server::config::Config;
use alta_store::access::Admin;
use alta_store::account::sessions;
use alta_store::imports::FileFacts;
use alta_store::systems::{self, Lease, PageOutcome};
use alta_store::testing::TestDatabase;
use alta_store::{Store, db_test, imports};

use super::people::{file, plan};
use crate::support::TestApp;

const NAMES: &[BuiltInField] = &[BuiltInField::Name, BuiltInField::Email];
/// The fields with one more in the middle, as a new release may have them.
const PHONES: &[BuiltInField] = &[BuiltInField::Name, BuiltInField::Phone, BuiltInField::Email];

fn shape(fields: &[BuiltInField]) -> ContactShape {
    ContactShape {
        fields: fields.to_vec(),
        country: None,
    }
}

fn contact(id: &str, cells: &[&str]) -> Sourced {
    let cells = cells.iter().map(|cell| (*cell).to_owned()).collect();
    Sourced {
        id: id.to_owned(),
        record: Ok(SourceRecord::Contact(SourceContact { cells })),
        raw: "{}".to_owned(),
    }
}

fn page(records: Vec<Sourced>) -> SourcePage {
    SourcePage {
        records,
        position: "{}".to_owned(),
        done: false,
        whole: None,
    }
}

fn account(name: &str) -> Account {
    Account {
        id: Some("1".to_owned()),
        name: name.to_owned(),
    }
}

async fn connected(database: &TestDatabase) -> (Store, Admin, ConnectionId) {
    TestApp::serve_set_up(database, &Config::default()).await;
    let store = database.store.clone();
    let admin = sessions::operator(&store, "acme").await.unwrap();
    let id = systems::connect(&store, &admin, "omie", &account("Acme"), b"first")
        .await
        .unwrap();
    (store, admin, id)
}

async fn due(store: &Store) -> Lease {
    systems::lease_due(store).await.unwrap().unwrap()
}

async fn takes(store: &Store, lease: &Lease, fields: &[BuiltInField], records: Vec<Sourced>) {
    let run = systems::begin_run(store, lease).await.unwrap();
    let taken = systems::write_page(
        store,
        lease,
        run.id,
        Stream::Contacts,
        page(records),
        &shape(fields),
    )
    .await;
    assert_eq!(taken.unwrap(), PageOutcome::Written);
}

db_test! {
    async fn a_run_goes_on_under_a_manifest_that_has_changed_and_what_was_edited_here_stays(
        database
    ) {
        let (store, admin, id) = connected(database).await;
        let lease = due(&store).await;
        takes(&store, &lease, NAMES, vec![contact("1", &["Ana", "ana@example.com"])]).await;
        file(&store, &admin, &plan(NAMES, ExistingPolicy::Update),
            &["Ana María", "ana@example.com"]).await;
        takes(&store, &lease, PHONES, vec![contact("1", &["Ana", "11987654321", "ana@example.com"]),
                contact("2", &["Bruno", "11987654322", "bruno@example.com"])]).await;
        let here = systems::stored_records(&store, id).await.unwrap();
        let of = |id: &str,
        field: &str| here["contacts"][id][field].as_str().unwrap_or_default().to_owned();
        assert_eq!((of("1", "name").as_str(), of("1", "email").as_str()),
            ("Ana María", "ana@example.com"), "it has not changed there");
        assert_eq!(of("1", "phone"), "5511987654321", "a field that is new is filled in");
        assert_eq!((of("2", "name").as_str(), of("2", "email").as_str()),
            ("Bruno", "bruno@example.com"));
        takes(&store, &lease, PHONES, vec![contact("1", &["Ana Lima", "11987654321",
                        "ana@example.com"])]).await;
        let here = systems::stored_records(&store, id).await.unwrap();
        assert_eq!(here["contacts"]["1"]["name"], "Ana Lima", "what changes there is taken over");
    }

    async fn a_conflict_is_asked_about_once_and_decided_until_its_import_is_undone(
        database
    ) {
        let (store, admin, id) = connected(database).await;
        let all = plan(&[BuiltInField::Name, BuiltInField::Phone], ExistingPolicy::Fill);
        file(&store, &admin, &all, &["Ana", "11987654321"]).await;
        file(&store, &admin, &plan(NAMES, ExistingPolicy::Fill),
            &["Bruno", "bruno@example.com"]).await;
        let both = |name: &str| vec![contact("1", &[name, "11987654321", "bruno@example.com"]),
            contact("2", &["Cleo", "", "cleo@example.com"])];
        let reads = async |records: Vec<Sourced>| {
            systems::sync_now(&store, &admin, id).await.unwrap();
            let lease = due(&store).await;
            takes(&store, &lease, PHONES, records).await;
            systems::release(&store, &lease, 0, None).await.unwrap();
            systems::runs(&store, &admin, id).await.unwrap()[0].import.clone()
        };
        let first = reads(both("Ana Lima")).await.unwrap();
        assert_eq!((first.ledger.rejected, first.ledger.new), (1, 1));
        assert_eq!(reads(both("Ana Lima")).await, None, "it is not asked again");
        let conflict = imports::conflicts(&store, &admin, first.id, 0, 9).await.unwrap().remove(0);
        let ana = conflict.candidates.iter().find(|one| one.shares == [BuiltInField::Phone])
            .unwrap().contact;
        imports::resolve(&store, &admin, first.id, conflict.record, ana).await.unwrap();
        assert_eq!(reads(both("Ana Lima")).await, None, "nor when it was answered");
        let changed = reads(both("Ana Souza")).await.unwrap();
        assert_eq!((changed.ledger.rejected, changed.ledger.updated), (0, 1),
            "what changes there goes to who was said");
        let here = systems::stored_records(&store, id).await.unwrap();
        assert_eq!((&here["contacts"]["1"]["id"], &here["contacts"]["1"]["name"]),
            (&ana.0.into(), &"Ana Souza".into()));
        imports::undo(&store, &admin, first.id).await.unwrap();
        systems::resume(&store, &admin, id).await.unwrap();
        assert_eq!(reads(both("Ana Souza")).await.unwrap().ledger.rejected, 1,
            "the answer was taken back too");
    }

    async fn what_was_refused_is_said_once_and_again_where_that_was_taken_back(database) {
        let (store, admin, id) = connected(database).await;
        let reads = async |records: Vec<Sourced>| {
            systems::resume(&store, &admin, id).await.unwrap();
            systems::sync_now(&store, &admin, id).await.unwrap();
            let lease = due(&store).await;
            takes(&store, &lease, NAMES, records).await;
            systems::release(&store, &lease, 0, None).await.unwrap();
            systems::runs(&store, &admin, id).await.unwrap()[0].import.clone()
        };
        reads(vec![contact("1", &["Ana", "ana@example.com"])]).await.unwrap();
        let mute = || vec![contact("1", &["Ana Lima", ""]), contact("2", &["Bruno", ""])];
        let refused = reads(mute()).await.unwrap();
        assert_eq!((refused.ledger.rejected, refused.ledger.updated), (2, 0),
            "one that was taken before, and one that is new");
        assert_eq!(reads(mute()).await, None);
        imports::undo(&store, &admin, refused.id).await.unwrap();
        assert_eq!(reads(mute()).await.unwrap().ledger.rejected, 2);
        let told = reads(vec![contact("1", &["Ana Lima", "ana@example.com"]),
                contact("2", &["Bruno", "bruno@example.com"])]).await.unwrap();
        assert_eq!((told.ledger.new, told.ledger.updated), (1, 1));
    }

    async fn who_was_mended_in_the_list_of_rejects_is_who_the_system_tells_of(database) {
        let (store, admin, id) = connected(database).await;
        let lease = due(&store).await;
        takes(&store, &lease, NAMES, vec![contact("1", &["Ana", ""])]).await;
        systems::release(&store, &lease, 0, None).await.unwrap();
        let refused = systems::runs(&store, &admin,
            id).await.unwrap()[0].import.clone().unwrap().id;
        let mut mended = plan(NAMES, ExistingPolicy::Fill);
        mended.mapping.correction = Some(Correction {
            import: refused,
            column: 2,
            nobodys: Vec::new(),
        });
        let list = FileFacts { name: "alta.csv".into(), bytes: 1, fingerprint: 9, records: 0 };
        let begun = imports::begin(&store, &admin, &mended, &list).await.unwrap();
        let cells = vec!["Ana".to_owned(), "ana@example.com".to_owned()];
        let row = RowInput {
            record: 1,
            line: 2,
            cells,
            rejected: None,
            left_out: Vec::new(),
            same_as: None,
            identity: None,
            corrects: Some(1),
        };
        imports::receive(&store, &admin, refused, begun.sequence,
            Batch { rows: vec![row], dropped: Vec::new(), records_before: 0 }).await.unwrap();
        imports::finish(&store, &admin, refused).await.unwrap();
        let lease = due(&store).await;
        takes(&store, &lease, NAMES, vec![contact("1", &["Ana Lima", "lima@example.com"])]).await;
        systems::release(&store, &lease, 0, None).await.unwrap();
        let ledger = systems::runs(&store, &admin,
            id).await.unwrap()[0].import.clone().unwrap().ledger;
        assert_eq!((ledger.new, ledger.updated), (0, 1));
    }

    async fn contacts_can_be_taken_back_while_another_list_keeps_the_run_waiting(database) {
        let (store, admin, id) = connected(database).await;
        let lease = due(&store).await;
        let run = systems::begin_run(&store, &lease).await.unwrap();
        let all = SourcePage { done: true,
            ..page(vec![contact("1", &["Ana", "ana@example.com"])]) };
        systems::write_page(&store, &lease, run.id, Stream::Contacts, all,
            &shape(NAMES)).await.unwrap();
        systems::release(&store, &lease, 1_000_000,
            Some((FaultKind::Down, "HTTP 500"))).await.unwrap();
        let import = systems::runs(&store, &admin, id).await.unwrap()[0].import.clone().unwrap();
        assert_eq!(imports::undo(&store, &admin, import.id).await.unwrap().undone.unwrap().removed,
            1);
    }

    async fn an_account_is_known_by_its_id_whatever_it_is_called(database) {
        let (store, admin, id) = connected(database).await;
        let reopens = async |account: &Account| systems::reconnect(&store, &admin, id, account,
            b"second").await.unwrap();
        assert!(reopens(&account("Acme S.A.")).await, "it was renamed");
        assert_eq!(systems::get(&store, &admin, id).await.unwrap().account, "Acme S.A.");
        let other = Account { id: Some("2".into()), ..account("Acme S.A.") };
        assert!(!reopens(&other).await, "another account of that name");
        for (reopens, settled) in [(Some(id), None), (None, Some(true))] {
            let state = systems::begin_consent(&store, &admin, "omie", reopens,
                b"typed").await.unwrap();
            let waiting = systems::redeem_consent(&store, &admin, &state).await.unwrap().connection;
            let became = systems::finish_consent(&store, &admin, waiting, &other,
                b"third").await.unwrap();
            assert_eq!(became.map(|one| one != id), settled);
        }
        let state = systems::begin_consent(&store, &admin, "omie", Some(id),
            b"typed").await.unwrap();
        let waiting = systems::redeem_consent(&store, &admin, &state).await.unwrap().connection;
        assert_eq!(systems::finish_consent(&store, &admin, waiting, &account("Acme"),
                b"fourth").await.unwrap(), Some(id));
        assert_eq!(systems::list(&store, &admin).await.unwrap().len(), 2);
    }

    async fn an_account_whose_id_was_not_known_gets_it_and_is_no_other_of_its_name(database) {
        let (store, admin, _) = connected(database).await;
        let connects = async |id: Option<&str>| {
            let account = Account { id: id.map(str::to_owned), ..account("Loja") };
            systems::connect(&store, &admin, "bling", &account, b"keys").await.unwrap()
        };
        let one = connects(None).await;
        assert_eq!(connects(Some("2")).await, one);
        assert_ne!(connects(Some("3")).await, one);
        assert_eq!((connects(Some("2")).await, connects(None).await), (one, one));
    }

    async fn tokens_that_count_once_are_kept_although_the_connection_was_paused_meanwhile(
        database
    ) {
        let (store, admin, id) = connected(database).await;
        let lease = due(&store).await;
        systems::pause(&store, &admin, id).await.unwrap();
        let sealed = systems::replace_credentials(&store, id, &lease.sealed,
            b"second").await.unwrap();
        systems::replace_credentials(&store, id, &sealed, b"third").await.unwrap();
        systems::resume(&store, &admin, id).await.unwrap();
        assert_eq!(due(&store).await.credentials, b"third");
    }

    async fn a_run_with_old_credentials_has_no_say_once_an_admin_has_given_new_ones(database) {
        let (store, admin, id) = connected(database).await;
        let lease = due(&store).await;
        assert_eq!(systems::connect(&store, &admin, "omie", &account("Acme"),
                b"newer").await.unwrap(), id, "one account, one connection");
        assert_eq!(systems::replace_credentials(&store, id, &lease.sealed,
                b"older").await.unwrap_err().code(), ErrorCode::NotFound);
        systems::release(&store, &lease, 0,
            Some((FaultKind::BadCredentials, "wrong key"))).await.unwrap();
        let one = systems::get(&store, &admin, id).await.unwrap();
        assert_eq!((one.state, one.fault), (ConnectionState::Active, None));
        assert_eq!(due(&store).await.credentials, b"newer");
    }

    async fn one_account_connected_several_times_at_once_is_one_connection(database) {
        let (store, admin, other) = connected(database).await;
        let acme = account("Acme");
        let at_once = (0..8).map(|_| systems::connect(&store, &admin, "bling", &acme, b"keys"));
        let all: Vec<ConnectionId> = futures_util::future::try_join_all(at_once).await.unwrap();
        assert!(all.iter().all(|one| *one == all[0] && *one != other), "{all:?}");
    }

    async fn a_run_that_changes_nothing_is_no_import_and_read_now_in_mid_run_is_another_run(
        database
    ) {
        let (store, admin, id) = connected(database).await;
        let ana = || vec![contact("1", &["Ana", "ana@example.com"])];
        for imports in [1, 0] {
            let lease = due(&store).await;
            takes(&store, &lease, NAMES, ana()).await;
            systems::sync_now(&store, &admin, id).await.unwrap();
            systems::release(&store, &lease, 1_000_000, None).await.unwrap();
            let runs = systems::runs(&store, &admin, id).await.unwrap();
            assert_eq!(runs[0].import.iter().count(), imports);
            let next = systems::get(&store, &admin, id).await.unwrap().next_run.unwrap();
            assert!(next < alta_store::now() + 500_000, "soon, and not when it would be due");
            systems::sync_now(&store, &admin, id).await.unwrap();
        }
        assert_eq!(systems::get(&store, &admin, id).await.unwrap().holds.contacts, 1);
    }

    async fn records_without_an_id_are_each_set_aside_once(database) {
        let (store, admin, id) = connected(database).await;
        let lease = due(&store).await;
        let nameless = |raw: &str| Sourced { id: String::new(),
            record: Err(SetAside { field: "id".into(), text: String::new() }), raw: raw.into() };
        for _ in 0..2 {
            takes(&store, &lease, NAMES, vec![nameless("{\"a\":1}"), nameless("{\"a\":2}")]).await;
        }
        let problems = systems::problems(&store, &admin, id).await.unwrap();
        assert_eq!(problems.iter().map(|problem| problem.external_id.as_str()).collect::<Vec<_>>(),
            ["", ""]);
    }

    async fn what_is_taken_back_does_not_come_again_by_itself(database) {
        let (store, admin, id) = connected(database).await;
        let lease = due(&store).await;
        takes(&store, &lease, NAMES, vec![contact("1", &["Ana", "ana@example.com"])]).await;
        systems::release(&store, &lease, 0, None).await.unwrap();
        let import = systems::runs(&store, &admin, id).await.unwrap()[0].import.clone().unwrap();
        imports::undo(&store, &admin, import.id).await.unwrap();
        assert_eq!(systems::get(&store, &admin, id).await.unwrap().state, ConnectionState::Paused);
        assert!(systems::lease_due(&store).await.unwrap().is_none());
    }
}
