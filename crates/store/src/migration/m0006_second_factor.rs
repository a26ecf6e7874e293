//! Creates the tables of second factors and of changes of e-mail addresses, and adds to each
//! session where it was opened.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, boolean, integer, string, string_null, text,
};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0006_second_factor"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let add = |table: &'static str, column: ColumnDef| {
            Table::alter().table(table).add_column(column).to_owned()
        };
        manager
            .alter_table(add(
                "organization",
                boolean("requires_second_factor").default(false).to_owned(),
            ))
            .await?;
        manager
            .alter_table(add(
                "session",
                boolean("awaits_code").default(false).to_owned(),
            ))
            .await?;
        manager
            .alter_table(add("session", string_null("from_address")))
            .await?;
        manager
            .alter_table(add("session", string_null("browser")))
            .await?;
        manager
            .alter_table(add("mail", string_null("new_email")))
            .await?;
        let of_user = |table: &'static str| {
            let mut key = ForeignKey::create();
            key.name(format!("{table}_user_id"))
                .from(table, "user_id")
                .to("user", "id")
                .on_delete(ForeignKeyAction::Cascade);
            key
        };
        let mut factor = Table::create();
        factor
            .table("second_factor")
            .col(big_integer("user_id").primary_key())
            .col(text("secret"))
            .col(big_integer_null("since"))
            .col(big_integer("last_step"))
            .col(integer("failures"))
            .col(big_integer("failed_at"))
            .foreign_key(&mut of_user("second_factor"));
        manager.create_table(factor).await?;
        let mut code = Table::create();
        code.table("recovery_code")
            .col(string("code_hash").primary_key())
            .col(big_integer("user_id"))
            .foreign_key(&mut of_user("recovery_code"));
        manager.create_table(code).await?;
        let mut change = Table::create();
        change
            .table("email_change")
            .col(string("token_hash").primary_key())
            .col(big_integer("user_id"))
            .col(string("email"))
            .col(big_integer("expires_at"))
            .foreign_key(&mut of_user("email_change"));
        manager.create_table(change).await
    }
}
