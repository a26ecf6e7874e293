//! Lists that a vendor holds open for a client, who takes part after part of them.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::rng::Rng;

struct Scroll {
    left: Vec<Value>,
    size: usize,
    until: Instant,
}

/// What is held open. Lifetimes run in real time whatever the speed.
pub(crate) struct Scrolls {
    life: Duration,
    held: Mutex<(Rng, HashMap<String, Scroll>)>,
}

impl Scrolls {
    /// A scroll is forgotten when nothing is taken from it for so long.
    pub(crate) fn new(life: Duration) -> Self {
        Self { life, held: Mutex::new((Rng::new(0x7363_726f_6c6c), HashMap::new())) }
    }

    /// Holds these rows as they are now; answers the token for the next parts.
    pub(crate) fn open(&self, rows: Vec<Value>, size: usize) -> String {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let token = format!("{:016X}{:016X}", held.0.next(), held.0.next());
        held.1.insert(token.clone(), Scroll { left: rows, size, until: Instant::now() + self.life });
        token
    }

    /// The next part. The vendor moves on whether or not the answer arrives: who asks again gets the part behind it.
    pub(crate) fn next(&self, token: &str) -> Option<Vec<Value>> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        held.1.retain(|_, scroll| scroll.until > now);
        let scroll = held.1.get_mut(token)?;
        scroll.until = now + self.life;
        let part = scroll.size.min(scroll.left.len());
        Some(scroll.left.drain(..part).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scroll_ends_empty_and_is_forgotten_when_left_alone() {
        let scrolls = Scrolls::new(Duration::from_mins(1));
        let token = scrolls.open(vec![1.into(), 2.into(), 3.into()], 2);
        let parts = [scrolls.next(&token), scrolls.next(&token), scrolls.next(&token)];
        assert_eq!(parts, [Some(vec![1.into(), 2.into()]), Some(vec![3.into()]), Some(vec![])]);
        assert_eq!(scrolls.next("other"), None);
        let brief = Scrolls::new(Duration::ZERO);
        let token = brief.open(vec![1.into()], 1);
        assert_eq!(brief.next(&token), None);
    }
}
