//! Edits of one value of a contact: added, replaced or removed by hand.

use std::collections::HashSet;

use alta_domain::{
    BuiltInField, ContactId, Day, EditAnswer, EditKind, ErrorCode, FieldTarget, ValueEdit,
};
use alta_intake::{TypedValues, read_typed, tags};

use super::log::{Edit, is_known, owner_entry, present};
use super::targets::check_targets;
use crate::access::Editor;
use crate::contacts::values::{MultiValueField, elements, name_of, value_in};
use crate::entity::contact;
use crate::error::Result;
use crate::{Store, now};

/// Changes one value of a contact. The text is read by the rules of an import.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the organization has no such contact or custom field, or the
/// contact is in the bin.
pub async fn edit(store: &Store, editor: &Editor, change: &ValueEdit) -> Result<EditAnswer> {
    check_targets(store, editor, &[change.target]).await?;
    let row = present(store.read(), editor, change.contact).await?;
    let read = read(editor, &row, change);
    if let Some((_, code)) = read.refused.first() {
        return Ok(EditAnswer::Refused(*code));
    }
    if let Some(field) = other_field(change.target, &read) {
        return Ok(EditAnswer::OtherField(field));
    }
    let mut edit = Edit::begin(store, editor, change.contact, EditKind::Edited).await?;
    if let Err(current) = check_seen(edit.row()?, change) {
        return Ok(EditAnswer::ChangedMeanwhile(current));
    }
    let before = edit.row()?.clone();
    write(&mut edit, change, &read)?;
    if let Some(owner) = edit.owner_of_gained_key(&before).await? {
        return Ok(EditAnswer::BelongsTo(
            owner_entry(store, editor, owner).await?,
        ));
    }
    if is_known(&before) && !is_known(edit.row()?) {
        return Ok(EditAnswer::LastKey);
    }
    if edit.has_changes() {
        edit.commit().await?;
    }
    Ok(EditAnswer::Saved(read.notices))
}

/// Makes one of the phones or e-mail addresses of a contact the first.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the organization has no such contact, the contact is in the bin, or
/// it does not have the value.
pub async fn make_first(
    store: &Store,
    editor: &Editor,
    id: ContactId,
    field: BuiltInField,
    value: &str,
) -> Result<()> {
    let many = many_of(FieldTarget::BuiltIn(field)).filter(|many| *many != MultiValueField::Tags);
    let many = many.ok_or(ErrorCode::NotFound)?;
    present(store.read(), editor, id).await?;
    let mut edit = Edit::begin(store, editor, id, EditKind::Edited).await?;
    let state = edit.people.get_mut(id.0).ok_or(ErrorCode::NotFound)?;
    if !elements(&state.row, many).iter().any(|own| own == value) {
        return Err(ErrorCode::NotFound.into());
    }
    state.write_by_hand(field.as_str(), Some(value.to_owned()));
    if edit.has_changes() {
        edit.commit().await?;
    }
    Ok(())
}

/// Reads the typed text. Phones and tax ids are read by the rules of the contact's own country.
fn read(editor: &Editor, row: &contact::Model, change: &ValueEdit) -> TypedValues {
    let country = FieldTarget::BuiltIn(BuiltInField::Country);
    let mut typed = vec![(change.target, change.new.as_deref().unwrap_or_default())];
    if let Some(own) = row.country.as_deref().filter(|_| change.target != country) {
        typed.push((country, own));
    }
    read_typed(&typed, editor.country(), Day::year_of(now()))
}

/// Returns the landline for a typed mobile number that turns out to be a landline, and the phone
/// for the opposite; `None` when the text belongs into the edited field.
fn other_field(target: FieldTarget, read: &TypedValues) -> Option<BuiltInField> {
    let landline = read.incoming.value(BuiltInField::Landline);
    match target {
        FieldTarget::BuiltIn(BuiltInField::Phone) => landline.map(|_| BuiltInField::Landline),
        FieldTarget::BuiltIn(BuiltInField::Landline) => {
            (!read.incoming.phones.is_empty()).then_some(BuiltInField::Phone)
        }
        _ => None,
    }
}

fn many_of(target: FieldTarget) -> Option<MultiValueField> {
    MultiValueField::ALL
        .into_iter()
        .find(|many| target == FieldTarget::BuiltIn(many.field()))
}

/// Checks that the stored value is the one that the member saw (`change.old`). If not, the error
/// has the value that is stored now, or `None` when none is stored.
fn check_seen(row: &contact::Model, change: &ValueEdit) -> std::result::Result<(), Option<String>> {
    let many = many_of(change.target).filter(|many| *many != MultiValueField::Tags);
    let Some(many) = many else {
        let stored = value_in(row, change.target);
        return if stored == change.old.as_deref() {
            Ok(())
        } else {
            Err(stored.map(str::to_owned))
        };
    };
    match &change.old {
        // Which of the others was meant can't be known.
        Some(old) if !elements(row, many).contains(old) => Err(None),
        _ => Ok(()),
    }
}

/// Writes the typed value into the contact in memory. [`Edit::commit`] stores it.
fn write(edit: &mut Edit<'_>, change: &ValueEdit, read: &TypedValues) -> Result<()> {
    let id = change.contact.0;
    let state = edit.people.get_mut(id).ok_or(ErrorCode::NotFound)?;
    let old = change.old.as_deref();
    let new = || {
        let mut values = read.incoming.values.iter();
        let found = values.find(|(target, _)| *target == change.target);
        found.map(|(_, value)| value.clone())
    };
    match many_of(change.target) {
        Some(MultiValueField::Tags) => {
            let after = new().unwrap_or_default();
            let after: Vec<&str> = tags(&after).collect();
            let folded = |tag: &str| tag.to_lowercase();
            let kept: HashSet<String> = after.iter().map(|tag| folded(tag)).collect();
            let before = elements(&state.row, MultiValueField::Tags);
            for tag in before.iter().filter(|tag| !kept.contains(&folded(tag))) {
                state.replace_by_hand(MultiValueField::Tags, Some(tag), None);
            }
            for tag in after {
                state.replace_by_hand(MultiValueField::Tags, None, Some(tag));
            }
        }
        Some(many) => {
            let typed = match many {
                MultiValueField::Phones => &read.incoming.phones,
                _ => &read.incoming.emails,
            };
            // Several values in one text: the first takes the old one's place.
            let (first, more) = match typed.split_first() {
                Some((first, more)) => (Some(first.as_str()), more),
                None => (None, &typed[..]),
            };
            state.replace_by_hand(many, old, first);
            for value in more {
                state.replace_by_hand(many, None, Some(value));
            }
        }
        None => state.write_by_hand(&name_of(change.target), new()),
    }
    Ok(())
}
