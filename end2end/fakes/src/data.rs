//! The records that a fake holds, in a form that all vendors share; each vendor writes them its own
//! way.

use crate::clock::Moment;

/// Where a sale stands, in the common words of the truth.
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
    /// A movement of goods that is no sale: only Microvix mixes those in, and they must not be
    /// imported.
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

    /// A sale that stands here moves no more, so a change leaves it alone.
    pub(crate) fn is_final(self) -> bool {
        matches!(self, Self::Cancelled | Self::Returned | Self::NoSale)
    }
}

/// What a contact is to the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Client,
    Supplier,
    Both,
    /// The stand-in for buyers who left no name.
    Anonymous,
}

/// Whether a person or a product is in use.
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

/// How people typed a phone number into the system.
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

    /// The whole number in one field; `gap` stands between the brackets and the number.
    pub(crate) fn whole(&self, gap: &str) -> String {
        match self.typed {
            Typed::Formatted => format!("({}){gap}{}", self.area, self.dashed()),
            Typed::Plain => format!("{}{}", self.area, self.number),
            Typed::Country => format!("+55 {} {}", self.area, self.dashed()),
            Typed::Zero => format!("0{}{}", self.area, self.number),
        }
    }

    /// The same, empty where there is none.
    pub(crate) fn shown(phone: Option<&Self>) -> String {
        phone.map(|phone| phone.whole(" ")).unwrap_or_default()
    }

    /// Area code and number in two fields, not always cut at the right place.
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
    /// Eight digits.
    pub(crate) postal_code: String,
}

impl Address {
    /// `01001-000`
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
    /// A company's name on its sign; empty for people.
    pub(crate) trade_name: String,
    /// As typed: may hold two addresses, or none.
    pub(crate) email: String,
    pub(crate) mobile: Option<Phone>,
    pub(crate) landline: Option<Phone>,
    /// Its mobiles before this one, the oldest first; none for the time without one.
    pub(crate) earlier_mobiles: Vec<Option<Phone>>,
    /// Digits, or empty.
    pub(crate) tax_id: String,
    pub(crate) birth: Option<Moment>,
    pub(crate) female: bool,
    pub(crate) address: Address,
    pub(crate) standing: Standing,
    pub(crate) created: Moment,
    pub(crate) updated: Moment,
    /// Goes up with every change, over all records of the system.
    pub(crate) version: u64,
}

impl Person {
    /// A client that there still is.
    pub(crate) fn is_client(&self) -> bool {
        matches!(self.role, Role::Client | Role::Both) && !self.standing.is_deleted()
    }

    /// Companies go by the name on their sign, if they have one.
    pub(crate) fn shown_name(&self) -> &str {
        if self.trade_name.is_empty() {
            &self.name
        } else {
            &self.trade_name
        }
    }

    /// Every number in one field; `gap` stands between the brackets and the number.
    pub(crate) fn phones(&self, gap: &str) -> Vec<String> {
        [&self.mobile, &self.landline]
            .into_iter()
            .flatten()
            .map(|phone| phone.whole(gap))
            .collect()
    }

    /// Every e-mail address.
    pub(crate) fn emails(&self) -> impl Iterator<Item = &str> {
        self.email
            .split([',', ';'])
            .map(str::trim)
            .filter(|email| !email.is_empty())
    }

    /// `900.100.200-55` or `90.010.020/0001-36`
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

    /// `F` or `J`
    pub(crate) fn kind(&self) -> &'static str {
        if self.company { "J" } else { "F" }
    }

    /// The shop's own number of a contact.
    pub(crate) fn code(&self) -> String {
        format!("C-{}", self.id % 1_000_000)
    }
}

/// What is sold.
#[derive(Clone, Debug)]
pub(crate) struct Product {
    pub(crate) id: u64,
    pub(crate) sku: String,
    pub(crate) name: String,
    /// Cents.
    pub(crate) price: i64,
    pub(crate) standing: Standing,
    pub(crate) created: Moment,
    pub(crate) updated: Moment,
    pub(crate) version: u64,
}

impl Product {
    /// An EAN-13 of the range for use inside a shop, so that it is nobody's.
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
    /// None for a line typed by hand.
    pub(crate) product: Option<u64>,
    pub(crate) sku: String,
    pub(crate) name: String,
    /// Thousandths.
    pub(crate) quantity: i64,
    /// Cents.
    pub(crate) unit_price: i64,
}

impl Item {
    /// Quantity times price, in cents; the generator picks only quantities for which that is exact.
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
    /// None when the buyer left no name.
    pub(crate) contact: Option<u64>,
    /// Cents.
    pub(crate) discount: i64,
    /// The discount as a percentage, when the seller typed one.
    pub(crate) percent: Option<i64>,
    /// Cents.
    pub(crate) freight: i64,
    pub(crate) items: Vec<Item>,
    pub(crate) deleted: bool,
    pub(crate) updated: Moment,
    /// Of the first line; the others follow.
    pub(crate) version: u64,
}

impl Sale {
    pub(crate) fn gross(&self) -> i64 {
        self.items.iter().map(Item::gross).sum()
    }

    pub(crate) fn total(&self) -> i64 {
        self.gross() - self.discount + self.freight
    }

    /// The same sale at a vendor who sells whole pieces only: a part of one counts as one.
    pub(crate) fn in_whole_pieces(&self) -> Self {
        let mut sale = self.clone();
        for item in &mut sale.items {
            item.quantity = (item.quantity + 999) / 1000 * 1000;
        }
        sale
    }

    /// The discount of the whole sale spread over its lines, adding up to the cent; the biggest
    /// line takes the odd cents.
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

/// `47.50` from 4750 cents.
pub(crate) fn decimal(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100)
}

/// `47.5` from 4750 cents, and `37` from 3700.
pub(crate) fn short(cents: i64) -> String {
    decimal(cents)
        .trim_end_matches('0')
        .trim_end_matches('.')
        .to_owned()
}

/// `10`, `1.5` or `2.25` from thousandths.
pub(crate) fn quantity(thousandths: i64) -> String {
    let text = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests;
