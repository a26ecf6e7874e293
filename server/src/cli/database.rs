//! Opens the database that the settings name.

use std::time::Duration;

use alta_store::Store;
use alta_store::vault::Vault;
use anyhow::Context;

use crate::config::Config;
use crate::key;

/// The number of tries to connect to a PostgreSQL server.
const TRIES: u32 = 30;
/// The pause between two tries.
const PAUSE: Duration = Duration::from_secs(1);

/// Creates the data directory, opens the database and migrates it.
pub(super) async fn open(config: &Config) -> anyhow::Result<Store> {
    let mut directory = std::fs::DirBuilder::new();
    directory.recursive(true);
    // The directory holds the database and its key, which nobody else may read.
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut directory, 0o700);
    directory
        .create(&config.data)
        .with_context(|| format!("the data directory {}", config.data.display()))?;
    let (url, vault) = (config.database(), key::vault(config)?);
    let mut tries = if url.starts_with("sqlite:") { 1 } else { TRIES };
    // A database that starts together with the server may not answer yet.
    loop {
        match connect(&url, vault.clone()).await {
            Ok(store) => return Ok(store.with_limits(config.store_limits())),
            Err(error) if tries > 1 => eprintln!("alta: {error:#}; trying again"),
            Err(error) => return Err(error),
        }
        tries -= 1;
        tokio::time::sleep(PAUSE).await;
    }
}

/// Connects to the database and migrates it.
async fn connect(url: &str, vault: Vault) -> anyhow::Result<Store> {
    let store = Store::connect(url, vault).await.context("the database")?;
    store
        .migrate()
        .await
        .context("the migration of the database")?;
    Ok(store)
}
