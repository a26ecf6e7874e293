//! Adds what an undo of an import and its continuation need: old values, the import that added each
//! member of a list, the length of the file. Also gives organizations a slug, by which the command
//! line names them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, boolean, integer, integer_null, json, string_null,
};
use sea_orm_migration::sea_orm::{DbBackend, Statement};

use crate::names::slug;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0002_trust"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    #[expect(
        clippy::too_many_lines,
        reason = "a migration creates its tables one after another, and never changes"
    )]
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let add = |table: &'static str, column: ColumnDef| {
            Table::alter().table(table).add_column(column).to_owned()
        };
        manager
            .alter_table(add("organization", string_null("slug")))
            .await?;
        name_organizations(manager).await?;
        manager
            .create_index(
                Index::create()
                    .name("organization_slug")
                    .table("organization")
                    .col("slug")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .alter_table(add("list_member", big_integer_null("import_id")))
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("list_member_import")
                    .table("list_member")
                    .col("import_id")
                    .to_owned(),
            )
            .await?;
        for column in [
            integer_null("file_records"),
            boolean("made_list").default(false).to_owned(),
            integer_null("undo_removed"),
            integer_null("undo_restored"),
            integer_null("undo_spared"),
        ] {
            manager.alter_table(add("import", column)).await?;
        }
        manager
            .create_index(
                Index::create()
                    .name("contact_import")
                    .table("contact")
                    .col("created_import_id")
                    .to_owned(),
            )
            .await?;
        let mut change = Table::create();
        change
            .table("import_change")
            .col(big_integer("import_id"))
            .col(integer("sequence"))
            .col(big_integer("contact_id"))
            .col(json("fields"))
            .primary_key(
                Index::create()
                    .col("import_id")
                    .col("sequence")
                    .col("contact_id"),
            );
        for (column, to) in [("import_id", "import"), ("contact_id", "contact")] {
            change.foreign_key(
                ForeignKey::create()
                    .name(format!("import_change_{column}"))
                    .from("import_change", column)
                    .to(to, "id")
                    .on_delete(ForeignKeyAction::Cascade),
            );
        }
        manager.create_table(change).await?;
        manager
            .create_index(
                Index::create()
                    .name("import_change_contact")
                    .table("import_change")
                    .col("contact_id")
                    .to_owned(),
            )
            .await
    }
}

/// Gives each organization its slug.
async fn name_organizations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let backend = manager.get_database_backend();
    let update = match backend {
        DbBackend::Postgres => "UPDATE organization SET slug = $1 WHERE id = $2",
        _ => "UPDATE organization SET slug = ? WHERE id = ?",
    };
    let mut taken = Vec::new();
    for row in connection
        .query_all_raw(Statement::from_string(
            backend,
            "SELECT id, name FROM organization ORDER BY id",
        ))
        .await?
    {
        let (id, name): (i64, String) = (row.try_get("", "id")?, row.try_get("", "name")?);
        let mut wanted = slug(&name);
        if taken.contains(&wanted) {
            wanted = format!("{wanted}-{id}");
        }
        connection
            .execute_raw(Statement::from_sql_and_values(
                backend,
                update,
                [wanted.clone().into(), id.into()],
            ))
            .await?;
        taken.push(wanted);
    }
    Ok(())
}
