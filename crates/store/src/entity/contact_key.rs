//! A key of a contact: in one organization it belongs to one contact.

use alta_domain::{Key, KeyKind};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "contact_key")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    /// The letter of its kind and its value: `p5551999990001`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    pub contact_id: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// All kinds of keys.
const KINDS: [KeyKind; 4] = [
    KeyKind::Phone,
    KeyKind::Email,
    KeyKind::Cpf,
    KeyKind::Landline,
];

/// The letter that a key of this kind begins with where it is stored.
const fn letter(kind: KeyKind) -> char {
    match kind {
        KeyKind::Phone => 'p',
        KeyKind::Email => 'e',
        KeyKind::Cpf => 'c',
        KeyKind::Landline => 'l',
    }
}

/// A key as it is stored: the letter of its kind and its value.
pub(crate) fn stored(key: &Key) -> String {
    format!("{}{}", letter(key.kind), key.value)
}

/// The key that is stored so; none when its letter is no kind's.
pub(crate) fn read(stored: &str) -> Option<Key> {
    let first = stored.chars().next()?;
    let kind = KINDS.into_iter().find(|kind| letter(*kind) == first)?;
    Some(Key::new(kind, &stored[first.len_utf8()..]))
}
