//! The binary `alta`: settings, router, sign-in, synchronization, command line.

pub mod assets;
mod audit;
mod body_rate;
pub mod cli;
pub mod config;
mod connections;
mod csv_file;
mod detached_body;
pub mod engine;
mod exit_status;
mod guard;
mod import;
mod input;
mod key;
mod mail;
mod notices;
mod oauth_callback;
pub mod plan_file;
pub mod process;
mod records;
mod rejects;
mod retention;
pub mod router;
pub mod serve;
mod single_sign_on;
pub mod syncer;
