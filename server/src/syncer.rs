//! Reads connected systems when they are due: page after page, each written together with the
//! position of the next one.

mod connection_tokens;
mod pages;
mod retry;
mod run;
mod stop;
mod systems;

pub use self::run::Syncer;
pub use self::systems::Systems;
