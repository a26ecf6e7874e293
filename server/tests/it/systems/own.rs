//! A system that is not built in: one manifest in the data directory.

mod shop;

use std::sync::atomic::Ordering;
use std::time::Duration;

use alta_domain::{Connecting, Connection, ConnectionId, ConnectionState, ContactEntry, FaultKind};
use alta_server::config::Config;
use alta_store::account::sessions;
use alta_store::testing::Base;
use alta_store::{db_test, systems};
use serde_json::json;

use self::shop::{Shop, serve};
use super::{Rig, Vendor};

const SHOP: Vendor = Vendor {
    slug: "own-shop",
    fake: "",
    typed: &[],
};

/// A manifest of a shop whose address the Admin types, and whose customers are read by a cursor.
const MANIFEST: &str = r#"
slug = "own-shop"
name = "Own shop"
kind = "store"
tested = "documentation"
currency = "CLP"

[[credentials]]
name = "address"
label = "Address"

[[credentials]]
name = "key"
label = "Key"
secret = true

[request]
base = "{{ credentials.address }}"
headers = { Authorization = "Bearer {{ credentials.key }}" }

[check]
request = { path = "shop" }
account = "answer.name"

[[errors]]
when = "status == 404"
means = "empty"

[[errors]]
when = "status == 418"
means = "plan_limit"
said = "answer.message"
remedy = { es = "Cambia de plan.", pt-BR = "Mude de plano.", en = "Change your plan." }

[contacts]
request = { path = "customers", query = { cursor = "{{ cursor }}" } }
records = "answer.customers"
id = "id"
pages = { kind = "cursor", next = "answer.next" }

[[contacts.detail]]
when = "more"
request = { path = "customers/{{ id }}" }
record = "answer"

[contacts.fields]
name = "name"
email = "mail"
"#;

/// Connects the shop at this address.
async fn opens(rig: &Rig<'_>, address: &str, key: &str) -> ConnectionId {
    let Connecting::Connected(id) = rig
        .tries(&SHOP, &[("address", address), ("key", key)])
        .await
    else {
        panic!("{key}")
    };
    id
}

fn config(allow_private_systems: bool) -> Config {
    Config {
        allow_private_systems,
        max_answer_bytes: 50_000,
        max_answer_values: 100_000,
        ..Config::default()
    }
}

db_test! {
    async fn a_manifest_in_the_data_directory_is_a_system_that_is_read(database) {
        let shop = Shop::default();
        let address = serve(shop.clone()).await;
        let rig = Rig::with(database, &[], &[MANIFEST], config(true)).await;
        let id = opens(&rig, &address, "open sesame").await;
        let one = rig.run_ends(id, 0).await;
        assert_eq!((one.account.as_str(), one.holds.contacts, one.fault),
            ("Tienda open sesame", 40, None));
        assert_eq!(shop.asked.load(Ordering::Relaxed), 4);
        let here = systems::stored_records(rig.store, id).await.unwrap();
        assert_eq!(here["contacts"]["39"]["email"], "c39@example.com");
    }

    async fn what_a_shop_may_do_wrong_is_named_and_stops_where_it_must(database) {
        let address = serve(Shop::default()).await;
        let rig = Rig::with(database, &[], &[MANIFEST], config(true)).await;
        for (key, kind) in [("closed", FaultKind::BadCredentials), ("large", FaultKind::TooLarge),
            ("many", FaultKind::TooLarge),
            ("away", FaultKind::Moved)] {
            let Connecting::Refused(note) = rig.tries(&SHOP,
                &[("address", &address), ("key", key)]).await else { panic!("{key}") };
            assert_eq!(note.kind, kind, "{key}");
        }
        for (key, kind, read) in [("circles", FaultKind::Endless, 20),
            ("plan", FaultKind::PlanLimit, 10)] {
            let id = opens(&rig, &address, key).await;
            let one = rig.run_ends(id, 0).await;
            let note = one.fault.unwrap();
            assert_eq!((note.kind, one.state, one.holds.contacts),
                (kind, ConnectionState::Failed, read), "{key}");
            assert_eq!(note.remedy.is_some(), kind == FaultKind::PlanLimit, "{key}");
        }
    }

    async fn a_record_that_the_shop_can_not_tell_is_set_aside_and_the_others_come(database) {
        let address = serve(Shop::default()).await;
        let rig = Rig::with(database, &[], &[MANIFEST], config(true)).await;
        let id = opens(&rig, &address, "gone").await;
        let one = rig.run_ends(id, 0).await;
        assert_eq!((one.fault, one.holds.contacts, one.holds.set_aside), (None, 38, 2));
    }

    async fn a_record_that_the_shop_fails_to_tell_again_and_again_is_set_aside_unless_it_tells_none(
        database
    ) {
        let shop = Shop::default();
        let address = serve(shop.clone()).await;
        let rig = Rig::with(database, &[], &[MANIFEST],
            Config { max_cut_runs: 1, ..config(true) }).await;
        *shop.rich.lock().unwrap() = vec![(14, true), (15, false)];
        let id = opens(&rig, &address, "open sesame").await;
        let asks = async |times: u32| {
            // Each run that is cut off requests the second page once more.
            while shop.asked.load(Ordering::Relaxed) < times {
                rig.syncs(id).await;
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            let one = rig.run_ends(id, 0).await;
            (one.fault.map(|fault| fault.kind), one.holds.contacts, one.holds.set_aside)
        };
        assert_eq!(asks(2).await, (Some(FaultKind::Down), 10, 0), "it may pass");
        *shop.rich.lock().unwrap() = vec![(14, true)];
        assert_eq!(asks(4).await, (Some(FaultKind::Down), 10, 0), "it tells none");
        *shop.rich.lock().unwrap() = vec![(12, true), (14, true), (15, false)];
        let asked = shop.asked.load(Ordering::Relaxed);
        assert_eq!(asks(asked + 4).await, (None, 38, 2),
            "one run more for the new one, and then all pages");
    }

    async fn a_record_that_is_too_large_is_set_aside_and_the_others_come(database) {
        let address = serve(Shop::default()).await;
        // Customers of one digit have fewer bytes than those of two.
        let config = Config { max_record_bytes: 80, ..config(true) };
        let rig = Rig::with(database, &[], &[MANIFEST], config).await;
        let id = opens(&rig, &address, "open sesame").await;
        let one = rig.run_ends(id, 0).await;
        assert_eq!((one.fault, one.holds.contacts, one.holds.set_aside), (None, 10, 30));
        let admin = sessions::operator(rig.store, "acme").await.unwrap();
        let problems = systems::problems(rig.store, &admin, id).await.unwrap();
        assert!(problems.iter().all(|problem| problem.aside.field == "record"), "{problems:?}");
    }

    async fn a_record_with_more_than_one_answer_holds_is_set_aside_and_the_others_come(database) {
        let address = serve(Shop::default()).await;
        let notes = r#"[[contacts.batch]]
name = "notes"
ids = "records | map(attribute='id')"
size = 4
request = { path = "notes", query = { ids = "{{ ids | join(',') }}" } }
whole = "not answer.more"
records = "answer.rows"
key = "of"

[contacts.fields]
city = "batch.notes[id ~ ''][0].city"
"#;
        let rig = Rig::with(database, &[], &[&MANIFEST.replace("[contacts.fields]\n", notes)],
            config(true)).await;
        let id = opens(&rig, &address, "open sesame").await;
        let one = rig.run_ends(id, 0).await;
        assert_eq!((one.fault, one.holds.contacts, one.holds.set_aside), (None, 39, 1));
        let here = systems::stored_records(rig.store, id).await.unwrap();
        assert_eq!((&here["contacts"]["16"]["city"], here["contacts"].get("17")),
            (&json!("Ciudad 16"), None));
    }

    async fn what_the_shop_has_no_more_is_counted_apart_and_comes_back_with_it(database) {
        let shop = Shop::default();
        let address = serve(shop.clone()).await;
        let all_each_time = MANIFEST.replace("records = \"answer.customers\"",
            "records = \"answer.customers\"\nfull_every = 0\ngone = \"deleted\"");
        let rig = Rig::with(database, &[], &[&all_each_time], config(true)).await;
        let id = opens(&rig, &address, "open sesame").await;
        let counts = |one: &Connection| (one.holds.contacts, one.gone, one.holds.set_aside);
        assert_eq!(counts(&rig.run_ends(id, 0).await), (40, 0, 0));
        *shop.away.lock().unwrap() = [vec![5, 39], vec![6], vec![17]];
        assert_eq!(counts(&rig.syncs(id).await), (39, 1, 1),
            "what is missed once may only have moved");
        assert_eq!(counts(&rig.syncs(id).await), (37, 3, 1), "what can't be told is there");
        assert_eq!(counts(&rig.syncs(id).await), (37, 3, 1));
        let here = systems::stored_records(rig.store, id).await.unwrap();
        assert!(["5", "6", "39"].iter().all(|id| here["contacts"].get(id).is_none()));
        let found: Vec<ContactEntry> = rig.admin.asks("/api/contacts",
            &(false, "c5@example.com", None::<alta_domain::ContactId>)).await.unwrap();
        assert_eq!(found.len(), 1, "the person stays");
        *shop.away.lock().unwrap() = [vec![], vec![], vec![]];
        assert_eq!(counts(&rig.syncs(id).await), (40, 0, 0));
    }

    async fn one_list_that_fails_does_not_hold_up_the_others(database) {
        let address = serve(Shop::default()).await;
        let closed = "[products]\nrecords = 'answer'\nid = 'id'\nrequest = \
            { path = 'closed' }\npages = { kind = 'single' }\nfields = { name = 'title' }\n";
        let rig = Rig::with(database, &[], &[&format!("{MANIFEST}\n{closed}")], config(true)).await;
        let id = opens(&rig, &address, "open sesame").await;
        let one = rig.run_ends(id, 0).await;
        assert_eq!((one.fault.unwrap().kind, one.state, one.holds.contacts),
            (FaultKind::PlanLimit, ConnectionState::Failed, 40));
    }

    async fn who_can_not_be_taken_is_refused_once_and_taken_when_that_changes(database) {
        let shop = Shop::default();
        let address = serve(shop.clone()).await;
        let all_each_time = MANIFEST.replace("records = \"answer.customers\"",
            "records = \"answer.customers\"\nfull_every = 0");
        *shop.mute.lock().unwrap() = vec![5, 39];
        let rig = Rig::with(database, &[], &[&all_each_time], config(true)).await;
        let id = opens(&rig, &address, "open sesame").await;
        rig.run_ends(id, 0).await;
        rig.syncs(id).await;
        let base = Base::read(rig.store).await;
        assert_eq!((base.contacts.len(), base.rejects), (38, 2));
        *shop.mute.lock().unwrap() = vec![39];
        rig.syncs(id).await;
        let base = Base::read(rig.store).await;
        assert_eq!((base.contacts.len(), base.rejects), (39, 2));
    }

    async fn an_address_with_a_password_in_it_is_refused(database) {
        let address = serve(Shop::default()).await.replace("http://", "http://ana:hunter2@");
        let rig = Rig::with(database, &[], &[MANIFEST], config(true)).await;
        let Connecting::Refused(note) = rig.tries(&SHOP,
            &[("address", &address), ("key", "open sesame")]).await else { panic!() };
        assert_eq!((note.kind, note.message.contains("hunter2")), (FaultKind::BadAddress, false));
    }

    async fn a_price_from_a_list_of_its_own_comes_to_its_product_and_stays(database) {
        let shop = Shop::default();
        let address = serve(shop.clone()).await;
        let goods = r#"
[products]
records = "answer"
id = "id"
full_every = 0
request = { path = "goods" }
pages = { kind = "single" }
fields = { name = "title" }

[prices]
records = "answer"
id = "of"
full_every = 0
request = { path = "prices" }
pages = { kind = "single" }
fields = { price = "price", currency = "'BRL'" }
"#;
        let rig = Rig::with(database, &[], &[&format!("{MANIFEST}{goods}")], config(true)).await;
        *shop.goods.lock().unwrap() = [vec![1, 2], vec![1, 3]];
        let id = opens(&rig, &address, "open sesame").await;
        let first = rig.run_ends(id, 0).await;
        assert_eq!((first.fault, first.holds.products, first.holds.set_aside), (None, 2, 0));
        let price = async |product: &str| {
            let here = systems::stored_records(rig.store, id).await.unwrap();
            (here["products"][product]["price"].as_i64(),
                here["products"][product]["currency"].as_str().unwrap().to_owned())
        };
        assert_eq!((price("1").await, price("2").await),
            ((Some(19_950), "BRL".to_owned()), (None, "CLP".to_owned())));
        *shop.goods.lock().unwrap() = [vec![1, 2, 3], vec![3]];
        assert_eq!(rig.syncs(id).await.fault, None);
        assert_eq!((price("1").await.0, price("3").await.0), (Some(19_950), Some(39_950)));
    }

    async fn an_answer_without_its_list_is_not_the_end_of_the_list(database) {
        let address = serve(Shop::default()).await;
        let rig = Rig::with(database, &[], &[MANIFEST], config(true)).await;
        let id = opens(&rig, &address, "bare").await;
        let one = rig.run_ends(id, 0).await;
        assert_eq!((one.fault.unwrap().kind, one.state, one.holds.contacts),
            (FaultKind::Down, ConnectionState::Active, 10));
    }

    async fn a_page_of_a_gateway_is_not_the_end_of_the_list(database) {
        let address = serve(Shop::default()).await;
        let ends = "[[errors]]\nwhen = \"status == 404\"\nmeans = \"empty\"\n\n[contacts]\n";
        let rig = Rig::with(database, &[], &[&MANIFEST.replace("[contacts]\n", ends)],
            config(true)).await;
        let id = opens(&rig, &address, "lost").await;
        let one = rig.run_ends(id, 0).await;
        assert_eq!((one.fault, one.holds.contacts), (None, 40));
    }

    async fn a_place_that_the_shop_knows_no_more_is_left_and_all_is_read_again(database) {
        let address = serve(Shop::default()).await;
        let rig = Rig::with(database, &[], &[MANIFEST], config(true)).await;
        let id = opens(&rig, &address, "late").await;
        let one = rig.run_ends(id, 0).await;
        assert_eq!((one.fault.unwrap().kind, one.state, one.holds.contacts),
            (FaultKind::Unexpected, ConnectionState::Failed, 20));
        let mut one = rig.syncs(id).await;
        for _ in 0..100 {
            if one.fault.is_some() {
                tokio::time::sleep(Duration::from_millis(100)).await;
                one = rig.run_ends(id, 0).await;
            }
        }
        assert_eq!((one.fault, one.holds.contacts), (None, 40));
    }

    async fn an_address_of_this_machine_is_asked_only_where_its_owner_allows_it(database) {
        let shop = Shop::default();
        let address = serve(shop.clone()).await;
        let rig = Rig::with(database, &[], &[MANIFEST], config(false)).await;
        let port = address.rsplit(':').next().unwrap();
        for typed in [address.clone(), format!("http://localhost:{port}"),
            format!("https://[::ffff:127.0.0.1]:{port}"), "https://169.254.169.254".to_owned(),
            "file:///etc/passwd".to_owned()] {
            let Connecting::Refused(note) = rig.tries(&SHOP,
                &[("address", &typed), ("key", "open sesame")]).await else { panic!("{typed}") };
            assert_eq!(note.kind, FaultKind::BadAddress, "{typed}");
        }
        assert_eq!(shop.asked.load(Ordering::Relaxed), 0);
    }
}
