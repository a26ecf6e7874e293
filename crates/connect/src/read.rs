//! Turns a vendor's records into those of `alta_domain`, as its manifest maps their fields.
//!
//! A record that can't be read is set aside, with the field and its text; the others are read all
//! the same.

use alta_domain::{
    BuiltInField, GUEST, LineItem, Price, Product, SetAside, SourceContact, SourceRecord,
    Transaction, TransactionStatus,
};
use jiff::tz::Offset;
use minijinja::Value;
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::expression::Expr;
use crate::manifest::{Contacts, Field, Items, Prices, Products, Transactions};
use crate::text::{plain, text_of};
use crate::time;

/// The most letters that are kept of a text that can't be read.
const SET_ASIDE_LETTERS: usize = 200;

/// The time zone and the currency of records that name none, the order of the fields of contacts,
/// and the most bytes of a record.
#[derive(Clone, Debug)]
pub(crate) struct RecordDefaults {
    /// The offset of times that have none.
    pub(crate) zone: Offset,
    /// The currency of amounts that have none, ISO 4217.
    pub(crate) currency: String,
    /// The fields of the system's contacts, in their order.
    pub(crate) contact_fields: Vec<BuiltInField>,
    /// The most bytes that a record may have as JSON.
    pub(crate) record_bytes: usize,
}

/// The fields of one kind of record in a manifest. They turn a vendor's record into ours.
pub(crate) trait Fields {
    /// Reads a record. The record's own names are the variables of the fields' expressions.
    ///
    /// # Errors
    /// The first field that can't be read, with its text.
    fn read(&self, record: &Value, defaults: &RecordDefaults) -> Result<SourceRecord, SetAside>;

    /// Returns the guest of a transaction: the buyer who has no contact of their own in the system,
    /// with an id. `None` when the record has no guest.
    fn guest(&self, _record: &Value, _ways: &RecordDefaults) -> Option<(String, SourceContact)> {
        None
    }
}

impl Fields for Contacts {
    fn read(&self, record: &Value, _: &RecordDefaults) -> Result<SourceRecord, SetAside> {
        Ok(SourceRecord::Contact(SourceContact {
            cells: self.0.values().map(|field| field.text(record)).collect(),
        }))
    }
}

impl Fields for Products {
    fn read(&self, record: &Value, defaults: &RecordDefaults) -> Result<SourceRecord, SetAside> {
        let currency = currency(self.currency.as_ref(), record, defaults)?;
        let amounts = Amounts::of(&currency, self.minor_units);
        Ok(SourceRecord::Product(Product {
            sku: filled(self.sku.as_ref(), record),
            name: needed("name", &self.name, record)?,
            price: self
                .price
                .as_ref()
                .and_then(|price| amounts.read("price", &price.eval(record)).transpose())
                .transpose()?,
            is_priced: self.price.is_some(),
            active: self
                .active
                .as_ref()
                .is_none_or(|active| active.holds(record)),
            currency,
        }))
    }
}

impl Fields for Prices {
    fn read(&self, record: &Value, defaults: &RecordDefaults) -> Result<SourceRecord, SetAside> {
        let currency = currency(self.currency.as_ref(), record, defaults)?;
        let amounts = Amounts::of(&currency, self.minor_units);
        Ok(SourceRecord::Price(Price {
            price: amounts.read("price", &self.price.eval(record))?,
            currency,
        }))
    }
}

impl Fields for Transactions {
    fn read(&self, record: &Value, defaults: &RecordDefaults) -> Result<SourceRecord, SetAside> {
        let currency = currency(self.currency.as_ref(), record, defaults)?;
        let amounts = Amounts::of(&currency, self.minor_units);
        let optional = |name: &str, field: Option<&Expr>| match field {
            Some(field) => Ok(amounts.read(name, &field.eval(record))?.unwrap_or(0)),
            None => Ok(0),
        };
        let date = self.date.text(record);
        let status_text = self.status.text(record);
        let word = plain(&status_text);
        let status = self
            .statuses
            .get(&word)
            .map_or(word.as_str(), String::as_str);
        let total = amounts
            .read("total", &self.total.eval(record))?
            .ok_or_else(|| set_aside("total", ""))?;
        Ok(SourceRecord::Transaction(Transaction {
            number: filled(self.number.as_ref(), record),
            made_at: time::millis(&date, defaults.zone).ok_or_else(|| set_aside("date", &date))?,
            status: TransactionStatus::parse(status).unwrap_or(TransactionStatus::Unknown),
            status_text,
            contact: filled(self.contact.as_ref(), record).or_else(|| self.guest_id(record)),
            total,
            discount: optional("discount", self.discount.as_ref())?,
            freight: optional("freight", self.freight.as_ref())?,
            items: self.items.read(record, &amounts)?,
            currency,
        }))
    }

    fn guest(&self, record: &Value, defaults: &RecordDefaults) -> Option<(String, SourceContact)> {
        if filled(self.contact.as_ref(), record).is_some() {
            return None;
        }
        let (guest, id) = self.guest.as_ref().zip(self.guest_id(record))?;
        let cell = |field: &BuiltInField| {
            guest
                .fields
                .0
                .get(&Field(*field))
                .map_or_else(String::new, |field| field.text(record))
        };
        Some((
            id,
            SourceContact {
                cells: defaults.contact_fields.iter().map(cell).collect(),
            },
        ))
    }
}

impl Transactions {
    /// Returns the id of a transaction's guest, with a prefix that no id of the system's contacts
    /// has; `None` when the record has no guest.
    fn guest_id(&self, record: &Value) -> Option<String> {
        let id = self.guest.as_ref()?.id.text(record);
        (!id.is_empty()).then(|| format!("{GUEST}{}", id.to_lowercase()))
    }
}

impl Items {
    fn read(&self, record: &Value, amounts: &Amounts) -> Result<Vec<LineItem>, SetAside> {
        let list = self.list.eval(record);
        let lines = list
            .try_iter()
            .into_iter()
            .flatten()
            .filter(|line| self.only.as_ref().is_none_or(|only| only.holds(line)));
        lines.map(|line| self.line(&line, amounts)).collect()
    }

    fn line(&self, line: &Value, amounts: &Amounts) -> Result<LineItem, SetAside> {
        let (quantity, price) = (self.quantity.eval(line), self.unit_price.eval(line));
        let quantity =
            decimal(&quantity).ok_or_else(|| set_aside("items.quantity", &text_of(&quantity)))?;
        let unit_price =
            decimal(&price).ok_or_else(|| set_aside("items.unit_price", &text_of(&price)))?;
        let total = match &self.total {
            Some(total) => amounts.read("items.total", &total.eval(line))?.unwrap_or(0),
            None => unit_price
                .checked_mul(quantity)
                .and_then(|all| amounts.minor(all))
                .ok_or_else(|| set_aside("items.total", &text_of(&price)))?,
        };
        Ok(LineItem {
            product: filled(self.product.as_ref(), line),
            sku: filled(self.sku.as_ref(), line),
            name: self.name.text(line),
            quantity: quantity.normalize().to_string(),
            unit_price: amounts
                .minor(unit_price)
                .ok_or_else(|| set_aside("items.unit_price", &text_of(&price)))?,
            total,
        })
    }
}

/// Returns the text of a field. Returns `None` for an empty text and for '0', which vendors write
/// for 'none'.
fn filled(field: Option<&Expr>, record: &Value) -> Option<String> {
    field
        .map(|field| field.text(record))
        .filter(|text| !text.is_empty() && text != "0")
}

/// Returns the text of a field that must not be empty.
fn needed(name: &str, field: &Expr, record: &Value) -> Result<String, SetAside> {
    let text = field.text(record);
    if text.is_empty() {
        Err(set_aside(name, ""))
    } else {
        Ok(text)
    }
}

/// Makes the report of a field that can't be read.
pub(crate) fn set_aside(field: &str, text: &str) -> SetAside {
    SetAside {
        field: field.to_owned(),
        text: text.chars().take(SET_ASIDE_LETTERS).collect(),
    }
}

/// Returns the currency of a record, ISO 4217.
fn currency(
    field: Option<&Expr>,
    record: &Value,
    defaults: &RecordDefaults,
) -> Result<String, SetAside> {
    let Some(code) = filled(field, record) else {
        return Ok(defaults.currency.clone());
    };
    let code = code.to_uppercase();
    if code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        Ok(code)
    } else {
        Err(set_aside("currency", &code))
    }
}

/// A converter of amounts into minor units, such as cents.
struct Amounts {
    /// The decimal places of the currency; 0 where amounts are minor units already.
    places: u32,
}

impl Amounts {
    fn of(currency: &str, minor_units: bool) -> Self {
        /// The currencies without a minor unit: those of ISO 4217, list one, with exponent 0.
        const WITHOUT_MINOR_UNIT: [&str; 16] = [
            "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND",
            "VUV", "XAF", "XOF", "XPF",
        ];
        Self {
            places: if minor_units || WITHOUT_MINOR_UNIT.contains(&currency) {
                0
            } else {
                2
            },
        }
    }

    /// Reads an amount. Returns `None` for an empty text.
    fn read(&self, name: &str, value: &Value) -> Result<Option<i64>, SetAside> {
        let text = text_of(value);
        if text.is_empty() {
            return Ok(None);
        }
        let amount = decimal(value).and_then(|amount| self.minor(amount));
        amount.map(Some).ok_or_else(|| set_aside(name, &text))
    }

    /// Returns an amount in minor units. Half a unit is rounded away from zero, as on invoices.
    fn minor(&self, amount: Decimal) -> Option<i64> {
        let units = amount.checked_mul(Decimal::from(10_i64.checked_pow(self.places)?))?;
        units
            .round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero)
            .to_i64()
    }
}

/// Reads a decimal number as vendors write it: a number, or a text with a point or a comma.
fn decimal(value: &Value) -> Option<Decimal> {
    let text = text_of(value);
    let text: String = text
        .trim_start_matches("R$")
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect();
    let plain = match (text.rfind('.'), text.rfind(',')) {
        (Some(point), Some(comma)) if comma > point => text.replace('.', "").replace(',', "."),
        (_, Some(_)) if text.contains('.') => text.replace(',', ""),
        (None, Some(_)) => text.replace(',', "."),
        _ => text,
    };
    plain
        .parse()
        .ok()
        .or_else(|| Decimal::from_scientific(&plain).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_vendors_write_them() {
        let real = Amounts::of("BRL", false);
        let of = |value: Value| real.read("total", &value).unwrap();
        for (value, cents) in [
            (Value::from(47.5), 4750),
            (Value::from(37), 3700),
            (Value::from("249.9"), 24_990),
            (Value::from("1.234,56"), 123_456),
            (Value::from("1,234.56"), 123_456),
            (Value::from("R$ 12,50"), 1250),
            (Value::from("36.3200000000"), 3632),
            (Value::from("-2.00"), -200),
            (Value::from("1.005"), 101),
            (Value::from("1e3"), 100_000),
        ] {
            assert_eq!(of(value.clone()), Some(cents), "{value}");
        }
        assert_eq!(of(Value::from("")), None);
        assert_eq!(
            real.read("total", &Value::from("free")).unwrap_err(),
            set_aside("total", "free")
        );
        assert_eq!(
            Amounts::of("CLP", false)
                .read("total", &Value::from("1500"))
                .unwrap(),
            Some(1500)
        );
        assert_eq!(
            Amounts::of("BRL", true)
                .read("total", &Value::from(4500))
                .unwrap(),
            Some(4500)
        );
    }
}
