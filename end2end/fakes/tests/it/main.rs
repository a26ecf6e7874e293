//! The fakes behave as the vendors do, seen over HTTP.

#![expect(
    clippy::unwrap_used,
    reason = "a test that has nothing to go on with has failed"
)]

mod all;
mod bling;
mod fakes;
mod hubspot;
mod mercado_libre;
mod microvix;
mod nuvemshop;
mod omie;
mod pipedrive;
mod rdstation;
mod shopify;
mod tiny;
mod vtex;
mod wbuy;
mod woocommerce;
