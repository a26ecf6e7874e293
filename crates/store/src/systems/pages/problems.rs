//! Writes the problems of a page: records that could not be read.

use alta_domain::{ConnectionId, SetAside, Stream};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::sorted::{PageRecord, SortedPage};
use crate::entity::sync_problem;
use crate::error::Result;
use crate::now;
use crate::systems::records::ROWS_PER_STATEMENT;

/// Replaces the problems of the records of a page: those of records that can be read now are
/// deleted, and those of records that can't are inserted.
pub(super) async fn write(
    transaction: &DatabaseTransaction,
    connection: ConnectionId,
    stream: Stream,
    page: &SortedPage,
) -> Result<()> {
    for ids in page.ids.chunks(ROWS_PER_STATEMENT) {
        sync_problem::Entity::delete_many()
            .filter(sync_problem::Column::ConnectionId.eq(connection.0))
            .filter(sync_problem::Column::Stream.eq(stream.as_str()))
            .filter(sync_problem::Column::ExternalId.is_in(ids.iter().map(String::as_str)))
            .exec(transaction)
            .await?;
    }
    let row = |record: &PageRecord<SetAside>| sync_problem::ActiveModel {
        connection_id: Set(connection.0),
        stream: Set(stream.as_str().to_owned()),
        external_id: Set(record.external_id.clone()),
        field: Set(record.value.field.clone()),
        text: Set(record.value.text.clone()),
        raw: Set(record.raw.clone()),
        at: Set(now()),
    };
    for records in page.set_aside.chunks(ROWS_PER_STATEMENT) {
        sync_problem::Entity::insert_many(records.iter().map(row))
            .exec_without_returning(transaction)
            .await?;
    }
    Ok(())
}
