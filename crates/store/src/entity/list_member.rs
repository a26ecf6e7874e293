//! The membership of a contact in a list, once for each import that added the contact.

use sea_orm::entity::prelude::*;

#[expect(
    clippy::struct_field_names,
    reason = "columns are named for what they refer to"
)]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "list_member")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub list_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub contact_id: i64,
    /// The import that added the contact; 0 when no import did.
    #[sea_orm(primary_key, auto_increment = false)]
    pub import_id: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
