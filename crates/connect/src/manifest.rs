//! The manifest of a system: one TOML file that describes its entry in the catalogue, the form for
//! its credentials, its requests and its records.
//!
//! A new system is one such file, in `crates/connect/systems` or in the data directory of a
//! server. `docs/systems.md` shows how to write one.

mod complaint;
mod currencies;
mod document;
mod nearest;
mod parse;
mod places;
mod proof;
mod request;
mod shape;
mod stream;
mod words;

use alta_domain::{BuiltInField, ContactShape, Country, FaultKind, Stream};
use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) use request::{
    Body, Encoding, ErrorRule, Format, Login, Meaning, OAuth, Request, Window,
};
use request::{BudgetHeaders, Check, Lookup, RequestSettings, Webhook};
pub(crate) use stream::{
    Batch, Contacts, Field, Items, PageKind, Pages, Prices, Products, StreamSpec, Transactions,
};
pub use words::Words;

/// The kind of test that a manifest has passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tested {
    /// A test against the system itself.
    Real,
    /// A test against the documentation of the system's vendor.
    Documentation,
}

/// The description of a system: how it is asked, and what its answers and records mean.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The identifier in the database and in addresses, such as `omie`.
    pub slug: String,
    /// The name of the system.
    pub name: String,
    /// The kind of system: `erp`, `retail`, `store`, `marketplace`, `crm` or `service`.
    pub kind: String,
    /// True for one of the five systems that are shown at once. The others appear under 'Others'.
    #[serde(default)]
    pub featured: bool,
    /// The kind of test that this manifest has passed.
    pub tested: Tested,
    /// The country of its national phone numbers, ISO 3166. Without it, the organization's country
    /// counts.
    #[serde(default)]
    pub country: Option<String>,
    /// The currency of amounts whose records name none, ISO 4217.
    #[serde(default = "real")]
    pub currency: String,
    /// The offset of times that are written without one, such as `-03:00`.
    #[serde(default = "utc")]
    pub time_zone: String,
    /// The steps by which the admin gets the credentials.
    #[serde(default)]
    pub steps: Vec<Words>,
    /// The steps by which the admin exports contacts as a CSV file instead.
    #[serde(default)]
    pub export: Vec<Words>,
    /// The fields of the form for credentials.
    #[serde(default)]
    pub credentials: Vec<Credential>,
    /// The settings that all requests share.
    pub request: RequestSettings,
    /// The consent by OAuth, for systems that ask for it.
    #[serde(default)]
    pub oauth: Option<OAuth>,
    /// The request that signs in, for systems that need one.
    #[serde(default)]
    pub login: Option<Login>,
    /// The limits on the number of requests. All of them hold.
    #[serde(default)]
    pub budget: Vec<Window>,
    /// The headers with the number of requests left, and with the seconds until more are allowed.
    #[serde(default)]
    pub budget_headers: Option<BudgetHeaders>,
    /// The request that checks credentials.
    pub check: Check,
    /// The tables of the account's own words, which are read before its records: `lookup.NAME`.
    #[serde(default)]
    pub lookups: Vec<Lookup>,
    /// The meanings of errors. The first rule that holds counts. When none holds, the HTTP status
    /// counts.
    #[serde(default)]
    pub errors: Vec<ErrorRule>,
    /// The notices of changes that the system sends (webhooks).
    #[serde(default)]
    pub webhook: Option<Webhook>,
    /// The products.
    #[serde(default)]
    pub products: Option<StreamSpec<Products>>,
    /// The prices of products, where the list of products has none.
    #[serde(default)]
    pub prices: Option<StreamSpec<Prices>>,
    /// The contacts: people and companies.
    #[serde(default)]
    pub contacts: Option<StreamSpec<Contacts>>,
    /// The transactions: orders and sales.
    #[serde(default)]
    pub transactions: Option<StreamSpec<Transactions>>,
}

/// Returns the currency of manifests that name none: the Brazilian real.
fn real() -> String {
    "BRL".to_owned()
}

fn utc() -> String {
    "+00:00".to_owned()
}

/// One field of the form for credentials.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Credential {
    /// The name in expressions: `credentials.NAME`.
    pub name: String,
    /// The label in the form.
    pub label: Words,
    /// The help text below the field.
    #[serde(default)]
    pub help: Option<Words>,
    /// True when the text is masked and never shown again.
    #[serde(default)]
    pub secret: bool,
    /// True when the field may stay empty.
    #[serde(default)]
    pub optional: bool,
}

impl Manifest {
    /// Returns the streams that the system has, in the order in which they are read.
    #[must_use]
    pub fn streams(&self) -> Vec<Stream> {
        let has = |stream: &Stream| match stream {
            Stream::Products => self.products.is_some(),
            Stream::Prices => self.prices.is_some(),
            Stream::Contacts => self.contacts.is_some(),
            Stream::Transactions => self.transactions.is_some(),
        };
        Stream::ALL.iter().copied().filter(has).collect()
    }

    /// Returns what the admin must do about a fault, or `None` when the manifest does not say.
    #[must_use]
    pub fn remedy(&self, kind: FaultKind) -> Option<&Words> {
        self.errors
            .iter()
            .filter(|rule| rule.means == Meaning::Fault(kind))
            .find_map(|rule| rule.remedy.as_ref())
    }

    /// Returns the fields that the system's contacts have, and the country whose national phone
    /// numbers they contain. By both their values are read.
    #[must_use]
    pub fn contact_shape(&self) -> ContactShape {
        ContactShape {
            fields: self.contact_fields(),
            country: self.country.as_deref().and_then(Country::parse),
        }
    }

    /// Returns the fields of contacts, in the order of their cells.
    pub(crate) fn contact_fields(&self) -> Vec<BuiltInField> {
        self.contacts
            .iter()
            .flat_map(|source| source.fields.0.keys().map(|field| field.0))
            .collect()
    }
}
