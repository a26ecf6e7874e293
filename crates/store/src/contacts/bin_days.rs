//! The days for which contacts stay in the bin.

use sea_orm::{ConnectionTrait, Statement};

use crate::error::Result;
use crate::{DAY, Store};

/// The release that erases contacts in the bin, by its migration. Contacts that were in the bin
/// before stay there for the whole time from then on.
const FIRST: &str = "m0017_refusals";

/// Returns the time from which on a contact is erased that was moved to the bin at `deleted_at`.
/// Times are milliseconds since 1970.
pub(super) async fn erased_from(store: &Store, deleted_at: i64) -> Result<i64> {
    let begun = begun(store).await?;
    Ok(std::cmp::max(deleted_at, begun) + i64::from(store.limits.bin_days) * DAY)
}

/// Returns the time before which a contact must have been moved to the bin to be erased now; `None`
/// while nothing is erased. Times are milliseconds since 1970.
pub(crate) async fn erased_before(store: &Store, now: i64) -> Result<Option<i64>> {
    let before = now - i64::from(store.limits.bin_days) * DAY;
    Ok((begun(store).await? <= before).then_some(before))
}

/// Returns the time since which contacts in the bin are erased, in milliseconds since 1970.
async fn begun(store: &Store) -> Result<i64> {
    let db = store.read();
    let sql = format!("SELECT applied_at FROM seaql_migrations WHERE version = '{FIRST}'");
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let row = db.query_one_raw(statement).await?;
    let seconds: Option<i64> = row.map(|row| row.try_get("", "applied_at")).transpose()?;
    Ok(seconds.unwrap_or(0) * 1000)
}
