//! The column `missed` of a system's records: the number of complete readings of the system, one
//! after the other, that did not contain the record.

use sea_orm::ColumnTrait;
use sea_orm::sea_query::{ExprTrait, SimpleExpr};

/// Readings that a record is missed in before it counts as gone. One is not enough, because records
/// move between pages while these are read.
pub(crate) const GONE: i32 = 2;

/// The condition that a record is still in its system, by its column `missed`.
pub(crate) fn is_there<C: ColumnTrait>(missed: C) -> SimpleExpr {
    missed.is_null().or(missed.lt(GONE))
}
