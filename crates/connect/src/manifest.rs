//! What Alta knows of a system: one TOML file, which draws its box in the catalogue and its form, and tells the engine how to ask it.
//!
//! A new system is one such file, here or in the data directory of a server. docs/systems.md shows how to write one.

use std::collections::BTreeMap;

use alta_domain::{BuiltInField, ContactShape, Country, FaultKind, Language, Stream};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::expression::{Expr, Template};

/// A text, in one language for all or in each.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Words {
    /// The same for all, such as a vendor's own word.
    One(String),
    /// In each language.
    Each {
        /// Spanish.
        es: String,
        /// Portuguese.
        #[serde(rename = "pt-BR")]
        pt: String,
        /// English.
        en: String,
    },
}

impl Words {
    /// In the reader's language.
    #[must_use]
    pub fn of(&self, language: Language) -> &str {
        match (self, language) {
            (Self::One(text), _) => text,
            (Self::Each { es, .. }, Language::Spanish) => es,
            (Self::Each { pt, .. }, Language::Portuguese) => pt,
            (Self::Each { en, .. }, Language::English) => en,
        }
    }
}

/// How far its description was proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tested {
    /// Against the system itself.
    Real,
    /// Against what its vendor has written about it.
    Documentation,
}

/// A system.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Its word in the database and in addresses, such as `omie`.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// What it is for: `erp`, `retail`, `store`, `marketplace`, `crm` or `service`.
    pub kind: String,
    /// One of the five shown outright; the others are behind 'Others'.
    #[serde(default)]
    pub featured: bool,
    /// How far this description was proved.
    pub tested: Tested,
    /// Whose national phone numbers it has, ISO 3166; the organization's without one.
    #[serde(default)]
    pub country: Option<String>,
    /// Of amounts that say no currency of their own, ISO 4217.
    #[serde(default = "real")]
    pub currency: String,
    /// In which zone it writes times that name none, such as `-03:00`.
    #[serde(default = "utc")]
    pub time_zone: String,
    /// How to get the credentials, step by step.
    #[serde(default)]
    pub steps: Vec<Words>,
    /// How to bring its contacts as a CSV file instead.
    #[serde(default)]
    pub export: Vec<Words>,
    /// What the admin types.
    #[serde(default)]
    pub credentials: Vec<Credential>,
    /// What all requests share.
    pub request: Shared,
    /// Its consent, where it has one.
    #[serde(default)]
    pub oauth: Option<OAuth>,
    /// How many requests it takes.
    #[serde(default)]
    pub budget: Vec<Window>,
    /// Names of the headers in which it says how many requests are left, and in how many seconds there are more.
    #[serde(default)]
    pub budget_headers: Option<BudgetHeaders>,
    /// The request that tells whether credentials are good.
    pub check: Check,
    /// Words that an account has of its own, read before its records: `lookup.NAME`.
    #[serde(default)]
    pub lookups: Vec<Lookup>,
    /// What its errors mean; the first rule that holds counts. Behind them all stands what HTTP says by itself.
    #[serde(default)]
    pub errors: Vec<ErrorRule>,
    /// What is sold.
    #[serde(default)]
    pub products: Option<Source<Products>>,
    /// People and companies.
    #[serde(default)]
    pub contacts: Option<Source<Contacts>>,
    /// Orders and sales.
    #[serde(default)]
    pub transactions: Option<Source<Transactions>>,
}

fn real() -> String {
    "BRL".to_owned()
}

fn utc() -> String {
    "+00:00".to_owned()
}

/// One field of the form.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Credential {
    /// Its name in expressions: `credentials.NAME`.
    pub name: String,
    /// What the form calls it.
    pub label: Words,
    /// What stands below it.
    #[serde(default)]
    pub help: Option<Words>,
    /// It is masked, and never shown again.
    #[serde(default)]
    pub secret: bool,
    /// It may stay empty.
    #[serde(default)]
    pub optional: bool,
}

/// How bodies are written and answers are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// JSON both ways.
    #[default]
    Json,
    /// A form; the answer is JSON.
    Form,
    /// The XML of Linx Microvix: a command with parameters, rows by position.
    Microvix,
}

/// What all requests share.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shared {
    /// The address that paths go behind. It may hold what the admin typed.
    pub base: Template,
    /// How bodies are written.
    #[serde(default)]
    pub format: Format,
    /// Headers of every request.
    #[serde(default)]
    pub headers: BTreeMap<String, Template>,
    /// Seconds an answer may take.
    #[serde(default = "a_minute")]
    pub seconds: u64,
}

fn a_minute() -> u64 {
    60
}

/// One request. Parameters whose value is missing are left out.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Behind the base. Values are escaped.
    #[serde(default)]
    pub path: Template,
    /// Parameters behind the path.
    #[serde(default)]
    pub query: BTreeMap<String, Template>,
    /// Headers besides the shared ones.
    #[serde(default)]
    pub headers: BTreeMap<String, Template>,
    /// With a body it is a POST: any structure, its texts with expressions in them.
    #[serde(default)]
    pub body: Option<Body>,
}

/// A body: a structure whose texts may hold expressions.
#[derive(Debug)]
pub enum Body {
    /// A text with expressions.
    Text(Template),
    /// A number, yes or no.
    Plain(serde_json::Value),
    /// A list.
    List(Vec<Body>),
    /// Names and values; those without value are left out.
    Map(Vec<(String, Body)>),
}

impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::of(serde_json::Value::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl Body {
    fn of(value: serde_json::Value) -> Result<Self, String> {
        use serde_json::Value;
        Ok(match value {
            Value::String(text) => Self::Text(Template::parse(&text)?),
            Value::Array(values) => Self::List(values.into_iter().map(Self::of).collect::<Result<_, _>>()?),
            Value::Object(map) => {
                Self::Map(map.into_iter().map(|(name, value)| Ok((name, Self::of(value)?))).collect::<Result<_, String>>()?)
            }
            plain => Self::Plain(plain),
        })
    }
}

impl JsonSchema for Body {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Body".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "description": "Any structure; its texts may hold expressions: {{ page }}." })
    }
}

/// Consent by OAuth 2.0 (RFC 6749), the code flow.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OAuth {
    /// Where the admin agrees.
    pub authorize: Template,
    /// Where codes and refresh tokens become access tokens.
    pub token: Template,
    /// Parameters of the first besides `response_type`, `client_id`, `state` and `redirect_uri`.
    #[serde(default)]
    pub query: BTreeMap<String, Template>,
    /// The vendor knows the address to come back to from its app, and wants no `redirect_uri`.
    #[serde(default)]
    pub registered_redirect: bool,
    /// Client and secret go in the header (Basic) and not in the body.
    #[serde(default)]
    pub basic: bool,
}

/// So many requests in so many seconds.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Requests.
    pub requests: usize,
    /// Seconds.
    pub seconds: f64,
}

/// Headers that say how much of the budget is left.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BudgetHeaders {
    /// Requests that are left.
    pub remaining: String,
    /// Seconds until there are more.
    pub reset: String,
}

/// The request that tells whether credentials are good.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// It.
    pub request: Request,
    /// What the account is called, by the answer.
    #[serde(default)]
    pub account: Option<Expr>,
}

/// A table of the account's own words. Later ones may use earlier ones.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lookup {
    /// Its name in expressions.
    pub name: String,
    /// The request for all of it.
    pub request: Request,
    /// The rows in the answer, by `answer`.
    pub records: Expr,
    /// What is looked up by, of a row.
    pub key: Expr,
    /// What is found.
    pub value: Expr,
}

/// What an error may mean: a fault, or no error at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// There are no records.
    Empty,
    /// See the kind.
    Fault(FaultKind),
}

impl<'de> Deserialize<'de> for Meaning {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        if word == "empty" {
            return Ok(Self::Empty);
        }
        let words = || FaultKind::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ");
        FaultKind::parse(&word).map(Self::Fault).ok_or_else(|| serde::de::Error::custom(format!("'{word}' is none of: empty, {}", words())))
    }
}

impl JsonSchema for Meaning {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Meaning".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let words: Vec<&str> = std::iter::once("empty").chain(FaultKind::ALL.iter().map(|kind| kind.as_str())).collect();
        schemars::json_schema!({ "enum": words })
    }
}

/// What an answer means. Variables: `status`, `answer`, `text`, `headers`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ErrorRule {
    /// When it holds.
    pub when: Expr,
    /// What it means.
    pub means: Meaning,
    /// Seconds to wait, by the answer.
    #[serde(default)]
    pub wait: Option<Expr>,
    /// The vendor's own words in the answer.
    #[serde(default)]
    pub said: Option<Expr>,
    /// What the admin must do.
    #[serde(default)]
    pub remedy: Option<Words>,
}

/// How one kind of record is read. Variables of requests: `credentials`, `token`, `page`, `offset`, `size`, `cursor`, `since`, `until`, `mark`.
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
    /// Seconds after which all is read again, where a system does not tell all that changed.
    #[serde(default)]
    pub full_every: Option<i64>,
    /// Which records are wanted.
    #[serde(default)]
    pub only: Option<Expr>,
    /// What makes one record of several rows: rows with the same value stand in `rows` of the first.
    #[serde(default)]
    pub group: Option<Expr>,
    /// A request for each record, where the list tells too little.
    #[serde(default)]
    pub detail: Option<Detail>,
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
    /// Whether another page follows, by `answer`, `count`, `page`, `offset`, `size`; without it, when the page was full.
    #[serde(default)]
    pub more: Option<Expr>,
    /// `cursor`: what stands for the next page, by `answer` and `records`. `link`: its address, by `answer` and `link` (the header's).
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

/// A request for each record.
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
        let words = || BuiltInField::ALL.iter().map(|field| field.as_str()).collect::<Vec<_>>().join(", ");
        BuiltInField::parse(&word).map(Self).ok_or_else(|| serde::de::Error::custom(format!("'{word}' is none of: {}", words())))
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

/// Words that a kind of system may have.
const KINDS: [&str; 6] = ["erp", "retail", "store", "marketplace", "crm", "service"];

impl Manifest {
    /// Reads one.
    ///
    /// # Errors
    /// What is wrong with it and where: the message shows the line.
    pub fn parse(text: &str) -> Result<Self, String> {
        let manifest: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        match manifest.complaint() {
            Some((word, complaint)) => Err(format!("line {}: {complaint}", line_of(text, &word))),
            None => Ok(manifest),
        }
    }

    /// What no single value shows: the word of the manifest that is wrong, and why.
    fn complaint(&self) -> Option<(String, String)> {
        let is_slug =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        let of = |word: &str, complaint: &str| Some((word.to_owned(), complaint.to_owned()));
        if !is_slug(&self.slug) {
            return of("slug", "a slug has small letters, digits and hyphens");
        }
        if !KINDS.contains(&self.kind.as_str()) {
            return of("kind", &format!("kind is one of: {}", KINDS.join(", ")));
        }
        if crate::time::offset(&self.time_zone).is_none() {
            return of("time_zone", "time_zone is an offset such as -03:00");
        }
        if self.country.as_deref().is_some_and(|country| Country::parse(country).is_none()) {
            return of("country", "country is two letters, such as BR");
        }
        if self.products.is_none() && self.contacts.is_none() && self.transactions.is_none() {
            return of("slug", "there is none of [products], [contacts] and [transactions]");
        }
        let known = |field: BuiltInField| self.contacts.as_ref().is_none_or(|source| source.fields.0.contains_key(&Field(field)));
        if ![BuiltInField::Phone, BuiltInField::Landline, BuiltInField::Email].into_iter().any(known) {
            return of("contacts.fields", "contacts need a phone or an email");
        }
        let pages = [
            self.products.as_ref().map(|source| &source.pages),
            self.contacts.as_ref().map(|source| &source.pages),
            self.transactions.as_ref().map(|source| &source.pages),
        ];
        let aimless = |pages: &Pages| matches!(pages.kind, PageKind::Cursor | PageKind::Link) && pages.next.is_none();
        if pages.into_iter().flatten().any(aimless) {
            return of("pages", "pages of this kind need `next`: where the next one is");
        }
        None
    }

    /// What it has, in the order in which it is read.
    #[must_use]
    pub fn streams(&self) -> Vec<Stream> {
        let has = |stream: &Stream| match stream {
            Stream::Products => self.products.is_some(),
            Stream::Contacts => self.contacts.is_some(),
            Stream::Transactions => self.transactions.is_some(),
        };
        Stream::ALL.into_iter().filter(has).collect()
    }

    /// What the admin must do about a fault, where the manifest says it.
    #[must_use]
    pub fn remedy(&self, kind: FaultKind) -> Option<&Words> {
        self.errors.iter().filter(|rule| rule.means == Meaning::Fault(kind)).find_map(|rule| rule.remedy.as_ref())
    }

    /// How its contacts' cells are read.
    #[must_use]
    pub fn contact_shape(&self) -> ContactShape {
        ContactShape { fields: self.contact_fields(), country: self.country.as_deref().and_then(Country::parse) }
    }

    /// The fields of its contacts, in their order.
    fn contact_fields(&self) -> Vec<BuiltInField> {
        self.contacts.iter().flat_map(|source| source.fields.0.keys().map(|field| field.0)).collect()
    }
}

/// The line on which a word stands first, counted from 1.
fn line_of(text: &str, word: &str) -> usize {
    text.lines().position(|line| line.trim_start().trim_start_matches('[').starts_with(word)).map_or(1, |at| at + 1)
}
