//! Reads connected systems when they are due: page after page, each written with the position
//! behind it.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use alta_connect::{
    Budget, Catalogue, Credentials, Fault, Http, Limits, LoadingNewer, Manifest, Saving, Session,
    TokenStore, count_failed_records, restart_position,
};
use alta_domain::{ConnectionId, ContactShape, FaultKind, SourcePage, Stream, SyncRunId};
use alta_store::systems::{self, Lease, Run, Taken};
use alta_store::{Store, StoreError};
use futures_util::FutureExt;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;

use crate::config::Config;

/// Between two looks at what is due.
const PAUSE: Duration = Duration::from_secs(1);
/// The first wait after a fault that passes, in milliseconds; it doubles each time.
const FIRST_WAIT: i64 = 30_000;
/// The longest, in milliseconds: an hour. A day's limit is looked at as often.
const LONGEST_WAIT: i64 = 60 * 60 * 1000;
/// The longest that a system may ask for: a day.
const LONGEST_SAID: i64 = 24 * LONGEST_WAIT;

/// Pages that are read while others are written.
const AHEAD: usize = 4;
/// Records from which on no other page goes into the same transaction: others wait for it.
const TOGETHER: usize = 2000;
/// Seconds between tries to keep new tokens.
const KEEPING: [u64; 5] = [1, 5, 15, 30, 60];

/// The systems there are, and how they are asked.
#[derive(Clone)]
pub struct Systems {
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) http: Http,
}

impl Systems {
    /// By the settings, with the manifests of the data directory.
    ///
    /// # Errors
    /// When the machine has no TLS.
    pub fn new(config: &Config) -> anyhow::Result<Self> {
        let catalogue = Catalogue::new(Some(&config.data.join("systems")));
        for custom in catalogue.custom() {
            if let Err(message) = &custom.read {
                tracing::error!(file = %custom.file.display(), "a manifest can't be read: {message}");
            }
        }
        let limits = Limits {
            answer_bytes: config.max_answer_bytes,
            answer_records: config.max_answer_records,
            run_pages: config.max_run_pages,
            cut_runs: config.max_cut_runs,
            allow_private: config.allow_private_systems,
        };
        Ok(Self {
            catalogue: Arc::new(catalogue),
            http: Http::new(limits)?,
        })
    }
}

/// Reads what is due until the process ends.
pub struct Syncer {
    store: Store,
    systems: Systems,
    /// Milliseconds between two runs.
    every: i64,
    /// Between two signs that a run is still under way.
    renew: Duration,
    at_once: Arc<Semaphore>,
    /// What was asked lately, by connection: a new run has no new budget.
    budgets: Mutex<HashMap<ConnectionId, Arc<Budget>>>,
}

/// How a run ended that did not come to its end.
enum Stop {
    Fault(Fault),
    /// It was paused, disconnected or taken by another server.
    Lost,
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "a page could not be written");
        Self::Fault(Fault::new(FaultKind::Down, "our database"))
    }
}

impl Syncer {
    /// By the settings.
    #[must_use]
    pub fn new(config: &Config, store: Store, systems: Systems) -> Arc<Self> {
        let every = i64::try_from(config.sync_every_seconds).unwrap_or(i64::MAX / 1000) * 1000;
        let at_once = Arc::new(Semaphore::new(config.syncs_at_once.max(1)));
        // Three signs may be late before somebody else takes over.
        let renew = Duration::from_millis(u64::from(config.sync_lease_seconds.max(1)) * 250);
        Arc::new(Self {
            store,
            systems,
            every,
            renew,
            at_once,
            budgets: Mutex::default(),
        })
    }

    /// Reads what is due, each connection in a task of its own.
    pub async fn run(self: Arc<Self>) {
        loop {
            let Ok(turn) = Arc::clone(&self.at_once).acquire_owned().await else {
                return;
            };
            match systems::take_due(&self.store).await {
                Ok(Some(lease)) => {
                    let syncer = Arc::clone(&self);
                    tokio::spawn(async move {
                        syncer.sync(lease).await;
                        drop(turn);
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

    async fn sync(&self, lease: Lease) {
        let lease = Arc::new(lease);
        let ended = tokio::select! {
            // What a vendor answers must not leave its connection to nobody.
            ended = AssertUnwindSafe(self.read(&lease)).catch_unwind() => {
                ended.unwrap_or_else(|_| Err(ours().into()))
            }
            () = self.stays(&lease) => Err(Stop::Lost),
        };
        let released = match ended {
            Ok(()) => systems::release(&self.store, &lease, self.every, None).await,
            Err(Stop::Lost) => return,
            Err(Stop::Fault(fault)) => {
                tracing::warn!(connection = %lease.connection, system = lease.slug, kind = fault.kind.as_str(), "a sync was cut off");
                systems::release(
                    &self.store,
                    &lease,
                    after(&lease, &fault),
                    Some((fault.kind, &fault.message)),
                )
                .await
            }
        };
        if let Err(error) = released {
            tracing::error!(%error, "a connection could not be given back");
        }
    }

    /// Says again and again that the run is under way; ends when it is not any more.
    async fn stays(&self, lease: &Lease) {
        loop {
            tokio::time::sleep(self.renew).await;
            match systems::renew(&self.store, lease).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => tracing::error!(%error, "a lease could not be renewed"),
            }
        }
    }

    async fn read(&self, lease: &Arc<Lease>) -> Result<(), Stop> {
        let manifest = self.systems.catalogue.manifest(&lease.slug);
        let manifest = manifest.ok_or_else(|| {
            Fault::new(
                FaultKind::Unexpected,
                "this server has no manifest of the system",
            )
        })?;
        let credentials: Credentials = serde_json::from_slice(&lease.credentials)
            .map_err(|_| Fault::new(FaultKind::BadCredentials, "they can't be read"))?;
        let keeper = Arc::new(Keeper {
            store: self.store.clone(),
            connection: lease.connection,
            sealed: tokio::sync::Mutex::new(lease.sealed.clone()),
        });
        let budget = self.budget(lease.connection, manifest);
        let mut session = Session::new(
            Arc::clone(manifest),
            credentials,
            self.systems.http.clone(),
            budget,
            keeper,
        );
        let run = systems::begin_run(&self.store, lease).await?;
        let mut cut = None;
        for stream in manifest
            .streams()
            .into_iter()
            .filter(|stream| !run.done.contains(stream))
        {
            // The products come first, and are all there before their prices.
            if stream == Stream::Prices && cut.is_some() {
                continue;
            }
            match self
                .read_stream(lease, &mut session, &run, (stream, manifest))
                .await
            {
                Err(Stop::Fault(fault)) if is_of_one_list(&fault) => drop(cut.get_or_insert(fault)),
                ended => ended?,
            }
        }
        cut.map_or(Ok(()), |fault| Err(fault.into()))
    }

    async fn read_stream(
        &self,
        lease: &Arc<Lease>,
        session: &mut Session,
        run: &Run,
        (stream, manifest): (Stream, &Manifest),
    ) -> Result<(), Stop> {
        let position = systems::position(&self.store, lease, stream).await?;
        let (pages, ready) = mpsc::channel(AHEAD);
        let writing = tokio::spawn(write(
            self.store.clone(),
            Arc::clone(lease),
            run.id,
            (stream, manifest.contact_shape()),
            ready,
        ));
        let written = async { writing.await.unwrap_or_else(|_| Err(ours().into())) };
        // What was read is written, whatever became of the page behind it; where nothing can be
        // written nothing more is read.
        let reading = async { Ok(read_ahead(session, stream, position.clone(), pages).await) };
        let (read, ()) = tokio::try_join!(reading, written)?;
        let Err((place, fault)) = read else {
            return Ok(());
        };
        let left = match fault.kind {
            // A place that the system can't go on from is given up, for the next run: an answer to
            // it would be no other in an hour.
            FaultKind::Unexpected | FaultKind::Endless | FaultKind::TooLarge => {
                Some(restart_position(&position, alta_store::now()))
            }
            _ if !fault.records.is_empty() => Some(count_failed_records(&place, &fault.records)),
            _ => None,
        };
        if let Some(left) = left {
            systems::leave_place(&self.store, lease, stream, left).await?;
        }
        Err(fault.into())
    }

    fn budget(&self, connection: ConnectionId, manifest: &Manifest) -> Arc<Budget> {
        let mut budgets = self.budgets.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(
            budgets
                .entry(connection)
                .or_insert_with(|| Arc::new(Budget::of(manifest))),
        )
    }
}

/// Whether other lists of the system may be read all the same; not where it asks for patience.
fn is_of_one_list(fault: &Fault) -> bool {
    use FaultKind::{Down, Endless, MissingScope, PlanLimit, TooLarge, Unexpected};
    fault.wait.is_none()
        && matches!(
            fault.kind,
            Down | Endless | MissingScope | PlanLimit | TooLarge | Unexpected
        )
}

/// A fault that is no system's.
fn ours() -> Fault {
    Fault::new(FaultKind::Unexpected, "a fault of ours")
}

/// A page whose records are being read.
type Reading = JoinHandle<SourcePage>;

/// Asks for page after page, until there is no other or nobody takes them. Their records are read
/// meanwhile. Fails with the position of the page that did not come.
async fn read_ahead(
    session: &mut Session,
    stream: Stream,
    mut position: String,
    pages: mpsc::Sender<Reading>,
) -> Result<(), (String, Fault)> {
    while let Ok(room) = pages.reserve().await {
        let page = match session.page(stream, &position).await {
            Ok(page) => page,
            Err(fault) => return Err((position, fault)),
        };
        position.clone_from(&page.position);
        let done = page.done;
        room.send(tokio::task::spawn_blocking(|| page.read()));
        if done {
            break;
        }
    }
    Ok(())
}

/// Writes pages as they come, in a task of its own. Those that came while the ones before were
/// written go together: each transaction touches pages all over the indexes.
async fn write(
    store: Store,
    lease: Arc<Lease>,
    run: SyncRunId,
    (stream, shape): (Stream, ContactShape),
    mut pages: mpsc::Receiver<Reading>,
) -> Result<(), Stop> {
    while let Some(reading) = pages.recv().await {
        let mut page = reading.await.map_err(|_| ours())?;
        while page.records.len() < TOGETHER
            && let Ok(next) = pages.try_recv()
        {
            page = page.with_next(next.await.map_err(|_| ours())?);
        }
        if systems::take(&store, &lease, run, stream, page, &shape).await? == Taken::Lost {
            return Err(Stop::Lost);
        }
    }
    Ok(())
}

/// Milliseconds until the next try after a fault that passes.
fn after(lease: &Lease, fault: &Fault) -> i64 {
    let said = fault.wait.map_or(0, |wait| {
        i64::try_from(wait.as_millis()).unwrap_or(i64::MAX)
    });
    let first = match fault.kind {
        FaultKind::DailyLimit if said == 0 => LONGEST_WAIT,
        _ if said == 0 => FIRST_WAIT,
        // A system that says the same short time again and again is not believed for ever.
        _ => 1000,
    };
    said.clamp(
        first
            .saturating_mul(1_i64 << lease.failures.min(16))
            .min(LONGEST_WAIT),
        LONGEST_SAID,
    )
}

/// Keeps new tokens in the database before they are used.
struct Keeper {
    store: Store,
    connection: ConnectionId,
    /// The last ones as they are kept.
    sealed: tokio::sync::Mutex<String>,
}

impl TokenStore for Keeper {
    fn save<'a>(&'a self, credentials: &'a Credentials) -> Saving<'a> {
        Box::pin(async move {
            let bytes = serde_json::to_vec(credentials).map_err(|error| error.to_string())?;
            let mut sealed = self.sealed.lock().await;
            // The old ones are spent: without these somebody would have to agree again.
            for seconds in KEEPING {
                match systems::keep_credentials(&self.store, self.connection, &sealed, &bytes).await
                {
                    Ok(new) => {
                        *sealed = new;
                        return Ok(());
                    }
                    // An Admin has given others since.
                    Err(StoreError::Public(_)) => break,
                    Err(error) => tracing::error!(%error, "new tokens could not be kept"),
                }
                tokio::time::sleep(Duration::from_secs(seconds)).await;
            }
            Err("new tokens could not be kept".to_owned())
        })
    }

    fn load_newer(&self) -> LoadingNewer<'_> {
        Box::pin(async {
            let mut sealed = self.sealed.lock().await;
            let (kept, bytes) = systems::kept_credentials(&self.store, self.connection)
                .await
                .inspect_err(
                    |error| tracing::error!(%error, "the tokens that are kept could not be read"),
                )
                .ok()?;
            if kept == *sealed {
                return None;
            }
            *sealed = kept;
            serde_json::from_slice(&bytes).ok()
        })
    }
}
