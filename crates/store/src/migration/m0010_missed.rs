//! Adds the number of complete readings in a row that did not contain a record. By it the records
//! are counted that their system does not have any more.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::integer_null;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0010_missed"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["source_contact", "transaction", "product"] {
            manager
                .alter_table(
                    Table::alter()
                        .table(table)
                        .add_column(integer_null("missed"))
                        .to_owned(),
                )
                .await?;
            // An index of the few records that were missed: the many others cost nothing.
            let missed = Index::create()
                .name(format!("{table}_missed"))
                .table(table)
                .col("connection_id")
                .col("missed")
                .and_where(Expr::col("missed").is_not_null())
                .to_owned();
            manager.create_index(missed).await?;
        }
        Ok(())
    }
}
