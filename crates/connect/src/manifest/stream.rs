//! The parts of a manifest about records: their list and its pages, their details, and the
//! expressions for our fields.

use std::collections::BTreeMap;

use alta_domain::{BuiltInField, TransactionStatus};
use schemars::JsonSchema;
use serde::Deserialize;

use super::nearest::did_you_mean;
use super::request::Request;
use crate::expression::Expr;

/// The description of one stream: how its records are listed and completed, and what their fields
/// mean. Variables of requests: `credentials`, `token`, `page`, `offset`, `size`, `cursor`,
/// `since`, `until`, `mark`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
// The name in the JSON Schema stays as editors know it.
#[schemars(rename = "Source")]
pub struct StreamSpec<T> {
    /// The request for a page.
    pub request: Request,
    /// The pages of the list.
    pub pages: Pages,
    /// The list of records. Variable: `answer`.
    pub records: Expr,
    /// The id of a record. In this and the following expressions the variables are the record's
    /// own names.
    pub id: Expr,
    /// The time of the record's last change. Without it, the time of the run counts.
    #[serde(default)]
    pub updated: Option<Expr>,
    /// The number of seconds that the next run goes back before the last change that this run saw.
    #[serde(default = "ten_minutes")]
    pub overlap: i64,
    /// The number of seconds after which all records are read again, for systems that don't list
    /// every change. 0 for systems that always list all records.
    #[serde(default)]
    pub full_every: Option<i64>,
    /// True when old records leave the list: a record that is no longer listed may still exist.
    #[serde(default)]
    pub forgets: bool,
    /// The condition for records to be read; the others are left out.
    #[serde(default)]
    pub only: Option<Expr>,
    /// The condition for records that the system has deleted and still lists.
    #[serde(default)]
    pub gone: Option<Expr>,
    /// The records that the system has deleted and lists apart, such as those in its trash. They
    /// are asked for at the end of each run.
    #[serde(default)]
    pub trash: Option<Trash>,
    /// The value that the rows of one record share, for lists with several rows a record. The
    /// record is the first of its rows, and has all of them in `rows`. `edge` is true when the page
    /// before or after may have further rows of the record; a `detail` gets them.
    #[serde(default)]
    pub group: Option<Expr>,
    /// The requests for each record, when the list has too little of it.
    #[serde(default)]
    pub detail: Vec<Detail>,
    /// The requests about many records of a page at once. Later ones may use earlier ones.
    #[serde(default)]
    pub batch: Vec<Batch>,
    /// The expressions for our fields.
    pub fields: T,
}

fn ten_minutes() -> i64 {
    600
}

/// The request for the records that a system has deleted and lists apart, by pages. Their ids are
/// read as those of other records.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trash {
    /// The request for a page. Variables: `page`, counted from 1, and `size`.
    pub request: Request,
    /// The list of records. Variable: `answer`.
    pub records: Expr,
    /// The number of records of a page: `size`. A page with fewer is the last one.
    #[serde(default = "hundred")]
    pub size: u32,
}

/// The pages of a list.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pages {
    /// The way in which pages are asked for.
    pub kind: PageKind,
    /// The number of records of a page: `size`.
    #[serde(default = "hundred")]
    pub size: u32,
    /// The number of the first page.
    #[serde(default = "one")]
    pub first: u32,
    /// True when another page follows. Variables: `answer`, `count`, `page`, `offset`, `size`.
    /// Without it, another page follows when this one is full.
    #[serde(default)]
    pub more: Option<Expr>,
    /// The cursor of the next page (variables: `answer`, `records`), or its address (variables:
    /// `answer`, and `link` from the header).
    #[serde(default)]
    pub next: Option<Expr>,
    /// True when the cursor of the last page is kept and the next run continues from it: `mark`.
    #[serde(default)]
    pub keeps: bool,
    /// The length in days of the windows of time that are asked for one after another: `since`,
    /// `until`.
    #[serde(default)]
    pub window_days: Option<i64>,
    /// The day on which the first window begins.
    #[serde(default)]
    pub window_from: Option<String>,
    /// The most records that a window may have. A window with a larger `total` is halved.
    #[serde(default)]
    pub window_cap: Option<i64>,
    /// The number of records of the list or of the window. Variable: `answer`.
    #[serde(default)]
    pub total: Option<Expr>,
}

impl Pages {
    /// Returns true for pages that are asked for by their number or their offset.
    pub(crate) fn is_numbered(&self) -> bool {
        matches!(self.kind, PageKind::Page | PageKind::Offset)
    }
}

fn hundred() -> u32 {
    100
}

fn one() -> u32 {
    1
}

/// The way in which pages are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PageKind {
    /// All records in one answer.
    Single,
    /// By the number of the page: `page`.
    Page,
    /// By the number of records before the page: `offset`. Ranges are of this kind too.
    Offset,
    /// By a cursor or token in the previous answer: `cursor`.
    Cursor,
    /// By an address in the previous answer, or in its header.
    Link,
}

/// A request for the details of each record. Its answer's names are variables of the next one.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Detail {
    /// The request. Variables: the record's own names.
    pub request: Request,
    /// The record in the answer. Its names take precedence over those of the list.
    pub record: Expr,
    /// The condition for records that need the request. Without it, all records need it.
    #[serde(default)]
    pub when: Option<Expr>,
    /// True when a record without details is read all the same. Otherwise the record is set aside.
    #[serde(default)]
    pub optional: bool,
}

/// A request about many records of a page at once. Expressions have its answer as `batch.NAME`, a
/// table of lists.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// The name in expressions: `batch.NAME`.
    pub name: String,
    /// The list of ids to ask about. Variables: `records`, `batch`.
    pub ids: Expr,
    /// The number of ids in one request: `ids`.
    #[serde(default = "hundred")]
    pub size: u32,
    /// The request.
    pub request: Request,
    /// The list of rows. Variable: `answer`.
    pub records: Expr,
    /// The key of a row, by which it is looked up.
    pub key: Expr,
    /// The value of a row. Without it, the row itself. When the value is a list, each value of the
    /// list counts.
    #[serde(default)]
    pub value: Option<Expr>,
    /// True when an answer is complete. Variable: `answer`. Otherwise half as many ids are asked
    /// for.
    #[serde(default)]
    pub whole: Option<Expr>,
}

/// The expressions for fields of contacts, by our names: `phone`, `email`, `name`, ...
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct Contacts(pub BTreeMap<Field, Expr>);

impl JsonSchema for Contacts {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Contacts".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let expression = generator.subschema_for::<Expr>();
        let fields: serde_json::Map<String, serde_json::Value> = BuiltInField::ALL
            .iter()
            .map(|field| (field.as_str().to_owned(), expression.clone().to_value()))
            .collect();
        schemars::json_schema!({
            "description": "The expressions for fields of contacts, by our names.",
            "type": "object",
            "properties": fields,
            "additionalProperties": false,
        })
    }
}

/// A contact's field in a manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Field(pub BuiltInField);

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        let message = || {
            let words: Vec<&str> = BuiltInField::ALL
                .iter()
                .map(|field| field.as_str())
                .collect();
            let nearest = did_you_mean(&word, words.iter().copied());
            let words = words.join(", ");
            format!("`{word}` is none of the contact's fields: {words}{nearest}")
        };
        BuiltInField::parse(&word)
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom(message()))
    }
}

/// The expressions for fields of transactions.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Transactions {
    /// The number that people use for the transaction.
    #[serde(default)]
    pub number: Option<Expr>,
    /// The time at which the transaction was made.
    pub date: Expr,
    /// The status: one of our words, or a word that `statuses` maps.
    pub status: Expr,
    /// The system's words for statuses, in lower case without accents, with ours.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Status>")]
    pub statuses: BTreeMap<String, String>,
    /// The id of the contact.
    #[serde(default)]
    pub contact: Option<Expr>,
    /// The contact of a transaction without such an id: somebody who bought without an account.
    #[serde(default)]
    pub guest: Option<Guest>,
    /// The amount to pay.
    pub total: Expr,
    /// The discount.
    #[serde(default)]
    pub discount: Option<Expr>,
    /// The cost of the freight.
    #[serde(default)]
    pub freight: Option<Expr>,
    /// The currency, where records name it, ISO 4217.
    #[serde(default)]
    pub currency: Option<Expr>,
    /// True when amounts are in minor units (cents) already.
    #[serde(default)]
    pub minor_units: bool,
    /// The line items.
    pub items: Items,
}

/// Our word for a status, in the schema.
struct Status;

impl JsonSchema for Status {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Status".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "enum": statuses() })
    }
}

/// Returns the words for statuses that a manifest may use.
pub(super) fn statuses() -> Vec<&'static str> {
    let words = TransactionStatus::ALL.iter();
    words
        .filter(|status| **status != TransactionStatus::Unknown)
        .map(|status| status.as_str())
        .collect()
}

/// A contact that only transactions mention.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Guest {
    /// The guest's id, such as an e-mail address. Without a value there is no contact.
    pub id: Expr,
    /// The fields: some of those that contacts have.
    pub fields: Contacts,
}

/// The expressions for line items of a transaction. Variables: the line's own names.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Items {
    /// The list of lines. Variables: the record's own names.
    pub list: Expr,
    /// The condition for lines to be read.
    #[serde(default)]
    pub only: Option<Expr>,
    /// The system's id of the product.
    #[serde(default)]
    pub product: Option<Expr>,
    /// The shop's own number of the product.
    #[serde(default)]
    pub sku: Option<Expr>,
    /// The name of the product.
    pub name: Expr,
    /// The quantity.
    pub quantity: Expr,
    /// The price of one unit.
    pub unit_price: Expr,
    /// The price of the line. Without it, quantity times unit price.
    #[serde(default)]
    pub total: Option<Expr>,
}

/// The expressions for fields of prices. The record's `id` is that of the product.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    /// The price.
    pub price: Expr,
    /// The currency, where records name it, ISO 4217.
    #[serde(default)]
    pub currency: Option<Expr>,
    /// True when amounts are in minor units (cents) already.
    #[serde(default)]
    pub minor_units: bool,
}

/// The expressions for fields of products.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Products {
    /// The shop's own number of the product.
    #[serde(default)]
    pub sku: Option<Expr>,
    /// The name of the product.
    pub name: Expr,
    /// The price.
    #[serde(default)]
    pub price: Option<Expr>,
    /// The currency, where records name it, ISO 4217.
    #[serde(default)]
    pub currency: Option<Expr>,
    /// True when the product is sold now. Without it, all products are.
    #[serde(default)]
    pub active: Option<Expr>,
    /// True when amounts are in minor units (cents) already.
    #[serde(default)]
    pub minor_units: bool,
}
