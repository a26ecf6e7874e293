//! Writes WooCommerce's customers, orders and products.

use serde_json::{Number, Value, json};

use crate::clock::{END_OF_SEED, Moment};
use crate::data::{Item, Person, Phone, Product, Sale, Status, decimal};
use crate::json::merged;
use crate::stores::{self, names, one_line, phone, pieces, street_line};
use crate::truth::beside;
use crate::world::World;

const SITE: &str = "https://loja.example.com";

pub(super) fn mend(truth: &mut Value, world: &World) {
    let contact = |person: &Person, told: &mut Value| {
        told["email"] = json!(email(person).to_lowercase());
        told["tax_id"] = Value::Null;
        told["updated"] = json!(edited(person).map(Moment::iso));
        told["company"] = json!(person.company.then(|| person.shown_name()));
        told["country"] = json!((!person.address.street.is_empty()).then_some("BR"));
        one_line(person, told);
    };
    let sale = |sale: &Sale, told: &mut Value| {
        let nets: Vec<_> = sale.items.iter().zip(sale.shares()).collect();
        beside(&nets, &mut told["items"], |(item, share), line| {
            line["unit_price"] = json!(rounded(item.gross() - share, pieces(item).0));
        });
        if sale.contact.is_none() {
            told["contact"] = json!(guest_id(sale));
        }
        if sale.status == Status::Delivered {
            told["total"] = json!(sale.total() - refunded(sale));
        }
    };
    stores::mend(truth, world, contact, sale);
    if let Some(contacts) = truth["contacts"].as_array_mut() {
        contacts.extend(
            world
                .shown_sales()
                .filter(|sale| sale.contact.is_none())
                .map(known_guest),
        );
    }
}

/// Returns a person's e-mail address. `WordPress` has no user without one, so a person without one
/// gets an invented address.
pub(super) fn email(person: &Person) -> String {
    stores::email(person).map_or_else(
        || format!("cliente{}@example.com", person.id),
        str::to_owned,
    )
}

fn typed(phone: &Phone) -> String {
    phone.whole(" ")
}

/// Returns the moment at which a customer was last edited. `None` for a customer who was never
/// edited, and for a quarter of the old ones.
fn edited(person: &Person) -> Option<Moment> {
    Some(person.updated).filter(|updated| {
        *updated != person.created && (!person.id.is_multiple_of(4) || *updated >= END_OF_SEED)
    })
}

/// Divides cents by a quantity. Half a cent is rounded up.
fn rounded(cents: i64, quantity: i64) -> i64 {
    (2 * cents + quantity).div_euclid(2 * quantity)
}

pub(super) fn status(sale: &Sale) -> &'static str {
    match sale.status {
        _ if sale.deleted => "trash",
        Status::Open if sale.id.is_multiple_of(2) => "on-hold",
        Status::Open => "pending",
        Status::Cancelled => "cancelled",
        Status::Returned => "refunded",
        Status::Approved => "processing",
        _ => "completed",
    }
}

pub(super) fn product_status(product: &Product) -> &'static str {
    if product.standing.is_active() {
        "publish"
    } else {
        "draft"
    }
}

fn links(list: &str, id: u64) -> Value {
    let collection = format!("{SITE}/wp-json/wc/v3/{list}");
    json!({"self": [{"href": format!("{collection}/{id}"), "targetHints": {"allow": ["GET"]}}],
            "collection": [{"href": collection}]})
}

fn iso(moment: Option<Moment>) -> Value {
    json!(moment.map(Moment::iso))
}

fn gmt(moment: Option<Moment>) -> Value {
    json!(moment.map(|moment| moment.utc().iso()))
}

/// Returns an address as the checkout asks for it: no field for the number or the district.
fn place(person: &Person) -> Value {
    let (first, last) = names(person);
    let address = &person.address;
    let company = if person.company {
        person.shown_name()
    } else {
        ""
    };
    json!({
        "first_name": first, "last_name": last, "company": company,
        "address_1": street_line(address), "address_2": address.complement,
        "city": address.city, "state": address.state, "postcode": address.dashed_postal_code(),
        "country": if address.street.is_empty() { "" } else { "BR" }, "phone": "",
    })
}

fn billing(person: &Person) -> Value {
    let mut billing = place(person);
    billing["email"] = json!(email(person));
    billing["phone"] = json!(phone(person).map(typed).unwrap_or_default());
    billing
}

pub(super) fn customer(person: &Person, paying: bool) -> Value {
    let (first, last) = names(person);
    let username = email(person);
    json!({
        "id": person.id,
        "date_created": person.created.iso(),
        "date_created_gmt": gmt(Some(person.created)),
        "date_modified": iso(edited(person)),
        "date_modified_gmt": gmt(edited(person)),
        "email": email(person),
        "first_name": first,
        "last_name": last,
        "role": "customer",
        "username": username.split('@').next(),
        "billing": billing(person),
        "shipping": place(person),
        "is_paying_customer": paying,
        "avatar_url": format!("https://secure.gravatar.com/avatar/{:032x}?s=96&d=mm&r=g",
            person.id),
        "meta_data": [{"id": person.id * 7, "key": "newsletter",
                "value": if person.female { "yes" } else { "no" }}],
        "_links": links("customers", person.id),
    })
}

/// Returns the address of a guest, a buyer without an account, who is known only from the order.
fn guest(sale: &Sale) -> Value {
    json!({
        "first_name": "Visitante", "last_name": format!("Nº {}", sale.number), "company": "",
        "address_1": "Rua das Amostras, 1",
        "address_2": "", "city": "São Paulo", "state": "SP", "postcode": "01001-000",
        "country": "BR",
        "email": guest_email(sale), "phone": guest_phone(sale),
    })
}

fn guest_email(sale: &Sale) -> String {
    format!("visitante{}@example.com", sale.id)
}

fn guest_phone(sale: &Sale) -> String {
    format!(
        "(11) 98{:03}-{:04}",
        sale.id / 10_000 % 1000,
        sale.id % 10_000
    )
}

/// Returns a guest as a contact of the truth. A guest has no id of the vendor, and is known by the
/// e-mail address.
fn known_guest(sale: &Sale) -> Value {
    json!({
        "id": guest_id(sale), "name": format!("Visitante Nº {}", sale.number),
        "email": guest_email(sale), "phones": [guest_phone(sale)],
        "address": "Rua das Amostras, 1", "city": "São Paulo", "state": "SP",
        "postal_code": "01001-000", "country": "BR",
    })
}

fn guest_id(sale: &Sale) -> String {
    format!("guest:{}", guest_email(sale))
}

pub(super) fn order(world: &World, sale: &Sale) -> Value {
    let buyer = world.buyer(sale);
    let paid =
        (!matches!(sale.status, Status::Open | Status::Cancelled)).then(|| sale.at.plus(300));
    let completed = (sale.status == Status::Delivered).then_some(sale.updated);
    let billing = buyer.map_or_else(|| guest(sale), billing);
    let mut shipping = buyer.map_or_else(|| guest(sale), place);
    if let Some(shipping) = shipping.as_object_mut() {
        shipping.remove("email");
    }
    let head = json!({
        "id": sale.id, "parent_id": 0, "status": status(sale), "currency": "BRL",
        "version": "10.3.4", "prices_include_tax": false,
        "date_created": sale.at.iso(), "date_modified": sale.updated.iso(),
        "discount_total": decimal(sale.discount), "discount_tax": "0.00",
        "shipping_total": decimal(sale.freight), "shipping_tax": "0.00", "cart_tax": "0.00",
        "total": decimal(sale.total()), "total_tax": "0.00",
        "customer_id": sale.contact.unwrap_or(0),
        "order_key": format!("wc_order_{:013x}", sale.id * 48_271),
        "billing": billing, "shipping": shipping,
        "payment_method": "pix", "payment_method_title": "Pix", "transaction_id": "",
        "customer_ip_address": "192.0.2.7", "customer_user_agent": "Mozilla/5.0",
        "created_via": "checkout", "customer_note": "",
        "date_completed": iso(completed), "date_paid": iso(paid),
        "cart_hash": format!("{:032x}", sale.id * 69_621),
        "number": sale.id.to_string(),
        "meta_data": [{"id": sale.id * 9, "key": "_wc_order_attribution_source_type",
                "value": "organic"}],
    });
    let refund = (refunded(sale) > 0)
        .then(|| json!({"id": sale.id + 1, "reason": "", "total": decimal(-refunded(sale))}));
    let rest = json!({
        "line_items": sale.items.iter().zip(sale.shares()).map(|(item, share)| line(item,
                share)).collect::<Vec<_>>(),
        "tax_lines": [],
        "shipping_lines": shipping_lines(sale),
        "fee_lines": [],
        "coupon_lines": coupon_lines(sale),
        "refunds": refund.iter().collect::<Vec<_>>(),
        "payment_url": format!("{SITE}/finalizar-compra/order-pay/{}/?pay_for_order=true", sale.id),
        "is_editable": sale.status == Status::Open, "needs_payment": status(sale) == "pending",
        "needs_processing": sale.status == Status::Approved,
        "date_created_gmt": gmt(Some(sale.at)), "date_modified_gmt": gmt(Some(sale.updated)),
        "date_completed_gmt": gmt(completed), "date_paid_gmt": gmt(paid),
        "currency_symbol": "R$", "_links": links("orders", sale.id),
    });
    merged([head, rest])
}

/// Returns what a buyer got back, in cents: everything for a return, and a tenth of every seventh
/// order that was delivered.
fn refunded(sale: &Sale) -> i64 {
    match sale.status {
        Status::Returned => sale.total(),
        Status::Delivered if sale.id.is_multiple_of(7) => sale.total() / 10,
        _ => 0,
    }
}

fn shipping_lines(sale: &Sale) -> Value {
    json!([{
        "id": sale.id * 5 + 1,
        "method_title": if sale.freight > 0 { "PAC" } else { "Frete grátis" },
        "method_id": if sale.freight > 0 { "flat_rate" } else { "free_shipping" },
        "instance_id": "1",
        "total": decimal(sale.freight), "total_tax": "0.00", "taxes": [], "meta_data": [],
    }])
}

fn coupon_lines(sale: &Sale) -> Value {
    if sale.discount == 0 {
        return json!([]);
    }
    json!([{"id": sale.id * 5 + 2, "code": "desconto", "discount": decimal(sale.discount),
                "discount_tax": "0", "meta_data": [],
        "discount_type": if sale.percent.is_some() { "percent" } else { "fixed_cart" },
        "nominal_amount": number(sale.discount, 1),
        "free_shipping": false}])
}

/// Returns a line of an order. Its price is that of one piece after the discount, as PHP divides.
fn line(item: &Item, share: i64) -> Value {
    let (quantity, net) = (pieces(item).0, item.gross() - share);
    json!({
        "id": item.id, "name": item.name, "product_id": item.product.unwrap_or(0),
        "variation_id": 0, "quantity": quantity,
        "tax_class": "", "subtotal": decimal(item.gross()), "subtotal_tax": "0.00",
        "total": decimal(net), "total_tax": "0.00", "taxes": [],
        "meta_data": [], "sku": item.sku, "global_unique_id": "", "price": number(net, quantity),
        "image": {"id": "", "src": ""}, "parent_name": null,
    })
}

/// Divides cents by a quantity. Returns a number of the currency with at most ten places.
fn number(cents: i64, quantity: i64) -> Value {
    let scaled = cents * 100_000_000 / quantity.max(1);
    let text = format!(
        "{}.{:010}",
        scaled / 10_000_000_000,
        scaled % 10_000_000_000
    );
    text.trim_end_matches('0')
        .trim_end_matches('.')
        .parse::<Number>()
        .map_or(Value::Null, Value::Number)
}

pub(super) fn product(product: &Product) -> Value {
    let slug = product.sku.to_lowercase();
    let modified = product.updated.max(product.created);
    let head = json!({
        "id": product.id, "name": product.name, "slug": slug,
        "permalink": format!("{SITE}/produto/{slug}/"),
        "date_created": product.created.iso(), "date_created_gmt": gmt(Some(product.created)),
        "date_modified": modified.iso(), "date_modified_gmt": gmt(Some(modified)),
        "type": "simple", "status": product_status(product), "featured": false,
        "catalog_visibility": "visible",
        "description": "<p>Produto de exemplo &amp; teste</p>\n", "short_description": "",
        "sku": product.sku,
        "global_unique_id": product.barcode(),
        "price": decimal(product.price), "regular_price": decimal(product.price), "sale_price": "",
        "date_on_sale_from": null,
        "date_on_sale_to": null, "on_sale": false, "purchasable": product.standing.is_active(),
        "total_sales": 3, "virtual": false, "downloadable": false,
    });
    let rest = json!({
        "tax_status": "taxable", "tax_class": "", "manage_stock": true, "stock_quantity": 42,
        "backorders": "no", "stock_status": "instock",
        "weight": "0.5", "dimensions": {"length": "", "width": "", "height": ""},
        "shipping_class": "", "reviews_allowed": true,
        "average_rating": "0.00", "rating_count": 0, "upsell_ids": [], "cross_sell_ids": [],
        "parent_id": 0, "purchase_note": "",
        "categories": [{"id": 15, "name": "Geral", "slug": "geral"}], "tags": [], "images": [],
        "attributes": [], "default_attributes": [],
        "variations": [], "grouped_products": [], "menu_order": 0, "related_ids": [],
        "meta_data": [],
        "_links": links("products", product.id),
    });
    merged([head, rest])
}

/// Returns what the root of the API answers to everybody.
pub(super) fn index() -> Value {
    let routes = [
        "/wc/v3",
        "/wc/v3/customers",
        "/wc/v3/orders",
        "/wc/v3/products",
        "/wc/v3/settings/(?P<group_id>[\\w-]+)",
        "/wc/v3/system_status",
    ];
    let route = |route: &str| {
        (
            route.to_owned(),
            json!({"namespace": "wc/v3", "methods": ["GET"],
                    "endpoints": [{"methods": ["GET"], "args": {}}]}),
        )
    };
    json!({
        "namespace": "wc/v3",
        "routes": routes.map(route).into_iter().collect::<serde_json::Map<_, _>>(),
        "_links": {"up": [{"href": format!("{SITE}/wp-json/")}]},
    })
}

pub(super) fn system_status() -> Value {
    json!({
        "environment": {"home_url": SITE, "site_url": SITE, "version": "10.3.4",
            "wp_version": "6.8.3", "wp_multisite": false,
            "language": "pt_BR", "php_version": "8.3.14", "server_info": "nginx/1.27.0",
            "default_timezone": "UTC"},
        "database": {"wc_database_version": "10.3.4"},
        "active_plugins": [],
        "settings": {"api_enabled": false, "currency": "BRL", "currency_symbol": "R$",
            "currency_position": "left_space",
            "thousand_separator": ".", "decimal_separator": ",", "number_of_decimals": 2,
            "HPOS_enabled": true},
        "security": {"secure_connection": true, "hide_errors": true},
    })
}

pub(super) fn currency() -> Value {
    json!({"code": "BRL", "name": "Brazilian real", "symbol": "&#82;&#36;"})
}

pub(super) fn settings() -> Value {
    let setting = |id: &str, label: &str, value: &str| {
        let group = "general";
        json!({"id": id, "label": label, "description": "", "type": "text", "default": "",
                "tip": "", "value": value, "group_id": group})
    };
    json!([
        setting(
            "woocommerce_store_address",
            "Address line 1",
            "Rua das Amostras, 1"
        ),
        setting("woocommerce_store_city", "City", "São Paulo"),
        setting("woocommerce_default_country", "Country / State", "BR:SP"),
        setting("woocommerce_currency", "Currency", "BRL"),
    ])
}
