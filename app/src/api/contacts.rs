//! Server functions of contacts: the search, and one contact's card.

use alta_domain::{ContactCard, ContactEntry, ContactId};
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
    use super::caller::{access, store};
    Ok(alta_store::contacts::search(&store(), &access()?, &text, before).await?)
}

/// Reads a contact's values with the name of the system that each came from.
///
/// # Errors
/// `NotFound` when it is not the organization's.
#[server(
    name = ReadContact,
    prefix = "/api",
    endpoint = "contact",
    input = Postcard,
    output = Postcard,
)]
pub async fn contact(id: ContactId) -> Result<ContactCard, AppError> {
    use super::caller::{Settings, access, store};
    let catalogue = expect_context::<Settings>().catalogue;
    let mut card = alta_store::contacts::card(&store(), &access()?, id).await?;
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
