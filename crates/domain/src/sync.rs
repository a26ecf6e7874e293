//! What comes from a system that a company uses: its records, in our words, and what can go wrong
//! on the way.

use serde::{Deserialize, Serialize};

use crate::word::word_enum;
use crate::{BuiltInField, ConnectionId, ImportSummary, SyncRunId};

word_enum! {
    /// A kind of record that a system has, in the order in which they are read: what a transaction
    /// points at comes before it.
    pub enum Stream {
        /// What is sold.
        Products = "products",
        /// What products cost, of a system whose list of products does not say it.
        Prices = "prices",
        /// People and companies.
        Contacts = "contacts",
        /// Orders and sales, with their items.
        Transactions = "transactions",
    }
}

word_enum! {
    /// Where a transaction stands.
    pub enum TransactionStatus {
        /// Made, not approved.
        Open = "open",
        /// Approved or paid.
        Approved = "approved",
        /// Invoiced.
        Invoiced = "invoiced",
        /// On its way.
        Shipped = "shipped",
        /// Arrived.
        Delivered = "delivered",
        /// Called off.
        Cancelled = "cancelled",
        /// Sent back, whole or in part.
        Returned = "returned",
        /// The system's word says nothing to us.
        Unknown = "unknown",
    }
}

/// An account of a system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// What tells it from others, whatever it is called, where that is known.
    pub id: Option<String>,
    /// What the system calls it.
    pub name: String,
}

/// A contact as a system has it, its values as text: the import engine reads them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceContact {
    /// A text for each field that the system's manifest maps, in its order.
    pub cells: Vec<String>,
}

/// What is sold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// The shop's own number of it.
    pub sku: Option<String>,
    /// What it is called.
    pub name: String,
    /// Its price in minor units; none when the system tells none.
    pub price: Option<i64>,
    /// Its price is told with it; otherwise a list of its own may tell it.
    pub is_priced: bool,
    /// ISO 4217.
    pub currency: String,
    /// It is sold now.
    pub active: bool,
}

/// What a product costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    /// In minor units; none when the system tells none.
    pub price: Option<i64>,
    /// ISO 4217.
    pub currency: String,
}

/// One line of a transaction. Amounts are minor units of the transaction's currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineItem {
    /// The system's id of the product.
    pub product: Option<String>,
    /// The shop's own number of it.
    pub sku: Option<String>,
    /// What it is called.
    pub name: String,
    /// How many, a decimal number without trailing zeros.
    pub quantity: String,
    /// The price of one.
    pub unit_price: i64,
    /// The price of all.
    pub total: i64,
}

/// An order or a sale. Amounts are minor units of its currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transaction {
    /// What people call it by.
    pub number: Option<String>,
    /// When it was made, in milliseconds since 1970.
    pub made_at: i64,
    /// Where it stands.
    pub status: TransactionStatus,
    /// The system's own word for that.
    pub status_text: String,
    /// The system's id of whose it is; none for somebody without a name.
    pub contact: Option<String>,
    /// What was to pay.
    pub total: i64,
    /// What was taken off.
    pub discount: i64,
    /// What the way cost.
    pub freight: i64,
    /// ISO 4217.
    pub currency: String,
    /// What was sold.
    pub items: Vec<LineItem>,
}

/// A record in our words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SourceRecord {
    /// A person or a company.
    Contact(SourceContact),
    /// An order or a sale.
    Transaction(Transaction),
    /// What is sold.
    Product(Product),
    /// What the product with this id costs.
    Price(Price),
    /// One that its system has deleted, and says so.
    Gone,
    /// One that is there and of no use here.
    Unwanted,
}

/// A record that could not be read: which of its fields, and the text that stands there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAside {
    /// The field of ours.
    pub field: String,
    /// What the system has there, cut to 200 characters.
    pub text: String,
}

/// A record with its id in its system, and as the system sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sourced {
    /// The system's id of it.
    pub id: String,
    /// The record, or why it could not be read.
    pub record: Result<SourceRecord, SetAside>,
    /// As it came, as JSON.
    pub raw: String,
}

/// What the id of somebody begins with whom only a transaction tells of: such contacts are in no
/// list of their system.
pub const GUEST: &str = "guest:";

/// Records of one request, and where to go on behind them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourcePage {
    /// In the system's order.
    pub records: Vec<Sourced>,
    /// What to go on with, as JSON: kept together with the records.
    pub position: String,
    /// There is no other page.
    pub done: bool,
    /// With the last page of all that there is: since when it was read, in milliseconds since
    /// 1970. What was not seen since, its system has no more.
    pub whole: Option<i64>,
}

impl SourcePage {
    /// This page and the one behind it as one.
    #[must_use]
    pub fn with_next(mut self, next: Self) -> Self {
        self.records.extend(next.records);
        Self {
            records: self.records,
            ..next
        }
    }
}

/// How the contacts of a system are read: the fields of their cells, and whose national phone
/// numbers are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactShape {
    /// In the cells' order.
    pub fields: Vec<BuiltInField>,
    /// The system's country; the organization's when there is none.
    pub country: Option<crate::Country>,
}

word_enum! {
    /// What kept a system from answering, by what the admin can do about it.
    pub enum FaultKind {
        /// The system does not know these credentials.
        BadCredentials = "bad_credentials",
        /// It knows them, and they may not read this.
        MissingScope = "missing_scope",
        /// They belong to another account than was connected.
        WrongAccount = "wrong_account",
        /// The company's plan with the vendor does not allow it.
        PlanLimit = "plan_limit",
        /// The consent was withdrawn, or has run out: give it again.
        Consent = "consent",
        /// Too many requests; it goes on by itself.
        Busy = "busy",
        /// As many requests as a day has; it goes on by itself the next.
        DailyLimit = "daily_limit",
        /// The system does not answer, or says that it is down; it goes on by itself.
        Down = "down",
        /// The address is none of a system, or one that this server must not ask.
        BadAddress = "bad_address",
        /// It answers with something else than its description says.
        Unexpected = "unexpected",
        /// An answer larger than is taken.
        TooLarge = "too_large",
        /// Its pages go round in circles, or do not end.
        Endless = "endless",
    }
}

impl FaultKind {
    /// Whether it passes by itself: the sync goes on later.
    #[must_use]
    pub fn passes(self) -> bool {
        matches!(self, Self::Busy | Self::DailyLimit | Self::Down)
    }
}

/// What the screen says of a fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultNote {
    /// What it is.
    pub kind: FaultKind,
    /// The system's own words; empty when it said none.
    pub said: String,
    /// What to do about it, as the system's manifest says, in the reader's language.
    pub remedy: Option<String>,
}

word_enum! {
    /// How a connection stands.
    pub enum ConnectionState {
        /// Its system waits for the admin's consent.
        Consent = "consent",
        /// It is synced.
        Active = "active",
        /// The admin has paused it.
        Paused = "paused",
        /// It needs the admin: see its fault.
        Failed = "failed",
    }
}

/// How many records of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamCounts {
    /// People and companies.
    pub contacts: u32,
    /// Orders and sales.
    pub transactions: u32,
    /// What is sold.
    pub products: u32,
    /// Records that could not be read or taken.
    pub set_aside: u32,
}

impl StreamCounts {
    /// Records of a kind; a price is counted with its product.
    #[must_use]
    pub fn of(&self, stream: Stream) -> u32 {
        match stream {
            Stream::Contacts => self.contacts,
            Stream::Transactions => self.transactions,
            Stream::Products | Stream::Prices => self.products,
        }
    }
}

/// A connection, as the screens show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// Which.
    pub id: ConnectionId,
    /// Its system.
    pub slug: String,
    /// The system's name, where the catalogue knows it.
    pub system: String,
    /// The account there, as the system calls it.
    pub account: String,
    /// How it stands.
    pub state: ConnectionState,
    /// A run is under way.
    pub running: bool,
    /// What it holds now.
    pub holds: StreamCounts,
    /// How many records it brought that its system has no more.
    pub gone: u32,
    /// When the last run ended, in milliseconds since 1970.
    pub last_run: Option<i64>,
    /// When the next one is due.
    pub next_run: Option<i64>,
    /// What keeps it.
    pub fault: Option<FaultNote>,
    /// Its system can send notices of changes.
    pub notices: bool,
}

/// Where a system sends its notices of changes, in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeAddress {
    /// What to paste there.
    pub address: String,
    /// Where, step by step.
    pub steps: Vec<String>,
}

/// One run of a sync.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncRun {
    /// Which.
    pub id: SyncRunId,
    /// When it began, in milliseconds since 1970.
    pub started_at: i64,
    /// When it ended.
    pub ended_at: Option<i64>,
    /// What it read.
    pub read: StreamCounts,
    /// What kept it.
    pub fault: Option<FaultNote>,
    /// The import that its contacts came by.
    pub import: Option<ImportSummary>,
}

/// A record that could not be read, as the screen shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncProblem {
    /// What it is.
    pub stream: Stream,
    /// The system's id of it.
    pub external_id: String,
    /// What could not be read.
    pub aside: SetAside,
}
