//! The times of answers.

use std::fmt;
use std::time::Instant;

/// The times of the answers to one kind of request.
pub(super) struct Times {
    name: &'static str,
    millis: Vec<f64>,
    wrong: usize,
}

impl Times {
    pub(super) fn new(name: &'static str) -> Self {
        Self {
            name,
            millis: Vec::new(),
            wrong: 0,
        }
    }

    /// Adds an answer to a request that was sent at `begun`.
    pub(super) fn add(&mut self, begun: Instant, is_right: bool) {
        self.millis.push(begun.elapsed().as_secs_f64() * 1000.0);
        self.wrong += usize::from(!is_right);
    }

    /// Returns true when there were answers, and all were right.
    pub(super) fn are_right(&self) -> bool {
        !self.millis.is_empty() && self.wrong == 0
    }
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut millis = self.millis.clone();
        millis.sort_by(f64::total_cmp);
        let at = |percent: usize| {
            let place = (millis.len() * percent / 100).min(millis.len().saturating_sub(1));
            millis.get(place).copied().unwrap_or_default()
        };
        let (name, count, wrong) = (self.name, millis.len(), self.wrong);
        write!(
            f,
            "{name}: {count} answers, {wrong} of them wrong; p50 {:.0} ms, p95 {:.0} ms, most \
             {:.0} ms",
            at(50),
            at(95),
            at(100)
        )
    }
}
