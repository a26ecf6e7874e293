//! The command line of `alta`: its arguments, and what each command does.

mod arguments;
mod commands;
mod database;
mod server;

pub use self::arguments::Cli;
pub use self::commands::run;
