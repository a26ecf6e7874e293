//! Records that a system no longer has: the system reports them as deleted, or two complete
//! readings did not give them. Also records that a deletion in the middle of a reading hides.

use alta_store::testing::{TestDatabase, age_readings};
use serde_json::{Value, json};

use super::others::{
    HUBSPOT, MERCADO_LIBRE, NUVEMSHOP, PIPEDRIVE, RD_STATION, SHOPIFY, VTEX, WOOCOMMERCE,
};
use super::{BLING, OMIE, Rig, TINY, TINY_V2, Vendor, WBUY};

/// A week in milliseconds.
const WEEK: i64 = 7 * 24 * 60 * 60 * 1000;

/// Deletes records at the vendor. After `runs` runs, a week apart, the stored records must be those
/// of the vendor, except for `stay` records.
async fn goes(vendor: &Vendor, runs: usize, deleted: Value, stay: usize) {
    let database = TestDatabase::sqlite().await;
    let rig = Rig::new(&database, &[vendor]).await;
    let id = rig.connects(vendor).await;
    assert_eq!(rig.run_ends(id, 0).await.fault, None);
    // Records that no sale refers to, which a vendor lets people delete.
    rig.control(vendor, "change", json!({ "contacts": 3, "products": 3 }))
        .await;
    assert_eq!(rig.syncs(id).await.gone, 0);
    rig.is_true(vendor, id).await;
    rig.control(vendor, "delete", deleted.clone()).await;
    let mut gone = 0;
    for _ in 0..runs {
        age_readings(rig.store, WEEK).await;
        let one = rig.syncs(id).await;
        assert_eq!(
            (one.fault, gone),
            (None, 0),
            "{}: gone too early",
            vendor.slug
        );
        gone = one.gone;
    }
    assert_eq!(rig.is_complete(vendor, id).await.len(), stay);
    let all: u64 = deleted
        .as_object()
        .unwrap()
        .values()
        .filter_map(Value::as_u64)
        .sum();
    assert_eq!(u64::from(gone) + stay as u64, all);
}

macro_rules! goes {
    ($($name:ident: $vendor:ident, $runs:literal, $deleted:tt;)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            goes(&$vendor, $runs, json!($deleted), 0).await;
        }
    )*};
}

goes! {
    what_bling_says_is_deleted_is_gone: BLING, 1, { "contacts": 2, "products": 2 };
    what_tiny_says_is_deleted_is_gone: TINY, 1, { "contacts": 2, "products": 2 };
    what_tiny_by_token_says_is_deleted_is_gone: TINY_V2, 1, { "contacts": 2, "products": 2 };
    what_wbuy_gives_no_more_is_gone: WBUY, 2, { "contacts": 2, "transactions": 3, "products": 2 };
    what_omie_gives_no_more_is_gone: OMIE, 2, { "contacts": 2, "transactions": 3, "products": 2 };
    what_woocommerce_has_in_the_trash_is_gone: WOOCOMMERCE, 1, { "transactions": 3 };
    what_woocommerce_gives_no_more_is_gone: WOOCOMMERCE, 2, { "contacts": 2, "products": 2 };
    what_nuvemshop_gives_no_more_is_gone: NUVEMSHOP, 2,
    { "contacts": 2, "transactions": 3, "products": 2 };
    what_shopify_gives_no_more_is_gone: SHOPIFY, 2, { "contacts": 2, "products": 2 };
    what_hubspot_gives_no_more_is_gone: HUBSPOT, 2,
    { "contacts": 2, "transactions": 3, "products": 2 };
    what_rd_station_gives_no_more_is_gone: RD_STATION, 2, { "contacts": 2, "products": 2 };
    what_mercado_libre_gives_no_more_is_gone: MERCADO_LIBRE, 2, { "products": 2 };
    what_pipedrive_says_is_deleted_is_gone: PIPEDRIVE, 1, { "transactions": 3 };
    what_pipedrive_gives_no_more_is_gone: PIPEDRIVE, 2, { "contacts": 2, "products": 2 };
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_vtex_gives_no_more_is_gone_but_a_sale_may_only_be_old() {
    goes(
        &VTEX,
        2,
        json!({ "contacts": 2, "transactions": 3, "products": 2 }),
        3,
    )
    .await;
}

/// Deletes records while the lists are read for the first time, so that others move to pages that
/// were read before. The next run must read these.
async fn comes_with_the_next_run(vendor: &Vendor) {
    let database = TestDatabase::sqlite().await;
    let rig = Rig::new(&database, &[vendor]).await;
    rig.control(vendor, "churn", json!({ "every": 2, "deletes": true }))
        .await;
    let id = rig.connects(vendor).await;
    assert_eq!(rig.run_ends(id, 0).await.fault, None);
    rig.control(vendor, "churn", json!({ "every": 0 })).await;
    assert_eq!(rig.syncs(id).await.fault, None);
    rig.is_complete(vendor, id).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_deletion_in_mid_reading_hid_in_omie_comes_with_the_next_run() {
    comes_with_the_next_run(&OMIE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_deletion_in_mid_reading_hid_in_woocommerce_comes_with_the_next_run() {
    comes_with_the_next_run(&WOOCOMMERCE).await;
}
