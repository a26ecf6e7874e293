//! Adds the secret word in the address to which a system sends notices of changes, the time of the
//! last notice, and a user's id at the identity provider of the company.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer_null, string_null};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0009_notices"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column a statement.
        for column in [string_null("notice_word"), big_integer_null("noticed_at")] {
            manager
                .alter_table(
                    Table::alter()
                        .table("connection")
                        .add_column(column)
                        .to_owned(),
                )
                .await?;
        }
        manager
            .alter_table(
                Table::alter()
                    .table("user")
                    .add_column(string_null("sign_on_subject"))
                    .to_owned(),
            )
            .await?;
        let word = Index::create()
            .name("connection_notice_word")
            .table("connection")
            .col("notice_word")
            .unique()
            .to_owned();
        manager.create_index(word).await
    }
}
