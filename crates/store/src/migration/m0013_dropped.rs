//! Creates the tables of the records that an Admin left out of an import, by their lines, and of
//! the keys in a file that belong to nobody.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, integer, text};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0013_dropped"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut dropped = Table::create();
        dropped
            .table("import_dropped")
            .col(big_integer("import_id"))
            .col(integer("line"))
            .primary_key(Index::create().col("import_id").col("line"));
        manager.create_table(dropped).await?;
        let mut nobody = Table::create();
        nobody
            .table("import_nobody")
            .col(big_integer("import_id"))
            .col(text("key"))
            .primary_key(Index::create().col("import_id").col("key"));
        manager.create_table(nobody).await
    }
}
