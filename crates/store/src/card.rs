//! Contacts one by one: found by what is typed, and each with where its values came from and what
//! it bought.

use std::collections::HashMap;

use alta_domain::{
    BuiltInField, CardTransaction, CardValue, ContactCard, ContactEntry, ContactId, ErrorCode,
    Origin, TransactionStatus,
};
use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crate::access::Access;
use crate::entity::{
    connection, contact, field, import, import_change, line_item, product, source_contact,
    transaction,
};
use crate::error::Result;
use crate::imports::ContactState;
use crate::systems::is_there;
use crate::{Store, contacts};

/// Contacts listed at a time.
pub const LISTED: u64 = 50;
/// Transactions on a card.
const TRANSACTIONS: u64 = 50;
/// Letters that are searched for.
const SEARCHED: usize = 100;

/// Contacts whose name, phone, e-mail or tax id has this text, the newest first; those in front of
/// `before`, or from the newest on.
///
/// # Errors
/// When the database fails.
pub async fn search(
    store: &Store,
    access: &Access,
    text: &str,
    before: Option<ContactId>,
) -> Result<Vec<ContactEntry>> {
    let text: String = text
        .trim()
        .chars()
        .take(SEARCHED)
        .collect::<String>()
        .to_lowercase();
    let mut query =
        contact::Entity::find().filter(contact::Column::OrganizationId.eq(access.organization.0));
    if !text.is_empty() {
        let escaped = ['\\', '%', '_'].iter().fold(text.clone(), |text, letter| {
            text.replace(*letter, &format!("\\{letter}"))
        });
        let has = |column: contact::Column| {
            Func::lower(Expr::col(column)).like(LikeExpr::new(format!("%{escaped}%")).escape('\\'))
        };
        let columns = [
            contact::Column::Name,
            contact::Column::FirstName,
            contact::Column::LastName,
            contact::Column::Company,
        ];
        let parts = columns
            .into_iter()
            .chain([contact::Column::Phone, contact::Column::Email])
            .map(has);
        query = query.filter(parts.fold(
            Condition::any().add(contacts::is_known_by(&text)),
            Condition::add,
        ));
    }
    if let Some(before) = before {
        query = query.filter(contact::Column::Id.lt(before.0));
    }
    let rows = query
        .order_by_desc(contact::Column::Id)
        .limit(LISTED)
        .all(store.read())
        .await?;
    Ok(rows.iter().map(entry).collect())
}

fn entry(row: &contact::Model) -> ContactEntry {
    let both = [&row.first_name, &row.last_name]
        .into_iter()
        .flatten()
        .cloned()
        .collect::<Vec<_>>()
        .join(" ");
    let known_by: Vec<String> = [&row.phone, &row.email]
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    let named = row
        .name
        .clone()
        .or_else(|| (!both.is_empty()).then_some(both))
        .or_else(|| row.company.clone());
    let name = named
        .or_else(|| known_by.first().cloned())
        .unwrap_or_else(|| format!("{}", row.id));
    ContactEntry {
        id: ContactId(row.id),
        name,
        known_by,
    }
}

/// All that is known of a contact.
///
/// # Errors
/// [`ErrorCode::NotFound`] when it is not the organization's.
pub async fn card(store: &Store, access: &Access, id: ContactId) -> Result<ContactCard> {
    let own = contact::Entity::find_by_id(id.0)
        .filter(contact::Column::OrganizationId.eq(access.organization.0));
    let row = own.one(store.read()).await?.ok_or(ErrorCode::NotFound)?;
    let entry = entry(&row);
    let origins = origins(store.read(), &row).await?;
    let created = origins.get("").cloned();
    let names: HashMap<String, String> = field::Entity::find()
        .filter(field::Column::OrganizationId.eq(access.organization.0))
        .all(store.read())
        .await?
        .into_iter()
        .map(|field| (field.id.to_string(), field.name))
        .collect();
    let value = |(word, value): (String, String)| {
        let built_in = BuiltInField::parse(&word);
        let origin = origins.get(&built_in.map_or_else(
            || format!("custom.{word}"),
            |field| field.as_str().to_owned(),
        ));
        CardValue {
            field: built_in.ok_or_else(|| names.get(&word).cloned().unwrap_or(word)),
            value,
            origin: origin.cloned().or_else(|| created.clone()),
        }
    };
    let values = ContactState::of(row)
        .values()
        .into_iter()
        .map(value)
        .collect();
    Ok(ContactCard {
        entry,
        values,
        transactions: transactions(store.read(), id).await?,
    })
}

/// Which import each value came by, by the word of its field; the one that made the contact by no
/// word.
async fn origins(
    db: &impl ConnectionTrait,
    row: &contact::Model,
) -> Result<HashMap<String, Origin>> {
    let changes = import_change::Entity::find()
        .filter(import_change::Column::ContactId.eq(row.id))
        .order_by_asc(import_change::Column::ImportId)
        .order_by_asc(import_change::Column::Sequence)
        .all(db)
        .await?;
    let ids: Vec<i64> = changes
        .iter()
        .map(|change| change.import_id)
        .chain(row.created_import_id)
        .collect();
    let imports = import::Entity::find()
        .filter(import::Column::Id.is_in(ids))
        .all(db)
        .await?;
    let connections = connection::Entity::find().filter(
        connection::Column::Id.is_in(imports.iter().filter_map(|import| import.connection_id)),
    );
    let systems: HashMap<i64, String> = connections
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row.slug))
        .collect();
    let of_import = |import: import::Model| {
        let system = import
            .connection_id
            .and_then(|id| systems.get(&id).cloned());
        (
            import.id,
            (import.state != "undone").then_some(Origin {
                name: import.file_name,
                system,
                at: import.started_at,
            }),
        )
    };
    let imports: HashMap<i64, Option<Origin>> = imports.into_iter().map(of_import).collect();
    let known = |id: i64| imports.get(&id).cloned().flatten();
    let mut origins = HashMap::new();
    if let Some(origin) = row.created_import_id.and_then(known) {
        origins.insert(String::new(), origin);
    }
    for change in changes {
        if let (Some(origin), Some(fields)) = (known(change.import_id), change.fields.as_object()) {
            origins.extend(fields.keys().map(|word| (word.clone(), origin.clone())));
        }
    }
    Ok(origins)
}

async fn transactions(db: &impl ConnectionTrait, id: ContactId) -> Result<Vec<CardTransaction>> {
    let mut found = Vec::new();
    for source in source_contact::Entity::find()
        .filter(source_contact::Column::ContactId.eq(id.0))
        .all(db)
        .await?
    {
        let sales = transaction::Entity::find()
            .filter(transaction::Column::ConnectionId.eq(source.connection_id))
            .filter(transaction::Column::ContactExternalId.eq(&source.external_id))
            .filter(is_there(transaction::Column::Missed))
            .order_by_desc(transaction::Column::MadeAt)
            .limit(TRANSACTIONS)
            .all(db)
            .await?;
        let connection = connection::Entity::find_by_id(source.connection_id)
            .one(db)
            .await?;
        let system = connection
            .map(|connection| connection.slug)
            .unwrap_or_default();
        let mut items = items(db, source.connection_id, &sales).await?;
        found.extend(sales.into_iter().map(|sale| CardTransaction {
            items: items.remove(&sale.external_id).unwrap_or_default(),
            number: sale.number,
            made_at: sale.made_at,
            status: TransactionStatus::parse(&sale.status).unwrap_or(TransactionStatus::Unknown),
            total: sale.total,
            currency: sale.currency,
            system: system.clone(),
        }));
    }
    found.sort_by_key(|sale| std::cmp::Reverse(sale.made_at));
    found.truncate(usize::try_from(TRANSACTIONS).unwrap_or(usize::MAX));
    Ok(found)
}

/// What was sold, by the transaction's id there: how many, what, and for how much. A line without a
/// name has its product's.
async fn items(
    db: &impl ConnectionTrait,
    connection: i64,
    sales: &[transaction::Model],
) -> Result<HashMap<String, Vec<(String, String, i64)>>> {
    let lines = line_item::Entity::find()
        .filter(line_item::Column::ConnectionId.eq(connection))
        .filter(
            line_item::Column::TransactionExternalId
                .is_in(sales.iter().map(|sale| sale.external_id.as_str())),
        )
        .order_by_asc(line_item::Column::Position)
        .all(db)
        .await?;
    let nameless = lines
        .iter()
        .filter(|line| line.name.is_empty())
        .filter_map(|line| line.product_external_id.as_deref());
    let products = product::Entity::find()
        .filter(product::Column::ConnectionId.eq(connection))
        .filter(product::Column::ExternalId.is_in(nameless))
        .all(db)
        .await?;
    let products: HashMap<String, String> = products
        .into_iter()
        .map(|product| (product.external_id, product.name))
        .collect();
    let mut items: HashMap<String, Vec<(String, String, i64)>> = HashMap::new();
    for line in lines {
        let of_product = line
            .product_external_id
            .as_ref()
            .and_then(|id| products.get(id))
            .cloned();
        let name = if line.name.is_empty() {
            of_product.unwrap_or_default()
        } else {
            line.name
        };
        items
            .entry(line.transaction_external_id)
            .or_default()
            .push((line.quantity, name, line.total));
    }
    Ok(items)
}
