//! The words of connected systems.

use alta_domain::{ConnectionState, FaultKind, Stream, TransactionStatus};

use crate::reader::Reader;
use crate::wording::{enum_words, text_of, word};

enum_words! {
    /// Returns the plural noun of the records of a stream.
    stream(Stream) {
        Stream::Products => stream.products,
        Stream::Prices => stream.prices,
        Stream::Contacts => stream.contacts,
        Stream::Transactions => stream.transactions,
    }
}

/// Returns the noun of the records of a stream after a count: 'contact' after 1.
pub(crate) fn counted_stream(i18n: Reader, stream: Stream, count: u32) -> &'static str {
    use crate::texts::stream;
    let noun = match stream {
        Stream::Products => stream::counted_products,
        Stream::Prices => stream::counted_prices,
        Stream::Contacts => stream::counted_contacts,
        Stream::Transactions => stream::counted_transactions,
    };
    text_of(i18n, noun.form(i18n.language(), u64::from(count)))
}

enum_words! {
    /// Returns the name of a transaction's status.
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

enum_words! {
    /// Returns the name of a connection's state.
    connection_state(ConnectionState) {
        ConnectionState::Consent => connections.consent,
        ConnectionState::Active => connections.active,
        ConnectionState::Paused => connections.paused,
        ConnectionState::Failed => connections.failed,
    }
}

enum_words! {
    /// Returns the title of a fault: the reason why a system does not answer.
    fault(FaultKind) {
        FaultKind::BadCredentials => fault.bad_credentials,
        FaultKind::MissingScope => fault.missing_scope,
        FaultKind::WrongAccount => fault.wrong_account,
        FaultKind::PlanLimit => fault.plan_limit,
        FaultKind::Consent => fault.consent,
        FaultKind::Busy => fault.busy,
        FaultKind::DailyLimit => fault.daily_limit,
        FaultKind::Down => fault.down,
        FaultKind::Blocked => fault.blocked,
        FaultKind::Unreadable => fault.unreadable,
        FaultKind::Moved => fault.moved,
        FaultKind::NoManifest => fault.no_manifest,
        FaultKind::BadAddress => fault.bad_address,
        FaultKind::Unexpected => fault.unexpected,
        FaultKind::TooLarge => fault.too_large,
        FaultKind::Endless => fault.endless,
    }
}

enum_words! {
    /// Returns the remedy of a fault, for systems whose manifest has no remedy of its own.
    fault_remedy(FaultKind) {
        FaultKind::BadCredentials => fault.bad_credentials_remedy,
        FaultKind::MissingScope => fault.missing_scope_remedy,
        FaultKind::WrongAccount => fault.wrong_account_remedy,
        FaultKind::PlanLimit => fault.plan_limit_remedy,
        FaultKind::Consent => fault.consent_remedy,
        FaultKind::Busy => fault.busy_remedy,
        FaultKind::DailyLimit => fault.daily_limit_remedy,
        FaultKind::Down => fault.down_remedy,
        FaultKind::Blocked => fault.blocked_remedy,
        FaultKind::Unreadable => fault.unreadable_remedy,
        FaultKind::Moved => fault.moved_remedy,
        FaultKind::NoManifest => fault.no_manifest_remedy,
        FaultKind::BadAddress => fault.bad_address_remedy,
        FaultKind::Unexpected => fault.unexpected_remedy,
        FaultKind::TooLarge => fault.too_large_remedy,
        FaultKind::Endless => fault.endless_remedy,
    }
}

/// Returns the name of a kind of system, such as `erp`.
pub(crate) fn system_kind(i18n: Reader, kind: &str) -> &'static str {
    match kind {
        "erp" => word!(i18n, systems.kind_erp),
        "retail" => word!(i18n, systems.kind_retail),
        "store" => word!(i18n, systems.kind_store),
        "marketplace" => word!(i18n, systems.kind_marketplace),
        "crm" => word!(i18n, systems.kind_crm),
        _ => word!(i18n, systems.kind_service),
    }
}
