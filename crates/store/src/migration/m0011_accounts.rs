//! Adds the system's id of an account, the connection that a consent renews, and the cells of a
//! contact that were refused, with the import and the record.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer_null, integer_null, string_null, text_null};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0011_accounts"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column a statement.
        for (table, column) in [
            ("connection", string_null("account_id")),
            ("connection", big_integer_null("reopens")),
            ("source_contact", text_null("refused")),
            ("source_contact", big_integer_null("refused_import_id")),
            ("source_contact", integer_null("refused_record")),
            ("source_contact", big_integer_null("decided_import_id")),
        ] {
            manager
                .alter_table(Table::alter().table(table).add_column(column).to_owned())
                .await?;
        }
        // An index of the few contacts that were refused: a corrected list of rejects looks each of
        // them up.
        let refused = Index::create()
            .name("source_contact_refused")
            .table("source_contact")
            .col("refused_import_id")
            .col("refused_record")
            .and_where(Expr::col("refused_import_id").is_not_null())
            .to_owned();
        manager.create_index(refused).await
    }
}
