//! The reasons why a run ends early.

use alta_connect::Fault;
use alta_domain::FaultKind;
use alta_store::StoreError;

/// The reason why a run ended before all lists were read.
pub(super) enum Stop {
    /// The system or this server failed.
    Fault(Fault),
    /// The connection was paused, removed, or taken over by another server.
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

/// Returns the fault of a task of this server that panicked.
pub(super) fn internal_fault() -> Fault {
    Fault::new(FaultKind::Unexpected, "a fault of ours")
}
