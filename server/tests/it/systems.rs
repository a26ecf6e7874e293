//! Connects and reads systems: everything arrives and is right, later changes arrive too, and
//! failures on the way lose nothing.
//!
//! The expected records come from the fakes themselves, field by field.

mod gone;
mod killed;
mod leases;
mod notices;
mod others;
mod own;
mod patience;
mod people;
mod rig;
mod tokens;
mod truth;
mod tryton;
mod vendure;

use alta_domain::{Connecting, Connection, FaultKind};
use alta_fakes::credentials;
use alta_store::db_test;
use alta_store::testing::TestDatabase;
use serde_json::json;

use self::rig::{BLING, MICROVIX, OMIE, Rig, TINY, TINY_V2, Vendor, WBUY};

/// Reads all records, then the changes, then changes while the vendor often fails.
async fn arrives(database: &TestDatabase, vendor: &Vendor) {
    let rig = Rig::new(database, &[vendor]).await;
    let id = rig.connects(vendor).await;
    let first = rig.run_ends(id, 0).await;
    assert_eq!(first.fault, None);
    rig.is_true(vendor, id).await;
    rig.never_above_the_limit(vendor).await;

    rig.control(
        vendor,
        "change",
        json!({ "contacts": 5, "transactions": 5, "products": 3 }),
    )
    .await;
    assert_eq!(rig.syncs(id).await.fault, None);
    rig.is_true(vendor, id).await;

    rig.control(
        vendor,
        "change",
        json!({ "contacts": 3, "transactions": 3, "products": 2 }),
    )
    .await;
    rig.control(
        vendor,
        "faults",
        json!({ "too_many": 1, "error": 1, "half": 1, "html": 1 }),
    )
    .await;
    let mut after = rig.syncs(id).await;
    while after.fault.as_ref().is_some_and(|note| note.kind.passes()) {
        after = rig.syncs(id).await;
    }
    assert_eq!(after.fault, None);
    rig.is_true(vendor, id).await;
    rig.never_above_the_limit(vendor).await;
}

/// Reads pages so small that they end within a sale, with a cursor that includes the row it names,
/// or does not.
async fn cut_sales_are_whole(database: &TestDatabase, inclusive: bool) {
    let rig = Rig::new(database, &[&MICROVIX]).await;
    rig.control(
        &MICROVIX,
        "page",
        json!({ "rows": 90, "inclusive": inclusive }),
    )
    .await;
    let id = rig.connects(&MICROVIX).await;
    assert_eq!(rig.run_ends(id, 0).await.fault, None);
    rig.is_true(&MICROVIX, id).await;
}

db_test! {
    async fn everything_of_omie_arrives_and_what_changes_comes_after_it(database) {
        arrives(database, &OMIE).await;
    }

    async fn everything_of_bling_arrives_and_what_changes_comes_after_it(database) {
        arrives(database, &BLING).await;
    }

    async fn everything_of_tiny_arrives_and_what_changes_comes_after_it(database) {
        arrives(database, &TINY).await;
    }

    async fn everything_of_tiny_by_token_arrives_and_what_changes_comes_after_it(database) {
        arrives(database, &TINY_V2).await;
    }

    async fn everything_of_microvix_arrives_and_what_changes_comes_after_it(database) {
        arrives(database, &MICROVIX).await;
    }

    async fn a_sale_that_a_page_of_microvix_cuts_is_whole_when_its_cursor_is_the_next_row(
        database
    ) {
        cut_sales_are_whole(database, true).await;
    }

    async fn a_sale_that_a_page_of_microvix_cuts_is_whole_when_its_cursor_is_the_last_row(
        database
    ) {
        cut_sales_are_whole(database, false).await;
    }

    async fn a_consent_that_is_begun_and_left_takes_nothing_from_the_connection_there_is(database) {
        let rig = Rig::new(database, &[&BLING]).await;
        let id = rig.connects(&BLING).await;
        rig.run_ends(id, 0).await;
        let again: Connecting = rig.admin.asks("/api/onboarding/connect",
            &("bling", BLING.typed, Some(id))).await.unwrap();
        assert!(matches!(again, Connecting::Consent(_)));
        assert_eq!(rig.syncs(id).await.fault, None);
        assert_eq!(rig.connects(&BLING).await, id, "the same account is the same connection");
        assert_eq!(rig.syncs(id).await.fault, None);
        rig.is_true(&BLING, id).await;
    }

    async fn everything_of_wbuy_arrives_and_what_changes_comes_after_it(database) {
        arrives(database, &WBUY).await;
    }

    async fn a_bad_credential_is_refused_with_what_is_wrong_and_nothing_is_kept(database) {
        let rig = Rig::new(database, &[&OMIE, &WBUY, &MICROVIX, &TINY_V2]).await;
        for (vendor, wrong) in [
            (&OMIE, [("app_key", "1"), ("app_secret", "hunter2hunter2")].as_slice()),
            (&WBUY, &[("user", "wbuy-user"), ("password", "hunter2hunter2")]),
            (&MICROVIX, &[("chave", "hunter2hunter2"), ("cnpj", credentials::MICROVIX_CNPJ)]),
            (&TINY_V2, &[("token", "hunter2hunter2")]),
        ] {
            let Connecting::Refused(note) = rig.tries(vendor,
                wrong).await else { panic!("{}", vendor.slug) };
            assert_eq!(note.kind, FaultKind::BadCredentials, "{}: {note:?}", vendor.slug);
            assert!(!note.message.contains("hunter2"), "{note:?}");
        }
        let all: Vec<Connection> = rig.admin.asks("/api/onboarding/connections",
            &()).await.unwrap();
        assert!(all.is_empty());
        assert!(rig.tries(&OMIE, &[("app_key", " 1234567890123 "),
                    ("app_secret",
                        credentials::OMIE_APP_SECRET)])
                            .await != Connecting::Consent(String::new()));
    }
}
