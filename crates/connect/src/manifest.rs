//! What Alta knows of a system: one TOML file, which draws its box in the catalogue and its form,
//! and tells the engine how to ask it.
//!
//! A new system is one such file, here or in the data directory of a server. docs/systems.md shows
//! how to write one.

mod request;
mod source;

use alta_domain::{BuiltInField, ContactShape, Country, FaultKind, Language, Stream};
use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) use request::{Body, Encoding, Format, Login, Meaning, OAuth, Request, Window};
use request::{BudgetHeaders, Check, ErrorRule, Lookup, Shared, Webhook};
pub(crate) use source::{
    Batch, Contacts, Field, Items, PageKind, Pages, Prices, Products, Source, Transactions,
};

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
    /// How it is signed in to, where that takes a request.
    #[serde(default)]
    pub login: Option<Login>,
    /// How many requests it takes.
    #[serde(default)]
    pub budget: Vec<Window>,
    /// Names of the headers in which it says how many requests are left, and in how many seconds
    /// there are more.
    #[serde(default)]
    pub budget_headers: Option<BudgetHeaders>,
    /// The request that tells whether credentials are good.
    pub check: Check,
    /// Words that an account has of its own, read before its records: `lookup.NAME`.
    #[serde(default)]
    pub lookups: Vec<Lookup>,
    /// What its errors mean; the first rule that holds counts. Behind them all stands what HTTP
    /// says by itself.
    #[serde(default)]
    pub errors: Vec<ErrorRule>,
    /// Notices of changes that it sends.
    #[serde(default)]
    pub webhook: Option<Webhook>,
    /// What is sold.
    #[serde(default)]
    pub products: Option<Source<Products>>,
    /// What products cost, where their list does not say it.
    #[serde(default)]
    pub prices: Option<Source<Prices>>,
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
        let is_slug = |text: &str| {
            !text.is_empty()
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        };
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
        if self
            .country
            .as_deref()
            .is_some_and(|country| Country::parse(country).is_none())
        {
            return of("country", "country is two letters, such as BR");
        }
        if self.products.is_none() && self.contacts.is_none() && self.transactions.is_none() {
            return of(
                "slug",
                "there is none of [products], [contacts] and [transactions]",
            );
        }
        if self.prices.is_some()
            && self
                .products
                .as_ref()
                .is_none_or(|source| source.fields.price.is_some())
        {
            return of("prices", "[prices] are for [products] without a price");
        }
        let known = |field: BuiltInField| {
            self.contacts
                .as_ref()
                .is_none_or(|source| source.fields.0.contains_key(&Field(field)))
        };
        if ![
            BuiltInField::Phone,
            BuiltInField::Landline,
            BuiltInField::Email,
        ]
        .into_iter()
        .any(known)
        {
            return of("contacts.fields", "contacts need a phone or an email");
        }
        let guest = self
            .transactions
            .as_ref()
            .and_then(|source| source.fields.guest.as_ref());
        let of_contacts = |field: &Field| {
            self.contacts
                .as_ref()
                .is_some_and(|source| source.fields.0.contains_key(field))
        };
        if guest.is_some_and(|guest| !guest.fields.0.keys().all(of_contacts)) {
            return of(
                "transactions.fields.guest",
                "a guest has fields that [contacts.fields] has",
            );
        }
        let pages = [
            self.products.as_ref().map(|source| &source.pages),
            self.prices.as_ref().map(|source| &source.pages),
            self.contacts.as_ref().map(|source| &source.pages),
            self.transactions.as_ref().map(|source| &source.pages),
        ];
        let backward = |pages: &&Pages| pages.window_days.is_some_and(|days| days < 1);
        if pages.iter().flatten().any(backward) {
            return of("window_days", "a window has a day at least");
        }
        if self
            .budget
            .iter()
            .any(|window| window.requests < 1 || !(0.0..=31_622_400.0).contains(&window.seconds))
        {
            return of(
                "budget",
                "a budget has a request at least, and no more time than a year",
            );
        }
        let aimless = |pages: &Pages| {
            matches!(pages.kind, PageKind::Cursor | PageKind::Link) && pages.next.is_none()
        };
        if pages.into_iter().flatten().any(aimless) {
            return of(
                "pages",
                "pages of this kind need `next`: where the next one is",
            );
        }
        None
    }

    /// What it has, in the order in which it is read.
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

    /// What the admin must do about a fault, where the manifest says it.
    #[must_use]
    pub fn remedy(&self, kind: FaultKind) -> Option<&Words> {
        self.errors
            .iter()
            .filter(|rule| rule.means == Meaning::Fault(kind))
            .find_map(|rule| rule.remedy.as_ref())
    }

    /// How its contacts' cells are read.
    #[must_use]
    pub fn contact_shape(&self) -> ContactShape {
        ContactShape {
            fields: self.contact_fields(),
            country: self.country.as_deref().and_then(Country::parse),
        }
    }

    /// The fields of its contacts, in their order.
    pub(crate) fn contact_fields(&self) -> Vec<BuiltInField> {
        self.contacts
            .iter()
            .flat_map(|source| source.fields.0.keys().map(|field| field.0))
            .collect()
    }
}

/// The line on which a word stands first, counted from 1.
fn line_of(text: &str, word: &str) -> usize {
    text.lines()
        .position(|line| line.trim_start().trim_start_matches('[').starts_with(word))
        .map_or(1, |at| at + 1)
}
