//! Each test is run on SQLite and on PostgreSQL from one body.

#![expect(
    clippy::unwrap_used,
    reason = "a test that has nothing to go on with has failed"
)]

mod decisions;
mod first_steps;
mod imports;
mod second_factor;
mod support;
mod team;
mod undo;
