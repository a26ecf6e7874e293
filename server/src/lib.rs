//! The one binary, `alta`: configuration, router, sign-in, command line.

pub mod assets;
mod audit;
pub mod cli;
pub mod config;
mod consent;
mod csv_file;
pub mod engine;
mod guard;
mod import;
mod key;
mod mail;
mod notices;
mod rejects;
pub mod router;
pub mod serve;
mod single_sign_on;
mod source;
pub mod syncer;
mod to_the_end;
