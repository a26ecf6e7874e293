//! The budget of a connection: how many requests its system accepts in which time. The requests of
//! a connection are sent one after another. Each waits until the vendor must have counted the
//! earlier ones long enough ago.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::http::Answer;
use crate::manifest::{Manifest, Window};

/// The longest time, in seconds, until a budget is full again: an hour. Larger numbers in the
/// header are dates, not seconds, and are reduced to this.
const LONGEST_RESET: f64 = 3600.0;

/// The budget of requests of one connection.
#[derive(Debug)]
pub struct Budget {
    windows: Vec<Window>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The times at which the last requests were answered or given up, the oldest first: as many as
    /// the largest window counts.
    past: VecDeque<Instant>,
    /// The time until which the vendor asked us to wait. `None` when it did not ask.
    until: Option<Instant>,
}

impl Budget {
    /// Makes the full budget of a system.
    #[must_use]
    pub fn of(manifest: &Manifest) -> Self {
        Self {
            windows: manifest.budget.clone(),
            state: Mutex::default(),
        }
    }

    /// Returns how long the next request must wait. A request is counted when it is answered,
    /// because the vendor has counted it by then.
    pub(crate) fn wait(&self, now: Instant) -> Duration {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let of_window = |window: &Window| {
            let at = state.past.len().checked_sub(window.requests.max(1))?;
            Some(*state.past.get(at)? + Duration::from_secs_f64(window.seconds))
        };
        let due = self
            .windows
            .iter()
            .filter_map(of_window)
            .chain(state.until)
            .max();
        due.map_or(Duration::ZERO, |due| due.saturating_duration_since(now))
    }

    /// Counts a request that was answered, or that was given up.
    pub(crate) fn count(&self, now: Instant) {
        let most = self
            .windows
            .iter()
            .map(|window| window.requests.max(1))
            .max()
            .unwrap_or(0);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.past.push_back(now);
        while state.past.len() > most {
            state.past.pop_front();
        }
    }

    /// Makes the budget smaller when the headers of an answer name fewer requests left than it has.
    pub(crate) fn correct(&self, manifest: &Manifest, answer: &Answer, now: Instant) {
        let Some(names) = &manifest.budget_headers else {
            return;
        };
        let header = |name: &str| {
            answer
                .headers
                .get(&name.to_lowercase())
                .and_then(|value| value.trim().parse::<f64>().ok())
        };
        if let (Some(remaining), Some(reset)) = (header(&names.remaining), header(&names.reset))
            && remaining < 1.0
            && let Ok(reset) = Duration::try_from_secs_f64(reset.min(LONGEST_RESET))
        {
            self.state
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .until = now.checked_add(reset);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_request_waits_for_the_window_to_pass() {
        let window = |requests, seconds| Window { requests, seconds };
        let budget = Budget {
            windows: vec![window(3, 1.0), window(5, 60.0)],
            state: Mutex::default(),
        };
        let begin = Instant::now();
        for _ in 0..3 {
            assert_eq!(budget.wait(begin), Duration::ZERO);
            budget.count(begin);
        }
        assert_eq!(budget.wait(begin), Duration::from_secs(1));
        let later = begin + Duration::from_secs(1);
        assert_eq!(budget.wait(later), Duration::ZERO);
        budget.count(later);
        budget.count(later);
        assert_eq!(
            budget.wait(later + Duration::from_secs(2)),
            Duration::from_secs(57),
            "the longer window counts as well"
        );
    }
}
