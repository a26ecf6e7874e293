//! Writes the products of a page, and prices of products.

use std::collections::HashMap;

use alta_domain::{ConnectionId, Price, Product};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
};

use super::sorted::PageRecord;
use crate::entity::product::{self, ActiveModel, Column};
use crate::error::Result;
use crate::systems::lease::Lease;
use crate::systems::records::ROWS_PER_STATEMENT;
use crate::{now, parts};

/// The columns of a price.
const PRICE: [Column; 2] = [Column::Price, Column::Currency];

/// The other columns that a product's new version overwrites.
const PRODUCT: [Column; 6] = [
    Column::Sku,
    Column::Name,
    Column::Active,
    Column::Raw,
    Column::UpdatedAt,
    Column::Missed,
];

/// Inserts products, or overwrites those that are stored. When the system's list of products has no
/// prices, stored prices stay.
pub(super) async fn write(
    transaction: &DatabaseTransaction,
    lease: &Lease,
    products: Vec<PageRecord<Product>>,
) -> Result<()> {
    let (priced, unpriced): (Vec<_>, Vec<_>) = products
        .into_iter()
        .partition(|record| record.value.is_priced);
    for (products, price) in [(priced, &PRICE[..]), (unpriced, &[])] {
        let on_conflict = overwrite(PRODUCT.iter().chain(price).copied());
        let rows: Vec<_> = products
            .into_iter()
            .map(|record| product_row(lease, record))
            .collect();
        for rows in parts(rows, ROWS_PER_STATEMENT) {
            product::Entity::insert_many(rows)
                .on_conflict(on_conflict.clone())
                .exec_without_returning(transaction)
                .await?;
        }
    }
    Ok(())
}

/// Overwrites these columns of a product that is stored.
fn overwrite(columns: impl IntoIterator<Item = Column>) -> OnConflict {
    OnConflict::columns([Column::ConnectionId, Column::ExternalId])
        .update_columns(columns)
        .to_owned()
}

fn product_row(lease: &Lease, record: PageRecord<Product>) -> ActiveModel {
    let product = record.value;
    ActiveModel {
        connection_id: Set(lease.connection.0),
        external_id: Set(record.external_id),
        organization_id: Set(lease.organization.0),
        sku: Set(product.sku),
        name: Set(product.name),
        price: Set(product.price),
        currency: Set(product.currency),
        active: Set(product.active),
        raw: Set(record.raw),
        updated_at: Set(now()),
        missed: NotSet,
    }
}

/// Writes prices of products that are stored. The price of a product that is not stored is dropped:
/// it is written when the price changes next.
pub(super) async fn write_prices(
    transaction: &DatabaseTransaction,
    connection: ConnectionId,
    prices: HashMap<String, Price>,
) -> Result<()> {
    let ids: Vec<&str> = prices.keys().map(String::as_str).collect();
    for ids in ids.chunks(ROWS_PER_STATEMENT) {
        let stored = product::Entity::find()
            .filter(Column::ConnectionId.eq(connection.0))
            .filter(Column::ExternalId.is_in(ids.iter().copied()))
            .all(transaction)
            .await?;
        let changed = stored.into_iter().filter_map(|product| {
            let Price { price, currency } = prices.get(&product.external_id)?;
            let is_new = (product.price, &product.currency) != (*price, currency);
            let product = product::Model {
                price: *price,
                currency: currency.clone(),
                ..product
            };
            is_new.then(|| product.into_active_model().reset_all())
        });
        let changed: Vec<_> = changed.collect();
        if !changed.is_empty() {
            product::Entity::insert_many(changed)
                .on_conflict(overwrite(PRICE))
                .exec_without_returning(transaction)
                .await?;
        }
    }
    Ok(())
}
