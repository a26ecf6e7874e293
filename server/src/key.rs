//! The keys that secrets are sealed with: where they come from, and how they are changed.

use std::path::PathBuf;

use alta_store::Store;
use alta_store::vault::Vault;
use anyhow::Context;

use crate::config::Config;

fn file(config: &Config) -> PathBuf {
    config.data.join("secret.key")
}

/// The keys of the settings, or of the data directory's file, which is made when there is none.
pub(crate) fn vault(config: &Config) -> anyhow::Result<Vault> {
    match &config.secret_key {
        Some(keys) => Vault::parse(keys).context("ALTA_SECRET_KEY"),
        None => Vault::of_file(&file(config))
            .with_context(|| format!("the key in {}", file(config).display())),
    }
}

/// Seals every secret with a new key. Whatever happens in between, the file holds the keys that
/// open what is in the database.
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
