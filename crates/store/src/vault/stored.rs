//! The secrets in the database: checked against the keys of this server, and sealed with a new one.

use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ConnectionTrait, DbBackend, EntityTrait, IntoActiveModel};

use super::{connection_purpose, refusals_purpose, second_factor_purpose};
use crate::Store;
use crate::entity::{connection, refusal_key, second_factor};
use crate::error::Result;

impl Store {
    /// Seals bytes for a purpose of the caller's, to be handed to somebody who must not read or
    /// change them.
    ///
    /// # Errors
    /// When there is no key.
    pub fn seal(&self, purpose: &str, plain: &[u8]) -> Result<String> {
        self.vault.seal(purpose, plain)
    }

    /// Opens a text that was sealed for this purpose.
    ///
    /// # Errors
    /// [`crate::StoreError::Broken`] for a text that was not sealed for this purpose by one of the
    /// keys.
    pub fn unseal(&self, purpose: &str, sealed: &str) -> Result<Vec<u8>> {
        self.vault.open(purpose, sealed)
    }

    /// Checks that this server's keys open all secrets of the database.
    ///
    /// # Errors
    /// [`crate::StoreError::Broken`] when they do not: no user with a second factor could sign in
    /// here, and no system could be read.
    pub async fn check_vault(&self) -> Result<()> {
        for row in second_factor::Entity::find().all(self.read()).await? {
            let purpose = second_factor_purpose(row.user_id);
            self.vault.open(&purpose, &row.secret)?;
        }
        for row in connection::Entity::find().all(self.read()).await? {
            let purpose = connection_purpose(row.id);
            self.vault.open(&purpose, &row.secrets)?;
        }
        for row in refusal_key::Entity::find().all(self.read()).await? {
            let purpose = refusals_purpose(row.organization_id);
            self.vault.open(&purpose, &row.sealed)?;
        }
        Ok(())
    }

    /// Seals all secrets with the first key, in one transaction; returns how many there are.
    ///
    /// # Errors
    /// When one was sealed with a key that is not among the vault's: nothing is changed then.
    pub async fn reseal(&self) -> Result<u64> {
        let transaction = self.begin().await?;
        let mut count = 0;
        for row in second_factor::Entity::find().all(&transaction).await? {
            let sealed = self.resealed(&second_factor_purpose(row.user_id), &row.secret)?;
            let mut row = row.into_active_model();
            row.secret = Set(sealed);
            row.update(&transaction).await?;
            count += 1;
        }
        for row in connection::Entity::find().all(&transaction).await? {
            let sealed = self.resealed(&connection_purpose(row.id), &row.secrets)?;
            let mut row = row.into_active_model();
            row.secrets = Set(sealed);
            row.update(&transaction).await?;
            count += 1;
        }
        for row in refusal_key::Entity::find().all(&transaction).await? {
            let sealed = self.resealed(&refusals_purpose(row.organization_id), &row.sealed)?;
            let mut row = row.into_active_model();
            row.sealed = Set(sealed);
            row.update(&transaction).await?;
            count += 1;
        }
        transaction.commit().await?;
        // The old key may be thrown away after this. SQLite's log alone does not survive a power
        // cut, so it is written to the database first.
        if self.write().get_database_backend() == DbBackend::Sqlite {
            self.write()
                .execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)")
                .await?;
        }
        Ok(count)
    }

    /// Opens a sealed text and seals it with the first key.
    fn resealed(&self, purpose: &str, sealed: &str) -> Result<String> {
        let plain = self.vault.open(purpose, sealed)?;
        self.vault.seal(purpose, &plain)
    }
}
