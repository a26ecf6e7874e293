//! Tests of the store, each on SQLite and on PostgreSQL from one body, and tests of its sources.

#![expect(
    clippy::unwrap_used,
    reason = "a test that has nothing to go on with has failed"
)]

mod against_model;
mod batches;
mod by_hand;
mod conflicts;
mod consents;
mod corrections;
mod effect;
mod emails;
mod first_steps;
mod imports;
mod invitations;
mod ledger_rows;
mod model;
mod one_door;
mod passwords;
mod people;
mod permissions_by_hand;
mod search;
mod second_factor;
mod sessions;
mod sources;
mod stairs;
mod support;
mod team;
mod tokens;
mod undo;
mod uses;
