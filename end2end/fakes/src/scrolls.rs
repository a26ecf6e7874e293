//! The lists that a vendor keeps open for a client, who takes one part after another.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::rng::Rng;

struct Scroll {
    left: Vec<Value>,
    size: usize,
    life: Duration,
    until: Instant,
}

/// The lists that are kept open. Their lifetimes run in real time whatever the speed.
pub(crate) struct Scrolls {
    rng: Rng,
    held: HashMap<String, Scroll>,
}

impl Default for Scrolls {
    fn default() -> Self {
        Self {
            rng: Rng::new(0x7363_726f_6c6c),
            held: HashMap::new(),
        }
    }
}

impl Scrolls {
    /// Keeps these rows as they are now, until nothing is taken from them for the time `life`.
    /// Returns the token for the next parts.
    pub(crate) fn open(&mut self, rows: Vec<Value>, size: usize, life: Duration) -> String {
        let token = format!("{:016X}{:016X}", self.rng.next(), self.rng.next());
        self.held.insert(
            token.clone(),
            Scroll {
                left: rows,
                size,
                life,
                until: Instant::now() + life,
            },
        );
        token
    }

    /// Returns the next part. The vendor moves on whether or not the answer arrives: a repeated
    /// request gets the part after it. `None` for an unknown token.
    pub(crate) fn next(&mut self, token: &str) -> Option<Vec<Value>> {
        let now = Instant::now();
        self.held.retain(|_, scroll| scroll.until > now);
        let scroll = self.held.get_mut(token)?;
        scroll.until = now + scroll.life;
        let part = scroll.size.min(scroll.left.len());
        Some(scroll.left.drain(..part).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scroll_ends_empty_and_is_forgotten_when_left_alone() {
        let mut scrolls = Scrolls::default();
        let token = scrolls.open(
            vec![1.into(), 2.into(), 3.into()],
            2,
            Duration::from_mins(1),
        );
        let parts = [
            scrolls.next(&token),
            scrolls.next(&token),
            scrolls.next(&token),
        ];
        assert_eq!(
            parts,
            [
                Some(vec![1.into(), 2.into()]),
                Some(vec![3.into()]),
                Some(vec![])
            ]
        );
        assert_eq!(scrolls.next("other"), None);
        let token = scrolls.open(vec![1.into()], 1, Duration::ZERO);
        assert_eq!(scrolls.next(&token), None);
    }
}
