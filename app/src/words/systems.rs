//! The words of connected systems.

use alta_domain::{ConnectionState, FaultKind, Stream, TransactionStatus};

use super::{Reader, said};

words! {
    /// What a system has, in the plural.
    stream(Stream) {
        Stream::Products => stream.products,
        Stream::Prices => stream.prices,
        Stream::Contacts => stream.contacts,
        Stream::Transactions => stream.transactions,
    }
}

words! {
    /// Where a transaction stands.
    transaction_status(TransactionStatus) {
        TransactionStatus::Open => status.open,
        TransactionStatus::Approved => status.approved,
        TransactionStatus::Invoiced => status.invoiced,
        TransactionStatus::Shipped => status.shipped,
        TransactionStatus::Delivered => status.delivered,
        TransactionStatus::Cancelled => status.cancelled,
        TransactionStatus::Returned => status.returned,
        TransactionStatus::Unknown => status.unknown,
    }
}

words! {
    /// How a connection stands.
    connection_state(ConnectionState) {
        ConnectionState::Consent => connections.consent,
        ConnectionState::Active => connections.active,
        ConnectionState::Paused => connections.paused,
        ConnectionState::Failed => connections.failed,
    }
}

words! {
    /// What keeps a system from answering.
    fault(FaultKind) {
        FaultKind::BadCredentials => fault.bad_credentials,
        FaultKind::MissingScope => fault.missing_scope,
        FaultKind::WrongAccount => fault.wrong_account,
        FaultKind::PlanLimit => fault.plan_limit,
        FaultKind::Consent => fault.consent,
        FaultKind::Busy => fault.busy,
        FaultKind::DailyLimit => fault.daily_limit,
        FaultKind::Down => fault.down,
        FaultKind::BadAddress => fault.bad_address,
        FaultKind::Unexpected => fault.unexpected,
        FaultKind::TooLarge => fault.too_large,
        FaultKind::Endless => fault.endless,
    }
}

words! {
    /// What to do about it, where the system's manifest does not say it.
    fault_remedy(FaultKind) {
        FaultKind::BadCredentials => fault.bad_credentials_remedy,
        FaultKind::MissingScope => fault.missing_scope_remedy,
        FaultKind::WrongAccount => fault.wrong_account_remedy,
        FaultKind::PlanLimit => fault.plan_limit_remedy,
        FaultKind::Consent => fault.consent_remedy,
        FaultKind::Busy => fault.busy_remedy,
        FaultKind::DailyLimit => fault.daily_limit_remedy,
        FaultKind::Down => fault.down_remedy,
        FaultKind::BadAddress => fault.bad_address_remedy,
        FaultKind::Unexpected => fault.unexpected_remedy,
        FaultKind::TooLarge => fault.too_large_remedy,
        FaultKind::Endless => fault.endless_remedy,
    }
}
