//! The state that the rows of connections share.

use alta_domain::{Connection, ConnectionId, ErrorCode};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::systems::connections;

/// The connections on the page, the error of the last call, and the open question.
#[derive(Clone, Copy)]
pub(super) struct ConnectionList {
    pub(super) all: RwSignal<Vec<Connection>>,
    pub(super) error: RwSignal<Option<ErrorCode>>,
    /// The connection that is to be ended after a confirmation; `None` when there is no question.
    pub(super) to_disconnect: RwSignal<Option<ConnectionId>>,
}

impl ConnectionList {
    pub(super) fn new(all: Vec<Connection>) -> Self {
        Self {
            all: RwSignal::new(all),
            error: RwSignal::default(),
            to_disconnect: RwSignal::default(),
        }
    }

    pub(super) fn get(self, id: ConnectionId) -> Option<Connection> {
        self.all
            .with(|all| all.iter().find(|one| one.id == id).cloned())
    }

    /// Runs a call, then reads the list again.
    pub(super) fn run(self, call: impl AsyncFnOnce() -> Result<(), ErrorCode> + 'static) {
        self.error.set(None);
        spawn_local(async move {
            let done = call().await;
            match (done, connections().await) {
                (Ok(()), Ok(all)) => self.all.set(all),
                (Err(code), _) => self.error.set(Some(code)),
                (_, Err(failed)) => self.error.set(Some(failed.code)),
            }
        });
    }
}
