//! Entities, migrations and queries over SQLite and PostgreSQL.
//!
//! Who may call is in the type: a function that needs an Admin takes [`access::Admin`], which only
//! [`access::Access::admin`] gives out after looking at the session. The organization comes from
//! there too, and is part of every query. Entities never leave this crate; what it answers with is
//! in `alta_domain`.

pub mod access;
pub mod accounts;
pub mod audit;
pub mod card;
pub mod contacts;
mod db;
pub mod emails;
mod entity;
mod error;
pub mod fields;
pub mod home;
pub mod imports;
pub mod invitations;
pub mod lists;
pub mod mail;
mod migration;
pub mod onboarding;
pub mod passkeys;
pub mod passwords;
pub mod second_factor;
mod secret;
pub mod sessions;
pub mod setup;
pub mod systems;
pub mod team;
#[cfg(feature = "testing")]
pub mod testing;
pub mod vault;

pub use db::{Store, StoreLimits};
pub use error::{Result, StoreError};

/// Milliseconds since 1970, as all times are stored.
#[must_use]
pub fn now() -> i64 {
    let elapsed = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX)
}

/// Rows in parts of as many as one statement takes.
pub(crate) fn parts<T>(rows: Vec<T>, most: usize) -> impl Iterator<Item = Vec<T>> {
    let mut rows = rows.into_iter();
    std::iter::from_fn(move || {
        Some(rows.by_ref().take(most).collect::<Vec<T>>()).filter(|part| !part.is_empty())
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn parts_hold_every_row_once_and_none_is_empty() {
        assert_eq!(
            super::parts((0..5).collect(), 2).collect::<Vec<_>>(),
            [vec![0, 1], vec![2, 3], vec![4]]
        );
        assert_eq!(super::parts(Vec::<u8>::new(), 2).count(), 0);
    }
}
