//! The parts that the fakes of CRMs share. A deal takes the place of a sale, and has fewer fields
//! than an order.

use serde_json::Value;

use crate::clock::Moment;
use crate::data::{Address, Item, Person, Sale, Status};
use crate::query::Parameters;
use crate::truth::{Telling, forget, forget_in_lines};
use crate::world::{Anonymous, Rules};

/// Returns the rules of a CRM. A deal has no freight, like a sale in a shop.
pub(crate) const fn rules(first: (u64, u64, u64), typed_items: bool) -> Rules {
    use Status::{Approved, Cancelled, Open};
    const STATUSES: &[Status] = &[
        Approved, Open, Cancelled, Approved, Approved, Open, Cancelled, Approved,
    ];
    Rules {
        anonymous: Anonymous::NoId,
        typed_items,
        shop: true,
        ..Rules::new(first, STATUSES)
    }
}

/// The fields that the CRMs have: lines after their discounts, and the moment at which a deal was
/// won.
pub(crate) const TELLING: Telling = Telling {
    number: |sale| sale.id.to_string(),
    net_lines: true,
    ..Telling::PLAIN
};

/// The fields that no deal has: a number of its own, a discount of the whole deal, freight.
pub(crate) const NOT_IN_DEALS: [&str; 3] = ["number", "discount", "freight"];

/// Mends the truth: contacts have neither address nor documents, and lines of deals have no code.
pub(crate) fn mend(truth: &mut Value) {
    let no_contact_has = [
        "tax_id",
        "address",
        "number",
        "complement",
        "district",
        "city",
        "state",
        "postal_code",
    ];
    forget(truth, "contacts", &no_contact_has);
    forget(truth, "transactions", &NOT_IN_DEALS);
    forget_in_lines(truth, "sku");
}

/// Returns the place of a line in its deal, counted from 0, and the line's share of the discount in
/// cents.
pub(crate) fn share(sale: &Sale, item: &Item) -> (usize, i64) {
    let place = sale
        .items
        .iter()
        .position(|one| one.id == item.id)
        .unwrap_or(0);
    (place, sale.shares().get(place).copied().unwrap_or(0))
}

/// Returns the moment at which a deal was opened. A deal that was won took days.
pub(crate) fn opened(sale: &Sale) -> Moment {
    let days = i64::try_from(sale.id % 9).unwrap_or(0) + 1;
    if sale.status == Status::Approved {
        sale.at.plus_days(-days)
    } else {
        sale.at
    }
}

/// Returns the moment at which a deal was won or lost. `None` for an open deal.
pub(crate) fn closed(sale: &Sale) -> Option<Moment> {
    (sale.status != Status::Open).then_some(sale.at)
}

/// Returns the title that a seller gives to a deal.
pub(crate) fn title(sale: &Sale, buyer: Option<&Person>) -> String {
    format!(
        "{} - pedido {}",
        buyer.map_or("Balcão", Person::shown_name),
        sale.number
    )
}

/// Returns true when the discount is ten per cent and comes to whole cents on every line.
pub(crate) fn is_ten_per_cent(sale: &Sale) -> bool {
    sale.percent == Some(10) && sale.items.iter().all(|item| item.gross() % 10 == 0)
}

/// Returns the first name and the other names. A company's name stays whole.
pub(crate) fn names(person: &Person) -> (&str, Option<&str>) {
    match person.name.split_once(' ') {
        Some((first, last)) if !person.company => (first, Some(last)),
        _ => (&person.name, None),
    }
}

/// Returns street, number and all else up to the city in one line, as people type it.
pub(crate) fn address_line(address: &Address) -> String {
    let street = [&address.street, &address.number].map(String::as_str);
    let street = street
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ");
    let parts = [&street, &address.complement, &address.district].map(String::as_str);
    parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" - ")
}

/// Returns the parameters of a query. A parameter that comes several times becomes a list with
/// commas.
pub(crate) fn joined(pairs: Vec<(String, String)>) -> Parameters {
    let mut given = Parameters::default();
    for (name, value) in pairs {
        let held = given.0.entry(name).or_default();
        if !held.is_empty() {
            held.push(',');
        }
        held.push_str(&value);
    }
    given
}
