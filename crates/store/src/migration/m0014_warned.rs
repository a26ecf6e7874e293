//! Adds the old address to mails which warn that somebody asked to replace it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::text_null;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0014_warned"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut mail = Table::alter();
        mail.table("mail").add_column(text_null("warned_email"));
        manager.alter_table(mail).await
    }
}
