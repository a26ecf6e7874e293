//! The records that a fake holds, in a form that all vendors share. Each vendor writes them in its
//! own way.

use crate::clock::Moment;

/// The status of a sale, in the common words of the truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Open,
    Approved,
    Invoiced,
    Shipped,
    Delivered,
    Cancelled,
    Returned,
    Unknown,
    /// A movement of goods that is no sale. Only Microvix lists such movements among sales; they
    /// must not be imported.
    NoSale,
}

impl Status {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Approved => "approved",
            Self::Invoiced => "invoiced",
            Self::Shipped => "shipped",
            Self::Delivered => "delivered",
            Self::Cancelled => "cancelled",
            Self::Returned => "returned",
            Self::Unknown | Self::NoSale => "unknown",
        }
    }

    /// Returns true for a status that does not change any more. A change leaves such a sale alone.
    pub(crate) fn is_final(self) -> bool {
        matches!(self, Self::Cancelled | Self::Returned | Self::NoSale)
    }
}

/// The role of a contact for the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Client,
    Supplier,
    Both,
    /// The contact that stands for all buyers who left no name.
    Anonymous,
}

/// The state of a person or a product: in use, out of use, or deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Active,
    Inactive,
    Deleted,
}

impl Standing {
    pub(crate) fn of(active: bool) -> Self {
        if active { Self::Active } else { Self::Inactive }
    }

    pub(crate) fn is_active(self) -> bool {
        self == Self::Active
    }

    pub(crate) fn is_deleted(self) -> bool {
        self == Self::Deleted
    }

    pub(crate) fn letter(self) -> &'static str {
        match self {
            Self::Active => "A",
            Self::Inactive => "I",
            Self::Deleted => "E",
        }
    }
}

/// The form in which people typed a phone number into the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Typed {
    Formatted,
    Plain,
    Country,
    Zero,
}

/// A phone number: area code, the rest, and how it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Phone {
    pub(crate) area: String,
    pub(crate) number: String,
    pub(crate) typed: Typed,
}

impl Phone {
    fn dashed(&self) -> String {
        let (head, tail) = self.number.split_at(self.number.len() - 4);
        format!("{head}-{tail}")
    }

    /// Returns the whole number as one text, with `gap` between the brackets and the number.
    pub(crate) fn whole(&self, gap: &str) -> String {
        match self.typed {
            Typed::Formatted => format!("({}){gap}{}", self.area, self.dashed()),
            Typed::Plain => format!("{}{}", self.area, self.number),
            Typed::Country => format!("+55 {} {}", self.area, self.dashed()),
            Typed::Zero => format!("0{}{}", self.area, self.number),
        }
    }

    /// Returns the whole number as one text, or an empty text when there is no phone.
    pub(crate) fn shown(phone: Option<&Self>) -> String {
        phone.map(|phone| phone.whole(" ")).unwrap_or_default()
    }

    /// Returns area code and number for two fields. They are not always cut at the right place.
    pub(crate) fn split(&self) -> (String, String) {
        match self.typed {
            Typed::Formatted => (self.area.clone(), self.dashed()),
            Typed::Plain => (String::new(), format!("{}{}", self.area, self.number)),
            Typed::Country => (String::new(), format!("55{}{}", self.area, self.number)),
            Typed::Zero => (format!("0{}", self.area), self.number.clone()),
        }
    }
}

/// A postal address; every part may be empty.
#[derive(Clone, Debug, Default)]
pub(crate) struct Address {
    pub(crate) street: String,
    pub(crate) number: String,
    pub(crate) complement: String,
    pub(crate) district: String,
    pub(crate) city: String,
    pub(crate) city_code: String,
    pub(crate) state: String,
    /// The postal code, eight digits.
    pub(crate) postal_code: String,
}

impl Address {
    /// Returns the postal code with a hyphen: `01001-000`. Returns an empty text when there is
    /// none.
    pub(crate) fn dashed_postal_code(&self) -> String {
        match self.postal_code.split_at_checked(5) {
            Some((head, tail)) => format!("{head}-{tail}"),
            None => String::new(),
        }
    }
}

/// A person or a company.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) id: u64,
    pub(crate) company: bool,
    pub(crate) role: Role,
    pub(crate) name: String,
    /// A company's trade name, as on its sign. Empty for people.
    pub(crate) trade_name: String,
    /// The e-mail field as typed. It may hold two addresses, or none.
    pub(crate) email: String,
    pub(crate) mobile: Option<Phone>,
    pub(crate) landline: Option<Phone>,
    /// The mobiles before this one, the oldest first. `None` is for a time without one.
    pub(crate) earlier_mobiles: Vec<Option<Phone>>,
    /// The digits of CPF or CNPJ. May be empty.
    pub(crate) tax_id: String,
    pub(crate) birth: Option<Moment>,
    pub(crate) female: bool,
    pub(crate) address: Address,
    pub(crate) standing: Standing,
    pub(crate) created: Moment,
    pub(crate) updated: Moment,
    /// The number of the record's last change. It goes up with every change, over all records of
    /// the system.
    pub(crate) version: u64,
}

impl Person {
    /// Returns true for a client that is not deleted.
    pub(crate) fn is_client(&self) -> bool {
        matches!(self.role, Role::Client | Role::Both) && !self.standing.is_deleted()
    }

    /// Returns the name that is shown: a company's trade name if it has one, otherwise the name.
    pub(crate) fn shown_name(&self) -> &str {
        if self.trade_name.is_empty() {
            &self.name
        } else {
            &self.trade_name
        }
    }

    /// Returns all phone numbers, each as one text, with `gap` between the brackets and the number.
    pub(crate) fn phones(&self, gap: &str) -> Vec<String> {
        [&self.mobile, &self.landline]
            .into_iter()
            .flatten()
            .map(|phone| phone.whole(gap))
            .collect()
    }

    /// Returns all e-mail addresses.
    pub(crate) fn emails(&self) -> impl Iterator<Item = &str> {
        self.email
            .split([',', ';'])
            .map(str::trim)
            .filter(|email| !email.is_empty())
    }

    /// Returns the CPF or CNPJ with its punctuation: `900.100.200-55` or `90.010.020/0001-36`.
    pub(crate) fn formatted_tax_id(&self) -> String {
        let digits = &self.tax_id;
        match digits.len() {
            11 => format!(
                "{}.{}.{}-{}",
                &digits[..3],
                &digits[3..6],
                &digits[6..9],
                &digits[9..]
            ),
            14 => format!(
                "{}.{}.{}/{}-{}",
                &digits[..2],
                &digits[2..5],
                &digits[5..8],
                &digits[8..12],
                &digits[12..]
            ),
            _ => String::new(),
        }
    }

    /// Returns `F` for a person and `J` for a company.
    pub(crate) fn kind(&self) -> &'static str {
        if self.company { "J" } else { "F" }
    }

    /// Returns the shop's own number of a contact.
    pub(crate) fn code(&self) -> String {
        format!("C-{}", self.id % 1_000_000)
    }
}

/// A product.
#[derive(Clone, Debug)]
pub(crate) struct Product {
    pub(crate) id: u64,
    pub(crate) sku: String,
    pub(crate) name: String,
    /// The price, in cents.
    pub(crate) price: i64,
    pub(crate) standing: Standing,
    pub(crate) created: Moment,
    pub(crate) updated: Moment,
    pub(crate) version: u64,
}

impl Product {
    /// Returns an EAN-13 in the range for use inside a shop, so that it is no real product's.
    pub(crate) fn barcode(&self) -> String {
        let body = format!("200{:09}", self.id % 1_000_000_000);
        let sum: u32 = body
            .bytes()
            .enumerate()
            .map(|(place, digit)| u32::from(digit - b'0') * if place % 2 == 0 { 1 } else { 3 })
            .sum();
        format!("{body}{}", (10 - sum % 10) % 10)
    }
}

/// One line of a sale.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) id: u64,
    /// The id of the product. `None` for a line typed by hand.
    pub(crate) product: Option<u64>,
    pub(crate) sku: String,
    pub(crate) name: String,
    /// The quantity, in thousandths.
    pub(crate) quantity: i64,
    /// The price of one unit, in cents.
    pub(crate) unit_price: i64,
}

impl Item {
    /// Returns quantity times price, in cents. The generator picks only quantities for which that
    /// is exact.
    pub(crate) fn gross(&self) -> i64 {
        self.quantity * self.unit_price / 1000
    }
}

/// An order or a sale.
#[derive(Clone, Debug)]
pub(crate) struct Sale {
    pub(crate) id: u64,
    pub(crate) number: u64,
    pub(crate) at: Moment,
    pub(crate) status: Status,
    /// The id of the buyer. `None` when the buyer left no name.
    pub(crate) contact: Option<u64>,
    /// The discount of the whole sale, in cents.
    pub(crate) discount: i64,
    /// The discount as a percentage. `None` when the seller did not type one.
    pub(crate) percent: Option<i64>,
    /// The freight, in cents.
    pub(crate) freight: i64,
    pub(crate) items: Vec<Item>,
    pub(crate) deleted: bool,
    pub(crate) updated: Moment,
    /// The version of the first line. The versions of the other lines follow it.
    pub(crate) version: u64,
}

impl Sale {
    pub(crate) fn gross(&self) -> i64 {
        self.items.iter().map(Item::gross).sum()
    }

    pub(crate) fn total(&self) -> i64 {
        self.gross() - self.discount + self.freight
    }

    /// Returns the sale as at a vendor who sells whole pieces only. A part of a piece counts as
    /// one.
    pub(crate) fn in_whole_pieces(&self) -> Self {
        let mut sale = self.clone();
        for item in &mut sale.items {
            item.quantity = (item.quantity + 999) / 1000 * 1000;
        }
        sale
    }

    /// Returns each line's share of the sale's discount. The shares add up to the cent, and the
    /// largest line takes the odd cents.
    pub(crate) fn shares(&self) -> Vec<i64> {
        let gross = self.gross().max(1);
        let mut shares: Vec<i64> = self
            .items
            .iter()
            .map(|item| self.discount * item.gross() / gross)
            .collect();
        let odd = self.discount - shares.iter().sum::<i64>();
        if let Some((_, share)) = self
            .items
            .iter()
            .zip(&mut shares)
            .max_by_key(|(item, _)| item.gross())
        {
            *share += odd;
        }
        shares
    }
}

/// Writes cents with two places: `47.50` for 4750.
pub(crate) fn decimal(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100)
}

/// Writes cents without zeros at the end: `47.5` for 4750, and `37` for 3700.
pub(crate) fn short(cents: i64) -> String {
    decimal(cents)
        .trim_end_matches('0')
        .trim_end_matches('.')
        .to_owned()
}

/// Writes thousandths without zeros at the end: `10`, `1.5` or `2.25`.
pub(crate) fn quantity(thousandths: i64) -> String {
    let text = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests;
