//! Reads and changes the keys that encrypt secrets in the database.

use std::path::PathBuf;

use alta_store::Store;
use alta_store::vault::Vault;
use anyhow::Context;

use crate::config::Config;

/// Returns the path of the file that holds the keys when the settings do not.
fn file(config: &Config) -> PathBuf {
    config.data.join("secret.key")
}

/// Returns the keys of the settings, or of the file in the data directory. A missing file is
/// created with a new key.
pub(crate) fn vault(config: &Config) -> anyhow::Result<Vault> {
    match &config.secret_key {
        Some(keys) => Vault::parse(keys.reveal()).context("ALTA_SECRET_KEY"),
        None => Vault::of_file(&file(config))
            .with_context(|| format!("the key in {}", file(config).display())),
    }
}

/// Encrypts every secret again with a new key. Until all secrets are encrypted again, the file
/// holds both the old and the new key, so that an interruption loses no secret.
pub(crate) async fn rotate(config: &Config, store: Store) -> anyhow::Result<()> {
    if config.secret_key.is_some() {
        let count = store.reseal().await?;
        println!(
            "{count} secrets are sealed with the first key of ALTA_SECRET_KEY; the others can go."
        );
        return Ok(());
    }
    let keys = vault(config)?.renewed();
    keys.write(&file(config)).context("writing the new key")?;
    let count = store.with_vault(keys.clone()).reseal().await?;
    keys.current()
        .write(&file(config))
        .context("forgetting the old key")?;
    println!("{count} secrets are sealed with a new key. Start the server again.");
    Ok(())
}
