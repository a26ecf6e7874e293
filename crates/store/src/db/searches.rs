//! Limits the searches that run at once: a search reads many rows, and other requests must not wait
//! for it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use alta_domain::UserId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The limits on searches. Each user has one search at a time, and all users together have a
/// limited number; further searches wait.
#[derive(Debug)]
pub(crate) struct Searches {
    running: Arc<Semaphore>,
    of_users: Mutex<HashMap<UserId, Arc<Semaphore>>>,
}

/// The permission to run one search. Dropping it lets the next search begin.
pub(crate) struct Turn {
    _own: Option<OwnedSemaphorePermit>,
    _running: Option<OwnedSemaphorePermit>,
}

impl Searches {
    /// Makes the limits: at most `at_once` searches of all users run at once; 0 counts as 1.
    pub(crate) fn new(at_once: u32) -> Self {
        Self {
            running: Arc::new(Semaphore::new(at_once.max(1) as usize)),
            of_users: Mutex::default(),
        }
    }

    /// Waits until the user may search.
    pub(crate) async fn turn(&self, user: UserId) -> Turn {
        let own = self.of_user(user).acquire_owned().await;
        let running = Arc::clone(&self.running).acquire_owned().await;
        // Neither semaphore is ever closed.
        Turn {
            _own: own.ok(),
            _running: running.ok(),
        }
    }

    fn of_user(&self, user: UserId) -> Arc<Semaphore> {
        let mut of_users = self.of_users.lock().unwrap_or_else(PoisonError::into_inner);
        // Users without a running or waiting search are removed.
        of_users.retain(|_, own| Arc::strong_count(own) > 1);
        let own = of_users.entry(user);
        Arc::clone(own.or_insert_with(|| Arc::new(Semaphore::new(1))))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// Returns true when the user may search within 50 milliseconds.
    async fn comes(searches: &Searches, user: i64) -> bool {
        let turn = searches.turn(UserId(user));
        tokio::time::timeout(Duration::from_millis(50), turn)
            .await
            .is_ok()
    }

    #[tokio::test]
    async fn a_user_searches_once_at_a_time_and_leaves_others_their_turn() {
        let searches = Searches::new(2);
        let first = searches.turn(UserId(1)).await;
        assert!(!comes(&searches, 1).await, "their own search runs");
        assert!(
            comes(&searches, 2).await,
            "somebody else's does not wait for it"
        );
        let second = searches.turn(UserId(2)).await;
        assert!(!comes(&searches, 3).await, "as many as may run do");
        drop(first);
        assert!(comes(&searches, 3).await);
        drop(second);
        assert!(comes(&searches, 1).await);
        let known = searches.of_users.lock().unwrap().len();
        assert!(known <= 2, "users who do not search are forgotten");
    }
}
