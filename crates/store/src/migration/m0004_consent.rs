//! Creates the table of permissions to write to contacts: a row for the answer of each import about
//! a contact and a channel. The answer in force is computed from these rows, so that an undo of an
//! import takes back the answers of that import and nothing else.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, boolean, integer, string};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0004_consent"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut consent = Table::create();
        consent
            .table("consent")
            .col(big_integer("contact_id"))
            .col(string("channel"))
            .col(big_integer("import_id"))
            .col(boolean("granted"))
            .col(big_integer("at"))
            .primary_key(
                Index::create()
                    .col("contact_id")
                    .col("channel")
                    .col("import_id"),
            );
        for (column, to) in [("contact_id", "contact"), ("import_id", "import")] {
            consent.foreign_key(
                ForeignKey::create()
                    .name(format!("consent_{column}"))
                    .from("consent", column)
                    .to(to, "id")
                    .on_delete(ForeignKeyAction::Cascade),
            );
        }
        manager.create_table(consent).await?;
        manager
            .create_index(
                Index::create()
                    .name("consent_import")
                    .table("consent")
                    .col("import_id")
                    .to_owned(),
            )
            .await?;
        let kept_out = integer("kept_out").default(0).to_owned();
        manager
            .alter_table(
                Table::alter()
                    .table("import")
                    .add_column(kept_out)
                    .to_owned(),
            )
            .await
    }
}
