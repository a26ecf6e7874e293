//! The truth: the records of a system as they ought to be imported, in one form for all vendors.

use serde_json::{Value, json};

use crate::clock::Moment;
use crate::data::{Item, Person, Product, Sale, Status, quantity};
use crate::json::filled;
use crate::world::World;

/// The differences between vendors in the fields that their APIs have.
pub(crate) struct Telling {
    pub(crate) contact_name: fn(&Person) -> &str,
    pub(crate) phones: fn(&Person) -> Vec<String>,
    /// True when the API has birth dates.
    pub(crate) births: bool,
    pub(crate) sale_id: fn(&Sale) -> String,
    pub(crate) number: fn(&Sale) -> String,
    /// The moment of a sale, as exact as in the API.
    pub(crate) moment: fn(&Sale) -> Moment,
    /// True when a line's total is after its share of the discount.
    pub(crate) net_lines: bool,
    /// True when a return is a document of its own whose amounts are negative.
    pub(crate) negative_returns: bool,
    /// A sale as in the API.
    pub(crate) sold: fn(&Sale) -> Sale,
}

impl Telling {
    /// The values for most vendors.
    pub(crate) const PLAIN: Self = Self {
        contact_name: |person| &person.name,
        phones: |person| person.phones(" "),
        births: false,
        sale_id: |sale| sale.id.to_string(),
        number: |sale| sale.number.to_string(),
        moment: |sale| sale.at,
        net_lines: false,
        negative_returns: false,
        sold: Sale::clone,
    };

    /// The values for Bling and Tiny: birth dates, and sales with a day but no time.
    pub(crate) const BY_DAY: Self = Self {
        births: true,
        moment: |sale| sale.at.start_of_day(),
        ..Self::PLAIN
    };
}

/// Mends the truth of clients, sales or products. `mend` gets each record and its truth.
pub(crate) fn beside<T>(
    records: impl IntoIterator<Item = T>,
    told: &mut Value,
    mend: impl Fn(T, &mut Value),
) {
    records
        .into_iter()
        .zip(told.as_array_mut().into_iter().flatten())
        .for_each(|(record, told)| mend(record, told));
}

/// Sets fields to null in all records of a list, because the API does not have them.
pub(crate) fn forget(truth: &mut Value, list: &str, fields: &[&str]) {
    for record in truth[list].as_array_mut().into_iter().flatten() {
        for field in fields {
            record[*field] = Value::Null;
        }
    }
}

/// Sets a field to null in all lines of sales.
pub(crate) fn forget_in_lines(truth: &mut Value, field: &str) {
    for sale in truth["transactions"].as_array_mut().into_iter().flatten() {
        for line in sale["items"].as_array_mut().into_iter().flatten() {
            line[field] = Value::Null;
        }
    }
}

/// Returns the truth about a system, before the vendor mends it.
pub(crate) fn truth(world: &World, telling: &Telling) -> Value {
    let sales = world.shown_sales();
    json!({
        "contacts": world.clients().map(|person| contact(person, telling)).collect::<Vec<_>>(),
        "transactions": sales.map(|sale| transaction(&(telling.sold)(sale),
                telling)).collect::<Vec<_>>(),
        "products": world.goods().map(product).collect::<Vec<_>>(),
    })
}

fn contact(person: &Person, telling: &Telling) -> Value {
    let address = &person.address;
    let earlier = person.earlier_mobiles.iter().map(|mobile| Person {
        mobile: mobile.clone(),
        ..person.clone()
    });
    json!({
        "id": person.id.to_string(),
        "name": (telling.contact_name)(person),
        "email": person.emails().next().map(str::to_lowercase),
        "phones": (telling.phones)(person),
        "earlier_phones": earlier.flat_map(|before| (telling.phones)(&before)).collect::<Vec<_>>(),
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

fn transaction(sale: &Sale, telling: &Telling) -> Value {
    let sign = if telling.negative_returns && sale.status == Status::Returned {
        -1
    } else {
        1
    };
    let shares = sale.shares();
    let items = sale.items.iter().zip(shares).map(|(item, share)| {
        line(
            item,
            sign * (item.gross() - if telling.net_lines { share } else { 0 }),
        )
    });
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

fn product(product: &Product) -> Value {
    json!({
        "id": product.id.to_string(),
        "sku": product.sku,
        "name": product.name,
        "price": product.price,
        "active": product.standing.is_active(),
    })
}
