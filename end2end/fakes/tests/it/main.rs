//! The fakes behave as the vendors do, seen over HTTP.

#![expect(
    clippy::unwrap_used,
    reason = "a test that has nothing to go on with has failed"
)]

mod crms;
mod faithful;
mod fakes;
mod markets;
mod stores;
