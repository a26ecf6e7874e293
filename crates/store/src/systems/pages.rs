//! Writes the pages of a sync.
//!
//! A page is written in one transaction: its records, the position that follows it, and the counts
//! of the run. A run that is interrupted therefore goes on exactly after the last page that was
//! written, and no page is lost or counted twice. Records are stored by connection, kind and the
//! system's own id, so that a page that is read again overwrites what it wrote before.

mod latest;
mod problems;
mod products;
mod sorted;
mod transactions;

use alta_domain::{ContactShape, SourcePage, Stream, SyncRunId};

use self::latest::latest;
use self::sorted::SortedPage;
use super::deletions::{count_missed, mark_deleted, mark_present};
use super::lease::{Lease, check_lease};
use super::position::store_position;
use super::run::{PageCounts, add_counts, import_of_run};
use crate::Store;
use crate::db::lock_organization;
use crate::error::Result;
use crate::systems::contacts;

/// The outcome of [`write_page`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageOutcome {
    /// The page and its position are stored.
    Written,
    /// The lease is lost, and nothing was written.
    LeaseLost,
}

/// Writes a page of a stream, with the position that follows it, in one transaction.
///
/// # Errors
/// When the database fails.
pub async fn write_page(
    store: &Store,
    lease: &Lease,
    run: SyncRunId,
    stream: Stream,
    page: SourcePage,
    shape: &ContactShape,
) -> Result<PageOutcome> {
    let SourcePage {
        records,
        position,
        done,
        whole,
    } = page;
    let page = SortedPage::new(latest(records));
    let counts = PageCounts {
        contacts: page.contacts.len(),
        transactions: page.transactions.len(),
        products: page.products.len(),
        set_aside: page.set_aside.len(),
    };
    let connection = lease.connection;
    let _turn = store.long_writes.turn().await;
    let transaction = store.begin().await?;
    // The organization is locked before its connections: `connect` locks them in this order too,
    // and another order could deadlock.
    lock_organization(&transaction, lease.organization).await?;
    if !check_lease(store, &transaction, lease).await? {
        transaction.rollback().await?;
        return Ok(PageOutcome::LeaseLost);
    }
    problems::write(&transaction, connection, stream, &page).await?;
    mark_deleted(&transaction, connection, stream, &page.deleted).await?;
    mark_present(&transaction, connection, stream, &page.present).await?;
    if !page.contacts.is_empty() {
        let import = import_of_run(&transaction, lease, run, shape).await?;
        contacts::write(&transaction, &store.vault, (lease, import), page.contacts).await?;
    }
    transactions::write(&transaction, lease, page.transactions).await?;
    products::write(&transaction, lease, page.products).await?;
    products::write_prices(&transaction, connection, page.prices).await?;
    if let Some(since) = whole {
        count_missed(&transaction, connection, stream, since).await?;
    }
    store_position(&transaction, connection, stream, position).await?;
    add_counts(&transaction, run, &counts, done.then_some(stream)).await?;
    transaction.commit().await?;
    Ok(PageOutcome::Written)
}
