//! Writes Pipedrive's persons, deals, their lines and products.

use serde_json::{Value, json};

use super::Stamps;
use crate::clock::Moment;
use crate::crm;
use crate::data::{Item, Person, Phone, Product, Sale, Status};
use crate::json::{amount, money};
use crate::world::World;

/// The keys of fields that the account made for itself: 40 hexadecimal digits without a meaning.
const OWN_FIELDS: [&str; 2] = [
    "dcf558aac1ae4e8c4f849ba5e668430d8df9be12",
    "9c1d2f7be3a04d5c8e6f1a2b3c4d5e6f70819203",
];

/// Returns the user whose token it is, in the form of API v1.
pub(super) fn user() -> Value {
    json!({"id": 14_500_321, "name": "Loja Exemplo", "default_currency": "BRL", "locale": "pt_BR",
            "lang": 8, "email": "loja@example.com",
        "phone": null, "activated": true, "last_login": "2026-11-19 12:00:00",
        "created": "2020-02-03 12:00:00",
        "modified": "2026-11-19 12:00:00", "has_created_company": true, "is_admin": 1,
        "active_flag": true,
        "timezone_name": "America/Sao_Paulo", "timezone_offset": "-03:00", "role_id": 1,
        "icon_url": null, "is_you": true,
        "company_id": 7_654_321, "company_name": "Loja Exemplo Ltda",
        "company_domain": "lojaexemplo", "company_country": "BR",
        "company_industry": null, "language": {"language_code": "pt", "country_code": "BR"}})
}

pub(super) fn person_stamps(person: &Person) -> Stamps {
    Stamps {
        id: person.id,
        added: person.created.unix_millis(),
        updated: person.updated.unix_millis(),
        deal: 0,
    }
}

pub(super) fn deal_stamps(sale: &Sale) -> Stamps {
    Stamps {
        id: sale.id,
        added: crm::opened(sale).unix_millis(),
        updated: sale.updated.unix_millis(),
        deal: 0,
    }
}

pub(super) fn line_stamps(sale: &Sale, item: &Item) -> Stamps {
    Stamps {
        id: item.id,
        deal: i64::try_from(sale.id).unwrap_or(0),
        ..deal_stamps(sale)
    }
}

pub(super) fn product_stamps(product: &Product) -> Stamps {
    Stamps {
        id: product.id,
        added: product.created.unix_millis(),
        updated: product.updated.unix_millis(),
        deal: 0,
    }
}

pub(super) fn person(person: &Person) -> Value {
    let (first, last) = crm::names(person);
    let emails = person.emails().enumerate();
    let emails: Vec<Value> = emails
        .map(|(place, email)| {
            json!({"value": email, "primary": place == 0,
                    "label": if place == 0 { "work" } else { "other" }})
        })
        .collect();
    let phones = [(&person.mobile, "mobile"), (&person.landline, "work")].into_iter();
    let phones = phones
        .filter_map(|(phone, label)| {
            phone
                .as_ref()
                .map(|phone: &Phone| (phone.whole(" "), label))
        })
        .enumerate();
    let phones: Vec<Value> = phones
        .map(|(place, (phone, label))| {
            json!({"value": phone,
                "primary": place == 0, "label": label})
        })
        .collect();
    json!({
        "id": person.id,
        "name": person.name,
        "first_name": first,
        "last_name": last,
        "owner_id": 14_500_321,
        "org_id": null,
        "add_time": person.created.iso_utc(),
        "update_time": person.updated.iso_utc(),
        "emails": emails,
        "phones": phones,
        "is_deleted": false,
        "visible_to": 3,
        "label_ids": [],
        "picture_id": null,
        "custom_fields": {OWN_FIELDS[0]: null},
    })
}

pub(super) fn status(sale: &Sale) -> &'static str {
    match sale.status {
        _ if sale.deleted => "deleted",
        Status::Open => "open",
        Status::Cancelled => "lost",
        _ => "won",
    }
}

pub(super) fn deal(world: &World, sale: &Sale) -> Value {
    let (status, closed) = (status(sale), crm::closed(sale));
    let time = |wanted: &str| closed.filter(|_| status == wanted).map(Moment::iso_utc);
    let day = |wanted: &str| closed.filter(|_| status == wanted).map(Moment::iso_day);
    json!({
        "id": sale.id,
        "title": crm::title(sale, world.buyer(sale)),
        "creator_user_id": 14_500_321,
        "owner_id": 14_500_321,
        "value": money(sale.total()),
        "currency": "BRL",
        "person_id": sale.contact,
        "org_id": null,
        "stage_id": if status == "open" { 2 } else { 5 },
        "pipeline_id": 1,
        "status": status,
        "add_time": crm::opened(sale).iso_utc(),
        "update_time": sale.updated.iso_utc(),
        "stage_change_time": crm::opened(sale).plus(3600).iso_utc(),
        "won_time": time("won"),
        "lost_time": time("lost"),
        "close_time": closed.map(Moment::iso_utc),
        "local_won_date": day("won"),
        "local_lost_date": day("lost"),
        "local_close_date": closed.map(Moment::iso_day),
        "expected_close_date": crm::opened(sale).plus_days(30).iso_day(),
        "lost_reason": (status == "lost").then_some("Preço"),
        "probability": null,
        "is_deleted": sale.deleted,
        "is_archived": false,
        "archive_time": null,
        "label_ids": [],
        "visible_to": 3,
        "origin": "ManuallyCreated",
        "origin_id": null,
        "channel": null,
        "channel_id": null,
        "source_lead_id": null,
        "acv": null,
        "arr": null,
        "mrr": null,
        "custom_fields": {OWN_FIELDS[1]: {"type": "enum", "id": 29}},
    })
}

pub(super) fn line(sale: &Sale, item: &Item) -> Value {
    let (place, share) = crm::share(sale, item);
    let (discount, kind) = if crm::is_ten_per_cent(sale) {
        (json!(10), "percentage")
    } else {
        (money(share), "amount")
    };
    json!({
        "id": item.id,
        "deal_id": sale.id,
        "product_id": item.product,
        "product_variation_id": null,
        "name": item.name,
        "order_nr": place + 1,
        "item_price": money(item.unit_price),
        "quantity": amount(item.quantity),
        "discount": discount,
        "discount_type": kind,
        "sum": money(item.gross() - share),
        "currency": "BRL",
        "tax": 0,
        "tax_method": "none",
        "comments": "",
        "is_enabled": true,
        "add_time": crm::opened(sale).iso_utc(),
        "update_time": sale.updated.iso_utc(),
        "billing_frequency": "one-time",
        "billing_frequency_cycles": null,
        "billing_start_date": null,
    })
}

pub(super) fn product(product: &Product) -> Value {
    json!({
        "id": product.id,
        "name": product.name,
        "code": product.sku,
        "description": null,
        "unit": "un",
        "tax": 0,
        "category": null,
        "is_linkable": product.standing.is_active(),
        "is_deleted": false,
        "visible_to": 3,
        "owner_id": 14_500_321,
        "prices": [{"product_id": product.id, "price": money(product.price), "currency": "BRL",
                "cost": money(product.price / 2),
            "direct_cost": null, "notes": ""}],
        "billing_frequency": "one-time",
        "billing_frequency_cycles": null,
        "add_time": product.created.iso_utc(),
        "update_time": product.updated.iso_utc(),
        "custom_fields": {},
    })
}
