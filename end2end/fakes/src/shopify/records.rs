//! Writes Shopify's customers, orders and products as JSON under the names of the schema. Where a
//! record holds another one, it has the id of that record.

use serde_json::{Value, json};

use crate::data::{Item, Person, Product, Sale, Status, decimal, quantity};
use crate::json::{filled, merged};
use crate::stores::{self, e164, names, one_line, phone, pieces, province, street_line};
use crate::truth::beside;
use crate::world::World;

pub(super) fn mend(truth: &mut Value, world: &World) {
    let contact = |person: &Person, told: &mut Value| {
        told["id"] = json!(gid("Customer", person.id));
        told["tax_id"] = Value::Null;
        let has_place = !person.address.street.is_empty();
        let company = filled(person.shown_name()).filter(|_| person.company && has_place);
        told["company"] = json!(company);
        told["country"] = json!(has_place.then_some("BR"));
        one_line(person, told);
    };
    let sale = |sale: &Sale, told: &mut Value| {
        told["contact"] = json!(sale.contact.map(|id| gid("Customer", id)));
        beside(&sale.items, &mut told["items"], |item, line| {
            line["product"] = json!(item.product.map(|id| gid("Product", id)));
        });
    };
    stores::mend(truth, world, contact, sale);
    beside(&world.products, &mut truth["products"], |product, told| {
        told["id"] = json!(gid("Product", product.id));
    });
}

/// Returns the id of a record: `gid://shopify/Customer/123`.
pub(super) fn gid(kind: &str, id: u64) -> String {
    format!("gid://shopify/{kind}/{id}")
}

/// Returns the number in an id of this kind.
pub(super) fn number_of(gid: &str, kind: &str) -> Option<u64> {
    gid.strip_prefix("gid://shopify/")?
        .strip_prefix(kind)?
        .strip_prefix('/')?
        .parse()
        .ok()
}

/// The difference between the number of a product's one variant and that of the product.
const VARIANT: u64 = 37_000_000_000_000;

pub(super) fn variant_id(product: u64) -> u64 {
    product + VARIANT
}

pub(super) fn product_of(variant: u64) -> Option<u64> {
    variant.checked_sub(VARIANT)
}

pub(super) fn number(sale: &Sale) -> String {
    format!("#{}", sale.number)
}

/// Writes cents with one or two places: `47.5` for 4750, but `47.0` for 4700.
fn amount(cents: i64) -> String {
    let text = decimal(cents);
    text.strip_suffix('0').unwrap_or(&text).to_owned()
}

pub(super) fn money(cents: i64) -> Value {
    json!({"amount": amount(cents), "currencyCode": "BRL"})
}

fn bag(cents: i64) -> Value {
    json!({"shopMoney": money(cents), "presentmentMoney": money(cents)})
}

/// Returns the statuses of payment and parcel. Whether an order was cancelled is in a date of its
/// own, whatever was paid back.
pub(super) fn statuses(sale: &Sale) -> (&'static str, &'static str) {
    match sale.status {
        Status::Open => ("PENDING", "UNFULFILLED"),
        Status::Approved => ("PAID", "UNFULFILLED"),
        Status::Cancelled if sale.id.is_multiple_of(3) => ("REFUNDED", "UNFULFILLED"),
        Status::Cancelled => ("VOIDED", "UNFULFILLED"),
        Status::Returned => ("REFUNDED", "FULFILLED"),
        _ => ("PAID", "FULFILLED"),
    }
}

pub(super) fn product_status(product: &Product) -> &'static str {
    match (product.standing.is_active(), product.id.is_multiple_of(2)) {
        (true, _) => "ACTIVE",
        (false, true) => "ARCHIVED",
        (false, false) => "DRAFT",
    }
}

fn place(person: &Person) -> Option<Value> {
    let address = &person.address;
    if address.street.is_empty() {
        return None;
    }
    let (first, last) = names(person);
    let company = filled(person.shown_name()).filter(|_| person.company);
    let area = format!("{} {}, Brasil", address.city, address.state);
    Some(json!({
        "id": gid("MailingAddress", person.id + 4_000_000_000), "address1": street_line(address),
        "address2": filled(&address.complement),
        "city": address.city, "company": company, "country": "Brazil", "countryCodeV2": "BR",
        "firstName": first, "lastName": last,
        "formatted": [street_line(address), area], "formattedArea": area, "latitude": null,
        "longitude": null, "name": person.name,
        "phone": phone(person).map(e164), "province": province(&address.state),
        "provinceCode": address.state,
        "zip": address.dashed_postal_code(),
    }))
}

pub(super) fn customer(person: &Person) -> Value {
    let (first, last) = names(person);
    let email = stores::email(person);
    let phone = phone(person).map(e164);
    let place = place(person);
    let subscribed = if person.female {
        "SUBSCRIBED"
    } else {
        "NOT_SUBSCRIBED"
    };
    json!({
        "id": gid("Customer", person.id), "legacyResourceId": person.id.to_string(),
        "firstName": first, "lastName": last, "displayName": person.name, "email": email,
        "phone": phone,
        "defaultEmailAddress": email.map(|email| json!({"emailAddress": email,
                    "marketingState": subscribed, "validFormat": true})),
        "defaultPhoneNumber": phone.as_ref().map(|phone| json!({"phoneNumber": phone,
                    "marketingState": "NOT_SUBSCRIBED"})),
        "defaultAddress": place, "addresses": place.iter().collect::<Vec<_>>(),
        "addressesV2": place.iter().collect::<Vec<_>>(),
        "createdAt": person.created.iso_utc(), "updatedAt": person.updated.iso_utc(), "note": null,
        "tags": if person.company { json!(["empresa"]) } else { json!([]) },
        "state": if person.standing.is_active() { "ENABLED" } else { "DISABLED" },
        "locale": "pt-BR", "verifiedEmail": email.is_some(),
        "taxExempt": false, "canDelete": false, "dataSaleOptOut": false,
        "lifetimeDuration": "over 1 year",
    })
}

#[expect(clippy::too_many_lines, reason = "a vendor's answer, field by field")]
pub(super) fn order(world: &World, sale: &Sale) -> Value {
    let buyer = world.buyer(sale);
    let (financial, fulfillment) = statuses(sale);
    let cancelled = sale.status == Status::Cancelled;
    let gone = cancelled || sale.status == Status::Returned;
    let (left, refunded) = if gone {
        (0, sale.total())
    } else {
        (sale.total(), 0)
    };
    let received = if financial == "PENDING" || financial == "VOIDED" {
        0
    } else {
        sale.total()
    };
    let refunded = if received == 0 { 0 } else { refunded };
    let address = buyer.and_then(place);
    let amounts = json!({
        "subtotalPriceSet": bag(sale.gross() - sale.discount), "totalPriceSet": bag(sale.total()),
        "totalDiscountsSet": bag(sale.discount),
        "totalShippingPriceSet": bag(sale.freight), "totalTaxSet": bag(0),
        "totalReceivedSet": bag(received),
        "totalRefundedSet": bag(refunded),
        "totalOutstandingSet": bag(if financial == "PENDING" { sale.total() } else { 0 }),
        "originalTotalPriceSet": bag(sale.total()),
        "currentSubtotalPriceSet": bag(if gone { 0 } else { sale.gross() - sale.discount }),
        "currentTotalPriceSet": bag(left),
        "currentTotalDiscountsSet": bag(if gone { 0 } else { sale.discount }),
        "currentShippingPriceSet": bag(if gone { 0 } else { sale.freight }),
        "netPaymentSet": bag(received - refunded),
    });
    let number_of_pieces: i64 = sale.items.iter().map(|item| pieces(item).0).sum();
    let codes = if sale.discount > 0 {
        vec!["DESCONTO"]
    } else {
        Vec::new()
    };
    let head = json!({
        "id": gid("Order", sale.id), "legacyResourceId": sale.id.to_string(), "name": number(sale),
        "number": sale.number,
        "confirmationNumber": format!("{:09X}", sale.id * 48_271 % 0x0f_ffff_ffff),
        "createdAt": sale.at.iso_utc(),
        "processedAt": sale.at.iso_utc(), "updatedAt": sale.updated.iso_utc(), "closedAt": null,
        "cancelledAt": cancelled.then(|| sale.updated.iso_utc()),
        "cancelReason": cancelled.then_some("CUSTOMER"), "closed": false, "confirmed": true,
        "test": false,
        "fullyPaid": matches!(financial, "PAID" | "REFUNDED"), "unpaid": financial == "PENDING",
        "edited": false,
    });
    let rest = json!({
        "email": buyer.and_then(stores::email), "phone": null, "note": null, "tags": [],
        "customAttributes": [], "currencyCode": "BRL",
        "presentmentCurrencyCode": "BRL", "customerLocale": "pt-BR",
        "displayFinancialStatus": financial,
        "displayFulfillmentStatus": fulfillment, "returnStatus": "NO_RETURN",
        "paymentGatewayNames": ["pix"], "poNumber": null,
        "sourceName": "web", "statusPageUrl": format!("https://loja.example.com/orders/{}",
            sale.id), "taxesIncluded": true,
        "discountCode": codes.first(), "discountCodes": codes,
        "subtotalLineItemsQuantity": number_of_pieces,
        "currentSubtotalLineItemsQuantity": if gone { 0 } else { number_of_pieces },
        "customer": sale.contact.map(|id| gid("Customer", id)), "billingAddress": address,
        "shippingAddress": address,
        "shippingLine": shipping_line(sale), "fulfillments": fulfillments(sale, number_of_pieces),
        "refunds": refunds(sale, refunded),
        "lineItems": sale.items.iter().zip(sale.shares()).map(|(item, share)| line(sale, item,
                share)).collect::<Vec<_>>(),
    });
    merged([head, rest, amounts])
}

fn shipping_line(sale: &Sale) -> Value {
    let title = if sale.freight > 0 {
        "PAC"
    } else {
        "Frete grátis"
    };
    json!({"id": gid("ShippingLine", sale.id + 1), "title": title, "code": title,
            "source": "shopify",
        "originalPriceSet": bag(sale.freight), "discountedPriceSet": bag(sale.freight)})
}

fn fulfillments(sale: &Sale, pieces: i64) -> Value {
    if statuses(sale).1 != "FULFILLED" {
        return json!([]);
    }
    let at = sale.updated.iso_utc();
    json!([{"id": gid("Fulfillment", sale.id + 2), "legacyResourceId": (sale.id + 2).to_string(),
                "name": format!("{}-F1", number(sale)),
        "status": "SUCCESS", "displayStatus": "FULFILLED", "createdAt": at, "updatedAt": at,
        "deliveredAt": null,
        "estimatedDeliveryAt": null, "totalQuantity": pieces,
        "trackingInfo": [{"company": "Correios", "number": format!("BR{:09}BR",
                    sale.id % 1_000_000_000), "url": null}]}])
}

fn refunds(sale: &Sale, refunded: i64) -> Value {
    if refunded == 0 {
        return json!([]);
    }
    let at = sale.updated.iso_utc();
    json!([{"id": gid("Refund", sale.id + 3), "legacyResourceId": (sale.id + 3).to_string(),
                "createdAt": at, "updatedAt": at, "note": "",
        "totalRefundedSet": bag(refunded)}])
}

/// Returns a line of an order. A line that was typed by hand has neither product nor variant, and
/// its SKU is empty or missing.
fn line(sale: &Sale, item: &Item, share: i64) -> Value {
    let (quantity, price) = pieces(item);
    let gone = matches!(sale.status, Status::Cancelled | Status::Returned);
    let sku = item.product.map_or_else(
        || item.id.is_multiple_of(2).then_some(""),
        |_| Some(item.sku.as_str()),
    );
    let allocations = if share > 0 {
        json!([{"allocatedAmountSet": bag(share)}])
    } else {
        json!([])
    };
    json!({
        "id": gid("LineItem", item.id), "name": item.name, "title": item.name, "variantTitle": null,
        "sku": sku,
        "vendor": "Loja de Exemplo", "quantity": quantity,
        "currentQuantity": if gone { 0 } else { quantity },
        "refundableQuantity": if gone { 0 } else { quantity },
        "unfulfilledQuantity": if statuses(sale).1 == "FULFILLED" { 0 } else { quantity },
        "requiresShipping": true, "taxable": true,
        "isGiftCard": false, "product": item.product.map(|id| gid("Product", id)),
        "variant": item.product.map(|id| gid("ProductVariant", variant_id(id))),
        "customAttributes": weighed(item),
        "discountAllocations": allocations, "originalUnitPriceSet": bag(price),
        "originalTotalSet": bag(item.gross()),
        "discountedUnitPriceSet": bag(price), "discountedTotalSet": bag(item.gross()),
        "discountedUnitPriceAfterAllDiscountsSet": bag((item.gross() - share) / quantity),
        "totalDiscountSet": bag(0),
    })
}

/// Returns the attribute with the weight of a line of one piece.
fn weighed(item: &Item) -> Value {
    if item.quantity % 1000 == 0 {
        json!([])
    } else {
        json!([{"key": "Peso", "value": quantity(item.quantity)}])
    }
}

pub(super) fn product(product: &Product) -> Value {
    let handle = product.sku.to_lowercase();
    let price = money(product.price);
    json!({
        "id": gid("Product", product.id), "legacyResourceId": product.id.to_string(),
        "title": product.name, "handle": handle,
        "description": "Produto de exemplo & teste",
        "descriptionHtml": "<p>Produto de exemplo &amp; teste</p>", "productType": "Geral",
        "vendor": "Loja de Exemplo", "status": product_status(product), "tags": [],
        "createdAt": product.created.iso_utc(),
        "updatedAt": product.updated.iso_utc(),
        "publishedAt": product.standing.is_active().then(|| product.created.iso_utc()),
        "isGiftCard": false,
        "hasOnlyDefaultVariant": true, "totalInventory": 42, "tracksInventory": true,
        "onlineStoreUrl": product.standing.is_active()
            .then(|| format!("https://loja.example.com/products/{handle}")),
        "priceRangeV2": {"minVariantPrice": price, "maxVariantPrice": price},
        "options": [{"id": gid("ProductOption", product.id + 5), "name": "Title", "position": 1,
                "values": ["Default Title"]}],
        "variantsCount": {"count": 1, "precision": "EXACT"},
        "variants": [gid("ProductVariant", variant_id(product.id))],
    })
}

pub(super) fn variant(product: &Product) -> Value {
    let id = variant_id(product.id);
    json!({
        "id": gid("ProductVariant", id), "legacyResourceId": id.to_string(),
        "title": "Default Title",
        "displayName": format!("{} - Default Title", product.name),
        "sku": product.sku, "barcode": product.barcode(), "price": decimal(product.price),
        "compareAtPrice": null, "position": 1,
        "inventoryQuantity": 42, "availableForSale": product.standing.is_active(), "taxable": true,
        "createdAt": product.created.iso_utc(),
        "updatedAt": product.updated.iso_utc(),
        "selectedOptions": [{"name": "Title", "value": "Default Title"}],
        "inventoryItem": {"id": gid("InventoryItem", id + 6),
            "legacyResourceId": (id + 6).to_string(), "sku": product.sku, "tracked": true,
            "requiresShipping": true, "unitCost": null},
        "product": gid("Product", product.id),
    })
}

pub(super) fn shop() -> Value {
    json!({
        "id": "gid://shopify/Shop/61234567890", "name": "Loja de Exemplo",
        "email": "loja@example.com", "contactEmail": "loja@example.com",
        "myshopifyDomain": "loja-de-exemplo.myshopify.com",
        "primaryDomain": {"id": "gid://shopify/Domain/71234567890", "host": "loja.example.com",
            "url": "https://loja.example.com",
            "sslEnabled": true},
        "url": "https://loja.example.com", "currencyCode": "BRL",
        "ianaTimezone": "America/Sao_Paulo", "timezoneAbbreviation": "-03",
        "timezoneOffset": "-0300", "timezoneOffsetMinutes": -180, "taxesIncluded": true,
        "plan": {"displayName": "Basic", "publicDisplayName": "Basic", "partnerDevelopment": false,
            "shopifyPlus": false},
        "createdAt": "2020-02-03T15:00:00Z", "updatedAt": "2026-11-01T15:00:00Z",
    })
}

pub(super) fn installation(withheld: Option<&str>) -> Value {
    let scope = |handle: &str| json!({"handle": handle, "description": ""});
    let given = [
        "read_all_orders",
        "read_customers",
        "read_orders",
        "read_products",
    ]
    .into_iter()
    .filter(|scope| Some(*scope) != withheld);
    let scopes: Vec<Value> = given.map(scope).collect();
    json!({"id": "gid://shopify/AppInstallation/561234567890", "accessScopes": scopes})
}
