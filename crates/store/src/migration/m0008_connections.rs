//! Creates the tables of connected systems: connections, positions, runs, and the records that they
//! brought.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, big_pk_auto, boolean, integer, string, string_null, text,
    text_null,
};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0008_connections"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(connection()).await?;
        manager.create_table(run()).await?;
        for table in [
            position(),
            problem(),
            source_contact(),
            product(),
            transaction(),
            line_item(),
        ] {
            manager.create_table(table).await?;
        }
        for (name, table, columns) in [
            (
                "connection_organization",
                "connection",
                ["organization_id", "id"],
            ),
            ("sync_run_connection", "sync_run", ["connection_id", "id"]),
            (
                "source_contact_contact",
                "source_contact",
                ["contact_id", "connection_id"],
            ),
            (
                "transaction_contact",
                "transaction",
                ["connection_id", "contact_external_id"],
            ),
        ] {
            manager
                .create_index(
                    Index::create()
                        .name(name)
                        .table(table)
                        .col(columns[0])
                        .col(columns[1])
                        .to_owned(),
                )
                .await?;
        }
        manager
            .alter_table(
                Table::alter()
                    .table("import")
                    .add_column(big_integer_null("connection_id"))
                    .to_owned(),
            )
            .await
    }
}

/// Returns the foreign key of a table whose rows are deleted with their connection.
fn of_connection(table: &'static str) -> ForeignKeyCreateStatement {
    to(
        table,
        "connection_id",
        "connection",
        ForeignKeyAction::Cascade,
    )
}

fn to(
    table: &'static str,
    column: &'static str,
    to: &'static str,
    action: ForeignKeyAction,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_{column}"))
        .from(table, column)
        .to(to, "id")
        .on_delete(action)
        .to_owned()
}

fn connection() -> TableCreateStatement {
    Table::create()
        .table("connection")
        .col(big_pk_auto("id"))
        .col(big_integer("organization_id"))
        .col(big_integer("user_id"))
        .col(string("slug"))
        .col(string("account"))
        .col(string("state"))
        .col(text("secrets"))
        .col(string_null("consent_hash"))
        .col(big_integer_null("consent_until"))
        .col(string_null("fault_kind"))
        .col(text_null("fault_said"))
        .col(big_integer("created_at"))
        .col(big_integer_null("next_run_at"))
        .col(integer("failures"))
        .col(string_null("lease"))
        .col(big_integer("lease_until"))
        .foreign_key(&mut to(
            "connection",
            "organization_id",
            "organization",
            ForeignKeyAction::Cascade,
        ))
        .to_owned()
}

fn run() -> TableCreateStatement {
    Table::create()
        .table("sync_run")
        .col(big_pk_auto("id"))
        .col(big_integer("connection_id"))
        .col(big_integer("started_at"))
        .col(big_integer_null("ended_at"))
        .col(integer("contacts"))
        .col(integer("transactions"))
        .col(integer("products"))
        .col(integer("set_aside"))
        .col(big_integer_null("import_id"))
        .col(string_null("fault_kind"))
        .col(text_null("fault_said"))
        .col(string("done"))
        .foreign_key(&mut of_connection("sync_run"))
        .foreign_key(&mut to(
            "sync_run",
            "import_id",
            "import",
            ForeignKeyAction::SetNull,
        ))
        .to_owned()
}

fn position() -> TableCreateStatement {
    Table::create()
        .table("sync_position")
        .col(big_integer("connection_id"))
        .col(string("stream"))
        .col(text("position"))
        .primary_key(Index::create().col("connection_id").col("stream"))
        .foreign_key(&mut of_connection("sync_position"))
        .to_owned()
}

fn problem() -> TableCreateStatement {
    Table::create()
        .table("sync_problem")
        .col(big_integer("connection_id"))
        .col(string("stream"))
        .col(text("external_id"))
        .col(string("field"))
        .col(text("text"))
        .col(text("raw"))
        .col(big_integer("at"))
        .primary_key(
            Index::create()
                .col("connection_id")
                .col("stream")
                .col("external_id"),
        )
        .foreign_key(&mut of_connection("sync_problem"))
        .to_owned()
}

fn source_contact() -> TableCreateStatement {
    Table::create()
        .table("source_contact")
        .col(big_integer("connection_id"))
        .col(text("external_id"))
        .col(big_integer_null("contact_id"))
        .col(text("cells"))
        .col(text("raw"))
        .col(big_integer("updated_at"))
        .primary_key(Index::create().col("connection_id").col("external_id"))
        .foreign_key(&mut of_connection("source_contact"))
        .foreign_key(&mut to(
            "source_contact",
            "contact_id",
            "contact",
            ForeignKeyAction::SetNull,
        ))
        .to_owned()
}

fn product() -> TableCreateStatement {
    Table::create()
        .table("product")
        .col(big_integer("connection_id"))
        .col(text("external_id"))
        .col(big_integer("organization_id"))
        .col(text_null("sku"))
        .col(text("name"))
        .col(big_integer_null("price"))
        .col(string("currency"))
        .col(boolean("active"))
        .col(text("raw"))
        .col(big_integer("updated_at"))
        .primary_key(Index::create().col("connection_id").col("external_id"))
        .foreign_key(&mut of_connection("product"))
        .to_owned()
}

fn transaction() -> TableCreateStatement {
    Table::create()
        .table("transaction")
        .col(big_integer("connection_id"))
        .col(text("external_id"))
        .col(big_integer("organization_id"))
        .col(text_null("number"))
        .col(big_integer("made_at"))
        .col(string("status"))
        .col(text("status_text"))
        .col(text_null("contact_external_id"))
        .col(big_integer("total"))
        .col(big_integer("discount"))
        .col(big_integer("freight"))
        .col(string("currency"))
        .col(text("raw"))
        .col(big_integer("updated_at"))
        .primary_key(Index::create().col("connection_id").col("external_id"))
        .foreign_key(&mut of_connection("transaction"))
        .to_owned()
}

fn line_item() -> TableCreateStatement {
    let mut sale = ForeignKey::create();
    sale.name("line_item_transaction")
        .from("line_item", ("connection_id", "transaction_external_id"))
        .to("transaction", ("connection_id", "external_id"))
        .on_delete(ForeignKeyAction::Cascade);
    Table::create()
        .table("line_item")
        .col(big_integer("connection_id"))
        .col(text("transaction_external_id"))
        .col(integer("position"))
        .col(text_null("product_external_id"))
        .col(text_null("sku"))
        .col(text("name"))
        .col(text("quantity"))
        .col(big_integer("unit_price"))
        .col(big_integer("total"))
        .primary_key(
            Index::create()
                .col("connection_id")
                .col("transaction_external_id")
                .col("position"),
        )
        .foreign_key(&mut sale)
        .to_owned()
}
