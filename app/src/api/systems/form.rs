//! The form of a system, and what the catalogue adds to a connection: the system's name, remedies,
//! notices.

use std::sync::Arc;

use alta_connect::{Catalogue, Manifest, Words};
use alta_domain::{
    ConnectForm, Connection, ConnectionId, CredentialField, ErrorCode, Language, NoticeAddress,
    Stream,
};
use alta_store::access::Admin;
use alta_store::{Store, StoreError, systems};

use crate::api::caller::Settings;

/// The path that a system's consent page sends people back to.
pub(super) const BACK: &str = "/api/onboarding/connected";
/// The path under which systems send notices of changes.
const NOTICES: &str = "/api/notices";

/// Returns the slug of the first of these systems that has a manifest and no connection yet; `None`
/// when there is no such system.
#[must_use]
pub fn next_to_connect(
    catalogue: &Catalogue,
    slugs: &[String],
    connections: &[Connection],
) -> Option<String> {
    let is_open = |slug: &&String| {
        catalogue.manifest(slug).is_some()
            && !connections
                .iter()
                .any(|connection| connection.slug == **slug)
    };
    slugs.iter().find(is_open).cloned()
}

/// Returns the manifest of a system.
///
/// # Errors
/// [`ErrorCode::NotFound`] for a system that can't be connected.
pub(super) fn manifest_of<'a>(
    settings: &'a Settings,
    slug: &str,
) -> Result<&'a Arc<Manifest>, StoreError> {
    settings
        .catalogue
        .manifest(slug)
        .ok_or_else(|| ErrorCode::NotFound.into())
}

/// Returns the form of a system in a language; `chosen` are the slugs of the systems that the
/// organization uses.
///
/// # Errors
/// [`ErrorCode::NotFound`] for a system that can't be connected.
pub(super) fn form(
    settings: &Settings,
    slug: &str,
    language: Language,
    connections: Vec<Connection>,
    chosen: &[String],
) -> Result<ConnectForm, StoreError> {
    let manifest = manifest_of(settings, slug)?;
    let system = settings
        .catalogue
        .entry(slug)
        .cloned()
        .ok_or(ErrorCode::NotFound)?;
    let in_language = |words: &[Words]| {
        words
            .iter()
            .map(|words| words.of(language).to_owned())
            .collect()
    };
    let field = |field: &alta_connect::Credential| CredentialField {
        name: field.name.clone(),
        label: field.label.of(language).to_owned(),
        help: field
            .help
            .as_ref()
            .map(|help| help.of(language).to_owned())
            .unwrap_or_default(),
        secret: field.secret,
        optional: field.optional,
    };
    let after: Vec<String> = chosen
        .iter()
        .filter(|other| *other != slug)
        .cloned()
        .collect();
    Ok(ConnectForm {
        // For an Admin a price is a part of its product, so the form does not list prices.
        streams: manifest
            .streams()
            .into_iter()
            .filter(|stream| *stream != Stream::Prices)
            .collect(),
        steps: in_language(&manifest.steps),
        export: in_language(&manifest.export),
        fields: manifest.credentials.iter().map(field).collect(),
        back: manifest
            .oauth
            .as_ref()
            .map(|_| format!("{}{BACK}", settings.base)),
        next: next_to_connect(&settings.catalogue, &after, &connections),
        connection: connections
            .into_iter()
            .find(|connection| connection.slug == slug)
            .map(|connection| with_remedy(settings, connection, language)),
        system,
    })
}

/// Adds to a connection what its system's manifest knows: the system's name, whether it sends
/// notices, and how its fault is mended, in the reader's language.
pub(super) fn with_remedy(
    settings: &Settings,
    mut connection: Connection,
    language: Language,
) -> Connection {
    if let Some(entry) = settings.catalogue.entry(&connection.slug) {
        connection.system.clone_from(&entry.name);
    }
    connection.notices = settings
        .catalogue
        .manifest(&connection.slug)
        .is_some_and(|manifest| manifest.webhook.is_some());
    if let (Some(fault), Some(manifest)) = (
        &mut connection.fault,
        settings.catalogue.manifest(&connection.slug),
    ) {
        fault.remedy = manifest
            .remedy(fault.kind)
            .map(|words| words.of(language).to_owned());
    }
    connection
}

/// Returns the address for a connection's notices, with the steps to enter it in the system.
///
/// # Errors
/// [`ErrorCode::NotFound`] for a connection of another organization, or a system without notices.
pub(super) async fn notice_address(
    store: &Store,
    admin: &Admin,
    settings: &Settings,
    id: ConnectionId,
) -> Result<NoticeAddress, StoreError> {
    let connection = systems::get(store, admin, id).await?;
    let webhook = manifest_of(settings, &connection.slug)?
        .webhook
        .as_ref()
        .ok_or(ErrorCode::NotFound)?;
    let word = systems::notice_word(store, admin, id).await?;
    let steps = webhook
        .steps
        .iter()
        .map(|words| words.of(admin.language()).to_owned())
        .collect();
    Ok(NoticeAddress {
        address: format!("{}{NOTICES}/{word}", settings.base),
        steps,
    })
}
