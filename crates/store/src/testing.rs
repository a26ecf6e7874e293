//! A database of its own for each test, on SQLite and on PostgreSQL, from one body.

use sea_orm::{ConnectionTrait, Database};

use crate::Store;

/// A database that goes when it is dropped; PostgreSQL's goes with its throw-away cluster.
pub struct TestDatabase {
    /// The database, migrated.
    pub store: Store,
    /// Its address.
    pub url: String,
    _directory: Option<tempfile::TempDir>,
}

impl TestDatabase {
    /// On SQLite, in a file of its own.
    ///
    /// # Panics
    /// When it can't be made.
    #[expect(clippy::expect_used, reason = "a test that has no database has failed")]
    pub async fn sqlite() -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let url = format!("sqlite:{}?mode=rwc", directory.path().join("test.db").display());
        Self::migrated(url, Some(directory)).await
    }

    /// On PostgreSQL, in a database of its own in the cluster that `ALTA_TEST_POSTGRES` names; `cargo xtask test` starts one.
    ///
    /// # Panics
    /// When it can't be made.
    #[expect(clippy::expect_used, reason = "a test that has no database has failed")]
    pub async fn postgres() -> Self {
        let cluster =
            std::env::var("ALTA_TEST_POSTGRES").expect("ALTA_TEST_POSTGRES: run the tests by `cargo xtask test`, which starts a cluster");
        let name = format!("test_{:016x}", rand::random::<u64>());
        let admin = Database::connect(&format!("{cluster}/postgres")).await.expect("the cluster answers");
        admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("a new database");
        admin.close().await.expect("the connection closes");
        Self::migrated(format!("{cluster}/{name}"), None).await
    }

    #[expect(clippy::expect_used, reason = "a test that has no database has failed")]
    async fn migrated(url: String, directory: Option<tempfile::TempDir>) -> Self {
        let store = Store::connect(&url).await.expect("the database answers");
        store.migrate().await.expect("the schema is made");
        Self { store, url, _directory: directory }
    }
}

/// Makes two tests of one body: `db_test! { async fn name(database) { ... } }` runs on SQLite and on PostgreSQL.
#[macro_export]
macro_rules! db_test {
    ($($(#[$meta:meta])* async fn $name:ident($database:ident) $body:block)*) => {$(
        mod $name {
            use super::*;

            async fn body($database: &$crate::testing::TestDatabase) $body

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                body(&$crate::testing::TestDatabase::sqlite().await).await;
            }

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                body(&$crate::testing::TestDatabase::postgres().await).await;
            }
        }
    )*};
}
