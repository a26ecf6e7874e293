//! The turns of transactions that write many rows: batches of imports, pages of systems, and steps
//! of an undo or of an erasure.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The turns of long transactions. SQLite has one writer, so they queue before it, one at a time.
/// A short transaction, such as a sign-in, then waits for one of them at most, however many there
/// are. PostgreSQL needs no turns.
#[derive(Clone, Debug)]
pub(crate) struct LongWrites(Option<Arc<Semaphore>>);

impl LongWrites {
    /// Makes the turns of a database. `has_one_writer` is true for SQLite.
    pub(super) fn new(has_one_writer: bool) -> Self {
        Self(has_one_writer.then(|| Arc::new(Semaphore::new(1))))
    }

    /// Waits for the turn to begin a long transaction. The turn ends when the value is dropped,
    /// after the transaction. It must not be waited for within a transaction.
    pub(crate) async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        let turns = Arc::clone(self.0.as_ref()?);
        // The semaphore is never closed.
        turns.acquire_owned().await.ok()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::LongWrites;

    #[tokio::test]
    async fn one_long_transaction_at_a_time_has_its_turn_where_there_is_one_writer() {
        let turns = LongWrites::new(true);
        let first = turns.turn().await;
        assert!(first.is_some());
        let mut second = Box::pin(turns.turn());
        let early = timeout(Duration::from_millis(50), &mut second).await;
        assert!(early.is_err(), "the first has not ended");
        drop(first);
        assert!(second.await.is_some());
        assert!(
            LongWrites::new(false).turn().await.is_none(),
            "nobody waits"
        );
    }
}
