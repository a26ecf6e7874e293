//! Creates the first tables: users, organizations, contacts, lists, imports, invitations.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, big_pk_auto, integer, json, json_null, string, string_null,
    text_null,
};
use sea_orm_migration::sea_orm::DbBackend;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0001_first"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in people().into_iter().chain(contacts()).chain(imports()) {
            manager.create_table(table).await?;
        }
        let unique = |name: &'static str, table: &'static str, columns: &[&'static str]| {
            let mut index = Index::create();
            index.name(name).table(table).unique();
            for column in columns {
                index.col(*column);
            }
            index.clone()
        };
        for index in [
            unique("user_email", "user", &["email"]),
            unique("field_name", "field", &["organization_id", "name_key"]),
            unique("list_name", "list", &["organization_id", "name_key"]),
            unique(
                "invitation_email",
                "invitation",
                &["organization_id", "email"],
            ),
            unique(
                "contact_phone",
                "contact",
                &["organization_id", "phone_key"],
            ),
            unique("contact_email", "contact", &["organization_id", "email"]),
            unique("contact_tax_id", "contact", &["organization_id", "tax_id"]),
        ] {
            manager.create_index(index).await?;
        }
        manager
            .create_index(
                Index::create()
                    .name("list_member_contact")
                    .table("list_member")
                    .col("contact_id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("import_organization")
                    .table("import")
                    .col("organization_id")
                    .col("id")
                    .to_owned(),
            )
            .await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            // An update that changes no indexed value can stay on its page.
            manager
                .get_connection()
                .execute_unprepared("ALTER TABLE contact SET (fillfactor = 90)")
                .await?;
        }
        Ok(())
    }
}

fn belongs_to(
    table: &'static str,
    column: &'static str,
    to: &'static str,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_{column}"))
        .from(table, column)
        .to(to, "id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}

#[expect(
    clippy::too_many_lines,
    reason = "a migration creates its tables one after another, and never changes"
)]
fn people() -> Vec<TableCreateStatement> {
    let mut organization = Table::create();
    organization
        .table("organization")
        .col(big_pk_auto("id"))
        .col(string("name"))
        .col(string("country"))
        .col(string("language"))
        .col(big_integer("created_at"));
    let mut user = Table::create();
    user.table("user")
        .col(big_pk_auto("id"))
        .col(string("email"))
        .col(string("name"))
        .col(string("password_hash"))
        .col(string("language"))
        .col(big_integer("created_at"));
    let mut membership = Table::create();
    membership
        .table("membership")
        .col(big_integer("organization_id"))
        .col(big_integer("user_id"))
        .col(string("role"))
        .primary_key(Index::create().col("organization_id").col("user_id"))
        .foreign_key(&mut belongs_to(
            "membership",
            "organization_id",
            "organization",
        ))
        .foreign_key(&mut belongs_to("membership", "user_id", "user"));
    let mut session = Table::create();
    session
        .table("session")
        .col(string("token_hash").primary_key())
        .col(big_integer("user_id"))
        .col(big_integer("organization_id"))
        .col(big_integer("created_at"))
        .col(big_integer("expires_at"))
        .foreign_key(&mut belongs_to("session", "user_id", "user"))
        .foreign_key(&mut belongs_to(
            "session",
            "organization_id",
            "organization",
        ));
    let mut setup = Table::create();
    setup
        .table("setup_link")
        .col(string("token_hash").primary_key())
        .col(big_integer("created_at"));
    let mut onboarding = Table::create();
    onboarding
        .table("onboarding")
        .col(big_integer("organization_id").primary_key())
        .col(string_null("current"))
        .col(json("steps"))
        .col(json_null("mapping"))
        .foreign_key(&mut belongs_to(
            "onboarding",
            "organization_id",
            "organization",
        ));
    let mut interest = Table::create();
    interest
        .table("system_interest")
        .col(big_integer("organization_id"))
        .col(string("name"))
        .col(string_null("slug"))
        .col(big_integer("created_at"))
        .primary_key(Index::create().col("organization_id").col("name"))
        .foreign_key(&mut belongs_to(
            "system_interest",
            "organization_id",
            "organization",
        ));
    let mut invitation = Table::create();
    invitation
        .table("invitation")
        .col(big_pk_auto("id"))
        .col(big_integer("organization_id"))
        .col(string("email"))
        .col(string("role"))
        .col(big_integer("invited_by"))
        .col(big_integer("created_at"))
        .col(big_integer("expires_at"))
        .foreign_key(&mut belongs_to(
            "invitation",
            "organization_id",
            "organization",
        ))
        .foreign_key(&mut belongs_to("invitation", "invited_by", "user"));
    vec![
        organization,
        user,
        membership,
        session,
        setup,
        onboarding,
        interest,
        invitation,
    ]
}

#[expect(
    clippy::too_many_lines,
    reason = "a migration creates its tables one after another, and never changes"
)]
fn contacts() -> Vec<TableCreateStatement> {
    let mut field = Table::create();
    field
        .table("field")
        .col(big_pk_auto("id"))
        .col(big_integer("organization_id"))
        .col(string("name"))
        .col(string("name_key"))
        .col(string("kind"))
        .foreign_key(&mut belongs_to("field", "organization_id", "organization"));
    let mut list = Table::create();
    list.table("list")
        .col(big_pk_auto("id"))
        .col(big_integer("organization_id"))
        .col(string("name"))
        .col(string("name_key"))
        .col(big_integer("created_at"))
        .foreign_key(&mut belongs_to("list", "organization_id", "organization"));
    let mut contact = Table::create();
    contact
        .table("contact")
        .col(big_pk_auto("id"))
        .col(big_integer("organization_id"))
        .col(text_null("phone_key"));
    for column in [
        "phone",
        "landline",
        "email",
        "name",
        "first_name",
        "last_name",
        "birth_date",
        "tax_id",
        "company",
        "country",
        "state",
        "city",
        "address",
        "postal_code",
        "tags",
        "external_id",
        "notes",
    ] {
        contact.col(text_null(column));
    }
    contact
        .col(json_null("custom"))
        .col(big_integer_null("created_import_id"))
        .col(big_integer_null("last_import_id"))
        .col(big_integer("created_at"))
        .col(big_integer("updated_at"))
        .foreign_key(&mut belongs_to(
            "contact",
            "organization_id",
            "organization",
        ));
    let mut member = Table::create();
    member
        .table("list_member")
        .col(big_integer("list_id"))
        .col(big_integer("contact_id"))
        .primary_key(Index::create().col("list_id").col("contact_id"))
        .foreign_key(&mut belongs_to("list_member", "list_id", "list"))
        .foreign_key(&mut belongs_to("list_member", "contact_id", "contact"));
    vec![field, list, contact, member]
}

fn imports() -> Vec<TableCreateStatement> {
    let mut import = Table::create();
    import
        .table("import")
        .col(big_pk_auto("id"))
        .col(big_integer("organization_id"))
        .col(big_integer("user_id"))
        .col(big_integer_null("list_id"))
        .col(string("file_name"))
        .col(big_integer("file_bytes"))
        .col(big_integer("fingerprint"))
        .col(json("plan"))
        .col(json_null("correction"))
        .col(string("state"))
        .col(integer("next_sequence"));
    for count in [
        "records",
        "created",
        "updated",
        "unchanged",
        "merged",
        "rejected",
        "dropped",
    ] {
        import.col(integer(count));
    }
    import
        .col(big_integer("started_at"))
        .col(big_integer_null("ended_at"))
        .foreign_key(&mut belongs_to("import", "organization_id", "organization"));
    let mut batch = Table::create();
    batch
        .table("import_batch")
        .col(big_integer("import_id"))
        .col(integer("sequence"))
        .col(json("ledger"))
        .primary_key(Index::create().col("import_id").col("sequence"))
        .foreign_key(&mut belongs_to("import_batch", "import_id", "import"));
    let mut reject = Table::create();
    reject
        .table("import_reject")
        .col(big_integer("import_id"))
        .col(integer("record"))
        .col(integer("line"))
        .col(string("code"))
        .col(json("cells"))
        .primary_key(Index::create().col("import_id").col("record"))
        .foreign_key(&mut belongs_to("import_reject", "import_id", "import"));
    vec![import, batch, reject]
}
