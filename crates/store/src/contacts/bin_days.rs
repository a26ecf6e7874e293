//! The days for which contacts stay in the bin.

use sea_orm::{ConnectionTrait, Statement};

use crate::error::Result;
use crate::{DAY, Store};

/// The release that erases contacts in the bin, by its migration. Contacts that were in the bin
/// before stay there for the whole time from then on.
const FIRST: &str = "m0017_refusals";

/// Returns the time at which a contact in the bin is erased. `deleted_at` is when it was moved
/// there. Times are milliseconds since 1970.
pub(super) async fn erased_from(store: &Store, deleted_at: i64) -> Result<i64> {
    let begun = begun(store).await?.unwrap_or_else(crate::now);
    Ok(std::cmp::max(deleted_at, begun) + i64::from(store.limits.bin_days) * DAY)
}

/// Returns the time before which a contact must have been moved to the bin to be erased now; `None`
/// while nothing is erased. Times are milliseconds since 1970.
pub(crate) async fn erased_before(store: &Store, now: i64) -> Result<Option<i64>> {
    let before = now - i64::from(store.limits.bin_days) * DAY;
    let is_due = begun(store).await?.is_some_and(|begun| begun <= before);
    Ok(is_due.then_some(before))
}

/// Returns the time since which contacts in the bin are erased, in milliseconds since 1970; `None`
/// when that is not known, and nothing may be erased.
async fn begun(store: &Store) -> Result<Option<i64>> {
    let db = store.read();
    let sql = format!("SELECT applied_at FROM seaql_migrations WHERE version = '{FIRST}'");
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let row = db.query_one_raw(statement).await?;
    let seconds: Option<i64> = row.map(|row| row.try_get("", "applied_at")).transpose()?;
    Ok(seconds.map(|seconds| seconds * 1000))
}
