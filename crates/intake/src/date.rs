//! Days as spreadsheets write them. Which of two small numbers is the day is never guessed: the
//! column proves it or somebody decides.

mod birthday;
mod day;
mod program;
mod written;

pub use birthday::read_birthday;
pub use day::{Date, DateReading};
pub use written::read_date;

#[cfg(test)]
mod tests;
