//! Creates the tables of passkeys and of their challenges.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, string, string_null, text};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0007_passkeys"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let of_user = |table: &'static str| {
            let mut key = ForeignKey::create();
            key.name(format!("{table}_user_id"))
                .from(table, "user_id")
                .to("user", "id")
                .on_delete(ForeignKeyAction::Cascade);
            key
        };
        let mut passkey = Table::create();
        passkey
            .table("passkey")
            .col(text("id").primary_key())
            .col(big_integer("user_id"))
            .col(string_null("browser"))
            .col(text("credential"))
            .col(big_integer("created_at"))
            .col(big_integer_null("used_at"))
            .foreign_key(&mut of_user("passkey"));
        manager.create_table(passkey).await?;
        manager
            .create_index(
                Index::create()
                    .name("passkey_user_id")
                    .table("passkey")
                    .col("user_id")
                    .to_owned(),
            )
            .await?;
        let mut challenge = Table::create();
        challenge
            .table("passkey_challenge")
            .col(string("token_hash").primary_key())
            .col(big_integer_null("user_id"))
            .col(text("state"))
            .col(big_integer("expires_at"))
            .foreign_key(&mut of_user("passkey_challenge"));
        manager.create_table(challenge).await
    }
}
