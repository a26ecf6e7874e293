//! Takes connections that are due, and reads each connection in a task of its own.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use alta_connect::{
    Budget, Credentials, Fault, Manifest, Session, count_failed_records, restart_position,
};
use alta_domain::{ConnectionId, FaultKind, Stream};
use alta_store::Store;
use alta_store::systems::{self, Lease};
use futures_util::FutureExt;
use tokio::sync::Semaphore;

use super::connection_tokens::ConnectionTokens;
use super::pages::{PageFault, StreamRun, copy_pages};
use super::retry::{concerns_one_list, delay_after};
use super::stop::{Stop, internal_fault};
use super::systems::Systems;
use crate::config::Config;

/// The pause between two looks for connections that are due, when none is.
const PAUSE: Duration = Duration::from_secs(1);

/// The task that reads connected systems when they are due.
pub struct Syncer {
    store: Store,
    systems: Systems,
    /// The time between two runs of a connection, in milliseconds.
    interval: i64,
    /// The time between two renewals of a lease.
    renewal: Duration,
    /// Permits for connections that are read at the same time.
    permits: Arc<Semaphore>,
    /// The request budgets of connections. A budget is kept from run to run, because the systems'
    /// limits count the requests of all runs.
    budgets: Mutex<HashMap<ConnectionId, Arc<Budget>>>,
}

impl Syncer {
    /// Creates a syncer from the settings.
    #[must_use]
    pub fn new(config: &Config, store: Store, systems: Systems) -> Arc<Self> {
        let interval = i64::try_from(config.sync_every_seconds).unwrap_or(i64::MAX / 1000) * 1000;
        let permits = Arc::new(Semaphore::new(config.syncs_at_once.max(1)));
        // A quarter of the lease: three renewals may be late before another server takes over.
        let renewal = Duration::from_millis(u64::from(config.sync_lease_seconds.max(1)) * 250);
        Arc::new(Self {
            store,
            systems,
            interval,
            renewal,
            permits,
            budgets: Mutex::default(),
        })
    }

    /// Reads connections when they are due; never returns.
    pub async fn run(self: Arc<Self>) {
        loop {
            let Ok(permit) = Arc::clone(&self.permits).acquire_owned().await else {
                return;
            };
            match systems::lease_due(&self.store).await {
                Ok(Some(lease)) => {
                    let syncer = Arc::clone(&self);
                    tokio::spawn(async move {
                        syncer.sync(lease).await;
                        drop(permit);
                    });
                }
                Ok(None) => tokio::time::sleep(PAUSE).await,
                Err(error) => {
                    tracing::error!(%error, "what is due could not be read");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    /// Reads a connection, and releases its lease with the time of the next run.
    async fn sync(&self, lease: Lease) {
        let lease = Arc::new(lease);
        let ended = tokio::select! {
            // A panic must not keep the lease from being released.
            ended = AssertUnwindSafe(self.read(&lease)).catch_unwind() => {
                ended.unwrap_or_else(|_| Err(internal_fault().into()))
            }
            () = self.renew_until_lost(&lease) => Err(Stop::Lost),
        };
        let released = match ended {
            Ok(()) => systems::release(&self.store, &lease, self.interval, None).await,
            Err(Stop::Lost) => return,
            Err(Stop::Fault(fault)) => {
                tracing::warn!(
                    connection = %lease.connection,
                    system = lease.slug,
                    kind = fault.kind.as_str(),
                    detail = fault.detail,
                    "a sync was cut off"
                );
                let cause = Some((fault.kind, fault.message.as_str()));
                systems::release(&self.store, &lease, delay_after(&lease, &fault), cause).await
            }
        };
        if let Err(error) = released {
            tracing::error!(%error, "a connection could not be given back");
        }
    }

    /// Renews the lease again and again; returns when it is lost.
    async fn renew_until_lost(&self, lease: &Lease) {
        loop {
            tokio::time::sleep(self.renewal).await;
            match systems::renew(&self.store, lease).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => tracing::error!(%error, "a lease could not be renewed"),
            }
        }
    }

    /// Reads the lists of a connection that this run has not read yet.
    async fn read(&self, lease: &Arc<Lease>) -> Result<(), Stop> {
        let manifest = self.systems.catalogue.manifest(&lease.slug);
        let manifest = manifest.ok_or_else(|| {
            Fault::new(
                FaultKind::NoManifest,
                "this server has no manifest of the system",
            )
        })?;
        let mut session = self.session(lease, manifest)?;
        let run = systems::begin_run(&self.store, lease).await?;
        let mut first_fault = None;
        for stream in manifest
            .streams()
            .into_iter()
            .filter(|stream| !run.done.contains(stream))
        {
            // Prices belong to products, which must all have been read before.
            if stream == Stream::Prices && first_fault.is_some() {
                continue;
            }
            let of = StreamRun {
                store: self.store.clone(),
                lease: Arc::clone(lease),
                run: run.id,
                stream,
                shape: manifest.contact_shape(),
            };
            match self.read_stream(&mut session, of).await {
                Err(Stop::Fault(fault)) if concerns_one_list(&fault) => {
                    first_fault.get_or_insert(fault);
                }
                ended => ended?,
            }
        }
        first_fault.map_or(Ok(()), |fault| Err(fault.into()))
    }

    /// Creates the session of a run with the credentials of the lease.
    fn session(&self, lease: &Lease, manifest: &Arc<Manifest>) -> Result<Session, Stop> {
        let credentials: Credentials = serde_json::from_slice(&lease.credentials)
            .map_err(|_| Fault::new(FaultKind::BadCredentials, "they can't be read"))?;
        let sealed = lease.sealed.clone();
        let tokens = ConnectionTokens::new(self.store.clone(), lease.connection, sealed);
        Ok(Session::new(
            Arc::clone(manifest),
            credentials,
            self.systems.http.clone(),
            self.budget(lease.connection, manifest),
            Arc::new(tokens),
        ))
    }

    /// Reads one list from its stored position. After a fault it stores where the next run begins.
    async fn read_stream(&self, session: &mut Session, of: StreamRun) -> Result<(), Stop> {
        let (lease, stream) = (Arc::clone(&of.lease), of.stream);
        let start = systems::read_position(&self.store, &lease, stream).await?;
        let failed = copy_pages(session, of, start.clone()).await?;
        let Some(PageFault { position, fault }) = failed else {
            return Ok(());
        };
        let next = match fault.kind {
            // The system would give the same answer at this position again, so the next run begins
            // anew.
            FaultKind::Unexpected | FaultKind::Endless | FaultKind::TooLarge => {
                Some(restart_position(&start, alta_store::now()))
            }
            _ if !fault.records.is_empty() => Some(count_failed_records(&position, &fault.records)),
            _ => None,
        };
        if let Some(next) = next {
            systems::write_position(&self.store, &lease, stream, next).await?;
        }
        Err(fault.into())
    }

    /// Returns the request budget of a connection; makes a new one when there is none yet.
    fn budget(&self, connection: ConnectionId, manifest: &Manifest) -> Arc<Budget> {
        let mut budgets = self.budgets.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(
            budgets
                .entry(connection)
                .or_insert_with(|| Arc::new(Budget::of(manifest))),
        )
    }
}
