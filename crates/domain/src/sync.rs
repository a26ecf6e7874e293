//! The records of outside systems in the words of Alta, the state of their connections, and the
//! faults that can occur.

use serde::{Deserialize, Serialize};

use crate::word::word_enum;
use crate::{BuiltInField, ConnectionId, ImportSummary, SyncRunId};

word_enum! {
    /// A stream: one list of records in a system. The order of the values is the order of reading:
    /// a stream comes after those that its records refer to.
    pub enum Stream {
        /// Goods and services that the company sells.
        Products = "products",
        /// Prices of products, for a system whose list of products does not contain them.
        Prices = "prices",
        /// People and companies.
        Contacts = "contacts",
        /// Orders and sales, with their items.
        Transactions = "transactions",
    }
}

word_enum! {
    /// The status of a transaction.
    pub enum TransactionStatus {
        /// Placed, but not approved.
        Open = "open",
        /// Approved or paid.
        Approved = "approved",
        /// Invoiced.
        Invoiced = "invoiced",
        /// Shipped, but not delivered.
        Shipped = "shipped",
        /// Delivered to the customer.
        Delivered = "delivered",
        /// Cancelled.
        Cancelled = "cancelled",
        /// Returned, in whole or in part.
        Returned = "returned",
        /// The system's word for the status is not known.
        Unknown = "unknown",
    }
}

/// The vendor's account that a connection reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The account's id in the system, which stays the same when the account is renamed; `None`
    /// when the system does not give one.
    pub id: Option<String>,
    /// The name of the account in the system.
    pub name: String,
}

/// A contact of a system, with its values as text. The import engine reads them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceContact {
    /// The text of each field that the system's manifest maps, in the manifest's order.
    pub cells: Vec<String>,
}

/// A product or service that the company sells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// The shop's own number for the product (SKU); `None` when it has none.
    pub sku: Option<String>,
    /// The name of the product.
    pub name: String,
    /// The price in minor units of the currency; `None` when the system gives none.
    pub price: Option<i64>,
    /// True when the system's list of products contains prices. False when prices come from another
    /// list of the system, or not at all.
    pub is_priced: bool,
    /// The currency of the price, an ISO 4217 code.
    pub currency: String,
    /// True when the product is on sale now.
    pub active: bool,
}

/// The price of a product, from a list of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    /// The price in minor units of the currency; `None` when the system gives none.
    pub price: Option<i64>,
    /// The currency of the price, an ISO 4217 code.
    pub currency: String,
}

/// One line of a transaction. Amounts are minor units of the transaction's currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineItem {
    /// The system's id of the product; `None` when the line names none.
    pub product: Option<String>,
    /// The shop's own number for the product (SKU); `None` when it has none.
    pub sku: Option<String>,
    /// The name of the product.
    pub name: String,
    /// The quantity, a decimal number without trailing zeros.
    pub quantity: String,
    /// The price of one unit.
    pub unit_price: i64,
    /// The price of the whole quantity.
    pub total: i64,
}

/// An order or a sale. Amounts are minor units of its currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transaction {
    /// The number by which people know the transaction; `None` when it has none.
    pub number: Option<String>,
    /// The time of the transaction, in milliseconds since 1970.
    pub made_at: i64,
    /// The status, in the words of Alta.
    pub status: TransactionStatus,
    /// The system's own word for the status.
    pub status_text: String,
    /// The system's id of the buyer, or an id that begins with [`GUEST`]; `None` for an anonymous
    /// buyer.
    pub contact: Option<String>,
    /// The amount to pay.
    pub total: i64,
    /// The discount; 0 when there is none.
    pub discount: i64,
    /// The cost of delivery; 0 when there is none.
    pub freight: i64,
    /// The currency of the amounts, an ISO 4217 code.
    pub currency: String,
    /// The lines of the transaction.
    pub items: Vec<LineItem>,
}

/// A record of a system, in the words of Alta.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SourceRecord {
    /// A person or a company.
    Contact(SourceContact),
    /// An order or a sale.
    Transaction(Transaction),
    /// A product or service.
    Product(Product),
    /// The price of the product that has the record's id.
    Price(Price),
    /// A record that the system reports as deleted.
    Gone,
    /// A record that exists in the system and that the manifest leaves out.
    Unwanted,
}

/// The reason why a record could not be read: the field, and its text in the system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAside {
    /// The name of Alta's field.
    pub field: String,
    /// The text of the field in the system, cut to 200 characters.
    pub text: String,
}

/// A record with its id in the system, and in the form in which the system sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sourced {
    /// The system's id of the record.
    pub id: String,
    /// The record, or the reason why it could not be read.
    pub record: Result<SourceRecord, SetAside>,
    /// The record as the system sent it, as JSON; empty for a deleted or left-out record.
    pub raw: String,
}

/// The prefix of the id of a guest: a buyer whom only a transaction mentions, and no list of
/// contacts of the system.
pub const GUEST: &str = "guest:";

/// A page: the records of one request, and the position after them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourcePage {
    /// The records, in the system's order.
    pub records: Vec<Sourced>,
    /// The position from which the next request continues, as JSON. It is stored together with the
    /// records.
    pub position: String,
    /// True when no other page follows.
    pub done: bool,
    /// On the last page of a complete reading: the time at which that reading began, in
    /// milliseconds since 1970. A record that Alta has not read since then is no longer in the
    /// system. `None` on all other pages.
    pub whole: Option<i64>,
}

impl SourcePage {
    /// Joins this page and the next one into one page.
    #[must_use]
    pub fn with_next(mut self, next: Self) -> Self {
        self.records.extend(next.records);
        Self {
            records: self.records,
            ..next
        }
    }
}

/// The layout of a system's contacts: the fields of their cells, and the country of their national
/// phone numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactShape {
    /// The field of each cell, in the cells' order.
    pub fields: Vec<BuiltInField>,
    /// The system's country; `None` when the organization's country applies.
    pub country: Option<crate::Country>,
}

word_enum! {
    /// A kind of fault that stops the reading of a system, named by what the Admin can do about it.
    pub enum FaultKind {
        /// The system does not accept the credentials.
        BadCredentials = "bad_credentials",
        /// The system accepts the credentials, but they do not permit reading this list.
        MissingScope = "missing_scope",
        /// The credentials belong to another account than the connected one.
        WrongAccount = "wrong_account",
        /// What the company pays the vendor for does not include reading by other programs.
        PlanLimit = "plan_limit",
        /// The consent was withdrawn or has expired; the Admin must give it again.
        Consent = "consent",
        /// Too many requests; the sync continues by itself.
        Busy = "busy",
        /// The requests of the day are used up; the sync continues by itself on the next day.
        DailyLimit = "daily_limit",
        /// The system does not answer, or says that it is down; the sync continues by itself.
        Down = "down",
        /// The answer comes from something in front of the system, such as a firewall, which
        /// refuses this server.
        Blocked = "blocked",
        /// The answer is cut short, or has something else in its place, such as a page for people.
        Unreadable = "unreadable",
        /// The system sends requests on to another address.
        Moved = "moved",
        /// This server has no manifest of the system, or can't read it.
        NoManifest = "no_manifest",
        /// The address does not belong to a system, or this server must not send requests to it.
        BadAddress = "bad_address",
        /// The answer differs from what the manifest describes.
        Unexpected = "unexpected",
        /// The answer is larger than the limit.
        TooLarge = "too_large",
        /// The pages repeat, or do not end.
        Endless = "endless",
    }
}

impl FaultKind {
    /// Returns true when the fault passes without anybody's help. False for a fault that the Admin
    /// must mend.
    #[must_use]
    pub fn passes(self) -> bool {
        matches!(
            self,
            Self::Busy | Self::DailyLimit | Self::Down | Self::Blocked | Self::Unreadable
        )
    }

    /// Returns true when the system refuses the credentials. Two such refusals an hour apart end
    /// the reading of a connection.
    #[must_use]
    pub fn refuses_credentials(self) -> bool {
        matches!(self, Self::BadCredentials | Self::Consent)
    }
}

/// A fault with the words that a screen shows about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultNote {
    /// The kind of the fault.
    pub kind: FaultKind,
    /// The system's own message; empty when it sent none.
    pub message: String,
    /// The remedy that the system's manifest names, in the reader's language; `None` when it names
    /// none.
    pub remedy: Option<String>,
}

word_enum! {
    /// The state of a connection.
    pub enum ConnectionState {
        /// The connection waits until the Admin gives consent in the system.
        Consent = "consent",
        /// The connection is read regularly.
        Active = "active",
        /// The Admin has paused the connection.
        Paused = "paused",
        /// The Admin must act; the fault says why. The connection is still read now and then, in
        /// case the cause is gone, unless the system refuses its credentials again and again: then
        /// no run is planned.
        Failed = "failed",
    }
}

/// Numbers of records by stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamCounts {
    /// The number of people and companies.
    pub contacts: u32,
    /// The number of orders and sales.
    pub transactions: u32,
    /// The number of products.
    pub products: u32,
    /// The number of records that could not be read or stored.
    pub set_aside: u32,
}

impl StreamCounts {
    /// Returns the number of records of a stream; for prices, which are stored with products, that
    /// of the products.
    #[must_use]
    pub fn of(&self, stream: Stream) -> u32 {
        match stream {
            Stream::Contacts => self.contacts,
            Stream::Transactions => self.transactions,
            Stream::Products | Stream::Prices => self.products,
        }
    }
}

/// A connection to a system, with the details that screens show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// The connection's id.
    pub id: ConnectionId,
    /// The slug of the system.
    pub slug: String,
    /// The name of the system; its slug when the catalogue does not know the system.
    pub system: String,
    /// The name of the account in the system.
    pub account: String,
    /// The state of the connection.
    pub state: ConnectionState,
    /// True while a server reads the system.
    pub running: bool,
    /// The numbers of records that Alta has from the system, without those that the system no
    /// longer has.
    pub holds: StreamCounts,
    /// The number of records that Alta has and the system no longer has.
    pub gone: u32,
    /// The time at which the last run ended, in milliseconds since 1970; `None` before the first
    /// end.
    pub last_run: Option<i64>,
    /// The time at which the next run is due, in milliseconds since 1970; `None` when none is
    /// planned.
    pub next_run: Option<i64>,
    /// The fault that stops or delays the sync; `None` when there is none.
    pub fault: Option<FaultNote>,
    /// True when the system can send notices of changes.
    pub notices: bool,
}

/// The address to which a system sends its notices of changes, with instructions in the reader's
/// language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeAddress {
    /// The address to paste into the system's settings.
    pub address: String,
    /// The instructions for setting up the notices, one text for each step.
    pub steps: Vec<String>,
}

/// One run: one reading of a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncRun {
    /// The run's id.
    pub id: SyncRunId,
    /// The time at which the run began, in milliseconds since 1970.
    pub started_at: i64,
    /// The time at which the run ended, in milliseconds since 1970; `None` while it continues.
    pub ended_at: Option<i64>,
    /// The numbers of records that the run read.
    pub read: StreamCounts,
    /// The fault that stopped the run; `None` when there was none.
    pub fault: Option<FaultNote>,
    /// The import of the contacts that the run read; `None` when it imported none.
    pub import: Option<ImportSummary>,
}

/// A record that could not be read, with the details that the screen shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncProblem {
    /// The stream of the record.
    pub stream: Stream,
    /// The system's id of the record.
    pub external_id: String,
    /// The field that could not be read, and its text.
    pub aside: SetAside,
}
