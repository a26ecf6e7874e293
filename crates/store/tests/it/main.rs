//! Tests of the store, each on SQLite and on PostgreSQL from one body, and tests of its sources.

#![expect(
    clippy::unwrap_used,
    reason = "a test that has nothing to go on with has failed"
)]

mod decisions;
mod first_steps;
mod imports;
mod one_door;
mod second_factor;
mod sources;
mod support;
mod team;
mod undo;
