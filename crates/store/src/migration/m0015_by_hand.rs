//! Adds changes of contacts by hand: the edits, and the bin for deleted contacts.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, big_pk_auto, text};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0015_by_hand"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut contact = Table::alter();
        contact
            .table("contact")
            .add_column(big_integer_null("deleted_at"));
        manager.alter_table(contact).await?;
        // Only deleted contacts are in the index, so it costs an import nothing.
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE INDEX contact_bin ON contact (organization_id, deleted_at) \
                 WHERE deleted_at IS NOT NULL",
            )
            .await?;
        let mut edit = Table::create();
        edit.table("contact_edit")
            .col(big_pk_auto("id"))
            .col(big_integer("organization_id"))
            .col(big_integer("contact_id"))
            .col(big_integer("user_id"))
            .col(text("kind"))
            .col(big_integer("at"))
            .col(big_integer_null("taken_back_at"));
        manager.create_table(edit).await?;
        manager
            .create_index(
                Index::create()
                    .name("contact_edit_contact")
                    .table("contact_edit")
                    .col("contact_id")
                    .to_owned(),
            )
            .await
    }
}
