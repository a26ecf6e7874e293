//! Writes Mercado Libre's orders and listings, and mends the truth about them.

use serde_json::{Value, json};

use super::SELLER;
use crate::clock::Moment;
use crate::data::{Item, Person, Product, Sale, Status};
use crate::json::{merged, money};
use crate::truth::{beside, forget};
use crate::world::World;

/// Mends the truth. An order has a number and a nickname of its buyer, which is no contact.
pub(super) fn mend(truth: &mut Value, world: &World) {
    truth["contacts"] = json!([]);
    forget(truth, "transactions", &["contact", "discount", "freight"]);
    beside(
        world.shown_sales(),
        &mut truth["transactions"],
        |sale, told| {
            beside(&sale.items, &mut told["items"], |item, line| {
                line["product"] = json!(item.product.map(item_id));
            });
        },
    );
    beside(&world.products, &mut truth["products"], |product, told| {
        told["id"] = json!(item_id(product.id));
    });
}

/// Returns a sale as the seller sees it. The freight belongs to the carrier, a coupon is paid by
/// Mercado Libre, and a discount is part of the price.
pub(super) fn sold(sale: &Sale) -> Sale {
    Sale {
        discount: 0,
        freight: 0,
        ..sale.in_whole_pieces()
    }
}

pub(super) fn item_id(product: u64) -> String {
    format!("MLB{product}")
}

/// Returns the product's id in a listing's id.
pub(super) fn product_of(id: &str) -> Option<u64> {
    id.strip_prefix("MLB")?.parse().ok()
}

/// Writes a moment as all moments here are written: an hour behind Brasília, with milliseconds.
fn stamp(at: Moment) -> String {
    format!("{}.000-04:00", at.plus(-3600).iso())
}

/// Returns the status of an order. Several of Mercado Libre's steps are one of ours. A refund of a
/// part leaves the sale valid.
pub(super) fn status(sale: &Sale) -> &'static str {
    match (sale.status, sale.id % 9) {
        (Status::Cancelled, _) => "cancelled",
        (Status::Open, 0..3) => "confirmed",
        (Status::Open, 3..5) => "payment_in_process",
        (Status::Open, _) => "payment_required",
        (_, 3) => "partially_refunded",
        _ => "paid",
    }
}

/// Returns the moment at which the stock was taken, which is when the order is paid.
pub(super) fn closed(sale: &Sale) -> Option<Moment> {
    (sale.status != Status::Open).then(|| sale.at.plus(180))
}

#[expect(clippy::too_many_lines, reason = "a vendor's answer, field by field")]
pub(super) fn order(world: &World, sale: &Sale) -> Value {
    let (sold, status) = (sold(sale), status(sale));
    let coupon = if sale.number % 2 == 1 {
        sale.discount
    } else {
        0
    };
    let total = sold.gross();
    let payments = payments(world, sale, total, coupon);
    let paid: i64 = if matches!(status, "paid" | "partially_refunded") {
        total + sale.freight - coupon
    } else {
        0
    };
    let tag = if status == "paid" && sale.id.is_multiple_of(2) {
        "delivered"
    } else {
        "not_delivered"
    };
    let tags = if paid > 0 {
        json!(["paid", tag])
    } else {
        json!(["not_paid", "not_delivered"])
    };
    let lines: Vec<Value> = sold
        .items
        .iter()
        .map(|item| line(item, sale.discount > 0 && coupon == 0))
        .collect();
    let one = json!({
        "id": sale.id,
        "status": status,
        "status_detail": if status == "cancelled" { json!({"code": "payment_expired",
                    "description": null}) } else { Value::Null },
        "date_created": stamp(sale.at),
        "date_closed": closed(sale).map(stamp),
        "date_last_updated": format!("{}.000Z", sale.updated.utc().iso()),
        "last_updated": stamp(sale.updated),
        "expiration_date": stamp(sale.at.plus_days(28)),
        "manufacturing_ending_date": null,
        "order_items": lines,
        "total_amount": money(total),
        "paid_amount": money(paid),
        "currency_id": "BRL",
        "coupon": {"amount": money(coupon),
            "id": if coupon > 0 { json!("569290732") } else { Value::Null }},
        "payments": payments,
    });
    let other = json!({
        "buyer": world.buyer(sale).map(|person| json!({"id": person.id,
                    "nickname": nickname(person)})),
        "seller": {"id": SELLER, "nickname": "LOJADEEXEMPLO"},
        "shipping": {"id": if status == "cancelled" { Value::Null }
            else { json!(40_000_000_000_u64 + sale.number) }},
        "shipping_cost": null,
        "pack_id": null,
        "pickup_id": null,
        "comment": null,
        "fulfilled": if tag == "delivered" { json!(true) } else { Value::Null },
        "mediations": [],
        "feedback": {"buyer": null, "seller": null},
        "taxes": {"amount": null, "currency_id": null, "id": null},
        "order_request": {"change": null, "return": null},
        "context": {"application": null, "product_id": null, "channel": "marketplace",
            "site": "MLB", "flows": []},
        "tags": tags,
        "static_tags": [],
    });
    merged([one, other])
}

fn nickname(person: &Person) -> String {
    let first = person
        .name
        .split(' ')
        .next()
        .unwrap_or_default()
        .to_uppercase();
    format!("{first}{}", person.id % 10_000)
}

/// Returns a line of an order. `cheaper` is true when the seller asks less than the list price;
/// only the full price shows that.
fn line(item: &Item, cheaper: bool) -> Value {
    let pieces = item.quantity / 1000;
    let full = if cheaper {
        item.unit_price + item.unit_price / 10
    } else {
        item.unit_price
    };
    let listing = json!({
        "id": item.product.map(item_id),
        "title": item.name,
        "category_id": "MLB3530",
        "variation_id": null,
        "seller_custom_field": null,
        "variation_attributes": [],
        "warranty": "Garantia do vendedor: 30 dias",
        "condition": "new",
        "seller_sku": item.sku,
        "global_price": null,
        "net_weight": null,
    });
    json!({
        "item": listing,
        "quantity": pieces,
        "requested_quantity": {"value": pieces, "measure": "unit"},
        "picked_quantity": null,
        "unit_price": money(item.unit_price),
        "full_unit_price": money(full),
        "currency_id": "BRL",
        "manufacturing_days": null,
        "sale_fee": money(item.unit_price * 13 / 100),
        "listing_type_id": "gold_special",
        "base_exchange_rate": null,
        "base_currency_id": null,
        "element_id": null,
        "discounts": null,
        "bundle": null,
        "compat_id": null,
    })
}

/// Returns the payments of an order. The buyer pays goods and freight, less the coupon. An order
/// that nobody has paid yet has no payment.
fn payments(world: &World, sale: &Sale, total: i64, coupon: i64) -> Vec<Value> {
    let (stage, detail) = match status(sale) {
        "paid" => ("approved", "accredited"),
        "partially_refunded" => ("approved", "partially_refunded"),
        "payment_in_process" => ("in_process", "pending_review_manual"),
        "cancelled" => ("cancelled", "expired"),
        _ => return Vec::new(),
    };
    let approved = (stage == "approved").then(|| stamp(sale.at.plus(120)));
    let refunded = if detail == "partially_refunded" {
        total / 10
    } else {
        0
    };
    let one = json!({
        "id": 64_000_000_000_u64 + sale.number,
        "order_id": sale.id,
        "payer_id": world.buyer(sale).map(|person| person.id),
        "collector": {"id": SELLER},
        "card_id": null,
        "reason": sale.items.first().map(|item| item.name.as_str()),
        "site_id": "MLB",
        "payment_method_id": "pix",
        "payment_type": "bank_transfer",
        "currency_id": "BRL",
        "installments": 1,
        "operation_type": "regular_payment",
        "status": stage,
        "status_code": null,
        "status_detail": detail,
    });
    let other = json!({
        "transaction_amount": money(total),
        "transaction_amount_refunded": money(refunded),
        "shipping_cost": money(sale.freight),
        "coupon_amount": money(coupon),
        "coupon_id": null,
        "taxes_amount": 0,
        "overpaid_amount": 0,
        "total_paid_amount": money(total + sale.freight - coupon),
        "installment_amount": null,
        "date_created": stamp(sale.at.plus(60)),
        "date_approved": approved,
        "date_last_modified": stamp(sale.updated),
        "available_actions": [],
    });
    vec![merged([one, other])]
}

pub(super) fn item_status(product: &Product) -> &'static str {
    match (product.standing.is_active(), product.id % 2) {
        (true, _) => "active",
        (false, 0) => "paused",
        (false, _) => "closed",
    }
}

/// Returns a listing. The seller's own code is an attribute; the old field for it is filled only on
/// some listings.
pub(super) fn item(product: &Product) -> Value {
    let id = item_id(product.id);
    let attributes = json!([
        {"id": "BRAND", "name": "Marca", "value_id": null, "value_name": "Marca de exemplo"},
        {"id": "SELLER_SKU", "name": "SKU", "value_id": null, "value_name": product.sku},
        {"id": "GTIN", "name": "Código universal de produto", "value_id": null,
            "value_name": product.barcode()},
    ]);
    let one = json!({
        "id": id,
        "site_id": "MLB",
        "title": product.name,
        "subtitle": null,
        "seller_id": SELLER,
        "category_id": "MLB3530",
        "official_store_id": null,
        "price": money(product.price),
        "base_price": money(product.price),
        "original_price": null,
        "currency_id": "BRL",
        "initial_quantity": 50,
        "available_quantity": 42,
        "sold_quantity": 8,
        "sale_terms": [],
        "buying_mode": "buy_it_now",
        "listing_type_id": "gold_special",
        "condition": "new",
    });
    let other = json!({
        "permalink": format!("https://produto.mercadolivre.com.br/{id}"),
        "pictures": [],
        "accepts_mercadopago": true,
        "shipping": {"mode": "me2", "free_shipping": false, "logistic_type": "drop_off"},
        "attributes": attributes,
        "variations": [],
        "status": item_status(product),
        "sub_status": [],
        "tags": ["immediate_payment"],
        "warranty": "Garantia do vendedor: 30 dias",
        "catalog_product_id": null,
        "domain_id": "MLB-UNCLASSIFIED_PRODUCTS",
        "parent_item_id": null,
        "seller_custom_field": product.id.is_multiple_of(2).then_some(&product.sku),
        "inventory_id": null,
        "date_created": format!("{}.000Z", product.created.utc().iso()),
        "last_updated": format!("{}.000Z", product.updated.utc().iso()),
        "channels": ["marketplace"],
    });
    merged([one, other])
}

pub(super) fn seller() -> Value {
    json!({
        "id": SELLER,
        "nickname": "LOJADEEXEMPLO",
        "registration_date": "2016-02-25T15:53:38.000-04:00",
        "first_name": "Loja",
        "last_name": "de Exemplo",
        "country_id": "BR",
        "email": "loja@example.com",
        "identification": {"type": "CNPJ", "number": ""},
        "address": {"address": null, "city": "São Paulo", "state": "BR-SP", "zip_code": null},
        "phone": {"area_code": null, "extension": "", "number": null, "verified": false},
        "user_type": "normal",
        "tags": ["normal"],
        "logo": null,
        "points": 100,
        "site_id": "MLB",
        "permalink": "http://perfil.mercadolivre.com.br/LOJADEEXEMPLO",
        "seller_experience": "ADVANCED",
        "status": {"site_status": "active"},
    })
}
