//! Stores the new OAuth tokens of a connection before they are used.

use std::time::Duration;

use alta_connect::{Credentials, LoadingNewer, Saving, TokenStore};
use alta_domain::ConnectionId;
use alta_store::{Store, StoreError, systems};
use tokio::sync::Mutex;

/// The waits after each try to store new tokens, in seconds.
const RETRY_SECONDS: [u64; 5] = [1, 5, 15, 30, 60];

/// The store for the credentials of one connection.
pub(super) struct ConnectionTokens {
    store: Store,
    connection: ConnectionId,
    /// The encrypted credentials, as the database held them when they were last read.
    sealed: Mutex<String>,
}

impl ConnectionTokens {
    /// Makes a store for one connection. `sealed` is the encrypted form that the credentials were
    /// read from.
    pub(super) fn new(store: Store, connection: ConnectionId, sealed: String) -> Self {
        Self {
            store,
            connection,
            sealed: Mutex::new(sealed),
        }
    }

    /// Returns the stored credentials when another server has replaced those that were last read
    /// here; `None` when they are the same or can't be read.
    async fn changed(&self) -> Option<Credentials> {
        let mut sealed = self.sealed.lock().await;
        let (stored, bytes) = systems::stored_credentials(&self.store, self.connection)
            .await
            .inspect_err(|error| tracing::error!(%error, "the stored tokens could not be read"))
            .ok()?;
        if stored == *sealed {
            return None;
        }
        *sealed = stored;
        serde_json::from_slice(&bytes)
            .inspect_err(|error| {
                let connection = self.connection;
                tracing::error!(%connection, %error, "the stored tokens are no credentials");
            })
            .ok()
    }
}

impl TokenStore for ConnectionTokens {
    fn save<'a>(&'a self, credentials: &'a Credentials) -> Saving<'a> {
        Box::pin(async move {
            let bytes = serde_json::to_vec(credentials).map_err(|error| error.to_string())?;
            let mut sealed = self.sealed.lock().await;
            // The old tokens are used up: if the new ones were lost, an Admin would have to give
            // consent again.
            for seconds in RETRY_SECONDS {
                match systems::replace_credentials(&self.store, self.connection, &sealed, &bytes)
                    .await
                {
                    Ok(new) => {
                        *sealed = new;
                        return Ok(());
                    }
                    // An Admin has given other credentials since.
                    Err(StoreError::Public(_)) => break,
                    Err(error) => tracing::error!(%error, "new tokens could not be kept"),
                }
                tokio::time::sleep(Duration::from_secs(seconds)).await;
            }
            Err("new tokens could not be kept".to_owned())
        })
    }

    fn load_newer(&self) -> LoadingNewer<'_> {
        Box::pin(self.changed())
    }
}
