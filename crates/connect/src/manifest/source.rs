//! What its records mean: lists and their pages, details, and our fields in the vendor's words.

use std::collections::BTreeMap;

use alta_domain::BuiltInField;
use schemars::JsonSchema;
use serde::Deserialize;

use super::Request;
use crate::expression::Expr;

/// How one kind of record is read. Variables of requests: `credentials`, `token`, `page`, `offset`,
/// `size`, `cursor`, `since`, `until`, `mark`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source<T> {
    /// The request for a page.
    pub request: Request,
    /// How pages follow one another.
    pub pages: Pages,
    /// The list of records in the answer, by `answer`.
    pub records: Expr,
    /// A record's id. In this and all that follows the record's own names are the variables.
    pub id: Expr,
    /// When it was changed; without it the time of the run counts.
    #[serde(default)]
    pub updated: Option<Expr>,
    /// Seconds that the next run goes back behind what was seen.
    #[serde(default = "ten_minutes")]
    pub overlap: i64,
    /// Seconds after which all is read again, where a system does not tell all that changed; 0
    /// where it always gives all.
    #[serde(default)]
    pub full_every: Option<i64>,
    /// Old records leave its list, so that what it gives no more may still be there.
    #[serde(default)]
    pub forgets: bool,
    /// Which records are wanted.
    #[serde(default)]
    pub only: Option<Expr>,
    /// Which records the system has deleted and still lists.
    #[serde(default)]
    pub gone: Option<Expr>,
    /// What makes one record of several rows: rows with the same value stand in `rows` of the
    /// first. `edge` says that others may stand on the page before or behind; a `detail` gets
    /// them.
    #[serde(default)]
    pub group: Option<Expr>,
    /// Requests for each record, where the list tells too little.
    #[serde(default)]
    pub detail: Vec<Detail>,
    /// Requests about many records of a page at once. Later ones may use earlier ones.
    #[serde(default)]
    pub batch: Vec<Batch>,
    /// Its fields.
    pub fields: T,
}

fn ten_minutes() -> i64 {
    600
}

/// How pages follow one another.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pages {
    /// The manner.
    pub kind: PageKind,
    /// Records of a page: `size`.
    #[serde(default = "hundred")]
    pub size: u32,
    /// The number of the first page.
    #[serde(default = "one")]
    pub first: u32,
    /// Whether another page follows, by `answer`, `count`, `page`, `offset`, `size`; without it,
    /// when the page was full.
    #[serde(default)]
    pub more: Option<Expr>,
    /// `cursor`: what stands for the next page, by `answer` and `records`. `link`: its address, by
    /// `answer` and `link` (the header's).
    #[serde(default)]
    pub next: Option<Expr>,
    /// The cursor of the last page is kept: the next run goes on from it. It stands in `mark`.
    #[serde(default)]
    pub keeps: bool,
    /// Time is asked for in windows of so many days: `since` and `until`.
    #[serde(default)]
    pub window_days: Option<i64>,
    /// Where the first window begins, as a day.
    #[serde(default)]
    pub window_from: Option<String>,
    /// How many records a window may have, with `total`: one with more is split.
    #[serde(default)]
    pub window_cap: Option<i64>,
    /// How many records there are, by `answer`.
    #[serde(default)]
    pub total: Option<Expr>,
}

fn hundred() -> u32 {
    100
}

fn one() -> u32 {
    1
}

/// The manner of pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PageKind {
    /// All in one answer.
    Single,
    /// Numbered pages: `page`.
    Page,
    /// So many records passed over: `offset`. Ranges are this too.
    Offset,
    /// The answer names what to ask next: `cursor`. Tokens are this too.
    Cursor,
    /// The answer, or its header, has the address of the next page.
    Link,
}

/// A request for each record; what it answers are variables of the next.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Detail {
    /// It; the record's names are its variables.
    pub request: Request,
    /// The record in its answer; its names go in front of the list's.
    pub record: Expr,
    /// For which records it is needed; all without it.
    #[serde(default)]
    pub when: Option<Expr>,
    /// A record that the system has no more about is read all the same; without it, it is set
    /// aside.
    #[serde(default)]
    pub optional: bool,
}

/// More about the records of a page, asked for many at a time: `batch.NAME`, a table of lists.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// Its name in expressions.
    pub name: String,
    /// What is asked about: a list, by `records` and `batch`.
    pub ids: Expr,
    /// How many of them go into one request, as `ids`.
    #[serde(default = "hundred")]
    pub size: u32,
    /// It.
    pub request: Request,
    /// The rows in the answer, by `answer`.
    pub records: Expr,
    /// What is looked up by, of a row.
    pub key: Expr,
    /// What is found; the row itself without it. A list is taken in one by one.
    #[serde(default)]
    pub value: Option<Expr>,
    /// Whether an answer is whole, by `answer`; where it is not, half as many are asked about.
    #[serde(default)]
    pub whole: Option<Expr>,
}

/// Fields of contacts, by our words: `phone`, `email`, `name`, ...
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Contacts(#[schemars(with = "BTreeMap<String, Expr>")] pub BTreeMap<Field, Expr>);

/// A contact's field in a manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Field(pub BuiltInField);

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        let words = || {
            BuiltInField::ALL
                .iter()
                .map(|field| field.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        };
        BuiltInField::parse(&word)
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom(format!("'{word}' is none of: {}", words())))
    }
}

/// Fields of transactions.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Transactions {
    /// What people call it by.
    #[serde(default)]
    pub number: Option<Expr>,
    /// When it was made.
    pub date: Expr,
    /// Where it stands: one of our words, or a word that `statuses` knows.
    pub status: Expr,
    /// The system's words for it, in lower case without accents, and ours.
    #[serde(default)]
    pub statuses: BTreeMap<String, String>,
    /// The id of whose it is.
    #[serde(default)]
    pub contact: Option<Expr>,
    /// Who it is where it has no such id: somebody who bought without an account.
    #[serde(default)]
    pub guest: Option<Guest>,
    /// What was to pay.
    pub total: Expr,
    /// What was taken off.
    #[serde(default)]
    pub discount: Option<Expr>,
    /// What the way cost.
    #[serde(default)]
    pub freight: Option<Expr>,
    /// ISO 4217, where records say it.
    #[serde(default)]
    pub currency: Option<Expr>,
    /// Amounts are minor units already.
    #[serde(default)]
    pub minor_units: bool,
    /// What was sold.
    pub items: Items,
}

/// A contact that only transactions tell of.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Guest {
    /// What they are known by, such as their e-mail address; who has none stays unknown.
    pub id: Expr,
    /// Their fields, some of those that contacts have.
    pub fields: Contacts,
}

/// Fields of the lines of a transaction. A line's own names are the variables.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Items {
    /// The list in the record.
    pub list: Expr,
    /// Which lines are wanted.
    #[serde(default)]
    pub only: Option<Expr>,
    /// The system's id of the product.
    #[serde(default)]
    pub product: Option<Expr>,
    /// The shop's own number of it.
    #[serde(default)]
    pub sku: Option<Expr>,
    /// What it is called.
    pub name: Expr,
    /// How many.
    pub quantity: Expr,
    /// The price of one.
    pub unit_price: Expr,
    /// The price of all; quantity times price without it.
    #[serde(default)]
    pub total: Option<Expr>,
}

/// Fields of prices; the record's `id` is that of the product.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    /// The price.
    pub price: Expr,
    /// ISO 4217, where records say it.
    #[serde(default)]
    pub currency: Option<Expr>,
    /// Amounts are minor units already.
    #[serde(default)]
    pub minor_units: bool,
}

/// Fields of products.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Products {
    /// The shop's own number of it.
    #[serde(default)]
    pub sku: Option<Expr>,
    /// What it is called.
    pub name: Expr,
    /// Its price.
    #[serde(default)]
    pub price: Option<Expr>,
    /// ISO 4217, where records say it.
    #[serde(default)]
    pub currency: Option<Expr>,
    /// It is sold now; without it all are.
    #[serde(default)]
    pub active: Option<Expr>,
    /// Amounts are minor units already.
    #[serde(default)]
    pub minor_units: bool,
}
