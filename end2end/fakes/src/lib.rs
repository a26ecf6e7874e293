//! Faithful fakes of the HTTP APIs of business systems, for tests of the sync engine.
//!
//! Each system has its routes below a prefix that stands for its host, such as `/omie` or
//! `/mercadolibre`. `/control` belongs to the tests. It returns the truth about the records,
//! changes records and plans faults.

mod answers;
mod bling;
mod check_digits;
mod clock;
mod control;
mod crm;
mod data;
mod faults;
mod generate;
mod hubspot;
mod instants;
mod json;
mod limits;
mod manifests;
mod mercado_libre;
mod microvix;
mod names;
mod nuvemshop;
mod oauth;
mod omie;
mod pipedrive;
mod query;
mod rdstation;
mod rng;
mod scrolls;
mod shopify;
mod stores;
mod system;
mod tiny;
mod tiny2;
mod truth;
mod vtex;
mod wbuy;
mod woocommerce;
mod world;

use axum::Router;

pub use manifests::manifest_here;

use system::{Shared, System, Vendor};

/// The credentials that each system accepts.
pub mod credentials {
    pub use crate::bling::{CLIENT_ID as BLING_CLIENT_ID, CLIENT_SECRET as BLING_CLIENT_SECRET};
    pub use crate::hubspot::TOKEN as HUBSPOT_TOKEN;
    pub use crate::mercado_libre::{
        CLIENT_ID as MERCADO_LIBRE_CLIENT_ID, CLIENT_SECRET as MERCADO_LIBRE_CLIENT_SECRET,
        SELLER as MERCADO_LIBRE_SELLER,
    };
    pub use crate::microvix::{CNPJ as MICROVIX_CNPJ, KEY as MICROVIX_KEY, USER as MICROVIX_USER};
    pub use crate::nuvemshop::{
        CLIENT_ID as NUVEMSHOP_CLIENT_ID, CLIENT_SECRET as NUVEMSHOP_CLIENT_SECRET,
        STORE_ID as NUVEMSHOP_STORE_ID, TOKEN as NUVEMSHOP_TOKEN,
    };
    pub use crate::omie::{APP_KEY as OMIE_APP_KEY, APP_SECRET as OMIE_APP_SECRET};
    pub use crate::pipedrive::TOKEN as PIPEDRIVE_TOKEN;
    pub use crate::rdstation::{
        CLIENT_ID as RD_STATION_CLIENT_ID, CLIENT_SECRET as RD_STATION_CLIENT_SECRET,
    };
    pub use crate::shopify::{
        ACCESS_TOKEN as SHOPIFY_ACCESS_TOKEN, CLIENT_ID as SHOPIFY_CLIENT_ID,
        CLIENT_SECRET as SHOPIFY_CLIENT_SECRET, SHOP as SHOPIFY_SHOP,
    };
    pub use crate::tiny::{CLIENT_ID as TINY_CLIENT_ID, CLIENT_SECRET as TINY_CLIENT_SECRET};
    pub use crate::tiny2::TOKEN as TINY2_TOKEN;
    pub use crate::vtex::{
        ACCOUNT as VTEX_ACCOUNT, APP_KEY as VTEX_APP_KEY, APP_TOKEN as VTEX_APP_TOKEN,
    };
    pub use crate::wbuy::{PASSWORD as WBUY_PASSWORD, USER as WBUY_USER};
    pub use crate::woocommerce::{
        CONSUMER_KEY as WOOCOMMERCE_CONSUMER_KEY, CONSUMER_SECRET as WOOCOMMERCE_CONSUMER_SECRET,
    };
}

/// The settings of the fakes: the number of records, and the speed of limits.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The number of people and companies of each system, suppliers among them.
    pub contacts: usize,
    /// The number of orders and sales of each system.
    pub transactions: usize,
    /// The number of products of each system.
    pub products: usize,
    /// The seed of the records. The same seed gives the same records.
    pub seed: u64,
    /// The factor by which the periods of limits and locks are shorter than the vendors'.
    pub speed: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            contacts: 200,
            transactions: 600,
            products: 50,
            seed: 1,
            speed: 1,
        }
    }
}

/// A fake: its prefix, its vendor, and the function that makes its routes.
type Fake = (&'static str, &'static Vendor, fn(Shared) -> Router);

/// Makes the routes of all fakes, each with records of its own, and of their control.
pub fn router(settings: &Settings) -> Router {
    let fakes: [Fake; 14] = [
        ("/omie/api/v1", &omie::VENDOR, omie::router),
        ("/bling/Api/v3", &bling::VENDOR, bling::router),
        ("/tiny", &tiny::VENDOR, whole_tiny),
        ("/tiny2/api2", &tiny2::VENDOR, tiny2::router),
        (
            "/microvix/1.0/api/integracao",
            &microvix::VENDOR,
            microvix::router,
        ),
        ("/wbuy/api/v1", &wbuy::VENDOR, wbuy::router),
        ("/vtex", &vtex::VENDOR, vtex::router),
        (
            "/mercadolibre",
            &mercado_libre::VENDOR,
            mercado_libre::router,
        ),
        ("/hubspot", &hubspot::VENDOR, hubspot::router),
        ("/pipedrive", &pipedrive::VENDOR, pipedrive::router),
        ("/rdstation", &rdstation::VENDOR, rdstation::router),
        (
            "/woocommerce/wp-json/wc/v3",
            &woocommerce::VENDOR,
            woocommerce::router,
        ),
        ("/shopify/admin", &shopify::VENDOR, shopify::router),
        ("/nuvemshop", &nuvemshop::VENDOR, nuvemshop::router),
    ];
    fakes
        .into_iter()
        .fold(Router::new(), |all, (prefix, vendor, routes)| {
            let system = System::new(vendor, settings);
            all.nest(prefix, routes(system.clone())).nest(
                &format!("/control/{}", vendor.name),
                control::router(system),
            )
        })
}

/// Makes the routes of Tiny's API and of the realm that signs people in.
fn whole_tiny(system: Shared) -> Router {
    Router::new()
        .nest("/public-api/v3", tiny::router(system.clone()))
        .nest("/realms/tiny/protocol/openid-connect", tiny::realm(system))
}
