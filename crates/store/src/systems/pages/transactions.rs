//! Writes the transactions of a page with their line items.

use alta_domain::{LineItem, Transaction};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::sorted::PageRecord;
use crate::entity::line_item;
use crate::entity::transaction::{self, ActiveModel, Column};
use crate::error::Result;
use crate::systems::lease::Lease;
use crate::systems::records::ROWS_PER_STATEMENT;
use crate::{now, parts};

/// Inserts transactions, or overwrites those that are stored. Their line items are replaced.
pub(super) async fn write(
    db: &DatabaseTransaction,
    lease: &Lease,
    records: Vec<PageRecord<Transaction>>,
) -> Result<()> {
    let mut lines = Vec::new();
    let mut ids = Vec::with_capacity(records.len());
    let mut rows = Vec::with_capacity(records.len());
    for record in records {
        let (id, items) = (&record.external_id, &record.value.items);
        lines.extend(
            items
                .iter()
                .zip(0..)
                .map(|(item, position)| line_row(lease, id, position, item)),
        );
        ids.push(id.clone());
        rows.push(transaction_row(lease, record));
    }
    let on_conflict = overwrite();
    for (rows, ids) in parts(rows, ROWS_PER_STATEMENT).zip(ids.chunks(ROWS_PER_STATEMENT)) {
        transaction::Entity::insert_many(rows)
            .on_conflict(on_conflict.clone())
            .exec_without_returning(db)
            .await?;
        let ids = ids.iter().map(String::as_str);
        line_item::Entity::delete_many()
            .filter(line_item::Column::ConnectionId.eq(lease.connection.0))
            .filter(line_item::Column::TransactionExternalId.is_in(ids))
            .exec(db)
            .await?;
    }
    for lines in parts(lines, ROWS_PER_STATEMENT) {
        line_item::Entity::insert_many(lines)
            .exec_without_returning(db)
            .await?;
    }
    Ok(())
}

/// Overwrites a transaction that is stored; it is no longer missed.
fn overwrite() -> OnConflict {
    OnConflict::columns([Column::ConnectionId, Column::ExternalId])
        .update_columns([
            Column::Number,
            Column::MadeAt,
            Column::Status,
            Column::StatusText,
            Column::ContactExternalId,
            Column::Total,
            Column::Discount,
            Column::Freight,
            Column::Currency,
            Column::Raw,
            Column::UpdatedAt,
            Column::Missed,
        ])
        .to_owned()
}

fn transaction_row(lease: &Lease, record: PageRecord<Transaction>) -> ActiveModel {
    let sale = record.value;
    ActiveModel {
        connection_id: Set(lease.connection.0),
        external_id: Set(record.external_id),
        organization_id: Set(lease.organization.0),
        number: Set(sale.number),
        made_at: Set(sale.made_at),
        status: Set(sale.status.as_str().to_owned()),
        status_text: Set(sale.status_text),
        contact_external_id: Set(sale.contact),
        total: Set(sale.total),
        discount: Set(sale.discount),
        freight: Set(sale.freight),
        currency: Set(sale.currency),
        raw: Set(record.raw),
        updated_at: Set(now()),
        missed: NotSet,
    }
}

fn line_row(
    lease: &Lease,
    transaction_id: &str,
    position: i32,
    item: &LineItem,
) -> line_item::ActiveModel {
    line_item::ActiveModel {
        connection_id: Set(lease.connection.0),
        transaction_external_id: Set(transaction_id.to_owned()),
        position: Set(position),
        product_external_id: Set(item.product.clone()),
        sku: Set(item.sku.clone()),
        name: Set(item.name.clone()),
        quantity: Set(item.quantity.clone()),
        unit_price: Set(item.unit_price),
        total: Set(item.total),
    }
}
