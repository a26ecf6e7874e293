//! The reading of days as spreadsheets write them. The order of day and month is never guessed: the
//! column proves it, or the Admin decides.

mod birthday;
mod day;
mod program;
mod written;

pub use birthday::read_birthday;
pub use day::{Date, DateReading};
pub use written::read_date;

#[cfg(test)]
mod tests;
