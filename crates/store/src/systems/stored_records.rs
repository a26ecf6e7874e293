//! Reads the records of a connection that are still in its system. Tests compare them with the
//! records of the system.

use std::collections::HashMap;

use alta_domain::ConnectionId;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use crate::Store;
use crate::entity::missed::is_there;
use crate::entity::{contact, line_item, product, source_contact, transaction};
use crate::error::Result;

/// Reads the records of a connection by their ids in the system: `{ "contacts": {id: contact or
/// null}, "transactions": {id: {.., "items": [..]}}, "products": {id: ..} }`. A contact is null
/// when it was refused.
///
/// # Errors
/// When the database fails.
#[expect(clippy::too_many_lines, reason = "one step after another")]
pub async fn stored_records(store: &Store, id: ConnectionId) -> Result<Value> {
    let db = store.read();
    let contacts: HashMap<i64, Value> = contact::Entity::find()
        .into_json()
        .all(db)
        .await?
        .into_iter()
        .filter_map(|row| Some((row["id"].as_i64()?, row)))
        .collect();
    let sources =
        source_contact::Entity::find().filter(source_contact::Column::ConnectionId.eq(id.0));
    let sources = sources
        .filter(is_there(source_contact::Column::Missed))
        .all(db)
        .await?;
    let of = |row: source_contact::Model| {
        (
            row.external_id,
            row.contact_id
                .and_then(|id| contacts.get(&id).cloned())
                .unwrap_or(Value::Null),
        )
    };
    let mut items: HashMap<String, Vec<Value>> = HashMap::new();
    let lines = line_item::Entity::find()
        .filter(line_item::Column::ConnectionId.eq(id.0))
        .order_by_asc(line_item::Column::Position);
    for line in lines.into_json().all(db).await? {
        items
            .entry(
                line["transaction_external_id"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned(),
            )
            .or_default()
            .push(line);
    }
    let sales = transaction::Entity::find().filter(transaction::Column::ConnectionId.eq(id.0));
    let sales = sales
        .filter(is_there(transaction::Column::Missed))
        .into_json()
        .all(db)
        .await?;
    let sales = sales.into_iter().map(|mut sale| {
        let id = sale["external_id"].as_str().unwrap_or_default().to_owned();
        sale["items"] = json!(items.remove(&id).unwrap_or_default());
        (id, sale)
    });
    let products = product::Entity::find().filter(product::Column::ConnectionId.eq(id.0));
    let products = products
        .filter(is_there(product::Column::Missed))
        .into_json()
        .all(db)
        .await?;
    let products = products.into_iter().map(|row| {
        (
            row["external_id"].as_str().unwrap_or_default().to_owned(),
            row,
        )
    });
    Ok(json!({
        "contacts": sources.into_iter().map(of).collect::<HashMap<_, _>>(),
        "transactions": sales.collect::<HashMap<_, _>>(),
        "products": products.collect::<HashMap<_, _>>(),
    }))
}
