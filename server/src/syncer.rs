//! Reads connected systems when they are due, page after page. Each page is written together with
//! the position of the next page.

mod connection_tokens;
mod pages;
mod retry;
mod run;
mod stop;
mod systems;

pub use self::run::Syncer;
pub use self::systems::Systems;
