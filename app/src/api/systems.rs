//! Connecting systems, and what becomes of it.

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

/// What the page of a system needs; with the connection that is to be opened `again`, or the first
/// there is.
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
    Ok(server::form(
        &settings,
        &slug,
        admin.language(),
        connections,
        &chosen.slugs,
    )?)
}

/// Tries credentials with a real call, and connects when they are good. `again` is a connection
/// that is to be opened anew.
///
/// # Errors
/// `NotFound`, `Missing`, `TooManyTries`. What the system says is no error, but an answer.
#[server(prefix = "/api", endpoint = "onboarding/connect", input = Postcard, output = Postcard)]
pub async fn connect(
    slug: String,
    typed: Vec<(String, String)>,
    again: Option<ConnectionId>,
) -> Result<Connecting, AppError> {
    use super::caller::{Settings, admin, store};
    let (store, admin, settings) = (store(), admin()?, expect_context::<Settings>());
    super::session::limit::tries(&format!("connect of {}", admin.me().email))?;
    Ok(server::connect(&store, &admin, &settings, &slug, typed, again).await?)
}

/// The connections of the organization.
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
        .map(|connection| server::with_remedy(&settings, connection, admin.language()))
        .collect())
}

/// One connection.
///
/// # Errors
/// `NotFound` when it is not the organization's.
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
    Ok(server::with_remedy(
        &settings,
        alta_store::systems::get(&store, &admin, id).await?,
        admin.language(),
    ))
}

/// The last runs of a connection, and the records it could not read.
///
/// # Errors
/// `NotFound` when it is not the organization's.
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

/// The manifests that the server's owner has added.
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

/// Where the system of a connection sends its notices of changes.
///
/// # Errors
/// `NotFound` when it is not the organization's, or its system sends none.
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
    Ok(server::notice_address(&store, &admin, &settings, id).await?)
}

/// Lets a connection run now, also one that failed.
///
/// # Errors
/// `NotFound` when it is not the organization's.
#[server(prefix = "/api", endpoint = "onboarding/sync_now", input = Postcard, output = Postcard)]
pub async fn sync_now(id: ConnectionId) -> Result<(), AppError> {
    use super::caller::{admin, store};
    Ok(alta_store::systems::sync_now(&store(), &admin()?, id).await?)
}

/// Pauses a connection, or lets it go on.
///
/// # Errors
/// `NotFound` when it is not the organization's.
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

/// Ends a connection; its contacts stay, or are taken back.
///
/// # Errors
/// `NotFound` when it is not the organization's.
#[server(prefix = "/api", endpoint = "onboarding/disconnect", input = Postcard, output = Postcard)]
pub async fn disconnect(id: ConnectionId, remove_contacts: bool) -> Result<(), AppError> {
    use super::caller::{admin, store};
    Ok(alta_store::systems::disconnect(&store(), &admin()?, id, remove_contacts).await?)
}

#[cfg(feature = "ssr")]
pub use server::{next_to_connect, take_consent};

#[cfg(feature = "ssr")]
mod server {
    //! What a manifest and a real call say.

    use std::collections::BTreeMap;
    use std::sync::Arc;
    use std::time::Duration;

    use alta_connect::{
        Budget, Catalogue, Credentials, Fault, LoadingNewer, Manifest, Saving, Session, TokenStore,
        Words, consent_page,
    };
    use alta_domain::{
        Account, ConnectForm, Connecting, Connection, ConnectionId, CredentialField, ErrorCode,
        FaultKind, FaultNote, Language, NoticeAddress, Stream,
    };
    use alta_store::access::Admin;
    use alta_store::{Store, StoreError, systems};
    use tokio::sync::Semaphore;

    use crate::api::caller::Settings;

    /// Letters a credential may have: tokens of some systems have thousands.
    const MOST_TYPED: usize = 8192;
    /// Where systems send people back to.
    const BACK: &str = "/api/onboarding/connected";
    /// Where systems send notices of changes to.
    const NOTICES: &str = "/api/notices";

    /// The first of these systems that can be connected and is not yet.
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

    fn manifest_of<'a>(
        settings: &'a Settings,
        slug: &str,
    ) -> Result<&'a Arc<Manifest>, StoreError> {
        settings
            .catalogue
            .manifest(slug)
            .ok_or_else(|| ErrorCode::NotFound.into())
    }

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
        let said = |words: &[Words]| {
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
            // To the admin a price is a part of its product.
            streams: manifest
                .streams()
                .into_iter()
                .filter(|stream| *stream != Stream::Prices)
                .collect(),
            steps: said(&manifest.steps),
            export: said(&manifest.export),
            fields: manifest.credentials.iter().map(field).collect(),
            back: manifest
                .oauth
                .as_ref()
                .map(|_| format!("{}{BACK}", settings.base)),
            next: next_to_connect(&settings.catalogue, &after, &connections),
            connection: connections
                .into_iter()
                .find(|known| known.slug == slug)
                .map(|known| with_remedy(settings, known, language)),
            system,
        })
    }

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

    fn note(fault: Fault, language: Language) -> FaultNote {
        FaultNote {
            kind: fault.kind,
            said: fault.message,
            remedy: fault.remedy.map(|words| words.of(language).to_owned()),
        }
    }

    /// New tokens stay in the session: they are stored with the connection.
    struct InHand;

    impl TokenStore for InHand {
        fn save<'a>(&'a self, _: &'a Credentials) -> Saving<'a> {
            Box::pin(async { Ok(()) })
        }

        fn load_newer(&self) -> LoadingNewer<'_> {
            Box::pin(async { None })
        }
    }

    /// Checks at once: what an Admin's address answers is read into memory.
    static AT_ONCE: Semaphore = Semaphore::const_new(4);

    /// How long a check may take with its tries: somebody waits for it, and others for their turn.
    const LONGEST_CHECK: Duration = Duration::from_mins(1);

    async fn in_time<T>(check: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
        tokio::time::timeout(LONGEST_CHECK, check)
            .await
            .unwrap_or_else(|_| Err(Fault::new(FaultKind::Down, "")))
    }

    fn session(settings: &Settings, manifest: &Arc<Manifest>, credentials: Credentials) -> Session {
        Session::new(
            Arc::clone(manifest),
            credentials,
            settings.http.brief(),
            Arc::new(Budget::of(manifest)),
            Arc::new(InHand),
        )
    }

    fn typed_credentials(
        manifest: &Manifest,
        typed: Vec<(String, String)>,
    ) -> Result<Credentials, StoreError> {
        let mut typed: BTreeMap<String, String> = typed
            .into_iter()
            .map(|(name, value)| (name, value.trim().to_owned()))
            .collect();
        typed.retain(|name, _| manifest.credentials.iter().any(|field| field.name == *name));
        if typed
            .values()
            .any(|value| value.chars().count() > MOST_TYPED)
        {
            return Err(ErrorCode::TooLong.into());
        }
        let is_missing = |field: &alta_connect::Credential| {
            !field.optional && typed.get(&field.name).is_none_or(String::is_empty)
        };
        if manifest.credentials.iter().any(is_missing) {
            return Err(ErrorCode::Missing.into());
        }
        Ok(Credentials { typed, token: None })
    }

    fn to_bytes(credentials: &Credentials) -> Result<Vec<u8>, StoreError> {
        serde_json::to_vec(credentials).map_err(|error| StoreError::Broken(error.to_string()))
    }

    pub(super) async fn connect(
        store: &Store,
        admin: &Admin,
        settings: &Settings,
        slug: &str,
        typed: Vec<(String, String)>,
        again: Option<ConnectionId>,
    ) -> Result<Connecting, StoreError> {
        let manifest = manifest_of(settings, slug)?;
        if let Some(id) = again
            && systems::get(store, admin, id).await?.slug != slug
        {
            return Err(ErrorCode::NotFound.into());
        }
        let credentials = typed_credentials(manifest, typed)?;
        if manifest.oauth.is_some() {
            let state =
                systems::begin_consent(store, admin, slug, again, &to_bytes(&credentials)?).await?;
            return Ok(
                match consent_page(
                    manifest,
                    &credentials,
                    &format!("{}{BACK}", settings.base),
                    &state,
                ) {
                    Ok(page) => Connecting::Consent(page),
                    Err(fault) => Connecting::Refused(note(fault, admin.language())),
                },
            );
        }
        let _turn = AT_ONCE.acquire().await;
        let mut session = session(settings, manifest, credentials);
        let account = match in_time(session.check()).await {
            Ok(account) => account,
            Err(fault) => return Ok(Connecting::Refused(note(fault, admin.language()))),
        };
        let secrets = to_bytes(session.credentials())?;
        Ok(match again {
            None => Connecting::Connected(
                systems::connect(store, admin, slug, &account, &secrets).await?,
            ),
            Some(id) if systems::reconnect(store, admin, id, &account, &secrets).await? => {
                Connecting::Connected(id)
            }
            Some(_) => another(account),
        })
    }

    /// A connection that is opened anew must be of the same account.
    fn another(account: Account) -> Connecting {
        Connecting::Refused(FaultNote {
            kind: FaultKind::WrongAccount,
            said: account.name,
            remedy: None,
        })
    }

    /// Takes the code that a system sent somebody back with; answers with the system's slug and
    /// what became of it.
    ///
    /// # Errors
    /// [`ErrorCode::BadLink`] for an answer that nobody waits for.
    pub async fn take_consent(
        store: &Store,
        admin: &Admin,
        settings: &Settings,
        state: &str,
        code: Option<&str>,
    ) -> Result<(String, Connecting), StoreError> {
        let systems::Consented {
            connection,
            slug,
            credentials,
            ..
        } = systems::consented(store, admin, state).await?;
        let manifest = manifest_of(settings, &slug)?;
        let credentials = serde_json::from_slice(&credentials)
            .map_err(|error| StoreError::Broken(error.to_string()))?;
        let _turn = AT_ONCE.acquire().await;
        let mut session = session(settings, manifest, credentials);
        let checked = match code {
            Some(code) => {
                match in_time(session.exchange(code, &format!("{}{BACK}", settings.base))).await {
                    Ok(()) => in_time(session.check()).await,
                    Err(fault) => Err(fault),
                }
            }
            None => Err(Fault::new(FaultKind::Consent, "")),
        };
        let became = match checked {
            Ok(account) => {
                let settled = systems::settle(
                    store,
                    admin,
                    connection,
                    &account,
                    &to_bytes(session.credentials())?,
                )
                .await?;
                settled.map_or_else(|| another(account), Connecting::Connected)
            }
            Err(fault) => Connecting::Refused(note(fault, admin.language())),
        };
        Ok((slug, became))
    }
}
