//! Server functions of connections: connecting a system, and managing what is connected.

#![cfg_attr(
    feature = "ssr",
    expect(clippy::unused_async, reason = "a server function is async")
)]

use alta_domain::{
    ConnectForm, Connecting, Connection, ConnectionId, NoticeAddress, OwnManifest, SyncProblem,
    SyncRun,
};
use leptos::prelude::*;
use server_fn::codec::Postcard;

use super::AppError;

#[cfg(feature = "ssr")]
mod credentials;
#[cfg(feature = "ssr")]
mod form;

#[cfg(feature = "ssr")]
pub use credentials::take_consent;
#[cfg(feature = "ssr")]
pub use form::next_to_connect;

/// Reads the form that connects a system. It is filled in for the connection `again`, which is to
/// be opened anew; without `again` for the first connection of the system, if there is one.
///
/// # Errors
/// `NotFound` for a system that can't be connected.
#[server(
    name = ReadConnectForm,
    prefix = "/api",
    endpoint = "onboarding/connect_form",
    input = Postcard,
    output = Postcard,
)]
pub async fn connect_form(
    slug: String,
    again: Option<ConnectionId>,
) -> Result<ConnectForm, AppError> {
    use super::caller::{Settings, admin, store};
    let (store, admin, settings) = (store(), admin()?, expect_context::<Settings>());
    let mut connections = alta_store::systems::list(&store, &admin).await?;
    connections.sort_by_key(|one| Some(one.id) != again);
    let chosen = alta_store::onboarding::systems(&store, &admin).await?;
    Ok(form::form(
        &settings,
        &slug,
        admin.language(),
        connections,
        &chosen.slugs,
    )?)
}

/// Checks credentials with a real call, and stores the connection when the system accepts them.
/// `again` is a connection to be opened anew with these credentials.
///
/// # Errors
/// `NotFound`, `Missing`, `TooManyTries`. A refusal by the system is no error, but an answer.
#[server(prefix = "/api", endpoint = "onboarding/connect", input = Postcard, output = Postcard)]
pub async fn connect(
    slug: String,
    typed: Vec<(String, String)>,
    again: Option<ConnectionId>,
) -> Result<Connecting, AppError> {
    use super::caller::{Settings, admin, store};
    use super::failures::Purpose;
    use super::limit::own;
    let (store, admin, settings) = (store(), admin()?, expect_context::<Settings>());
    let connect = credentials::connect(&store, &admin, &settings, &slug, typed, again);
    let connect = Box::pin(connect);
    Ok(own(Purpose::Connect, &admin.me().email, connect).await?)
}

/// Lists the connections of the organization.
///
/// # Errors
/// `SignedOut`, `Forbidden`.
#[server(prefix = "/api", endpoint = "onboarding/connections", input = Postcard, output = Postcard)]
pub async fn connections() -> Result<Vec<Connection>, AppError> {
    use super::caller::{Settings, admin, store};
    let (store, admin, settings) = (store(), admin()?, expect_context::<Settings>());
    let connections = alta_store::systems::list(&store, &admin).await?;
    Ok(connections
        .into_iter()
        .map(|connection| form::with_remedy(&settings, connection, admin.language()))
        .collect())
}

/// Reads one connection.
///
/// # Errors
/// `NotFound` when the connection is not the organization's.
#[server(
    name = ReadConnection,
    prefix = "/api",
    endpoint = "onboarding/connection",
    input = Postcard,
    output = Postcard,
)]
pub async fn connection(id: ConnectionId) -> Result<Connection, AppError> {
    use super::caller::{Settings, admin, store};
    let (store, admin, settings) = (store(), admin()?, expect_context::<Settings>());
    Ok(form::with_remedy(
        &settings,
        alta_store::systems::get(&store, &admin, id).await?,
        admin.language(),
    ))
}

/// Reads the last runs of a connection, and the records that the runs could not read.
///
/// # Errors
/// `NotFound` when the connection is not the organization's.
#[server(
    prefix = "/api",
    endpoint = "onboarding/connection_runs",
    input = Postcard,
    output = Postcard,
)]
pub async fn connection_runs(
    id: ConnectionId,
) -> Result<(Vec<SyncRun>, Vec<SyncProblem>), AppError> {
    use super::caller::{admin, store};
    let (store, admin) = (store(), admin()?);
    Ok((
        alta_store::systems::runs(&store, &admin, id).await?,
        alta_store::systems::problems(&store, &admin, id).await?,
    ))
}

/// Lists the manifests that the server's owner has added.
///
/// # Errors
/// `SignedOut`, `Forbidden`.
#[server(
    prefix = "/api",
    endpoint = "onboarding/own_manifests",
    input = Postcard,
    output = Postcard,
)]
pub async fn own_manifests() -> Result<Vec<OwnManifest>, AppError> {
    use super::caller::{Settings, admin};
    admin()?;
    let settings = expect_context::<Settings>();
    let name = |file: &std::path::Path| {
        file.file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    };
    let own = |custom: &alta_connect::CustomManifest| OwnManifest {
        file: name(&custom.file),
        read: custom.read.clone(),
    };
    Ok(settings.catalogue.custom().iter().map(own).collect())
}

/// Reads the address to which the system of a connection sends its notices of changes.
///
/// # Errors
/// `NotFound` when the connection is not the organization's, or its system sends no notices.
#[server(
    name = ReadNoticeAddress,
    prefix = "/api",
    endpoint = "onboarding/notice_address",
    input = Postcard,
    output = Postcard,
)]
pub async fn notice_address(id: ConnectionId) -> Result<NoticeAddress, AppError> {
    use super::caller::{Settings, admin, store};
    let (store, admin, settings) = (store(), admin()?, expect_context::<Settings>());
    Ok(form::notice_address(&store, &admin, &settings, id).await?)
}

/// Starts a run of a connection now, even when its last run failed.
///
/// # Errors
/// `NotFound` when the connection is not the organization's.
#[server(prefix = "/api", endpoint = "onboarding/sync_now", input = Postcard, output = Postcard)]
pub async fn sync_now(id: ConnectionId) -> Result<(), AppError> {
    use super::caller::{admin, store};
    Ok(alta_store::systems::sync_now(&store(), &admin()?, id).await?)
}

/// Pauses a connection, or resumes it.
///
/// # Errors
/// `NotFound` when the connection is not the organization's.
#[server(
    prefix = "/api",
    endpoint = "onboarding/pause_connection",
    input = Postcard,
    output = Postcard,
)]
pub async fn pause_connection(id: ConnectionId, paused: bool) -> Result<(), AppError> {
    use super::caller::{admin, store};
    let (store, admin) = (store(), admin()?);
    let done = if paused {
        alta_store::systems::pause(&store, &admin, id).await
    } else {
        alta_store::systems::resume(&store, &admin, id).await
    };
    Ok(done?)
}

/// Ends a connection. When `remove_contacts` is true, also undoes its imports, which deletes the
/// contacts that nothing else relies on.
///
/// # Errors
/// `NotFound` when the connection is not the organization's.
#[server(prefix = "/api", endpoint = "onboarding/disconnect", input = Postcard, output = Postcard)]
pub async fn disconnect(id: ConnectionId, remove_contacts: bool) -> Result<(), AppError> {
    use super::caller::{admin, store};
    Ok(alta_store::systems::disconnect(&store(), &admin()?, id, remove_contacts).await?)
}
