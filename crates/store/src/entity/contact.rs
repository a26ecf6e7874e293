//! A contact. Its keys are stored in the table `contact_key` too.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "contact")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub organization_id: i64,
    /// The first mobile phone, as E.164 digits.
    pub phone: Option<String>,
    pub landline: Option<String>,
    /// The first e-mail address.
    pub email: Option<String>,
    pub name: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub birth_date: Option<String>,
    pub tax_id: Option<String>,
    pub company: Option<String>,
    pub country: Option<String>,
    pub state: Option<String>,
    pub city: Option<String>,
    pub address: Option<String>,
    pub postal_code: Option<String>,
    pub tags: Option<String>,
    pub external_id: Option<String>,
    pub notes: Option<String>,
    pub custom: Option<Json>,
    /// Further mobile phones, one a line.
    pub more_phones: Option<String>,
    /// Further e-mail addresses, one a line.
    pub more_emails: Option<String>,
    pub created_import_id: Option<i64>,
    pub last_import_id: Option<i64>,
    pub created_at: i64,
    pub updated_at: i64,
    /// The time at which the contact was moved to the bin; `None` when it is not there.
    pub deleted_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
