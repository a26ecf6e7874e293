//! Faithful fakes of the HTTP APIs of business systems, for tests of the sync engine.
//!
//! Each system lies below a prefix that stands for its host: `/omie`, `/bling`, `/tiny` (API v3), `/tiny2` (API v2), `/microvix`,
//! `/wbuy`, and of the shops on the web `/woocommerce`, `/shopify` and `/nuvemshop`. `/control` belongs to the tests: it tells the truth
//! about the records, changes them and lets requests misbehave.

mod bling;
mod bucket;
mod check_digits;
mod clock;
mod control;
mod data;
mod faults;
mod generate;
mod instants;
mod json;
mod limits;
mod manifests;
mod microvix;
mod names;
mod nuvemshop;
mod oauth;
mod omie;
mod query;
mod rng;
mod shopify;
mod stores;
mod system;
mod tiny;
mod tiny2;
mod truth;
mod wbuy;
mod woocommerce;
mod world;

use axum::Router;

pub use manifests::manifest_here;

use system::System;

/// What each system accepts as a credential.
pub mod credentials {
    pub use crate::bling::{CLIENT_ID as BLING_CLIENT_ID, CLIENT_SECRET as BLING_CLIENT_SECRET};
    pub use crate::microvix::{CNPJ as MICROVIX_CNPJ, KEY as MICROVIX_KEY, USER as MICROVIX_USER};
    pub use crate::nuvemshop::{STORE_ID as NUVEMSHOP_STORE_ID, TOKEN as NUVEMSHOP_TOKEN};
    pub use crate::omie::{APP_KEY as OMIE_APP_KEY, APP_SECRET as OMIE_APP_SECRET};
    pub use crate::shopify::{ACCESS_TOKEN as SHOPIFY_ACCESS_TOKEN, SHOP as SHOPIFY_SHOP};
    pub use crate::tiny::{CLIENT_ID as TINY_CLIENT_ID, CLIENT_SECRET as TINY_CLIENT_SECRET};
    pub use crate::tiny2::TOKEN as TINY2_TOKEN;
    pub use crate::wbuy::{PASSWORD as WBUY_PASSWORD, USER as WBUY_USER};
    pub use crate::woocommerce::{CONSUMER_KEY as WOOCOMMERCE_CONSUMER_KEY, CONSUMER_SECRET as WOOCOMMERCE_CONSUMER_SECRET};
}

/// How much the fakes hold, and how fast their limits run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// People and companies of each system, suppliers among them.
    pub contacts: usize,
    /// Orders and sales of each system.
    pub transactions: usize,
    /// Products of each system.
    pub products: usize,
    /// The same seed gives the same records.
    pub seed: u64,
    /// Periods of limits and locks are this many times shorter than the vendors'.
    pub speed: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { contacts: 200, transactions: 600, products: 50, seed: 1, speed: 1 }
    }
}

/// All fakes, each with records of its own, and their control.
pub fn router(settings: &Settings) -> Router {
    let fakes = [&omie::VENDOR, &bling::VENDOR, &tiny::VENDOR, &tiny2::VENDOR, &microvix::VENDOR, &wbuy::VENDOR];
    let [omie, bling, tiny, tiny2, microvix, wbuy] = fakes.map(|vendor| System::new(vendor, settings));
    let stores = [&woocommerce::VENDOR, &shopify::VENDOR, &nuvemshop::VENDOR];
    let [woocommerce, shopify, nuvemshop] = stores.map(|vendor| System::new(vendor, settings));
    Router::new()
        .nest("/omie/api/v1", omie::router(omie.clone()))
        .nest("/bling/Api/v3", bling::router(bling.clone()))
        .nest("/tiny/public-api/v3", tiny::router(tiny.clone()))
        .nest("/tiny/realms/tiny/protocol/openid-connect", tiny::realm(tiny.clone()))
        .nest("/tiny2/api2", tiny2::router(tiny2.clone()))
        .nest("/microvix/1.0/api/integracao", microvix::router(microvix.clone()))
        .nest("/wbuy/api/v1", wbuy::router(wbuy.clone()))
        .nest("/woocommerce/wp-json/wc/v3", woocommerce::router(woocommerce.clone()))
        .nest("/shopify/admin/api", shopify::router(shopify.clone()))
        .nest("/nuvemshop/2025-03/{store_id}", nuvemshop::router(nuvemshop.clone()))
        .nest("/control", control::router(vec![omie, bling, tiny, tiny2, microvix, wbuy, woocommerce, shopify, nuvemshop]))
}
