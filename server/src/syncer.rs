//! Reads connected systems when they are due: page after page, each written together with the
//! position of the next one.

mod pages;
mod retry;
mod run;
mod stop;
mod systems;
mod token_store;

pub use self::run::Syncer;
pub use self::systems::Systems;
