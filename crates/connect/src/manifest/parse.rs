//! Reads a manifest from TOML, and checks the rules that its types can't express.

use alta_domain::{BuiltInField, Country};

use super::Manifest;
use super::stream::{Field, PageKind, Pages};

/// The kinds of systems.
const KINDS: [&str; 6] = ["erp", "retail", "store", "marketplace", "crm", "service"];
/// The longest window of a budget, in seconds: a year of 366 days.
const YEAR_SECONDS: f64 = 31_622_400.0;

/// A fault in a manifest that is well-formed TOML with values of the right types.
struct Complaint {
    /// The key at whose line the fault is reported.
    key: &'static str,
    message: String,
}

impl Complaint {
    fn new(key: &'static str, message: impl Into<String>) -> Self {
        Self {
            key,
            message: message.into(),
        }
    }
}

impl Manifest {
    /// Reads a manifest from TOML.
    ///
    /// # Errors
    /// The fault in words, with its line.
    pub fn parse(text: &str) -> Result<Self, String> {
        let manifest: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        let checked = manifest
            .check_heading()
            .and_then(|()| manifest.check_streams())
            .and_then(|()| manifest.check_contacts())
            .and_then(|()| manifest.check_limits());
        match checked {
            Ok(()) => Ok(manifest),
            Err(Complaint { key, message }) => {
                Err(format!("line {}: {message}", line_of(text, key)))
            }
        }
    }

    /// Checks the values that describe the system as a whole.
    fn check_heading(&self) -> Result<(), Complaint> {
        let is_slug = |text: &str| {
            !text.is_empty()
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        };
        if !is_slug(&self.slug) {
            return Err(Complaint::new(
                "slug",
                "a slug has small letters, digits and hyphens",
            ));
        }
        if !KINDS.contains(&self.kind.as_str()) {
            return Err(Complaint::new(
                "kind",
                format!("kind is one of: {}", KINDS.join(", ")),
            ));
        }
        if crate::time::offset(&self.time_zone).is_none() {
            return Err(Complaint::new(
                "time_zone",
                "time_zone is an offset such as -03:00",
            ));
        }
        let country = self.country.as_deref();
        if country.is_some_and(|country| Country::parse(country).is_none()) {
            return Err(Complaint::new(
                "country",
                "country is two letters, such as BR",
            ));
        }
        Ok(())
    }

    /// Checks that the manifest has a stream, and that prices come only with products without a
    /// price.
    fn check_streams(&self) -> Result<(), Complaint> {
        if self.products.is_none() && self.contacts.is_none() && self.transactions.is_none() {
            return Err(Complaint::new(
                "slug",
                "there is none of [products], [contacts] and [transactions]",
            ));
        }
        let products_have_no_price = self
            .products
            .as_ref()
            .is_some_and(|products| products.fields.price.is_none());
        if self.prices.is_some() && !products_have_no_price {
            return Err(Complaint::new(
                "prices",
                "[prices] are for [products] without a price",
            ));
        }
        Ok(())
    }

    /// Checks the fields of contacts, and those of contacts that only transactions mention.
    fn check_contacts(&self) -> Result<(), Complaint> {
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
            return Err(Complaint::new(
                "contacts.fields",
                "contacts need a phone or an email",
            ));
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
            return Err(Complaint::new(
                "transactions.fields.guest",
                "a guest has fields that [contacts.fields] has",
            ));
        }
        Ok(())
    }

    /// Checks windows of time, budgets and pages.
    fn check_limits(&self) -> Result<(), Complaint> {
        let pages = [
            self.products.as_ref().map(|stream| &stream.pages),
            self.prices.as_ref().map(|stream| &stream.pages),
            self.contacts.as_ref().map(|stream| &stream.pages),
            self.transactions.as_ref().map(|stream| &stream.pages),
        ];
        let is_empty_window = |pages: &&Pages| pages.window_days.is_some_and(|days| days < 1);
        if pages.iter().flatten().any(is_empty_window) {
            return Err(Complaint::new("window_days", "a window has a day at least"));
        }
        if self
            .budget
            .iter()
            .any(|window| window.requests < 1 || !(0.0..=YEAR_SECONDS).contains(&window.seconds))
        {
            return Err(Complaint::new(
                "budget",
                "a budget has a request at least, and no more time than a year",
            ));
        }
        let lacks_next = |pages: &Pages| {
            matches!(pages.kind, PageKind::Cursor | PageKind::Link) && pages.next.is_none()
        };
        if pages.into_iter().flatten().any(lacks_next) {
            return Err(Complaint::new(
                "pages",
                "pages of this kind need `next`: where the next one is",
            ));
        }
        Ok(())
    }
}

/// Returns the first line that begins with a key, counted from 1.
fn line_of(text: &str, key: &str) -> usize {
    text.lines()
        .position(|line| line.trim_start().trim_start_matches('[').starts_with(key))
        .map_or(1, |at| at + 1)
}
