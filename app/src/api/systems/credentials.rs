//! Credentials that an Admin typed, checked by a real call to the system and then stored.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use alta_connect::{
    Budget, Credentials, Fault, LoadingNewer, Manifest, Saving, Session, TokenStore, consent_page,
};
use alta_domain::{Account, Connecting, ConnectionId, ErrorCode, FaultKind, FaultNote, Language};
use alta_store::access::Admin;
use alta_store::{Store, StoreError, systems};
use tokio::sync::Semaphore;

use super::form::{BACK, manifest_of};
use crate::api::caller::Settings;

/// The largest number of characters of a credential: tokens of some systems have thousands.
const MOST_TYPED: usize = 8192;

/// Returns a fault with its remedy in one language.
fn fault_note(fault: Fault, language: Language) -> FaultNote {
    FaultNote {
        kind: fault.kind,
        message: fault.message,
        remedy: fault.remedy.map(|words| words.of(language).to_owned()),
    }
}

/// A token store that stores nothing. A token that is renewed while the credentials are checked
/// stays in the connection's session in memory, and is stored with the new connection.
struct KeepInSession;

impl TokenStore for KeepInSession {
    fn save<'a>(&'a self, _: &'a Credentials) -> Saving<'a> {
        Box::pin(async { Ok(()) })
    }

    fn load_newer(&self) -> LoadingNewer<'_> {
        Box::pin(async { None })
    }
}

/// The limit of checks that run at the same time: each check reads into memory what an address
/// typed by an Admin answers.
static CHECKS: Semaphore = Semaphore::const_new(4);

/// The longest time that a check may take, with all its tries. A person waits for the check, and
/// other checks wait for their turn.
const LONGEST_CHECK: Duration = Duration::from_mins(1);

/// Waits for a check, and returns the fault that the system is down when the check takes too long.
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
        Arc::new(KeepInSession),
    )
}

/// Returns the credentials of a form, trimmed; fields that the manifest does not have are dropped.
///
/// # Errors
/// [`ErrorCode::TooLong`], [`ErrorCode::Missing`].
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

/// Checks credentials and stores a connection, or begins the consent when the system has a consent
/// page. `again` is a connection to be opened anew.
///
/// # Errors
/// [`ErrorCode::NotFound`], and the errors of [`typed_credentials`].
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
                Err(fault) => Connecting::Refused(fault_note(fault, admin.language())),
            },
        );
    }
    let _turn = CHECKS.acquire().await;
    let mut session = session(settings, manifest, credentials);
    let account = match in_time(session.check()).await {
        Ok(account) => account,
        Err(fault) => return Ok(Connecting::Refused(fault_note(fault, admin.language()))),
    };
    let secrets = to_bytes(session.credentials())?;
    Ok(match again {
        None => {
            Connecting::Connected(systems::connect(store, admin, slug, &account, &secrets).await?)
        }
        Some(id) if systems::reconnect(store, admin, id, &account, &secrets).await? => {
            Connecting::Connected(id)
        }
        Some(_) => wrong_account(account),
    })
}

/// Returns the refusal of credentials that belong to another account than the connection's:
/// `account` is the one they belong to.
fn wrong_account(account: Account) -> Connecting {
    Connecting::Refused(FaultNote {
        kind: FaultKind::WrongAccount,
        message: account.name,
        remedy: None,
    })
}

/// Exchanges the code that a system's consent page gave for tokens, checks the tokens and stores
/// the connection. Returns the system's slug and the result.
///
/// # Errors
/// [`ErrorCode::BadLink`] for the `state` of a consent that no Admin of the organization began.
pub async fn take_consent(
    store: &Store,
    admin: &Admin,
    settings: &Settings,
    state: &str,
    code: Option<&str>,
) -> Result<(String, Connecting), StoreError> {
    let systems::ConsentGiven {
        connection,
        slug,
        credentials,
        ..
    } = systems::redeem_consent(store, admin, state).await?;
    let manifest = manifest_of(settings, &slug)?;
    let credentials = serde_json::from_slice(&credentials)
        .map_err(|error| StoreError::Broken(error.to_string()))?;
    let _turn = CHECKS.acquire().await;
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
    let result = match checked {
        Ok(account) => {
            let settled = systems::finish_consent(
                store,
                admin,
                connection,
                &account,
                &to_bytes(session.credentials())?,
            )
            .await?;
            settled.map_or_else(|| wrong_account(account), Connecting::Connected)
        }
        Err(fault) => Connecting::Refused(fault_note(fault, admin.language())),
    };
    Ok((slug, result))
}
