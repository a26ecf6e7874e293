//! Server functions about the data of one person: to see all of it, and to erase it.

use alta_domain::{ContactId, ErasureReport, PersonData};
use leptos::prelude::*;
use server_fn::codec::Postcard;

use super::AppError;

/// Reads everything that is stored about a contact, and notes it in the audit log.
///
/// # Errors
/// `NotFound` when the contact is not the organization's; `Forbidden` for other members than
/// Admins.
#[server(
    name = ReadPersonData,
    prefix = "/api",
    endpoint = "person/data",
    input = Postcard,
    output = Postcard,
)]
pub async fn person_data(id: ContactId) -> Result<PersonData, AppError> {
    use super::caller::{Settings, admin, store};
    let catalogue = expect_context::<Settings>().catalogue;
    Ok(read_person(&store(), &admin()?, &catalogue, id).await?)
}

/// Reads everything that is stored about a contact, with the names of systems, and notes it in the
/// audit log.
///
/// # Errors
/// [`alta_domain::ErrorCode::NotFound`] when the contact is not the organization's.
#[cfg(feature = "ssr")]
pub async fn read_person(
    store: &alta_store::Store,
    admin: &alta_store::access::Admin,
    catalogue: &alta_connect::Catalogue,
    id: ContactId,
) -> Result<PersonData, alta_store::StoreError> {
    let mut data = alta_store::person::data::person_data(store, admin, id).await?;
    super::contacts::name_systems(catalogue, &mut data.card);
    for record in &mut data.records {
        if let Some(entry) = catalogue.entry(&record.system) {
            record.system.clone_from(&entry.name);
        }
    }
    Ok(data)
}

/// Erases a contact for good.
///
/// # Errors
/// `NotFound` when the contact is not the organization's; `Forbidden` for other members than
/// Admins.
#[server(prefix = "/api", endpoint = "person/erase", input = Postcard, output = Postcard)]
pub async fn erase_contact(contact: ContactId) -> Result<ErasureReport, AppError> {
    use super::caller::{admin, store};
    Ok(alta_store::person::erasure::erase(&store(), &admin()?, contact).await?)
}
