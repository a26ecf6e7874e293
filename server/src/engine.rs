//! The engine on the command line: `alta check`, `alta csv`, `alta phone`, `alta plan`. These
//! commands use no database and no network, and judge files and numbers as the browser does.

mod check;
mod csv;
mod phone;
mod plan;

pub use self::check::check;
pub use self::csv::csv;
pub use self::phone::phone;
pub use self::plan::plan;
