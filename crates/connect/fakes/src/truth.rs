//! The records of a system as they ought to be imported, in one form for all vendors.

use serde_json::{Value, json};

use crate::clock::Moment;
use crate::data::{Item, Person, Product, Sale, Status, quantity};
use crate::world::World;

/// Where the vendors differ in what they tell.
pub(crate) struct Telling {
    pub(crate) contact_name: fn(&Person) -> &str,
    pub(crate) phones: fn(&Person) -> Vec<String>,
    /// The API has birth dates.
    pub(crate) births: bool,
    pub(crate) sale_id: fn(&Sale) -> String,
    pub(crate) number: fn(&Sale) -> String,
    /// The moment of a sale as exactly as the API tells it.
    pub(crate) moment: fn(&Sale) -> Moment,
    /// A line's total is after its share of the discount.
    pub(crate) net_lines: bool,
    /// A return is a document of its own whose amounts count negative.
    pub(crate) negative_returns: bool,
}

/// The whole truth about a system.
pub(crate) fn truth(world: &World, telling: &Telling) -> Value {
    let sales = world.sales.iter().filter(|sale| sale.status != Status::NoSale);
    json!({
        "contacts": world.people.iter().filter(|person| person.is_client()).map(|person| contact(person, telling)).collect::<Vec<_>>(),
        "transactions": sales.map(|sale| transaction(sale, telling)).collect::<Vec<_>>(),
        "products": world.products.iter().map(product).collect::<Vec<_>>(),
    })
}

/// A contact alone, for vendors with an id of their own for it.
pub(crate) fn contact(person: &Person, telling: &Telling) -> Value {
    let address = &person.address;
    let first = person.email.split([',', ';']).next().unwrap_or_default().trim().to_lowercase();
    json!({
        "id": person.id.to_string(),
        "name": (telling.contact_name)(person),
        "email": filled(&first),
        "phones": (telling.phones)(person),
        "tax_id": filled(&person.tax_id),
        "birth_date": person.birth.filter(|_| telling.births).map(Moment::iso_day),
        "address": filled(&address.street),
        "number": filled(&address.number),
        "complement": filled(&address.complement),
        "district": filled(&address.district),
        "city": filled(&address.city),
        "state": filled(&address.state),
        "postal_code": filled(&address.postal_code),
        "updated": person.updated.iso(),
    })
}

fn filled(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// A transaction alone.
pub(crate) fn transaction(sale: &Sale, telling: &Telling) -> Value {
    let sign = if telling.negative_returns && sale.status == Status::Returned { -1 } else { 1 };
    let shares = sale.shares();
    let items =
        sale.items.iter().zip(shares).map(|(item, share)| line(item, sign * (item.gross() - if telling.net_lines { share } else { 0 })));
    json!({
        "id": (telling.sale_id)(sale),
        "number": (telling.number)(sale),
        "date": (telling.moment)(sale).iso(),
        "status": sale.status.word(),
        "contact": sale.contact.map(|id| id.to_string()),
        "total": sign * sale.total(),
        "discount": sale.discount,
        "freight": sale.freight,
        "items": items.collect::<Vec<_>>(),
    })
}

fn line(item: &Item, total: i64) -> Value {
    json!({
        "product": item.product.map(|id| id.to_string()),
        "sku": item.sku,
        "name": item.name,
        "quantity": quantity(item.quantity),
        "unit_price": item.unit_price,
        "total": total,
    })
}

/// A product alone.
pub(crate) fn product(product: &Product) -> Value {
    json!({
        "id": product.id.to_string(),
        "sku": product.sku,
        "name": product.name,
        "price": product.price,
        "active": product.active,
    })
}
