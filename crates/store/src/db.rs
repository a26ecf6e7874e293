//! The connection: one writer and several readers on SQLite, one pool on PostgreSQL.

mod lock;

use std::sync::Arc;
use std::time::Duration;

use sea_orm::sqlx::{self, Connection, Executor, SqliteConnection};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    Statement, TransactionTrait,
};
use sea_orm_migration::MigratorTrait;

use crate::error::{Result, StoreError};
use crate::migration::Migrator;
use crate::vault::Vault;

pub(crate) use lock::lock_organization;

/// The database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    read: DatabaseConnection,
    write: DatabaseConnection,
    pub(crate) limits: StoreLimits,
    pub(crate) vault: Arc<Vault>,
}

/// Settings of what is kept and answered.
#[derive(Clone, Copy, Debug)]
pub struct StoreLimits {
    /// Days in which an import can be taken back.
    pub undo_days: u32,
    /// Contacts of an organization up to which a browser is told what an import would do.
    pub preview_contacts: u64,
    /// Milliseconds that a batch waits for the one before it, when it arrived first.
    pub batch_wait_ms: u64,
    /// Milliseconds that a server has a connected system without saying that it is still there.
    pub sync_lease_ms: u32,
    /// Milliseconds between a system's notice of a change and the run that looks for it.
    pub sync_notice_ms: u32,
}

impl Default for StoreLimits {
    fn default() -> Self {
        Self {
            undo_days: 30,
            preview_contacts: 2_000_000,
            batch_wait_ms: 3_000,
            sync_lease_ms: 20_000,
            sync_notice_ms: 10_000,
        }
    }
}

impl Store {
    /// The same with other limits.
    #[must_use]
    pub fn with_limits(self, limits: StoreLimits) -> Self {
        Self { limits, ..self }
    }

    /// The keys that secrets are sealed with.
    #[cfg(feature = "testing")]
    #[must_use]
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// The same with other keys.
    #[must_use]
    pub fn with_vault(self, vault: Vault) -> Self {
        Self {
            vault: Arc::new(vault),
            ..self
        }
    }

    /// Connects to `sqlite:PATH?mode=rwc` or `postgres://...`, with the keys of its secrets; the
    /// schema is left as it is.
    ///
    /// # Errors
    /// When the database can't be reached.
    pub async fn connect(url: &str, vault: Vault) -> Result<Self> {
        let (limits, vault) = (StoreLimits::default(), Arc::new(vault));
        if !url.starts_with("sqlite:") {
            let pool = Database::connect(options(url, 16, 0)).await?;
            return Ok(Self {
                read: pool.clone(),
                write: pool,
                limits,
                vault,
            });
        }
        // SQLite takes one writer at a time; a pool of one queues them here instead of failing with
        // 'database is locked'.
        let write = Database::connect(options(url, 1, WRITE_CACHE)).await?;
        let read = Database::connect(options(url, 4, READ_CACHE)).await?;
        Ok(Self {
            read,
            write,
            limits,
            vault,
        })
    }

    /// Brings the schema up to date. Of several servers that start at once on PostgreSQL one does
    /// it, and the others wait.
    ///
    /// # Errors
    /// When a migration fails.
    pub async fn migrate(&self) -> Result<()> {
        if self.write.get_database_backend() == DbBackend::Postgres {
            let lock = self.begin().await?;
            lock.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
                .await?;
            Migrator::up(&self.write, None).await?;
            lock.commit().await?;
            return Ok(());
        }
        Migrator::up(&self.write, None).await?;
        Ok(())
    }

    /// Writes a copy of the database to a new file while others read and write: SQLite's `VACUUM
    /// INTO`.
    ///
    /// # Errors
    /// When the file exists or can't be written; and for PostgreSQL, whose own `pg_dump` does it
    /// better.
    pub async fn backup(&self, to: &std::path::Path) -> Result<()> {
        if self.read.get_database_backend() != DbBackend::Sqlite {
            return Err(StoreError::Broken(
                "a PostgreSQL database is backed up by pg_dump; see docs/backup.md".to_owned(),
            ));
        }
        let statement = Statement::from_sql_and_values(
            DbBackend::Sqlite,
            "VACUUM INTO ?",
            [to.to_string_lossy().into_owned().into()],
        );
        self.read.execute_raw(statement).await?;
        Ok(())
    }

    pub(crate) fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    pub(crate) fn write(&self) -> &DatabaseConnection {
        &self.write
    }

    pub(crate) async fn begin(&self) -> Result<DatabaseTransaction> {
        Ok(self.write.begin().await?)
    }
}

/// PostgreSQL's lock of this number is ours.
const MIGRATION_LOCK: i64 = 0x0041_6c74_6100;
/// Pages of the log after which SQLite writes them to their places: 256 MiB. An import touches the
/// same pages of its indexes again and again.
const CHECKPOINT: &str = "65536";
/// Memory of the writer's pages in SQLite, as its pragma takes it: KiB, negative. An import of many
/// rows touches pages all over its indexes.
const WRITE_CACHE: i32 = -32_768;
/// The same for each reader.
const READ_CACHE: i32 = -8192;

/// Whether a connection that comes back to its pool has no transaction open; else it is closed.
/// SQLite ends a transaction by itself when the disk is full, sqlx goes on counting it, and what is
/// written next would stand in a transaction that nobody commits.
async fn is_idle(connection: &mut SqliteConnection) -> std::result::Result<bool, sqlx::Error> {
    // Where none is open there is nothing to roll back.
    let open = connection.execute("ROLLBACK").await.is_ok();
    Ok(!open && !connection.is_in_transaction())
}

fn options(url: &str, connections: u32, cache: i32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(30))
        .sqlx_logging(false);
    options.map_sqlx_sqlite_opts(move |sqlite| {
        sqlite
            .pragma("journal_mode", "WAL")
            .pragma("synchronous", "NORMAL")
            .pragma("foreign_keys", "ON")
            .pragma("cache_size", cache.to_string())
            .pragma("wal_autocheckpoint", CHECKPOINT)
            .busy_timeout(Duration::from_secs(10))
    });
    // Only the writer has transactions.
    if connections == 1 {
        options.map_sqlx_sqlite_pool_opts(|pool| {
            pool.after_release(|connection, _| Box::pin(is_idle(connection)))
        });
    }
    options
}
