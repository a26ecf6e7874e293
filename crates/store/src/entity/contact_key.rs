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

/// The letter that each kind of key begins with where it is stored.
const LETTERS: [(KeyKind, char); 4] = [
    (KeyKind::Phone, 'p'),
    (KeyKind::Email, 'e'),
    (KeyKind::Cpf, 'c'),
    (KeyKind::Landline, 'l'),
];

/// A key as it is stored: the letter of its kind and its value.
pub(crate) fn stored(key: &Key) -> String {
    let mut letters = LETTERS.iter().filter(|(kind, _)| *kind == key.kind);
    let letter = letters.next().map_or(' ', |(_, letter)| *letter);
    format!("{letter}{}", key.value)
}

/// The key that is stored so; none when its letter is no kind's.
pub(crate) fn read(stored: &str) -> Option<Key> {
    let (kind, letter) = LETTERS
        .iter()
        .find(|(_, letter)| stored.starts_with(*letter))?;
    Some(Key::new(*kind, &stored[letter.len_utf8()..]))
}
