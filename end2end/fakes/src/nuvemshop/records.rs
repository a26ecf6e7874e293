//! Writes Nuvemshop's customers, orders and products.

use serde_json::{Value, json};

use super::STORE_ID;
use crate::clock::Moment;
use crate::data::{Item, Person, Product, Sale, Status, decimal};
use crate::json::{filled, merged};
use crate::stores::{self, Bought, e164, phone, pieces, province};
use crate::world::World;

pub(super) fn mend(truth: &mut Value, world: &World) {
    let contact = |person: &Person, told: &mut Value| {
        told["state"] = json!(province(&person.address.state));
        told["country"] = json!(filled(&person.address.street).map(|_| "BR"));
    };
    stores::mend(truth, world, contact, |_, _| {});
}

/// Returns the statuses of an order, of its payment and of its parcel.
pub(super) fn statuses(status: Status) -> (&'static str, &'static str, &'static str) {
    match status {
        Status::Open => ("open", "pending", "unpacked"),
        Status::Approved => ("open", "paid", "unpacked"),
        Status::Cancelled => ("cancelled", "voided", "unpacked"),
        Status::Returned => ("open", "refunded", "shipped"),
        _ => ("open", "paid", "shipped"),
    }
}

/// Writes a moment in UTC: `2026-03-01T17:32:10+0000`.
fn stamp(moment: Moment) -> String {
    format!("{}+0000", moment.utc().iso())
}

fn place(person: &Person) -> Value {
    let address = &person.address;
    json!({
        "address": address.street, "city": address.city, "country": "BR",
        "created_at": stamp(person.created), "default": true,
        "floor": filled(&address.complement), "id": person.id + 900_000_000,
        "locality": filled(&address.district), "name": person.name,
        "number": address.number, "phone": phone(person).map(e164),
        "province": province(&address.state),
        "updated_at": stamp(person.created), "zipcode": address.postal_code,
    })
}

pub(super) fn customer(person: &Person, bought: Bought) -> Value {
    let address = &person.address;
    let place = Some(place(person)).filter(|_| !address.street.is_empty());
    json!({
        "id": person.id,
        "name": person.name,
        "email": stores::email(person),
        "identification": filled(&person.tax_id),
        "phone": phone(person).map(e164),
        "note": null,
        "default_address": place,
        "addresses": place.iter().collect::<Vec<_>>(),
        "billing_name": filled(person.shown_name()),
        "billing_phone": phone(person).map(e164),
        "billing_address": filled(&address.street),
        "billing_number": filled(&address.number),
        "billing_floor": filled(&address.complement),
        "billing_locality": filled(&address.district),
        "billing_zipcode": filled(&address.postal_code),
        "billing_city": filled(&address.city),
        "billing_province": province(&address.state),
        "billing_country": filled(&address.street).map(|_| "BR"),
        "extra": {},
        "total_spent": decimal(bought.total),
        "total_spent_currency": "BRL",
        "last_order_id": bought.last,
        "active": person.standing.is_active(),
        "first_interaction": stamp(person.created),
        "accepts_marketing": false,
        "accepts_marketing_updated_at": stamp(person.created),
        "created_at": stamp(person.created),
        "updated_at": stamp(person.updated),
    })
}

#[expect(clippy::too_many_lines, reason = "a vendor's answer, field by field")]
pub(super) fn order(world: &World, sale: &Sale) -> Value {
    let buyer = world.buyer(sale);
    let (status, payment, shipping) = statuses(sale.status);
    let at = |fits: bool, moment: Moment| fits.then(|| stamp(moment));
    let paid = matches!(payment, "paid" | "refunded");
    let buyer_said = json!({
        "id": sale.id,
        "token": format!("{:040x}", sale.id * 104_729),
        "store_id": STORE_ID,
        "contact_email": buyer.and_then(stores::email),
        "contact_name": buyer.map(|person| &person.name),
        "contact_phone": buyer.and_then(phone).map(e164),
        "contact_identification": buyer.and_then(|person| filled(&person.tax_id)),
        "shipping_min_days": 3, "shipping_max_days": 8,
        "shipping_cost_owner": decimal(sale.freight),
        "shipping_cost_customer": decimal(sale.freight),
    });
    let coupon = (sale.discount > 0).then(|| {
        json!({"id": 51, "code": "DESCONTO",
                "type": "absolute", "value": decimal(sale.discount)})
    });
    let amounts = json!({
        "coupon": coupon.iter().collect::<Vec<_>>(),
        "promotional_discount": {"id": null, "store_id": 4_512_087, "order_id": sale.id.to_string(),
            "created_at": stamp(sale.at),
            "total_discount_amount": "0.00", "contents": [], "promotions_applied": []},
        "subtotal": decimal(sale.gross()), "discount": decimal(sale.discount),
        "discount_coupon": decimal(sale.discount),
        "discount_gateway": "0.00",
        "total": decimal(sale.total()), "total_usd": decimal(sale.total() / 5),
        "checkout_enabled": true, "weight": "0.500", "currency": "BRL", "language": "pt",
    });
    let ways = json!({
        "gateway": "nuvempago", "gateway_id": null, "gateway_name": "Nuvem Pago",
        "gateway_link": null,
        "shipping": "correios", "shipping_option": "PAC", "shipping_option_code": "41106",
        "shipping_option_reference": null,
        "shipping_pickup_details": null, "shipping_tracking_number": null,
        "shipping_tracking_url": null,
        "shipping_store_branch_name": null, "shipping_pickup_type": "ship",
        "extra": {}, "storefront": "store", "note": "", "owner_note": null,
        "created_at": stamp(sale.at), "updated_at": stamp(sale.updated),
        "completed_at": {"date": format!("{}.000000", sale.at.utc().spaced()), "timezone_type": 3,
            "timezone": "UTC"},
        "next_action": if status == "cancelled" { "noop" } else { "waiting_packing" },
    });
    let address = buyer
        .filter(|person| !person.address.street.is_empty())
        .map(place);
    let rest = json!({
        "payment_details": {"method": "pix", "credit_card_company": null, "installments": "1"},
        "attributes": [],
        "customer": buyer.map(|person| customer(person, Bought::default())),
        "products": sale.items.iter().map(line).collect::<Vec<_>>(),
        "number": sale.number,
        "status": status, "payment_status": payment, "shipping_status": shipping,
        "cancel_reason": (status == "cancelled").then_some("customer"),
        "cancelled_at": at(status == "cancelled", sale.updated), "closed_at": null, "read_at": null,
        "shipped_at": at(shipping == "shipped", sale.updated),
        "paid_at": at(paid, sale.at.plus(300)),
        "shipping_address": address,
        "billing_country": "BR",
        "client_details": {"browser_ip": "192.0.2.7", "user_agent": "Mozilla/5.0"},
        "app_id": null,
    });
    merged([buyer_said, amounts, ways, rest])
}

fn line(item: &Item) -> Value {
    let (quantity, price) = pieces(item);
    json!({
        "id": item.id, "depth": "0.00", "height": "0.00", "width": "0.00", "weight": "0.50",
        "name": item.name,
        "name_without_variants": item.name,
        "price": decimal(price), "compare_at_price": decimal(price), "product_id": item.product,
        "image": null,
        "quantity": quantity.to_string(), "free_shipping": false,
        "variant_id": item.product.map(|id| variant_id(id).to_string()), "variant_values": [],
        "properties": [],
        "sku": item.sku, "barcode": null, "cost": null,
    })
}

/// Returns the id of a product's variant. Every product has one variant, with an id of its own.
fn variant_id(product: u64) -> u64 {
    product + 500_000_000
}

pub(super) fn product(product: &Product) -> Value {
    let handle = product.sku.to_lowercase();
    let created = stamp(product.created);
    let updated = stamp(product.updated);
    let variant = json!({
        "id": variant_id(product.id), "image_id": null, "product_id": product.id, "position": 1,
        "price": decimal(product.price),
        "compare_at_price": decimal(product.price), "promotional_price": null,
        "stock_management": true, "stock": 42,
        "weight": "0.500", "width": "0.00", "height": "0.00", "depth": "0.00", "sku": product.sku,
        "values": [],
        "barcode": product.barcode(),
        "mpn": null, "age_group": null, "gender": null, "cost": null, "created_at": created,
        "updated_at": updated,
        "inventory_levels": [{"id": product.id + 1, "variant_id": variant_id(product.id),
                "location_id": "01GQ2ZHK064BQRHGDB7CCV0Y6N",
            "stock": 42}],
    });
    json!({
        "id": product.id,
        "name": {"pt": product.name},
        "description": {"pt": "<p>Produto de exemplo &amp; teste</p>"},
        "handle": {"pt": handle},
        "attributes": [],
        "published": product.standing.is_active(),
        "free_shipping": false,
        "requires_shipping": true,
        "canonical_url": format!("https://loja.example.com/produtos/{handle}/"),
        "video_url": null,
        "seo_title": {"pt": ""},
        "seo_description": {"pt": ""},
        "brand": null,
        "created_at": created,
        "updated_at": updated,
        "variants": [variant],
        "tags": "",
        "images": [],
        "categories": [{"id": 4567, "name": {"pt": "Geral"}, "handle": {"pt": "geral"},
                "parent": null, "subcategories": []}],
    })
}

pub(super) fn store() -> Value {
    json!({
        "id": 4_512_087, "name": {"pt": "Loja de Exemplo"}, "description": {"pt": ""},
        "type": "clothing", "email": "loja@example.com",
        "logo": null, "contact_email": "loja@example.com", "country": "BR",
        "customer_accounts": "optional", "plan_name": "plan-essencial",
        "domains": ["loja.example.com"], "original_domain": "loja.lojavirtualnuvem.com.br",
        "languages": {"pt": {"currency": "BRL", "active": true}},
        "main_currency": "BRL", "main_language": "pt", "admin_language": "pt",
        "current_theme": "amazonas", "address": null, "phone": null,
        "whatsapp_phone_number": null, "business_id": null, "business_name": null,
        "business_address": null,
        "created_at": "2020-02-03T12:00:00+0000",
    })
}
