//! Reads the pages of one list while pages read before are written.

use std::sync::Arc;

use alta_connect::{Fault, Session};
use alta_domain::{ContactShape, SourcePage, Stream, SyncRunId};
use alta_store::Store;
use alta_store::systems::{self, Lease, PageOutcome};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::stop::{Stop, internal_fault};

/// The number of pages that may wait to be written.
const QUEUED_PAGES: usize = 4;
/// The number of records from which on no further page is added to a database transaction, because
/// other writers wait for it.
const TRANSACTION_RECORDS: usize = 2000;

/// A page whose records are being read on another thread.
type PendingPage = JoinHandle<Result<SourcePage, Fault>>;

/// The list that is being read, and the run that its records belong to.
#[derive(Clone)]
pub(super) struct StreamRun {
    pub(super) store: Store,
    pub(super) lease: Arc<Lease>,
    pub(super) run: SyncRunId,
    pub(super) stream: Stream,
    pub(super) shape: ContactShape,
}

/// The fault of a page that could not be read.
pub(super) struct PageFault {
    /// The position of the page.
    pub(super) position: String,
    pub(super) fault: Fault,
}

/// Reads a list from a position to its end, and writes its pages. Returns the fault of the page
/// that could not be read, or `None`; all pages before it are written.
pub(super) async fn copy_pages(
    session: &mut Session,
    of: StreamRun,
    position: String,
) -> Result<Option<PageFault>, Stop> {
    let (pages, queue) = mpsc::channel(QUEUED_PAGES);
    let stream = of.stream;
    let writer = tokio::spawn(write_pages(of, queue));
    let writing = async {
        writer
            .await
            .unwrap_or_else(|_| Err(internal_fault().into()))
    };
    // When a page has a fault, the pages before it are still written. When writing fails, reading
    // stops.
    let reading = async { Ok(read_pages(session, stream, position, pages).await) };
    let (read, ()) = tokio::try_join!(reading, writing)?;
    Ok(read.err())
}

/// Requests page after page, until the last one or until the writer has ended. Other threads parse
/// the records.
async fn read_pages(
    session: &mut Session,
    stream: Stream,
    mut position: String,
    pages: mpsc::Sender<PendingPage>,
) -> Result<(), PageFault> {
    while let Ok(room) = pages.reserve().await {
        let page = match session.page(stream, &position).await {
            Ok(page) => page,
            Err(fault) => return Err(PageFault { position, fault }),
        };
        position.clone_from(&page.position);
        let done = page.done;
        room.send(tokio::spawn(page.read()));
        if done {
            break;
        }
    }
    Ok(())
}

/// Writes pages as they arrive. Pages that have arrived meanwhile go into one transaction, because
/// each transaction touches pages all over the database's indexes.
async fn write_pages(of: StreamRun, mut queue: mpsc::Receiver<PendingPage>) -> Result<(), Stop> {
    while let Some(pending) = queue.recv().await {
        let mut page = pending.await.map_err(|_| internal_fault())??;
        while page.records.len() < TRANSACTION_RECORDS
            && let Ok(next) = queue.try_recv()
        {
            page = page.with_next(next.await.map_err(|_| internal_fault())??);
        }
        let written =
            systems::write_page(&of.store, &of.lease, of.run, of.stream, page, &of.shape).await?;
        if written == PageOutcome::LeaseLost {
            return Err(Stop::Lost);
        }
    }
    Ok(())
}
