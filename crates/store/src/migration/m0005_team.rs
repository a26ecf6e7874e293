//! Adds what the team needs: members who can't sign in, sessions that end by disuse, invitations
//! with links, mails to be sent, links for a new password, the audit log.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, big_pk_auto, boolean, integer, string, string_null, text_null,
};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0005_team"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    #[expect(
        clippy::too_many_lines,
        reason = "a migration creates its tables one after another, and never changes"
    )]
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let add = |table: &'static str, column: ColumnDef| {
            Table::alter().table(table).add_column(column).to_owned()
        };
        manager
            .alter_table(add(
                "membership",
                boolean("active").default(true).to_owned(),
            ))
            .await?;
        manager
            .alter_table(add("session", big_integer("seen_at").default(0).to_owned()))
            .await?;
        manager
            .get_connection()
            .execute_unprepared("UPDATE session SET seen_at = created_at")
            .await?;
        manager
            .alter_table(add("invitation", string_null("token_hash")))
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("invitation_token")
                    .table("invitation")
                    .col("token_hash")
                    .unique()
                    .to_owned(),
            )
            .await?;
        let belongs_to = |table: &'static str, column: &'static str, to: &'static str| {
            ForeignKey::create()
                .name(format!("{table}_{column}"))
                .from(table, column)
                .to(to, "id")
                .on_delete(ForeignKeyAction::Cascade)
                .to_owned()
        };
        let mut mail = Table::create();
        mail.table("mail")
            .col(big_pk_auto("id"))
            .col(big_integer_null("invitation_id"))
            .col(big_integer_null("user_id"))
            .col(big_integer("created_at"))
            .col(integer("tries"))
            .col(big_integer("next_try_at"))
            .col(big_integer("leased_until"))
            .col(big_integer_null("sent_at"))
            .col(text_null("refused"))
            .foreign_key(&mut belongs_to("mail", "invitation_id", "invitation"))
            .foreign_key(&mut belongs_to("mail", "user_id", "user"));
        manager.create_table(mail).await?;
        manager
            .create_index(
                Index::create()
                    .name("mail_invitation")
                    .table("mail")
                    .col("invitation_id")
                    .to_owned(),
            )
            .await?;
        let mut reset = Table::create();
        reset
            .table("password_reset")
            .col(string("token_hash").primary_key())
            .col(big_integer("user_id"))
            .col(big_integer("expires_at"))
            .foreign_key(&mut belongs_to("password_reset", "user_id", "user"));
        manager.create_table(reset).await?;
        let mut audit = Table::create();
        audit
            .table("audit_entry")
            .col(big_pk_auto("id"))
            .col(big_integer("organization_id"))
            .col(big_integer("user_id"))
            .col(string("actor"))
            .col(string("action"))
            .col(string("subject"))
            .col(string_null("from_address"))
            .col(big_integer("at"))
            .foreign_key(&mut belongs_to(
                "audit_entry",
                "organization_id",
                "organization",
            ));
        manager.create_table(audit).await?;
        let index = Index::create()
            .name("audit_entry_organization")
            .table("audit_entry")
            .col("organization_id")
            .col("id")
            .to_owned();
        manager.create_index(index).await
    }
}
