//! The database connections: one writer and several readers on SQLite, one pool on PostgreSQL.

mod lock;
mod long_writes;
mod parts;
mod searches;

use std::sync::Arc;
use std::time::Duration;

use alta_domain::FileLimits;
use sea_orm::sqlx::{self, Connection, Executor, SqliteConnection};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use sea_orm_migration::MigratorTrait;

use crate::error::{Result, StoreError};
use crate::migration::Migrator;
use crate::vault::Vault;

pub(crate) use lock::lock_organization;
use long_writes::LongWrites;
pub(crate) use parts::parts;
use searches::Searches;

/// The database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    read: DatabaseConnection,
    write: DatabaseConnection,
    pub(crate) limits: StoreLimits,
    pub(crate) vault: Arc<Vault>,
    pub(crate) searches: Arc<Searches>,
    pub(crate) long_writes: LongWrites,
}

/// The limits that the configuration sets.
#[derive(Clone, Copy, Debug)]
pub struct StoreLimits {
    /// The limits of the files that are imported.
    pub file: FileLimits,
    /// Days in which an import can be undone.
    pub undo_days: u32,
    /// Days for which the rejects of an import are kept.
    pub reject_days: u32,
    /// Days after which a contact in the bin is erased.
    pub bin_days: u32,
    /// The most contacts of an organization for which a browser can preview the effect of an
    /// import.
    pub preview_contacts: u64,
    /// The most searches of contacts that run at once.
    pub searches: u32,
    /// The most decisions that a plan may have about its columns.
    pub max_decisions: usize,
    /// The most changes of its e-mail address that an account may ask for within an hour.
    pub address_changes: u32,
    /// The most mails with invitations that an organization may send within an hour.
    pub invitation_mails: u32,
    /// Milliseconds that a batch which arrives early waits for the batch before it.
    pub batch_wait_ms: u64,
    /// Milliseconds that a server keeps the lease of a connected system without renewing it.
    pub sync_lease_ms: u32,
    /// Milliseconds between a system's notice of a change and the run that reads the change.
    pub sync_notice_ms: u32,
}

impl Default for StoreLimits {
    fn default() -> Self {
        Self {
            file: FileLimits::default(),
            undo_days: 30,
            reject_days: 90,
            bin_days: 30,
            preview_contacts: 2_000_000,
            // A third of the connections that read a SQLite file.
            searches: 2,
            max_decisions: 1_000,
            address_changes: 5,
            invitation_mails: 500,
            batch_wait_ms: 3_000,
            sync_lease_ms: 20_000,
            sync_notice_ms: 10_000,
        }
    }
}

impl Store {
    /// Returns the same store with other limits.
    #[must_use]
    pub fn with_limits(self, limits: StoreLimits) -> Self {
        Self {
            limits,
            searches: Arc::new(Searches::new(limits.searches)),
            ..self
        }
    }

    /// Returns the keys that secrets are sealed with.
    #[cfg(feature = "testing")]
    #[must_use]
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Returns the same store with other keys.
    #[must_use]
    pub fn with_vault(self, vault: Vault) -> Self {
        Self {
            vault: Arc::new(vault),
            ..self
        }
    }

    /// Connects to the database at `sqlite:PATH?mode=rwc` or `postgres://...`. `vault` holds the
    /// keys of its secrets. Does not change the schema.
    ///
    /// # Errors
    /// When the database can't be reached.
    pub async fn connect(url: &str, vault: Vault) -> Result<Self> {
        let (limits, vault) = (StoreLimits::default(), Arc::new(vault));
        let searches = Arc::new(Searches::new(limits.searches));
        if !url.starts_with("sqlite:") {
            let pool = Database::connect(options(url, 16, 0)).await?;
            return Ok(Self {
                read: pool.clone(),
                write: pool,
                limits,
                vault,
                searches,
                long_writes: LongWrites::new(false),
            });
        }
        // SQLite allows one writer at a time. A pool of one connection queues the writers here;
        // otherwise they fail with 'database is locked'.
        let write = Database::connect(options(url, 1, WRITE_CACHE)).await?;
        let read = Database::connect(options(url, READERS, READ_CACHE)).await?;
        Ok(Self {
            read,
            write,
            limits,
            vault,
            searches,
            long_writes: LongWrites::new(true),
        })
    }

    /// Brings the schema up to date. Of several servers that start at once on PostgreSQL one runs
    /// the migrations, and the others wait for it.
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

    /// Writes a copy of the database to a new file by SQLite's `VACUUM INTO`, while others read and
    /// write.
    ///
    /// # Errors
    /// When the file exists or can't be written; and for PostgreSQL, whose own `pg_dump` is better
    /// for it.
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

    /// Returns the connections that read.
    pub(crate) fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// Returns the connections that write, and that see what was written last.
    pub(crate) fn write(&self) -> &DatabaseConnection {
        &self.write
    }

    /// Begins a transaction that may write.
    pub(crate) async fn begin(&self) -> Result<DatabaseTransaction> {
        // SQLite's transaction begins as a writer: one that read first and writes later fails at
        // once when another process has written in between, however long it may wait.
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(self.write.begin_with_options(options).await?)
    }
}

/// The number of the PostgreSQL advisory lock that migrations hold.
const MIGRATION_LOCK: i64 = 0x0041_6c74_6100;
/// Pages of the write-ahead log after which SQLite copies them into the database: 256 MiB. An
/// import changes the same pages of its indexes again and again, so fewer copies are faster.
const CHECKPOINT: &str = "65536";
/// Rows that SQLite's thread reads ahead of the caller. With few of them the two threads wait for
/// each other again and again.
const ROW_BUFFER: usize = 256;
/// The connections that read a SQLite file. Searches and counts take some of them for long, and a
/// sign-in finds another one free.
const READERS: u32 = 6;
/// The page cache of SQLite's writer in KiB, negative as the pragma `cache_size` takes it. An
/// import of many rows changes pages all over its indexes.
const WRITE_CACHE: i32 = -32_768;
/// The page cache of each of SQLite's readers, in the same form.
const READ_CACHE: i32 = -8192;

/// Returns true when a connection that comes back to its pool has no transaction open; the pool
/// closes the others. SQLite ends a transaction by itself when the disk is full, but sqlx still
/// counts it as open: the next writes would be part of a transaction that nobody commits.
async fn is_idle(connection: &mut SqliteConnection) -> std::result::Result<bool, sqlx::Error> {
    // Without an open transaction SQLite refuses to roll back.
    let open = connection.execute("ROLLBACK").await.is_ok();
    Ok(!open && !connection.is_in_transaction())
}

/// Returns the options of a pool with this number of connections. `cache` is SQLite's page cache,
/// as its pragma `cache_size` takes it.
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
            // Of an erased contact nothing must stay in free pages.
            .pragma("secure_delete", "ON")
            .busy_timeout(Duration::from_secs(10))
            .row_buffer_size(ROW_BUFFER)
    });
    // Only the writer, a pool of one connection, has transactions.
    if connections == 1 {
        options.map_sqlx_sqlite_pool_opts(|pool| {
            pool.after_release(|connection, _| Box::pin(is_idle(connection)))
        });
    }
    options
}
