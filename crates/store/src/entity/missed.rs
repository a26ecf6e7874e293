//! The column `missed` of a system's records: the number of complete readings of the system in a
//! row that did not contain the record.

use sea_orm::ColumnTrait;
use sea_orm::sea_query::{ExprTrait, SimpleExpr};

/// The value of `missed` from which a record counts as gone from its system. One reading is not
/// enough, because records move between pages while the pages are read.
pub(crate) const GONE: i32 = 2;

/// Returns the condition that a record is still in its system, by its column `missed`.
pub(crate) fn is_there<C: ColumnTrait>(missed: C) -> SimpleExpr {
    missed.is_null().or(missed.lt(GONE))
}
