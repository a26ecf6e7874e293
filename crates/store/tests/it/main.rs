//! Each test is run on SQLite and on PostgreSQL from one body.

mod first_steps;
mod imports;
mod support;
