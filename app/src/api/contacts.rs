//! Server functions of contacts: the search, and one contact's card.

use alta_domain::{Channel, ContactCard, ContactEntry, ContactId, LegalBasis};
use leptos::prelude::*;
use server_fn::codec::Postcard;

use super::AppError;

/// Finds contacts whose name, phone, e-mail or tax id contains a text, the newest first.
///
/// # Errors
/// `SignedOut`.
#[server(prefix = "/api", endpoint = "contacts", input = Postcard, output = Postcard)]
pub async fn contacts(
    text: String,
    before: Option<ContactId>,
) -> Result<Vec<ContactEntry>, AppError> {
    use super::caller::{member, store};
    Ok(alta_store::contacts::search(&store(), &member()?, &text, before).await?)
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
    let name = |slug: &str| {
        catalogue
            .entry(slug)
            .map_or_else(|| slug.to_owned(), |entry| entry.name.clone())
    };
    for system in card
        .values
        .iter_mut()
        .filter_map(|value| value.origin.as_mut()?.system.as_mut())
    {
        *system = name(system);
    }
    for sale in &mut card.transactions {
        sale.system = name(&sale.system);
    }
    Ok(card)
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
