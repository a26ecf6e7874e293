//! Adds the refusals that are kept of contacts which were erased.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, text};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0017_refusals"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut key = Table::create();
        key.table("refusal_key")
            .col(big_integer("organization_id").primary_key())
            .col(text("sealed"));
        manager.create_table(key).await?;
        let mut refusal = Table::create();
        refusal
            .table("kept_refusal")
            .col(big_integer("organization_id"))
            .col(text("hash"))
            .col(text("channel"))
            .col(big_integer("at"))
            .primary_key(
                Index::create()
                    .col("organization_id")
                    .col("hash")
                    .col("channel"),
            );
        manager.create_table(refusal).await
    }
}
