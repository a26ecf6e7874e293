//! A key of a contact: in one organization it belongs to one contact.

use alta_domain::{Key, KeyKind};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "contact_key")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    /// The letter of the key's kind, followed by its value: `p5551999990001`.
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

/// Returns the letter with which a stored key of this kind begins.
const fn letter(kind: KeyKind) -> char {
    match kind {
        KeyKind::Phone => 'p',
        KeyKind::Email => 'e',
        KeyKind::Cpf => 'c',
        KeyKind::Landline => 'l',
    }
}

/// Returns the stored form of a key: the letter of its kind, followed by its value.
pub(crate) fn stored(key: &Key) -> String {
    format!("{}{}", letter(key.kind), key.value)
}

/// Reads a key from its stored form; returns `None` when its first letter is not the letter of a
/// kind.
pub(crate) fn read(stored: &str) -> Option<Key> {
    let first = stored.chars().next()?;
    let kind = KINDS.into_iter().find(|kind| letter(*kind) == first)?;
    Some(Key::new(kind, &stored[first.len_utf8()..]))
}
