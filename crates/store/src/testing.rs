//! Helpers for tests: a new database for each test, on SQLite and on PostgreSQL.

use std::collections::BTreeSet;

use alta_domain::{ConnectionId, NewOrganization};
use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, Version};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, ConnectionTrait, Database, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
    Set,
};

use crate::account::setup::{CheckedOrganization, create_organization};
use crate::entity::{
    connection, contact, import_batch, import_reject, list_member, session, sync_position,
    sync_run, user,
};
use crate::vault::Vault;
use crate::{Store, now};

/// A snapshot of what the imports of all organizations have written, for comparison.
pub struct Base {
    /// Phone, e-mail and name of every contact.
    pub contacts: BTreeSet<[String; 3]>,
    /// Records that could not be imported.
    pub rejects: u64,
    /// Members of lists.
    pub members: u64,
    /// Receipts of batches.
    pub batches: u64,
}

impl Base {
    /// Reads the snapshot from a database.
    ///
    /// # Panics
    /// When the database fails, or two contacts have the same phone, e-mail and name.
    #[expect(clippy::expect_used, reason = "a test that has no database has failed")]
    pub async fn read(store: &Store) -> Self {
        use contact::Column as C;
        let rows: Vec<(Option<String>, Option<String>, Option<String>)> = contact::Entity::find()
            .select_only()
            .columns([C::Phone, C::Email, C::Name])
            .into_tuple()
            .all(store.read())
            .await
            .expect("contacts");
        let count = rows.len();
        let contacts: BTreeSet<[String; 3]> = rows
            .into_iter()
            .map(|(phone, email, name)| [phone, email, name].map(Option::unwrap_or_default))
            .collect();
        assert_eq!(contacts.len(), count, "nobody is there twice");
        Self {
            contacts,
            rejects: import_reject::Entity::find()
                .count(store.read())
                .await
                .expect("rejects"),
            members: list_member::Entity::find()
                .count(store.read())
                .await
                .expect("members"),
            batches: import_batch::Entity::find()
                .count(store.read())
                .await
                .expect("receipts"),
        }
    }
}

/// Creates another organization on the same server, with its Admin.
///
/// # Panics
/// When it can't be made.
#[expect(clippy::expect_used, reason = "a test that has no database has failed")]
pub async fn another_organization(store: &Store, new: NewOrganization) {
    let new = CheckedOrganization::check(new).await.expect("good answers");
    let transaction = store.begin().await.expect("a transaction");
    create_organization(&transaction, new)
        .await
        .expect("an organization");
    transaction.commit().await.expect("a commit");
}

/// Makes all sessions older by that many milliseconds, as if nobody had used them.
///
/// # Panics
/// When the database fails.
#[expect(clippy::expect_used, reason = "a test that has no database has failed")]
pub async fn age_sessions(store: &Store, by: i64) {
    let seen = session::Column::SeenAt;
    let change = session::Entity::update_many().col_expr(seen, Expr::col(seen).sub(by));
    change.exec(store.write()).await.expect("sessions");
}

/// Hashes the password of a user again with settings that are weaker than those of today, as a
/// server of years ago did.
///
/// # Panics
/// When the database fails.
#[expect(clippy::expect_used, reason = "a test that has no database has failed")]
pub async fn hash_weakly(store: &Store, email: &str, password: &str) {
    let settings = Params::new(64, 1, 1, None).expect("settings of Argon2");
    let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, settings);
    let hash = weak.hash_password(password.as_bytes()).expect("a hash");
    user::Entity::update_many()
        .col_expr(user::Column::PasswordHash, Expr::value(hash.to_string()))
        .filter(user::Column::Email.eq(email))
        .exec(store.write())
        .await
        .expect("a user");
}

/// Reads the hash of a user's password.
///
/// # Panics
/// When the database fails, or nobody has the address.
#[expect(clippy::expect_used, reason = "a test that has no database has failed")]
pub async fn password_hash_of(store: &Store, email: &str) -> String {
    user::Entity::find()
        .filter(user::Column::Email.eq(email))
        .one(store.write())
        .await
        .expect("users")
        .expect("a user")
        .password_hash
}

/// Makes the last complete reading of all systems older by that many milliseconds.
///
/// # Panics
/// When the database fails.
#[expect(clippy::expect_used, reason = "a test that has no database has failed")]
pub async fn age_readings(store: &Store, by: i64) {
    for row in sync_position::Entity::find()
        .all(store.write())
        .await
        .expect("positions")
    {
        let mut position: serde_json::Value =
            serde_json::from_str(&row.position).expect("a position");
        if let Some(at) = position["full_at"].as_i64() {
            position["full_at"] = (at - by).into();
        }
        let older = sync_position::ActiveModel {
            position: Set(position.to_string()),
            ..row.into()
        };
        sync_position::Entity::update(older)
            .exec(store.write())
            .await
            .expect("a position");
    }
}

/// Makes the ends of all runs earlier by that many milliseconds.
///
/// # Panics
/// When the database fails.
#[expect(clippy::expect_used, reason = "a test that has no database has failed")]
pub async fn age_runs(store: &Store, by: i64) {
    sync_run::Entity::update_many()
        .col_expr(
            sync_run::Column::EndedAt,
            Expr::col(sync_run::Column::EndedAt).sub(by),
        )
        .filter(sync_run::Column::EndedAt.is_not_null())
        .exec(store.write())
        .await
        .expect("runs");
}

/// Makes the next run of a connection due, as the clock would.
///
/// # Panics
/// When the database fails.
#[expect(clippy::expect_used, reason = "a test that has no database has failed")]
pub async fn make_due(store: &Store, id: ConnectionId) {
    connection::Entity::update_many()
        .col_expr(connection::Column::NextRunAt, Expr::value(now()))
        .filter(connection::Column::Id.eq(id.0))
        .filter(connection::Column::NextRunAt.is_not_null())
        .exec(store.write())
        .await
        .expect("a connection");
}

/// Gives a connection the slug of another system.
///
/// # Panics
/// When the database fails.
#[expect(clippy::expect_used, reason = "a test that has no database has failed")]
pub async fn rename_system(store: &Store, id: ConnectionId, slug: &str) {
    connection::Entity::update_many()
        .col_expr(connection::Column::Slug, Expr::value(slug))
        .filter(connection::Column::Id.eq(id.0))
        .exec(store.write())
        .await
        .expect("a connection");
}

/// The database of one test. SQLite's file is deleted when this is dropped; PostgreSQL's database
/// is deleted with its throw-away cluster.
pub struct TestDatabase {
    /// The database, migrated.
    pub store: Store,
    /// The address of the database, as [`Store::connect`] takes it.
    pub url: String,
    _directory: Option<tempfile::TempDir>,
}

impl TestDatabase {
    /// Makes a database on SQLite, in a file of its own.
    ///
    /// # Panics
    /// When it can't be made.
    #[expect(clippy::expect_used, reason = "a test that has no database has failed")]
    pub async fn sqlite() -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let url = format!(
            "sqlite:{}?mode=rwc",
            directory.path().join("test.db").display()
        );
        Self::migrated(url, Some(directory)).await
    }

    /// Makes a database on SQLite, in a file of an existing directory.
    ///
    /// # Panics
    /// When it can't be made.
    pub async fn sqlite_in(directory: &std::path::Path) -> Self {
        Self::migrated(
            format!("sqlite:{}?mode=rwc", directory.join("test.db").display()),
            None,
        )
        .await
    }

    /// Makes a database on PostgreSQL, in the cluster whose address is in `ALTA_TEST_POSTGRES`;
    /// `cargo xtask test` starts one.
    ///
    /// # Panics
    /// When it can't be made.
    #[expect(clippy::expect_used, reason = "a test that has no database has failed")]
    pub async fn postgres() -> Self {
        let cluster = std::env::var("ALTA_TEST_POSTGRES").expect(
            "ALTA_TEST_POSTGRES: run the tests by `cargo xtask test`, which starts a cluster",
        );
        let name = format!("test_{:016x}", rand::random::<u64>());
        let admin = Database::connect(&format!("{cluster}/postgres"))
            .await
            .expect("the cluster answers");
        admin
            .execute_unprepared(&format!("CREATE DATABASE {name}"))
            .await
            .expect("a new database");
        admin.close().await.expect("the connection closes");
        Self::migrated(format!("{cluster}/{name}"), None).await
    }

    /// Runs a statement over a connection of its own.
    ///
    /// # Panics
    /// When the database refuses it.
    #[expect(clippy::expect_used, reason = "a test that has no database has failed")]
    pub async fn run(&self, sql: &str) {
        let connection = Database::connect(&self.url)
            .await
            .expect("the database answers");
        let done = connection.execute_unprepared(sql).await;
        done.expect("the statement is run");
        connection.close().await.expect("the connection closes");
    }

    /// Ends every other connection to a PostgreSQL database, even in the middle of a query.
    ///
    /// # Panics
    /// When the cluster does not answer.
    #[expect(clippy::expect_used, reason = "a test that has no database has failed")]
    pub async fn end_connections(&self) {
        let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid()";
        let killer = Database::connect(&self.url)
            .await
            .expect("the cluster answers");
        killer
            .execute_unprepared(sql)
            .await
            .expect("connections end");
        killer.close().await.expect("the connection closes");
    }

    #[expect(clippy::expect_used, reason = "a test that has no database has failed")]
    async fn migrated(url: String, directory: Option<tempfile::TempDir>) -> Self {
        let store = Store::connect(&url, Vault::random())
            .await
            .expect("the database answers");
        store.migrate().await.expect("the schema is made");
        Self {
            store,
            url,
            _directory: directory,
        }
    }
}

/// Makes two tests from one body: `db_test! { async fn name(database) { ... } }` runs on SQLite and
/// on PostgreSQL.
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
