//! Deletes data that is kept only for some time.

use std::time::Duration;

use alta_store::Store;
use alta_store::imports::forget_rejects;
use alta_store::person::erasure::forget_bin;

/// The pause between two deletions.
const PAUSE: Duration = Duration::from_hours(1);

/// Deletes old rejects of imports, and erases contacts that have been in the bin for long, once an
/// hour; never returns.
pub(crate) async fn run(store: Store) {
    loop {
        match forget_rejects(&store).await {
            Ok(0) => {}
            Ok(rejects) => tracing::info!(rejects, "old rejects were deleted"),
            Err(error) => tracing::error!(%error, "old rejects could not be deleted"),
        }
        match forget_bin(&store).await {
            Ok(0) => {}
            Ok(contacts) => tracing::info!(contacts, "old contacts in the bin were erased"),
            Err(error) => tracing::error!(%error, "old contacts in the bin could not be erased"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}
