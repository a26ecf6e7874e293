//! Faithful fakes of the HTTP APIs of business systems, for tests of the sync engine.
//!
//! Each system lies below a prefix that stands for its host: `/omie`, `/bling`, `/tiny` (API v3), `/tiny2` (API v2), `/microvix` and
//! `/wbuy`, and the CRMs `/hubspot`, `/pipedrive` and `/rdstation`. `/control` belongs to the tests: it tells the truth about the records, changes them and lets requests misbehave.

mod bling;
mod check_digits;
mod clock;
mod control;
mod crm;
mod data;
mod faults;
mod generate;
mod hubspot;
mod json;
mod limits;
mod manifests;
mod microvix;
mod names;
mod oauth;
mod omie;
mod pipedrive;
mod query;
mod rdstation;
mod rng;
mod system;
mod tiny;
mod tiny2;
mod truth;
mod wbuy;
mod world;

use axum::Router;

pub use manifests::manifest_here;

use system::{Shared, System};

/// What each system accepts as a credential.
pub mod credentials {
    pub use crate::bling::{CLIENT_ID as BLING_CLIENT_ID, CLIENT_SECRET as BLING_CLIENT_SECRET};
    pub use crate::hubspot::TOKEN as HUBSPOT_TOKEN;
    pub use crate::microvix::{CNPJ as MICROVIX_CNPJ, KEY as MICROVIX_KEY, USER as MICROVIX_USER};
    pub use crate::omie::{APP_KEY as OMIE_APP_KEY, APP_SECRET as OMIE_APP_SECRET};
    pub use crate::pipedrive::TOKEN as PIPEDRIVE_TOKEN;
    pub use crate::rdstation::{CLIENT_ID as RD_STATION_CLIENT_ID, CLIENT_SECRET as RD_STATION_CLIENT_SECRET};
    pub use crate::tiny::{CLIENT_ID as TINY_CLIENT_ID, CLIENT_SECRET as TINY_CLIENT_SECRET};
    pub use crate::tiny2::TOKEN as TINY2_TOKEN;
    pub use crate::wbuy::{PASSWORD as WBUY_PASSWORD, USER as WBUY_USER};
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
    let (crms, of_crms) = crms(settings);
    Router::new()
        .nest("/omie/api/v1", omie::router(omie.clone()))
        .nest("/bling/Api/v3", bling::router(bling.clone()))
        .nest("/tiny/public-api/v3", tiny::router(tiny.clone()))
        .nest("/tiny/realms/tiny/protocol/openid-connect", tiny::realm(tiny.clone()))
        .nest("/tiny2/api2", tiny2::router(tiny2.clone()))
        .nest("/microvix/1.0/api/integracao", microvix::router(microvix.clone()))
        .nest("/wbuy/api/v1", wbuy::router(wbuy.clone()))
        .merge(of_crms)
        .nest("/control", control::router([omie, bling, tiny, tiny2, microvix, wbuy].into_iter().chain(crms)))
}

/// The CRMs, whose sales are deals.
fn crms(settings: &Settings) -> ([Shared; 3], Router) {
    let [hubspot, pipedrive, rdstation] =
        [&hubspot::VENDOR, &pipedrive::VENDOR, &rdstation::VENDOR].map(|vendor| System::new(vendor, settings));
    let router = Router::new()
        .nest("/hubspot", hubspot::router(hubspot.clone()))
        .nest("/pipedrive", pipedrive::router(pipedrive.clone()))
        .nest("/rdstation", rdstation::router(rdstation.clone()));
    ([hubspot, pipedrive, rdstation], router)
}
