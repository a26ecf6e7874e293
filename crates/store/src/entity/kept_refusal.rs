//! A refusal that is kept of a contact which was erased: nobody may write to this phone or e-mail
//! address by this channel. The phone or address itself is not stored.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "kept_refusal")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    /// The keyed hash of the phone or of the e-mail address.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    /// The word of the channel.
    #[sea_orm(primary_key, auto_increment = false)]
    pub channel: String,
    pub at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
