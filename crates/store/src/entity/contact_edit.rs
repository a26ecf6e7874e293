//! An edit: a change of a contact by hand. What it changed is a part of the contact's history, in
//! which the edit has the negative of its id in the place of an import's id.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "contact_edit")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub organization_id: i64,
    pub contact_id: i64,
    pub user_id: i64,
    /// The word of the kind of edit.
    pub kind: String,
    pub at: i64,
    /// The time at which the edit was taken back; `None` when it was not.
    pub taken_back_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
