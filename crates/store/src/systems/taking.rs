//! What a page brings, written with the position behind it in one transaction: a run that is cut
//! off repeats what was not written.

use std::collections::HashMap;

use alta_domain::{
    ContactShape, ErrorCode, GUEST, LineItem, Price, Product, SetAside, SourcePage, SourceRecord,
    Sourced, Stream, SyncRunId, Transaction,
};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};

use super::contacts;
use super::gone;
use super::lease::{Lease, hold};
use crate::db::lock_organization;
use crate::entity::{line_item, product, sync_position, sync_problem, sync_run, transaction};
use crate::error::Result;
use crate::imports::finish_or_remove;
use crate::secret::token_hash;
use crate::{Store, now, parts};

/// Rows of one statement: 14 values each stay below SQLite's 32,766.
pub(super) const ROWS: usize = 1000;

/// What the id of a record begins with that has none of its own.
pub(super) const NO_ID: char = '?';

/// Milliseconds after which what a run has read may have changed again: an hour.
const LONG: i64 = 3_600_000;

/// A run under way.
#[derive(Clone, Debug)]
pub struct Run {
    /// Which.
    pub id: SyncRunId,
    /// Streams that it has read to their ends, not long ago.
    pub done: Vec<Stream>,
}

/// What became of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is there, with its position.
    Whole,
    /// The connection is not ours any more: nothing was written.
    Lost,
}

/// Begins a run, or goes on with the one that was cut off.
///
/// # Errors
/// When the database fails.
pub async fn begin_run(store: &Store, lease: &Lease) -> Result<Run> {
    let open = sync_run::Entity::find()
        .filter(sync_run::Column::ConnectionId.eq(lease.connection.0))
        .filter(sync_run::Column::EndedAt.is_null())
        .order_by_desc(sync_run::Column::Id)
        .one(store.write())
        .await?;
    if let Some(run) = open {
        // One that is cut off again and again by one list goes on to read the others.
        let done = if now() - run.started_at > LONG {
            ""
        } else {
            &run.done
        };
        return Ok(Run {
            id: SyncRunId(run.id),
            done: done.split(',').filter_map(Stream::parse).collect(),
        });
    }
    let row = sync_run::ActiveModel {
        connection_id: Set(lease.connection.0),
        started_at: Set(now()),
        ended_at: Set(None),
        contacts: Set(0),
        transactions: Set(0),
        products: Set(0),
        set_aside: Set(0),
        import_id: Set(None),
        fault_kind: Set(None),
        fault_said: Set(None),
        done: Set(String::new()),
        ..Default::default()
    };
    let id = sync_run::Entity::insert(row)
        .exec(store.write())
        .await?
        .last_insert_id;
    Ok(Run {
        id: SyncRunId(id),
        done: Vec::new(),
    })
}

/// Where a stream is; empty before its first page.
///
/// # Errors
/// When the database fails.
pub async fn position(store: &Store, lease: &Lease, stream: Stream) -> Result<String> {
    let row = sync_position::Entity::find_by_id((lease.connection.0, stream.as_str().to_owned()))
        .one(store.write())
        .await?;
    Ok(row.map(|row| row.position).unwrap_or_default())
}

/// Takes a page in.
///
/// # Errors
/// When the database fails.
pub async fn take(
    store: &Store,
    lease: &Lease,
    run: SyncRunId,
    stream: Stream,
    page: SourcePage,
    shape: &ContactShape,
) -> Result<Taken> {
    let SourcePage {
        records,
        position,
        done,
        whole,
    } = page;
    let mut page = Sorted::default();
    for record in latest(records) {
        page.add(record);
    }
    let transaction = store.begin().await?;
    // The organization before its connections: who connects an account again locks them in this
    // order too.
    lock_organization(&transaction, lease.organization).await?;
    if !hold(store, &transaction, lease).await? {
        transaction.rollback().await?;
        return Ok(Taken::Lost);
    }
    let counts = [
        page.contacts.len(),
        page.transactions.len(),
        page.products.len(),
        page.aside.len(),
    ];
    problems(&transaction, lease, stream, &page).await?;
    gone::mark(&transaction, lease, stream, &page.gone, &page.there).await?;
    if !page.contacts.is_empty() {
        let import = import_of(&transaction, lease, run, shape).await?;
        contacts::write(&transaction, lease, import, page.contacts).await?;
    }
    transactions(&transaction, lease, page.transactions).await?;
    products(&transaction, lease, page.products).await?;
    prices(&transaction, lease, page.prices).await?;
    if let Some(since) = whole {
        gone::sweep(&transaction, lease, stream, since).await?;
    }
    keep_position(&transaction, lease, stream, position).await?;
    count(&transaction, run, counts, done.then_some(stream)).await?;
    transaction.commit().await?;
    Ok(Taken::Whole)
}

/// Records of a page by what they are.
#[derive(Default)]
struct Sorted {
    contacts: Vec<contacts::SystemContact>,
    transactions: Vec<(String, Transaction, String)>,
    products: Vec<(String, Product, String)>,
    prices: HashMap<String, Price>,
    aside: Vec<(String, SetAside, String)>,
    gone: Vec<String>,
    /// What is there, although nothing of it is taken.
    there: Vec<String>,
    ids: Vec<String>,
}

impl Sorted {
    fn add(&mut self, Sourced { id, record, raw }: Sourced) {
        self.ids.push(id.clone());
        match record {
            Ok(SourceRecord::Contact(contact)) => self.contacts.push(contacts::SystemContact {
                external_id: id,
                cells: contact.cells,
                raw,
            }),
            Ok(SourceRecord::Transaction(sale)) => self.transactions.push((id, sale, raw)),
            Ok(SourceRecord::Product(product)) => self.products.push((id, product, raw)),
            Ok(SourceRecord::Price(price)) => drop(self.prices.insert(id, price)),
            Ok(SourceRecord::Gone) => self.gone.push(id),
            Ok(SourceRecord::Unwanted) => self.there.push(id),
            Err(aside) => {
                self.there.push(id.clone());
                self.aside.push((id, aside, raw));
            }
        }
    }
}

/// Of a record that a page has twice, because it shifted while it was read, the later counts: one
/// statement can't write a row twice. Of a guest each transaction tells a part. Those without an id
/// are told apart by their text.
fn latest(mut records: Vec<Sourced>) -> Vec<Sourced> {
    for record in records.iter_mut().filter(|record| record.id.is_empty()) {
        record.id = format!("{NO_ID}{}", token_hash(&record.raw));
    }
    let mut guests: HashMap<String, Vec<String>> = HashMap::new();
    for Sourced { id, record, .. } in records
        .iter_mut()
        .filter(|record| record.id.starts_with(GUEST))
    {
        let Ok(SourceRecord::Contact(contact)) = record else {
            continue;
        };
        let known = guests
            .entry(id.clone())
            .or_insert_with(|| contact.cells.clone());
        for (cell, known) in contact.cells.iter_mut().zip(known) {
            if cell.is_empty() {
                cell.clone_from(known);
            } else {
                known.clone_from(cell);
            }
        }
    }
    let last: HashMap<String, usize> = records
        .iter()
        .zip(0..)
        .map(|(record, at)| (record.id.clone(), at))
        .collect();
    let is_last = |(record, at): &(Sourced, usize)| last.get(&record.id) == Some(at);
    records
        .into_iter()
        .zip(0..)
        .filter(is_last)
        .map(|(record, _)| record)
        .collect()
}

/// The import that the run's contacts come by.
async fn import_of(
    transaction: &DatabaseTransaction,
    lease: &Lease,
    run: SyncRunId,
    shape: &ContactShape,
) -> Result<i64> {
    let row = sync_run::Entity::find_by_id(run.0)
        .one(transaction)
        .await?
        .ok_or(ErrorCode::NotFound)?;
    if let Some(import) = row.import_id {
        if contacts::can_continue(transaction, import, shape).await? {
            return Ok(import);
        }
        finish_or_remove(transaction, import).await?;
    }
    let import = contacts::begin(transaction, lease, shape).await?;
    let change =
        sync_run::Entity::update_many().col_expr(sync_run::Column::ImportId, Expr::value(import));
    change
        .filter(sync_run::Column::Id.eq(run.0))
        .exec(transaction)
        .await?;
    Ok(import)
}

async fn transactions(
    connection: &DatabaseTransaction,
    lease: &Lease,
    sales: Vec<(String, Transaction, String)>,
) -> Result<()> {
    use transaction::Column;
    let mut lines = Vec::new();
    let (mut ids, mut rows) = (
        Vec::with_capacity(sales.len()),
        Vec::with_capacity(sales.len()),
    );
    for (id, sale, raw) in sales {
        lines.extend(
            sale.items
                .iter()
                .zip(0..)
                .map(|(item, at)| line(lease, &id, at, item)),
        );
        ids.push(id.clone());
        rows.push(transaction::ActiveModel {
            connection_id: Set(lease.connection.0),
            external_id: Set(id),
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
            raw: Set(raw),
            updated_at: Set(now()),
            missed: NotSet,
        });
    }
    let mut again = OnConflict::columns([Column::ConnectionId, Column::ExternalId]);
    again.update_columns([
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
    ]);
    for (rows, ids) in parts(rows, ROWS).zip(ids.chunks(ROWS)) {
        transaction::Entity::insert_many(rows)
            .on_conflict(again.clone())
            .exec_without_returning(connection)
            .await?;
        line_item::Entity::delete_many()
            .filter(line_item::Column::ConnectionId.eq(lease.connection.0))
            .filter(line_item::Column::TransactionExternalId.is_in(ids.iter().map(String::as_str)))
            .exec(connection)
            .await?;
    }
    for lines in parts(lines, ROWS) {
        line_item::Entity::insert_many(lines)
            .exec_without_returning(connection)
            .await?;
    }
    Ok(())
}

fn line(lease: &Lease, sale: &str, at: i32, item: &LineItem) -> line_item::ActiveModel {
    line_item::ActiveModel {
        connection_id: Set(lease.connection.0),
        transaction_external_id: Set(sale.to_owned()),
        position: Set(at),
        product_external_id: Set(item.product.clone()),
        sku: Set(item.sku.clone()),
        name: Set(item.name.clone()),
        quantity: Set(item.quantity.clone()),
        unit_price: Set(item.unit_price),
        total: Set(item.total),
    }
}

async fn products(
    connection: &DatabaseTransaction,
    lease: &Lease,
    products: Vec<(String, Product, String)>,
) -> Result<()> {
    use product::Column;
    let row = |(id, product, raw): (String, Product, String)| product::ActiveModel {
        connection_id: Set(lease.connection.0),
        external_id: Set(id),
        organization_id: Set(lease.organization.0),
        sku: Set(product.sku),
        name: Set(product.name),
        price: Set(product.price),
        currency: Set(product.currency),
        active: Set(product.active),
        raw: Set(raw),
        updated_at: Set(now()),
        missed: NotSet,
    };
    let told = [
        Column::Sku,
        Column::Name,
        Column::Active,
        Column::Raw,
        Column::UpdatedAt,
        Column::Missed,
    ];
    let (priced, others): (Vec<_>, Vec<_>) = products
        .into_iter()
        .partition(|(_, product, _)| product.is_priced);
    for (products, price) in [(priced, &PRICE[..]), (others, &[])] {
        let again = OnConflict::columns([Column::ConnectionId, Column::ExternalId])
            .update_columns(told.iter().chain(price).copied())
            .to_owned();
        for rows in parts(products.into_iter().map(row).collect(), ROWS) {
            product::Entity::insert_many(rows)
                .on_conflict(again.clone())
                .exec_without_returning(connection)
                .await?;
        }
    }
    Ok(())
}

/// The columns of a price.
const PRICE: [product::Column; 2] = [product::Column::Price, product::Column::Currency];

/// Prices of products that are known. One that comes before its product waits for its next change.
async fn prices(
    connection: &DatabaseTransaction,
    lease: &Lease,
    prices: HashMap<String, Price>,
) -> Result<()> {
    use product::Column;
    let ids: Vec<&str> = prices.keys().map(String::as_str).collect();
    for ids in ids.chunks(ROWS) {
        let of = product::Entity::find().filter(Column::ConnectionId.eq(lease.connection.0));
        let known = of
            .filter(Column::ExternalId.is_in(ids.iter().copied()))
            .all(connection)
            .await?;
        let changed = known.into_iter().filter_map(|product| {
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
            let again = OnConflict::columns([Column::ConnectionId, Column::ExternalId])
                .update_columns(PRICE)
                .to_owned();
            product::Entity::insert_many(changed)
                .on_conflict(again)
                .exec_without_returning(connection)
                .await?;
        }
    }
    Ok(())
}

/// Sets aside what can't be read, and forgets what was set aside before and can be read now.
async fn problems(
    connection: &DatabaseTransaction,
    lease: &Lease,
    stream: Stream,
    page: &Sorted,
) -> Result<()> {
    for ids in page.ids.chunks(ROWS) {
        sync_problem::Entity::delete_many()
            .filter(sync_problem::Column::ConnectionId.eq(lease.connection.0))
            .filter(sync_problem::Column::Stream.eq(stream.as_str()))
            .filter(sync_problem::Column::ExternalId.is_in(ids.iter().map(String::as_str)))
            .exec(connection)
            .await?;
    }
    let row = |(id, aside, raw): &(String, SetAside, String)| sync_problem::ActiveModel {
        connection_id: Set(lease.connection.0),
        stream: Set(stream.as_str().to_owned()),
        external_id: Set(id.clone()),
        field: Set(aside.field.clone()),
        text: Set(aside.text.clone()),
        raw: Set(raw.clone()),
        at: Set(now()),
    };
    for rows in page.aside.chunks(ROWS) {
        sync_problem::Entity::insert_many(rows.iter().map(row))
            .exec_without_returning(connection)
            .await?;
    }
    Ok(())
}

async fn keep_position(
    connection: &DatabaseTransaction,
    lease: &Lease,
    stream: Stream,
    position: String,
) -> Result<()> {
    let row = sync_position::ActiveModel {
        connection_id: Set(lease.connection.0),
        stream: Set(stream.as_str().to_owned()),
        position: Set(position),
    };
    let mut again = OnConflict::columns([
        sync_position::Column::ConnectionId,
        sync_position::Column::Stream,
    ]);
    again.update_column(sync_position::Column::Position);
    sync_position::Entity::insert(row)
        .on_conflict(again)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Leaves the place of a stream where a run was cut off: the next one begins at this `position`.
///
/// # Errors
/// When the database fails.
pub async fn leave_place(
    store: &Store,
    lease: &Lease,
    stream: Stream,
    position: String,
) -> Result<()> {
    let transaction = store.begin().await?;
    if hold(store, &transaction, lease).await? {
        keep_position(&transaction, lease, stream, position).await?;
        transaction.commit().await?;
    }
    Ok(())
}

/// Adds to what the run has read.
async fn count(
    connection: &DatabaseTransaction,
    run: SyncRunId,
    read: [usize; 4],
    done: Option<Stream>,
) -> Result<()> {
    use sync_run::Column;
    let mut change = sync_run::Entity::update_many();
    for (column, more) in [
        Column::Contacts,
        Column::Transactions,
        Column::Products,
        Column::SetAside,
    ]
    .into_iter()
    .zip(read)
    {
        change = change.col_expr(
            column,
            Expr::col(column).add(i32::try_from(more).unwrap_or(i32::MAX)),
        );
    }
    if let Some(stream) = done {
        let row = sync_run::Entity::find_by_id(run.0)
            .one(connection)
            .await?
            .ok_or(ErrorCode::NotFound)?;
        change = change.col_expr(
            Column::Done,
            Expr::value(format!("{},{}", row.done, stream.as_str())),
        );
    }
    change.filter(Column::Id.eq(run.0)).exec(connection).await?;
    Ok(())
}
