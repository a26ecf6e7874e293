//! The systems in the list 'Others', each against its fake. Behaviour that depends on the database
//! is tested with the five systems of the guide.

use alta_domain::Connecting;
use alta_domain::FaultKind::{self, BadCredentials, Blocked, MissingScope};
use alta_fakes::credentials;
use alta_store::testing::TestDatabase;
use serde_json::json;

use super::{Rig, Vendor, arrives};

pub(super) const SHOPIFY: Vendor = Vendor {
    slug: "shopify",
    fake: "shopify",
    typed: &[
        ("shop", credentials::SHOPIFY_SHOP),
        ("client_id", credentials::SHOPIFY_CLIENT_ID),
        ("client_secret", credentials::SHOPIFY_CLIENT_SECRET),
    ],
};
pub(super) const NUVEMSHOP: Vendor = Vendor {
    slug: "nuvemshop",
    fake: "nuvemshop",
    typed: &[
        ("client_id", credentials::NUVEMSHOP_CLIENT_ID),
        ("client_secret", credentials::NUVEMSHOP_CLIENT_SECRET),
        ("email", "ana@example.com"),
    ],
};
pub(super) const WOOCOMMERCE: Vendor = Vendor {
    slug: "woocommerce",
    fake: "woocommerce",
    typed: &[
        ("address", "of the fake"),
        ("key", credentials::WOOCOMMERCE_CONSUMER_KEY),
        ("secret", credentials::WOOCOMMERCE_CONSUMER_SECRET),
    ],
};
pub(super) const VTEX: Vendor = Vendor {
    slug: "vtex",
    fake: "vtex",
    typed: &[
        ("account", credentials::VTEX_ACCOUNT),
        ("key", credentials::VTEX_APP_KEY),
        ("token", credentials::VTEX_APP_TOKEN),
    ],
};
pub(super) const MERCADO_LIBRE: Vendor = Vendor {
    slug: "mercado-libre",
    fake: "mercado-libre",
    typed: &[
        ("client_id", credentials::MERCADO_LIBRE_CLIENT_ID),
        ("client_secret", credentials::MERCADO_LIBRE_CLIENT_SECRET),
    ],
};
pub(super) const HUBSPOT: Vendor = Vendor {
    slug: "hubspot",
    fake: "hubspot",
    typed: &[("token", credentials::HUBSPOT_TOKEN)],
};
pub(super) const PIPEDRIVE: Vendor = Vendor {
    slug: "pipedrive",
    fake: "pipedrive",
    typed: &[("token", credentials::PIPEDRIVE_TOKEN)],
};
pub(super) const RD_STATION: Vendor = Vendor {
    slug: "rd-station",
    fake: "rd-station",
    typed: &[
        ("client_id", credentials::RD_STATION_CLIENT_ID),
        ("client_secret", credentials::RD_STATION_CLIENT_SECRET),
    ],
};

macro_rules! arrive {
    ($($name:ident: $vendor:ident;)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            arrives(&TestDatabase::sqlite().await, &$vendor).await;
        }
    )*};
}

arrive! {
    everything_of_shopify_arrives_and_what_changes_comes_after_it: SHOPIFY;
    everything_of_nuvemshop_arrives_and_what_changes_comes_after_it: NUVEMSHOP;
    everything_of_woocommerce_arrives_and_what_changes_comes_after_it: WOOCOMMERCE;
    everything_of_vtex_arrives_and_what_changes_comes_after_it: VTEX;
    everything_of_mercado_libre_arrives_and_what_changes_comes_after_it: MERCADO_LIBRE;
    everything_of_hubspot_arrives_and_what_changes_comes_after_it: HUBSPOT;
    everything_of_pipedrive_arrives_and_what_changes_comes_after_it: PIPEDRIVE;
    everything_of_rd_station_arrives_and_what_changes_comes_after_it: RD_STATION;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shopify_without_its_older_orders_says_which_right_is_missing() {
    let database = TestDatabase::sqlite().await;
    let rig = Rig::new(&database, &[&SHOPIFY]).await;
    rig.control(&SHOPIFY, "faults", json!({ "withheld": "read_all_orders" }))
        .await;
    let Connecting::Refused(note) = rig.tries(&SHOPIFY, SHOPIFY.typed).await else {
        panic!("60 days would be taken for all")
    };
    assert_eq!(
        (note.kind, note.message.as_str(), note.remedy.is_some()),
        (FaultKind::MissingScope, "read_all_orders", true)
    );
}

/// What a WooCommerce shop answers, by cause, as real shops do.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn woocommerce_names_the_right_cause_of_a_refusal() {
    let database = TestDatabase::sqlite().await;
    let rig = Rig::new(&database, &[&WOOCOMMERCE]).await;
    let cannot_view = "woocommerce_rest_cannot_view";
    let authentication = "woocommerce_rest_authentication_error";
    let page = "<html><title>Attention Required</title></html>";
    for (status, code, message, kind, remedy) in [
        (
            401,
            cannot_view,
            "Sorry, you cannot list resources.",
            BadCredentials,
            "Authorization",
        ),
        (
            401,
            authentication,
            "Consumer secret is invalid.",
            BadCredentials,
            "Authorization",
        ),
        (
            401,
            authentication,
            "The API key provided does not have read permissions.",
            MissingScope,
            "REST API",
        ),
        (
            403,
            cannot_view,
            "Sorry, you cannot list resources.",
            MissingScope,
            "usuario",
        ),
        (403, "", page, Blocked, ""),
    ] {
        let body = if code.is_empty() {
            message.to_owned()
        } else {
            json!({ "code": code, "message": message }).to_string()
        };
        let canned = json!([{ "status": status, "body": body }]);
        rig.control(&WOOCOMMERCE, "faults", json!({ "canned": canned }))
            .await;
        let Connecting::Refused(note) = rig.tries(&WOOCOMMERCE, WOOCOMMERCE.typed).await else {
            panic!("{status} {code} is refused")
        };
        assert_eq!(note.kind, kind, "{status} {code}");
        let given = note.remedy.unwrap_or_default();
        assert!(given.contains(remedy), "{status} {code}: {given}");
    }
}
