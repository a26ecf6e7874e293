//! The command line of `alta`: its arguments and its commands.

mod arguments;
mod commands;
mod database;
mod log;
mod server;

pub use self::arguments::Cli;
pub use self::commands::run;
