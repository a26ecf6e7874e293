//! The real router over a real socket, on SQLite and on PostgreSQL.

#![expect(
    clippy::unwrap_used,
    reason = "a test that has nothing to go on with has failed"
)]

mod access;
mod attacks;
mod engine;
mod import;
mod promises;
mod proxies;
mod second_factor;
mod settings;
mod support;
mod systems;
