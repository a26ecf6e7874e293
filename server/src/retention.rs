//! Deletes data that is kept only for some time.

use std::time::Duration;

use alta_store::Store;
use alta_store::imports::forget_rejects;

/// The pause between two deletions.
const PAUSE: Duration = Duration::from_hours(1);

/// Deletes old rejects of imports once an hour; never returns.
pub(crate) async fn run(store: Store) {
    loop {
        match forget_rejects(&store).await {
            Ok(0) => {}
            Ok(rejects) => tracing::info!(rejects, "old rejects were deleted"),
            Err(error) => tracing::error!(%error, "old rejects could not be deleted"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}
