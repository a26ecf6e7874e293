//! The parts that the fakes of the three web shops share: whole numbers of goods, one e-mail
//! address, one line for street and number.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::data::{Address, Item, Person, Phone, Sale};
use crate::json::filled;
use crate::truth::{Telling, beside};
use crate::world::World;

/// The fields that the shops have: only one phone number of a person.
pub(crate) const TELLING: Telling = Telling {
    phones: |person| phone(person).map(e164).into_iter().collect(),
    ..Telling::PLAIN
};

/// Returns the one e-mail address that a shop has of a person.
pub(crate) fn email(person: &Person) -> Option<&str> {
    person.emails().next()
}

/// Returns the first name and the rest. A company's name is cut as well, because the shops have no
/// other fields.
pub(crate) fn names(person: &Person) -> (&str, &str) {
    person.name.split_once(' ').unwrap_or((&person.name, ""))
}

/// Returns the phone that a shop has of a person: the mobile, if there is one.
pub(crate) fn phone(person: &Person) -> Option<&Phone> {
    person.mobile.as_ref().or(person.landline.as_ref())
}

/// Returns the name of a state, by which the shops know it.
pub(crate) fn province(state: &str) -> Option<&'static str> {
    Some(match state {
        "SP" => "São Paulo",
        "RJ" => "Rio de Janeiro",
        "MG" => "Minas Gerais",
        "PR" => "Paraná",
        "SC" => "Santa Catarina",
        "GO" => "Goiás",
        "AL" => "Alagoas",
        _ => return None,
    })
}

/// Writes a phone number as `+5511999990001`.
pub(crate) fn e164(phone: &Phone) -> String {
    // Shops take no mobile without its ninth digit.
    let ninth = if phone.number.len() == 8 && phone.number.starts_with(['6', '7', '8', '9']) {
        "9"
    } else {
        ""
    };
    format!("+55{}{ninth}{}", phone.area, phone.number)
}

/// Writes street and number in one line: `Rua do Exemplo, 12`.
pub(crate) fn street_line(address: &Address) -> String {
    if address.number.is_empty() {
        address.street.clone()
    } else {
        format!("{}, {}", address.street, address.number)
    }
}

/// Returns the number of pieces and the unit price in cents. A shop sells whole pieces, so goods by
/// weight are one piece at the price of all of it.
pub(crate) fn pieces(item: &Item) -> (i64, i64) {
    if item.quantity % 1000 == 0 {
        (item.quantity / 1000, item.unit_price)
    } else {
        (1, item.gross())
    }
}

/// The orders of a buyer.
#[derive(Clone, Copy, Default)]
pub(crate) struct Bought {
    pub(crate) orders: u64,
    /// The sum of the orders, in cents.
    pub(crate) total: i64,
    pub(crate) last: Option<u64>,
}

/// Returns the orders of all buyers by their ids, in one pass over the sales.
pub(crate) fn bought(world: &World) -> HashMap<u64, Bought> {
    let mut all: HashMap<u64, Bought> = HashMap::new();
    for sale in &world.sales {
        let Some(contact) = sale.contact else {
            continue;
        };
        let bought = all.entry(contact).or_default();
        bought.orders += 1;
        bought.total += if sale.status.is_final() {
            0
        } else {
            sale.total()
        };
        bought.last = Some(sale.id);
    }
    all
}

/// Mends the common truth where the shops have fewer fields. `contact` and `sale` get each record
/// and its truth.
pub(crate) fn mend(
    truth: &mut Value,
    world: &World,
    contact: impl Fn(&Person, &mut Value),
    sale: impl Fn(&Sale, &mut Value),
) {
    beside(world.clients(), &mut truth["contacts"], |person, told| {
        told["email"] = json!(email(person).map(str::to_lowercase));
        contact(person, told);
    });
    beside(
        world.shown_sales(),
        &mut truth["transactions"],
        |one, told| {
            beside(&one.items, &mut told["items"], |item, line| {
                let (quantity, unit_price) = pieces(item);
                line["quantity"] = json!(quantity.to_string());
                line["unit_price"] = json!(unit_price);
            });
            sale(one, told);
        },
    );
}

/// Changes the truth of an address into one line for street and number, without a district.
pub(crate) fn one_line(person: &Person, told: &mut Value) {
    told["address"] = json!(filled(&street_line(&person.address)));
    told["number"] = Value::Null;
    told["district"] = Value::Null;
}
