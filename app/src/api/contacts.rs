//! Server functions of contacts: the search, one contact's card, and the changes by hand.

#[cfg(feature = "ssr")]
use alta_domain::EventSource;
use alta_domain::{
    AddAnswer, BuiltInField, Channel, ContactCard, ContactCounts, ContactEntry, ContactId,
    EditAnswer, EditId, Field, FieldTarget, LegalBasis, TakeBackAnswer, ValueEdit,
};
use leptos::prelude::*;
use server_fn::codec::Postcard;

use super::AppError;

/// Finds contacts whose name, phone, e-mail or tax id contains a text, the newest first: in the bin
/// when `in_bin` is true, otherwise in the contact base.
///
/// # Errors
/// `SignedOut`.
#[server(prefix = "/api", endpoint = "contacts", input = Postcard, output = Postcard)]
pub async fn contacts(
    in_bin: bool,
    text: String,
    before: Option<ContactId>,
) -> Result<Vec<ContactEntry>, AppError> {
    use super::caller::{member, store};
    use alta_store::contacts::{Place, search};
    let place = if in_bin { Place::Bin } else { Place::Base };
    Ok(search(&store(), &member()?, place, &text, before).await?)
}

/// Counts the contacts of the base, and those in the bin.
///
/// # Errors
/// `SignedOut`.
#[server(
    name = ReadContactCounts,
    prefix = "/api",
    endpoint = "contact_counts",
    input = Postcard,
    output = Postcard,
)]
pub async fn contact_counts() -> Result<ContactCounts, AppError> {
    use super::caller::{member, store};
    Ok(alta_store::contacts::counts(&store(), &member()?).await?)
}

/// Lists the custom fields of the organization, for the form of a new contact.
///
/// # Errors
/// `SignedOut`.
#[server(prefix = "/api", endpoint = "contact_fields", input = Postcard, output = Postcard)]
pub async fn contact_fields() -> Result<Vec<Field>, AppError> {
    use super::caller::{member, store};
    Ok(alta_store::contacts::fields::all(&store(), &member()?).await?)
}

/// Reads a contact's values with the name of the system that each came from.
///
/// # Errors
/// `NotFound` when the contact is not the organization's.
#[server(
    name = ReadContact,
    prefix = "/api",
    endpoint = "contact",
    input = Postcard,
    output = Postcard,
)]
pub async fn contact(id: ContactId) -> Result<ContactCard, AppError> {
    use super::caller::{Settings, member, store};
    let catalogue = expect_context::<Settings>().catalogue;
    let mut card = alta_store::contacts::card(&store(), &member()?, id).await?;
    name_systems(&catalogue, &mut card);
    Ok(card)
}

/// Replaces the slugs of systems on a card with their names.
#[cfg(feature = "ssr")]
pub(super) fn name_systems(catalogue: &alta_connect::Catalogue, card: &mut ContactCard) {
    let origins = card
        .values
        .iter_mut()
        .filter_map(|value| value.origin.as_mut());
    let of_values = origins.filter_map(|origin| origin.system.as_mut());
    let of_sales = card.transactions.iter_mut().map(|sale| &mut sale.system);
    let of_events = card
        .history
        .iter_mut()
        .filter_map(|event| match &mut event.source {
            EventSource::Import { system, .. } => system.as_mut(),
            _ => None,
        });
    for system in of_values.chain(of_sales).chain(of_events) {
        if let Some(entry) = catalogue.entry(system) {
            system.clone_from(&entry.name);
        }
    }
}

/// Stores a member's note that a contact may be written to by a channel, on the legal basis `yes`;
/// when `yes` is `None`, that the contact must not be written to. `source` says where the contact
/// gave this answer.
///
/// # Errors
/// `NotFound`; `Forbidden` for a member who may only read; `TooLong`.
#[server(prefix = "/api", endpoint = "note_permission", input = Postcard, output = Postcard)]
pub async fn note_permission(
    contact: ContactId,
    channel: Channel,
    yes: Option<LegalBasis>,
    source: String,
) -> Result<(), AppError> {
    use super::caller::{editor, store};
    let editor = editor()?;
    Ok(
        alta_store::contacts::consents::note(&store(), &editor, contact, channel, yes, &source)
            .await?,
    )
}

/// Adds a contact by hand, with these typed texts, each for its field.
///
/// # Errors
/// `Forbidden` for a member who may only read; `TooLong` for too many texts.
#[server(prefix = "/api", endpoint = "add_contact", input = Postcard, output = Postcard)]
pub async fn add_contact(typed: Vec<(FieldTarget, String)>) -> Result<AddAnswer, AppError> {
    use super::caller::{editor, store};
    Ok(alta_store::contacts::edits::add(&store(), &editor()?, &typed).await?)
}

/// Changes one value of a contact by hand.
///
/// # Errors
/// `NotFound`; `Forbidden` for a member who may only read.
#[server(prefix = "/api", endpoint = "edit_contact", input = Postcard, output = Postcard)]
pub async fn edit_contact(edit: ValueEdit) -> Result<EditAnswer, AppError> {
    use super::caller::{editor, store};
    Ok(alta_store::contacts::edits::edit(&store(), &editor()?, &edit).await?)
}

/// Makes one of the phones or e-mail addresses of a contact the first.
///
/// # Errors
/// `NotFound`; `Forbidden` for a member who may only read.
#[server(prefix = "/api", endpoint = "make_first", input = Postcard, output = Postcard)]
pub async fn make_first(
    contact: ContactId,
    field: BuiltInField,
    value: String,
) -> Result<(), AppError> {
    use super::caller::{editor, store};
    let (store, editor) = (store(), editor()?);
    Ok(alta_store::contacts::edits::make_first(&store, &editor, contact, field, &value).await?)
}

/// Moves a contact to the bin, or takes it out of the bin.
///
/// # Errors
/// `NotFound`; `Forbidden` for a member who may only read.
#[server(prefix = "/api", endpoint = "bin_contact", input = Postcard, output = Postcard)]
pub async fn bin_contact(contact: ContactId, is_deleted: bool) -> Result<(), AppError> {
    use super::caller::{editor, store};
    use alta_store::contacts::edits::{delete, restore};
    let (store, editor) = (store(), editor()?);
    if is_deleted {
        delete(&store, &editor, contact).await?;
    } else {
        restore(&store, &editor, contact).await?;
    }
    Ok(())
}

/// Takes back an edit of a contact.
///
/// # Errors
/// `NotFound`; `Forbidden` for a member who may only read.
#[server(prefix = "/api", endpoint = "take_back_edit", input = Postcard, output = Postcard)]
pub async fn take_back_edit(contact: ContactId, edit: EditId) -> Result<TakeBackAnswer, AppError> {
    use super::caller::{editor, store};
    Ok(alta_store::contacts::edits::take_back(&store(), &editor()?, contact, edit).await?)
}
