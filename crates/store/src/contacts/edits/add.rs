//! Contacts that a member adds by hand.

use alta_domain::{
    AddAnswer, BuiltInField, ContactId, Day, EditKind, ErrorCode, FieldPolicy, FieldTarget,
};
use alta_intake::{Incoming, read_typed};
use sea_orm::DatabaseTransaction;

use super::log::{insert, owner_entry, reader_of, record, subject};
use super::targets::check_targets;
use crate::access::Editor;
use crate::contacts::bulk::new_ids;
use crate::contacts::people::{People, next_write};
use crate::contacts::state::{ContactState, Given, MostKeys};
use crate::db::lock_organization;
use crate::error::Result;
use crate::{Store, now};

/// The most further phones, and the most further e-mail addresses, of a contact that is added by
/// hand.
const MOST_KEYS: MostKeys = MostKeys(100);
/// The most texts of a contact that is added by hand.
const MOST_TEXTS: usize = 200;

/// Adds a contact with these typed texts, each for its field. They are read by the rules of an
/// import.
///
/// # Errors
/// [`ErrorCode::TooLong`] for more texts than a contact has fields; [`ErrorCode::NotFound`] for a
/// custom field that the organization does not have.
pub async fn add(
    store: &Store,
    editor: &Editor,
    typed: &[(FieldTarget, String)],
) -> Result<AddAnswer> {
    if typed.len() > MOST_TEXTS {
        return Err(ErrorCode::TooLong.into());
    }
    let targets: Vec<FieldTarget> = typed.iter().map(|(target, _)| *target).collect();
    check_targets(store, editor, &targets).await?;
    let at = now();
    let texts: Vec<(FieldTarget, &str)> = typed
        .iter()
        .map(|(target, text)| (*target, text.as_str()))
        .collect();
    let read = read_typed(&texts, editor.country(), Day::year_of(at));
    if !read.refused.is_empty() {
        return Ok(AddAnswer::Refused(read.refused));
    }
    let incoming = read.incoming;
    let household = incoming.household();
    let mut keys = incoming.keys();
    keys.extend(household.filter(|_| keys.is_empty()));
    let is_known_by = |field| incoming.value(field).is_some();
    let is_known = !incoming.phones.is_empty()
        || !incoming.emails.is_empty()
        || is_known_by(BuiltInField::Landline);
    if !is_known {
        return Ok(AddAnswer::NoKey);
    }
    let transaction = store.begin().await?;
    lock_organization(&transaction, editor.organization).await?;
    let ids = new_ids(&transaction, 1).await?;
    let id = ids.first().copied().ok_or(ErrorCode::BadBatch)?;
    let edit = insert(&transaction, editor, id, EditKind::Added, at).await?;
    let reader = reader_of(editor, edit);
    let asked = keys.iter().cloned();
    let people = People::load(&transaction, reader, asked, std::iter::empty()).await?;
    if let Some(owner) = keys.iter().find_map(|key| people.owner(key)) {
        return Ok(AddAnswer::BelongsTo(
            owner_entry(store, editor, owner).await?,
        ));
    }
    let state = ContactState::added_by_hand(id, editor.organization, edit, at);
    write(store, &transaction, (editor, people), incoming, state).await?;
    transaction.commit().await?;
    Ok(AddAnswer::Added(ContactId(id)))
}

/// Gives the values to the new contact, and writes it with its keys.
async fn write(
    store: &Store,
    transaction: &DatabaseTransaction,
    (editor, mut people): (&Editor, People),
    incoming: Incoming,
    mut state: ContactState,
) -> Result<()> {
    let given = Given {
        phones: incoming.phones,
        emails: incoming.emails,
        values: incoming.values,
        yields: Vec::new(),
    };
    state.give(&given, |_| FieldPolicy::Update, MOST_KEYS);
    let (subject, at) = (subject(&state.row), state.row.created_at);
    people.add_new(state);
    let write = next_write(transaction, editor.organization).await?;
    people.write(transaction, &store.vault, write, at).await?;
    record(transaction, editor, EditKind::Added, &subject).await
}
