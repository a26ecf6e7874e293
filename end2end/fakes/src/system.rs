//! The state of one fake system, behind one lock: records, limits, tokens, planned faults, and
//! counters.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::Settings;
use crate::clock;
use crate::faults::Faults;
use crate::limits::{Leak, Left, Level, Limits, Over, Rate};
use crate::oauth::OAuth;
use crate::scrolls::Scrolls;
use crate::truth::{self, Telling};
use crate::world::{List, Rules, World};

/// The description of a vendor where code that is common to all vendors must know the difference.
pub(crate) struct Vendor {
    /// The name of the system in the paths of the control.
    pub(crate) name: &'static str,
    pub(crate) rules: Rules,
    /// The answer above the rate limit.
    pub(crate) too_many: fn(&System) -> Response,
    /// The answer when the vendor's own server breaks.
    pub(crate) broken: fn() -> Response,
    /// The differences in the records as they ought to be imported.
    pub(crate) telling: Telling,
    /// The function that mends the truth where no other vendor is like this one.
    pub(crate) mend: fn(&mut Value, &World),
    /// True when the path of a request names the call. Otherwise the handler names it.
    pub(crate) path_is_call: bool,
    /// The lifetimes of access and refresh tokens, in seconds.
    pub(crate) lifetimes: (u64, u64),
}

impl Vendor {
    /// A vendor without a name, without OAuth and without peculiarities.
    pub(crate) const PLAIN: Self = Self {
        name: "",
        rules: Rules::new((1, 1, 1), &[]),
        too_many: |_| StatusCode::TOO_MANY_REQUESTS.into_response(),
        broken: || StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        telling: Telling::PLAIN,
        mend: |_, _| {},
        path_is_call: true,
        lifetimes: (0, 0),
    };
}

/// A handle to a fake system.
pub(crate) type Shared = Arc<System>;

/// A fake system. Its state is made when it is first asked for, so that a test pays only for the
/// systems that it uses.
pub(crate) struct System {
    pub(crate) vendor: &'static Vendor,
    settings: Settings,
    state: OnceLock<Mutex<State>>,
}

/// The state of a fake, which changes while the fake runs.
pub(crate) struct State {
    pub(crate) world: World,
    pub(crate) limits: Limits,
    pub(crate) oauth: OAuth,
    pub(crate) scrolls: Scrolls,
    pub(crate) faults: Faults,
    pub(crate) stats: Stats,
    churn: Churn,
    /// The number of rows of a page of Microvix, and whether its cursor brings the last row again.
    pub(crate) page: (usize, bool),
}

/// The counters that a test reads afterwards.
#[derive(Default)]
pub(crate) struct Stats {
    requests: u64,
    over_limit: u64,
    by_call: BTreeMap<String, u64>,
    most_in_window: usize,
}

#[derive(Default)]
struct Churn {
    every: u64,
    deletes: bool,
    lists: HashMap<&'static str, u64>,
}

impl System {
    pub(crate) fn new(vendor: &'static Vendor, settings: &Settings) -> Shared {
        Arc::new(Self {
            vendor,
            settings: settings.clone(),
            state: OnceLock::new(),
        })
    }

    fn speed(&self) -> u32 {
        self.settings.speed.max(1)
    }

    /// Locks and returns the state. A panic elsewhere fails a test, but does not make the lock
    /// unusable.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        let state = self.state.get_or_init(|| {
            let world = World::new(&self.settings, &self.vendor.rules);
            let oauth = OAuth::new(self.settings.seed, self.vendor.lifetimes);
            let (limits, scrolls, faults, stats, churn) = Default::default();
            Mutex::new(State {
                world,
                limits,
                oauth,
                scrolls,
                faults,
                stats,
                churn,
                page: (5000, false),
            })
        });
        state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns a vendor's period, shortened by the speed.
    pub(crate) fn period(&self, seconds: u64) -> Duration {
        Duration::from_secs(seconds) / self.speed()
    }

    /// Returns a time, already shortened by the speed, in whole seconds for the vendor's answer,
    /// rounded up.
    pub(crate) fn seconds(left: Duration) -> u64 {
        left.as_secs() + u64::from(left.subsec_nanos() > 0)
    }

    /// Counts a request against one of the vendor's limits.
    pub(crate) fn admit(&self, key: &str, requests: usize, seconds: u64) -> Result<Left, Over> {
        let rate = Rate {
            requests,
            period: self.period(seconds),
        };
        let mut state = self.state();
        let admitted = state.limits.admit(key, rate, Instant::now());
        state.stats.over_limit += u64::from(admitted.is_err());
        admitted
    }

    /// Counts a request against the limit that the vendor is known by, and notes the most requests
    /// in a window.
    pub(crate) fn admit_main(
        &self,
        key: &str,
        requests: usize,
        seconds: u64,
    ) -> Result<Left, Over> {
        let admitted = self.admit(key, requests, seconds);
        let mut state = self.state();
        state.stats.most_in_window = state.stats.most_in_window.max(state.limits.arrived(key));
        admitted
    }

    /// Returns a vendor's leaky bucket with its rate multiplied by the speed.
    fn quick(&self, leak: Leak) -> Leak {
        Leak {
            per_second: leak.per_second * u64::from(self.speed()),
            ..leak
        }
    }

    /// Pours an amount into the leaky bucket of a vendor. The most that it held counts as the most
    /// requests in a window.
    pub(crate) fn pour_main(&self, key: &str, leak: Leak, amount: u64) -> Result<Level, Level> {
        let mut state = self.state();
        let poured = state
            .limits
            .pour(key, self.quick(leak), amount, Instant::now());
        let (Ok(level) | Err(level)) = poured;
        let held = usize::try_from(leak.size - level.room).unwrap_or(usize::MAX);
        state.stats.over_limit += u64::from(poured.is_err());
        state.stats.most_in_window = state.stats.most_in_window.max(held);
        poured
    }

    /// Takes back an amount from a leaky bucket.
    pub(crate) fn take_back(&self, key: &str, leak: Leak, amount: u64) -> Level {
        self.state().limits.take_back(key, self.quick(leak), amount)
    }

    pub(crate) fn arrived(&self) {
        self.state().stats.requests += 1;
    }

    /// Returns the number of requests until now.
    pub(crate) fn requests(&self) -> u64 {
        self.state().stats.requests
    }

    pub(crate) fn called(&self, call: &str) {
        *self
            .state()
            .stats
            .by_call
            .entry(call.to_owned())
            .or_default() += 1;
    }

    /// Runs before a list is answered. On every k-th list, the records change while the client
    /// reads.
    pub(crate) fn before_list(&self, list: List) {
        let now = clock::now();
        let mut state = self.state();
        if state.churn.every == 0 {
            return;
        }
        let key = match list {
            List::Contacts => "contacts",
            List::Transactions => "transactions",
            List::Products => "products",
        };
        let every = state.churn.every;
        let lists = state.churn.lists.entry(key).or_default();
        *lists += 1;
        if !lists.is_multiple_of(every) {
            return;
        }
        if state.churn.deletes {
            state.world.delete(list, 1, now);
        } else {
            state.world.change(list, 1, now);
            state.world.add(list, now, true);
        }
    }

    pub(crate) fn set_churn(&self, every: u64, deletes: bool) {
        self.state().churn = Churn {
            every,
            deletes,
            lists: HashMap::new(),
        };
    }

    /// Returns the records as they ought to be imported.
    pub(crate) fn truth(&self, world: &World) -> Value {
        let mut truth = truth::truth(world, &self.vendor.telling);
        (self.vendor.mend)(&mut truth, world);
        truth
    }

    pub(crate) fn stats(&self) -> Value {
        let state = self.state();
        let Stats {
            requests,
            over_limit,
            by_call,
            most_in_window,
        } = &state.stats;
        json!({
            "today": clock::now().iso_day(), "requests": requests,
            "over_limit": over_limit,
            "by_call": by_call,
            "most_in_window": most_in_window,
        })
    }
}
