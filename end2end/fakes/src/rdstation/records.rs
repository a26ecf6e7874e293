//! Writes RD Station's contacts, deals, their products, and the catalogue.

use serde_json::{Value, json};

use crate::clock::Moment;
use crate::crm;
use crate::data::{Item, Person, Phone, Product, Sale, Status};
use crate::json::{amount, money};
use crate::truth::forget;
use crate::world::World;

/// The seconds, in an id of the document store, with which the ids of each kind begin.
const CONTACT: u32 = 0x6508_7856;
const DEAL: u32 = 0x66a1_0c3d;
const LINE: u32 = 0x66a1_0c3e;
const PRODUCT: u32 = 0x6480_11aa;

fn object_id(kind: u32, id: u64) -> String {
    format!("{kind:08x}{id:016x}")
}

pub(super) fn deal_id(id: u64) -> String {
    object_id(DEAL, id)
}

/// Returns the number that was made into an id.
pub(super) fn number(id: &str) -> Option<u64> {
    u64::from_str_radix(id.get(8..)?, 16)
        .ok()
        .filter(|_| id.len() == 24)
}

/// Mends the truth: products have no code, and everything has an id of the document store.
pub(super) fn mend(truth: &mut Value, _: &World) {
    crm::mend(truth);
    forget(truth, "products", &["sku"]);
    for (list, kind) in [("contacts", CONTACT), ("products", PRODUCT)] {
        truth[list]
            .as_array_mut()
            .into_iter()
            .flatten()
            .for_each(|record| rename(&mut record["id"], kind));
    }
    for sale in truth["transactions"].as_array_mut().into_iter().flatten() {
        rename(&mut sale["contact"], CONTACT);
        sale["items"]
            .as_array_mut()
            .into_iter()
            .flatten()
            .for_each(|line| rename(&mut line["product"], PRODUCT));
    }
}

/// Replaces an id with the id that the API writes.
fn rename(id: &mut Value, kind: u32) {
    if let Some(number) = id.as_str().and_then(|id| id.parse().ok()) {
        *id = json!(object_id(kind, number));
    }
}

pub(super) fn contact(person: &Person) -> Value {
    let phones = [(&person.mobile, "cellphone"), (&person.landline, "work")].into_iter();
    let phones = phones.filter_map(|(phone, kind)| {
        phone
            .as_ref()
            .map(|phone: &Phone| json!({"phone": phone.whole(" "), "type": kind}))
    });
    let emails = person.emails().map(|email| json!({"email": email}));
    json!({
        "id": object_id(CONTACT, person.id),
        "name": person.name,
        "job_title": null,
        "emails": emails.collect::<Vec<_>>(),
        "phones": phones.collect::<Vec<_>>(),
        "social_profiles": [],
        "organization_id": null,
        "owner_id": "5f9c0c2ab1d3e40017a2b3c4",
        "legal_bases": [{"category": "data_processing", "type": "legitimate_interest",
                "status": "granted"}],
        "custom_fields": {},
        "created_at": person.created.iso_utc(),
        "updated_at": person.updated.iso_utc(),
    })
}

/// Returns the status of a deal. A paused deal is still open.
fn status(sale: &Sale) -> &'static str {
    match sale.status {
        Status::Open if sale.id.is_multiple_of(4) => "paused",
        Status::Open => "ongoing",
        Status::Cancelled => "lost",
        _ => "won",
    }
}

/// Returns true for a line that is paid every month: in some deals, the first line.
fn recurs(sale: &Sale, place: usize) -> bool {
    place == 0 && sale.id % 7 == 3
}

fn nets(sale: &Sale) -> impl Iterator<Item = (usize, &Item, i64)> {
    sale.items
        .iter()
        .zip(sale.shares())
        .enumerate()
        .map(|(place, (item, share))| (place, item, item.gross() - share))
}

pub(super) fn deal(world: &World, sale: &Sale) -> Value {
    let recurring: i64 = nets(sale)
        .filter(|(place, ..)| recurs(sale, *place))
        .map(|(.., net)| net)
        .sum();
    // RD Station adds up the total later. In some deals that has not happened yet.
    let total = if sale.id.is_multiple_of(11) {
        0
    } else {
        sale.total()
    };
    let contacts: Vec<String> = sale
        .contact
        .into_iter()
        .map(|id| object_id(CONTACT, id))
        .collect();
    json!({
        "id": deal_id(sale.id),
        "name": crm::title(sale, world.buyer(sale)),
        "one_time_price": money(sale.total() - recurring),
        "recurrence_price": money(recurring),
        "total_price": money(total),
        "status": status(sale),
        "rating": 1 + sale.id % 5,
        "expected_close_date": crm::opened(sale).plus_days(30).iso_day(),
        "closed_at": crm::closed(sale).map(Moment::iso_utc),
        "pipeline_id": "5f9c0c2ab1d3e40017a2b300",
        "stage_id": if sale.status == Status::Open { "5f9c0c2ab1d3e40017a2b301" }
            else { "5f9c0c2ab1d3e40017a2b305" },
        "owner_id": "5f9c0c2ab1d3e40017a2b3c4",
        "source_id": null,
        "campaign_id": null,
        "lost_reason_id": (sale.status == Status::Cancelled).then_some("5f9c0c2ab1d3e40017a2b3ff"),
        "organization_id": null,
        "contact_ids": contacts,
        "custom_fields": {},
        "created_at": crm::opened(sale).iso_utc(),
        "updated_at": sale.updated.iso_utc(),
    })
}

pub(super) fn lines(sale: &Sale) -> Vec<Value> {
    let percentage = crm::is_ten_per_cent(sale);
    let line = |(place, item, net): (usize, &Item, i64)| {
        let (discount, kind) = if percentage {
            (json!(10), "percentage")
        } else {
            (money(item.gross() - net), "value")
        };
        json!({
            "id": object_id(LINE, item.id),
            "product_id": item.product.map(|id| object_id(PRODUCT, id)),
            "name": item.name,
            "description": null,
            "base_price": money(item.unit_price),
            "price": money(item.unit_price),
            "amount": amount(item.quantity),
            "recurrence": if recurs(sale, place) { "monthly" } else { "spare" },
            "discount": discount,
            "discount_type": kind,
            "total": money(net),
            "created_at": crm::opened(sale).iso_utc(),
            "updated_at": sale.updated.iso_utc(),
        })
    };
    nets(sale).map(line).collect()
}

pub(super) fn product(product: &Product) -> Value {
    json!({
        "id": object_id(PRODUCT, product.id),
        "name": product.name,
        "description": format!("{} de exemplo", product.name),
        "base_price": money(product.price),
        "visible": product.standing.is_active(),
        "created_at": product.created.iso_utc(),
        "updated_at": product.updated.iso_utc(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_read_back_as_written() {
        assert_eq!(deal_id(900_205), "66a10c3d00000000000dbc6d");
        assert_eq!(number("66a10c3d00000000000dbc6d"), Some(900_205));
        assert_eq!(
            ["66a10c3d", "66a10c3d00000000000dbc6d0", "x"].map(number),
            [None; 3]
        );
    }
}
