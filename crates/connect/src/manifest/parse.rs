//! Reads a manifest from TOML, and checks the rules that its types can't express.

use alta_domain::{BuiltInField, Country};

use super::Manifest;
use super::complaint::Complaint;
use super::document::Document;
use super::nearest::did_you_mean;
use super::proof::wrong_words;
use super::request::Window;
use super::shape;
use super::stream::{Field, PageKind};

/// The kinds of systems.
const KINDS: [&str; 6] = ["erp", "retail", "store", "marketplace", "crm", "service"];
/// The longest window of a budget, in seconds: a year of 366 days.
const YEAR_SECONDS: f64 = 31_622_400.0;

/// A fault at a key of a manifest: the path of the key, with points, and the message.
type AtKey = (String, String);

impl Manifest {
    /// Reads a manifest from TOML.
    ///
    /// # Errors
    /// The first fault in words, with its line.
    pub fn parse(text: &str) -> Result<Self, String> {
        Self::prove(text).map_err(|faults| faults.into_iter().next().unwrap_or_default())
    }

    /// Reads a manifest from TOML, and finds all of its faults.
    ///
    /// # Errors
    /// The faults in words, one line of text each, in the order of the lines that they name.
    pub fn prove(text: &str) -> Result<Self, Vec<String>> {
        let one = |fault: Complaint| vec![fault.to_string()];
        let document = Document::parse(text).map_err(one)?;
        let faults = shape::faults(&document);
        if !faults.is_empty() {
            return Err(in_order(faults));
        }
        let manifest: Self =
            toml::from_str(text).map_err(|error| one(Complaint::of_toml(text, &error)))?;
        let checks = [
            Self::check_heading,
            Self::check_streams,
            Self::check_contacts,
            Self::check_limits,
        ];
        let faults = checks.iter().filter_map(|check| check(&manifest).err());
        let faults: Vec<Complaint> = faults
            .map(|(key, message)| Complaint::at(document.line_of(&key), message))
            .chain(wrong_words(&manifest, &document))
            .collect();
        if faults.is_empty() {
            return Ok(manifest);
        }
        Err(in_order(faults))
    }

    /// Checks the values that describe the system as a whole.
    fn check_heading(&self) -> Result<(), AtKey> {
        let is_slug = |text: &str| {
            !text.is_empty()
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        };
        if !is_slug(&self.slug) {
            return Err(at("slug", "a slug has small letters, digits and hyphens"));
        }
        if !KINDS.contains(&self.kind.as_str()) {
            let (kinds, nearest) = (KINDS.join(", "), did_you_mean(&self.kind, KINDS));
            let message = format!(
                "kind is one of: {kinds}; `{}` is none of them{nearest}",
                self.kind
            );
            return Err(at("kind", message));
        }
        if crate::time::offset(&self.time_zone).is_none() {
            return Err(at("time_zone", "time_zone is an offset such as -03:00"));
        }
        let country = self.country.as_deref();
        if country.is_some_and(|country| Country::parse(country).is_none()) {
            return Err(at("country", "country is two letters, such as BR"));
        }
        Ok(())
    }

    /// Checks that the manifest has a stream, and that prices come only with products without a
    /// price.
    fn check_streams(&self) -> Result<(), AtKey> {
        if self.products.is_none() && self.contacts.is_none() && self.transactions.is_none() {
            return Err(at(
                "slug",
                "there is none of [products], [contacts] and [transactions]",
            ));
        }
        let products_have_no_price = self
            .products
            .as_ref()
            .is_some_and(|products| products.fields.price.is_none());
        if self.prices.is_some() && !products_have_no_price {
            return Err(at("prices", "[prices] are for [products] without a price"));
        }
        Ok(())
    }

    /// Checks the fields of contacts, and those of contacts that only transactions mention.
    fn check_contacts(&self) -> Result<(), AtKey> {
        let identities = [
            BuiltInField::Phone,
            BuiltInField::Landline,
            BuiltInField::Email,
        ];
        let has_identity = self.contacts.as_ref().is_none_or(|contacts| {
            identities
                .into_iter()
                .any(|field| contacts.fields.0.contains_key(&Field(field)))
        });
        if !has_identity {
            return Err(at("contacts.fields", "contacts need a phone or an email"));
        }
        let guest = self
            .transactions
            .as_ref()
            .and_then(|transactions| transactions.fields.guest.as_ref());
        let is_contact_field = |field: &Field| {
            self.contacts
                .as_ref()
                .is_some_and(|contacts| contacts.fields.0.contains_key(field))
        };
        if guest.is_some_and(|guest| !guest.fields.0.keys().all(is_contact_field)) {
            return Err(at(
                "transactions.fields.guest",
                "a guest has fields that [contacts.fields] has",
            ));
        }
        Ok(())
    }

    /// Checks windows of time, budgets and pages.
    fn check_limits(&self) -> Result<(), AtKey> {
        let has_no_end = |window: &Window| {
            window.requests < 1 || !(0.0..=YEAR_SECONDS).contains(&window.seconds)
        };
        if self.budget.iter().any(has_no_end) {
            return Err(at(
                "budget",
                "a budget has a request at least, and no more time than a year",
            ));
        }
        let pages = [
            (
                "products",
                self.products.as_ref().map(|stream| &stream.pages),
            ),
            ("prices", self.prices.as_ref().map(|stream| &stream.pages)),
            (
                "contacts",
                self.contacts.as_ref().map(|stream| &stream.pages),
            ),
            (
                "transactions",
                self.transactions.as_ref().map(|stream| &stream.pages),
            ),
        ];
        for (stream, pages) in pages {
            let Some(pages) = pages else { continue };
            if pages.window_days.is_some_and(|days| days < 1) {
                let key = format!("{stream}.pages.window_days");
                return Err((key, "a window has a day at least".to_owned()));
            }
            let needs_next = matches!(pages.kind, PageKind::Cursor | PageKind::Link);
            if needs_next && pages.next.is_none() {
                return Err((
                    format!("{stream}.pages"),
                    "pages of this kind need `next`: where the next one is".to_owned(),
                ));
            }
        }
        Ok(())
    }
}

/// Puts faults into words, in the order of their lines.
fn in_order(mut faults: Vec<Complaint>) -> Vec<String> {
    faults.sort_by_key(|fault| fault.line);
    faults.iter().map(ToString::to_string).collect()
}

/// Makes a fault at a key.
fn at(key: &str, message: impl Into<String>) -> AtKey {
    (key.to_owned(), message.into())
}
