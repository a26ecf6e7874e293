//! Adds the identity of contacts: each key of a contact in a row of its own, further phones and
//! e-mails, and the history of what each import did to a contact, by which any import can be
//! undone.

use alta_domain::{Country, Key, KeyKind};
use alta_intake::{Name, household, is_cpf_of};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, boolean, integer, integer_null, json_null, text, text_null,
};
use sea_orm_migration::sea_orm::{DbBackend, QueryResult, Statement};

use crate::entity::contact_key::stored;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0012_identity"
    }
}

/// The number of contacts whose keys are built at a time.
const PAGE: usize = 1000;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_tables(manager).await?;
        add_columns(manager).await?;
        build_keys(manager).await?;
        let connection = manager.get_connection();
        for index in ["contact_phone", "contact_email", "contact_tax_id"] {
            connection
                .execute_unprepared(&format!("DROP INDEX {index}"))
                .await?;
        }
        connection
            .execute_unprepared("ALTER TABLE contact DROP COLUMN phone_key")
            .await?;
        rebuild_members(manager).await?;
        rebuild_consents(manager).await
    }
}

async fn create_tables(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let (collation, end) = match manager.get_database_backend() {
        DbBackend::Postgres => (" COLLATE \"C\"", ""),
        _ => ("", " WITHOUT ROWID"),
    };
    connection
        .execute_unprepared(&format!(
            "CREATE TABLE contact_key (organization_id bigint NOT NULL, \
             key text{collation} NOT NULL, contact_id bigint NOT NULL, \
             PRIMARY KEY (organization_id, key)){end}"
        ))
        .await?;
    connection
        .execute_unprepared(&format!(
            "CREATE TABLE contact_change (contact_id bigint NOT NULL, write bigint NOT NULL, \
             import_id bigint NOT NULL, reading integer NOT NULL, said bigint NOT NULL, \
             changed boolean NOT NULL, entry text NULL, PRIMARY KEY (contact_id, write)){end}"
        ))
        .await?;
    manager
        .create_index(
            Index::create()
                .name("contact_change_import")
                .table("contact_change")
                .col("import_id")
                .col("contact_id")
                .col("changed")
                .to_owned(),
        )
        .await?;
    create_tables_of_records(manager).await?;
    let mut list = Table::create();
    list.table("import_list")
        .col(big_integer("import_id"))
        .col(big_integer("list_id"))
        .col(boolean("made"))
        .primary_key(Index::create().col("import_id").col("list_id"));
    manager.create_table(list).await?;
    connection
        .execute_unprepared(
            "INSERT INTO import_list (import_id, list_id, made) \
             SELECT id, list_id, made_list FROM import WHERE list_id IS NOT NULL",
        )
        .await?;
    Ok(())
}

/// Creates the tables of the persons of a file whose records are still coming, and of the records
/// that joined others.
async fn create_tables_of_records(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut person = Table::create();
    person
        .table("import_person")
        .col(big_integer("import_id"))
        .col(integer("reading"))
        .col(integer("record"))
        .col(text("person"))
        .primary_key(
            Index::create()
                .col("import_id")
                .col("reading")
                .col("record"),
        );
    manager.create_table(person).await?;
    let mut merged = Table::create();
    merged
        .table("import_merged")
        .col(big_integer("import_id"))
        .col(integer("reading"))
        .col(integer("record"))
        .col(integer("line"))
        .col(big_integer("contact_id"))
        .primary_key(
            Index::create()
                .col("import_id")
                .col("reading")
                .col("record"),
        );
    manager.create_table(merged).await
}

async fn add_columns(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for (table, column) in [
        ("contact", text_null("more_phones")),
        ("contact", text_null("more_emails")),
        ("organization", big_integer("writes").default(0).to_owned()),
        ("import", integer("reading").default(0).to_owned()),
        ("import", boolean("has_history").default(false).to_owned()),
        ("import", big_integer_null("first_contact")),
        ("import", big_integer_null("last_contact")),
        ("import", integer_null("undo_phase")),
        ("import", big_integer_null("undo_cursor")),
        ("import", integer_null("undo_passed")),
        ("import", json_null("undo_spared_why")),
        ("import_reject", integer_null("joins")),
    ] {
        manager
            .alter_table(Table::alter().table(table).add_column(column).to_owned())
            .await?;
    }
    Ok(())
}

/// Builds the keys of the contacts from their stored values. No contact is split or joined.
async fn build_keys(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let backend = manager.get_database_backend();
    let mut after = 0_i64;
    loop {
        let place = if backend == DbBackend::Postgres {
            "$1"
        } else {
            "?"
        };
        let sql = format!(
            "SELECT c.id, c.organization_id, c.phone_key, c.email, c.tax_id, c.landline, c.phone, \
             c.name, c.first_name, c.last_name, c.country, o.country AS home FROM contact c \
             JOIN organization o ON o.id = c.organization_id \
             WHERE c.id > {place} ORDER BY c.id LIMIT {PAGE}"
        );
        let rows = connection
            .query_all_raw(Statement::from_sql_and_values(backend, sql, [after.into()]))
            .await?;
        if rows.is_empty() {
            return Ok(());
        }
        let mut values: Vec<sea_orm::Value> = Vec::new();
        for row in &rows {
            after = row.try_get("", "id")?;
            let organization: i64 = row.try_get("", "organization_id")?;
            for key in keys_of_old_row(row)? {
                values.extend([organization.into(), key.into(), after.into()]);
            }
        }
        insert_keys(connection, backend, &values).await?;
    }
}

async fn insert_keys(
    connection: &SchemaManagerConnection<'_>,
    backend: DbBackend,
    values: &[sea_orm::Value],
) -> Result<(), DbErr> {
    for values in values.chunks(3 * PAGE) {
        let rows: Vec<String> = (0..values.len() / 3)
            .map(|row| match backend {
                DbBackend::Postgres => {
                    let at = row * 3;
                    format!("(${}, ${}, ${})", at + 1, at + 2, at + 3)
                }
                _ => "(?, ?, ?)".to_owned(),
            })
            .collect();
        let sql = format!(
            "INSERT INTO contact_key (organization_id, key, contact_id) VALUES {} \
             ON CONFLICT DO NOTHING",
            rows.join(", ")
        );
        connection
            .execute_raw(Statement::from_sql_and_values(
                backend,
                sql,
                values.iter().cloned(),
            ))
            .await?;
    }
    Ok(())
}

/// Returns the keys of a contact as it was stored before keys had rows of their own.
fn keys_of_old_row(row: &QueryResult) -> Result<Vec<String>, DbErr> {
    let text = |column: &str| row.try_get::<Option<String>>("", column);
    let home = Country::parse(&text("home")?.unwrap_or_default()).unwrap_or(Country::BRAZIL);
    let mut keys = Vec::new();
    let phone_key = text("phone_key")?;
    if let Some(phone) = phone_key.as_ref().filter(|key| !key.contains('/')) {
        keys.push(Key::new(KeyKind::Phone, phone));
    }
    keys.extend(text("email")?.map(|email| Key::new(KeyKind::Email, email)));
    let country = text("country")?;
    let cpf = text("tax_id")?.filter(|id| is_cpf_of(id, country.as_deref(), home));
    keys.extend(cpf.map(|id| Key::new(KeyKind::Cpf, id)));
    if keys.is_empty()
        && let Some(digits) = phone_key.as_deref().and_then(|key| key.split('/').next())
    {
        let [name, first, last] = [text("name")?, text("first_name")?, text("last_name")?];
        let name = Name::of_parts(name.as_deref(), first.as_deref(), last.as_deref());
        keys.push(household(digits, &name));
    }
    Ok(keys.iter().map(stored).collect())
}

/// Rebuilds the table of list members: a contact is a member once for each import that added it,
/// with import 0 when no import did.
async fn rebuild_members(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    for sql in [
        "CREATE TABLE new_list_member (list_id bigint NOT NULL, contact_id bigint NOT NULL, \
         import_id bigint NOT NULL, PRIMARY KEY (list_id, contact_id, import_id), \
         FOREIGN KEY (list_id) REFERENCES list (id) ON DELETE CASCADE, \
         FOREIGN KEY (contact_id) REFERENCES contact (id) ON DELETE CASCADE)",
        "INSERT INTO new_list_member (list_id, contact_id, import_id) \
         SELECT list_id, contact_id, COALESCE(import_id, 0) FROM list_member",
        "DROP TABLE list_member",
        "ALTER TABLE new_list_member RENAME TO list_member",
        "CREATE INDEX list_member_contact ON list_member (contact_id)",
    ] {
        connection.execute_unprepared(sql).await?;
    }
    Ok(())
}

/// Rebuilds the table of consents: an answer keeps the basis and the source that it was given with;
/// import 0 stands for an answer by hand.
async fn rebuild_consents(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let (basis, source) = match manager.get_database_backend() {
        DbBackend::Postgres => (
            "i.plan->'consent'->>'basis'",
            "COALESCE(i.plan->'consent'->>'source', '')",
        ),
        _ => (
            "json_extract(i.plan, '$.consent.basis')",
            "COALESCE(json_extract(i.plan, '$.consent.source'), '')",
        ),
    };
    let copy = format!(
        "INSERT INTO new_consent \
         (contact_id, channel, import_id, granted, at, basis, source, kept) \
         SELECT o.contact_id, o.channel, o.import_id, o.granted, o.at, {basis}, {source}, FALSE \
         FROM consent o JOIN import i ON i.id = o.import_id"
    );
    for sql in [
        "CREATE TABLE new_consent (contact_id bigint NOT NULL, channel text NOT NULL, \
         import_id bigint NOT NULL, granted boolean NOT NULL, at bigint NOT NULL, \
         basis text NULL, source text NOT NULL, kept boolean NOT NULL, \
         PRIMARY KEY (contact_id, channel, import_id), \
         FOREIGN KEY (contact_id) REFERENCES contact (id) ON DELETE CASCADE)",
        copy.as_str(),
        "DROP TABLE consent",
        "ALTER TABLE new_consent RENAME TO consent",
    ] {
        connection.execute_unprepared(sql).await?;
    }
    Ok(())
}
