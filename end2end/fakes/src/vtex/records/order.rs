//! Writes VTEX's orders: the row of the list, and the whole order. Amounts are in cents.

use serde_json::{Value, json};

use super::{filled, names, order_id, other_id, phones, product_id, user_id};
use crate::clock::Moment;
use crate::data::{Item, Person, Sale, Status};
use crate::json::merged;
use crate::vtex::ACCOUNT;
use crate::world::World;

/// Writes a moment of an order: seven digits after the second, and an offset that is always zero.
fn stamp(at: Moment) -> String {
    format!("{}.0000000+00:00", at.utc().iso())
}

/// Returns the status of an order, and its label. Several of VTEX's steps are one of ours.
pub(in crate::vtex) fn status(sale: &Sale) -> (&'static str, &'static str) {
    match (sale.status, sale.id % 4) {
        (Status::Open, 0) => (
            "waiting-for-seller-confirmation",
            "Aguardando autorização do seller",
        ),
        (Status::Open, _) => ("payment-pending", "Pagamento Pendente"),
        (Status::Approved, 0) => ("payment-approved", "Pagamento Aprovado"),
        (Status::Approved, 1) => ("window-to-cancel", "Carência para Cancelamento"),
        (Status::Approved, 2) => ("ready-for-handling", "Pronto para o manuseio"),
        (Status::Approved, _) => ("handling", "Preparando Entrega"),
        (Status::Cancelled, _) => ("canceled", "Cancelado"),
        _ => ("invoiced", "Faturado"),
    }
}

/// Returns the moment of the payment. `None` when there was none.
pub(in crate::vtex) fn authorized(sale: &Sale) -> Option<Moment> {
    matches!(sale.status, Status::Approved | Status::Invoiced)
        .then(|| sale.at.plus(300).min(sale.updated.max(sale.at)))
}

/// Returns the moment of the invoice. `None` when there is none.
pub(in crate::vtex) fn invoiced(sale: &Sale) -> Option<Moment> {
    (sale.status == Status::Invoiced).then_some(sale.updated)
}

/// Returns an e-mail address that hides the buyer's own. Each order has another one.
fn masked(kind: u64, sale: &Sale) -> String {
    format!("{}@ct.vtex.com.br", other_id(kind, sale.id))
}

pub(in crate::vtex) fn order_row(world: &World, sale: &Sale) -> Value {
    let (status, description) = status(sale);
    let pieces: i64 = sale
        .in_whole_pieces()
        .items
        .iter()
        .map(|item| item.quantity / 1000)
        .sum();
    let estimate = stamp(sale.at.plus_days(5));
    let one = json!({
        "orderId": order_id(sale),
        "creationDate": stamp(sale.at),
        "clientName": world.buyer(sale).map(|person| person.name.as_str()),
        "items": null,
        "totalValue": sale.in_whole_pieces().total(),
        "paymentNames": "Pix",
        "status": status,
        "statusDescription": description,
        "marketPlaceOrderId": null,
        "sequence": sale.id.to_string(),
        "salesChannel": "1",
        "affiliateId": "",
        "origin": "Marketplace",
        "workflowInErrorState": false,
        "workflowInRetry": false,
        "lastMessageUnread": null,
        "totalItems": pieces,
        "currencyCode": "BRL",
    });
    let other = json!({
        "ShippingEstimatedDate": estimate,
        "ShippingEstimatedDateMax": estimate,
        "ShippingEstimatedDateMin": estimate,
        "orderIsComplete": true,
        "listId": null,
        "listType": null,
        "authorizedDate": authorized(sale).map(stamp),
        "paymentApprovedDate": authorized(sale).map(stamp),
        "readyForHandlingDate": null,
        "callCenterOperatorName": null,
        "hostname": ACCOUNT,
        "invoiceOutput": null,
        "invoiceInput": null,
        "lastChange": stamp(sale.updated),
        "isAllDelivered": false,
        "isAnyDelivered": false,
        "giftCardProviders": null,
        "orderFormId": other_id(1, sale.id),
    });
    merged([one, other])
}

pub(in crate::vtex) fn order(world: &World, sale: &Sale) -> Value {
    let whole = sale.in_whole_pieces();
    merged([head(&whole), parts(world, &whole), tail(&whole)])
}

fn head(sale: &Sale) -> Value {
    let (status, description) = status(sale);
    let totals = json!([
        {"id": "Items", "name": "Total dos Itens", "value": sale.gross()},
        {"id": "Discounts", "name": "Total dos Descontos", "value": -sale.discount},
        {"id": "Shipping", "name": "Total do Frete", "value": sale.freight},
        {"id": "Tax", "name": "Total da Taxa", "value": 0},
    ]);
    json!({
        "orderId": order_id(sale),
        "sequence": sale.id.to_string(),
        "marketplaceOrderId": "",
        "marketplaceServicesEndpoint": null,
        "sellerOrderId": format!("00-{}", order_id(sale)),
        "origin": "Marketplace",
        "affiliateId": "",
        "salesChannel": "1",
        "merchantName": null,
        "status": status,
        "workflowIsInError": false,
        "statusDescription": description,
        "value": sale.total(),
        "creationDate": stamp(sale.at),
        "lastChange": stamp(sale.updated),
        "orderGroup": format!("v{}lojx", sale.id),
        "totals": totals,
    })
}

fn parts(world: &World, sale: &Sale) -> Value {
    let buyer = world.buyer(sale);
    let lines: Vec<Value> = sale
        .items
        .iter()
        .zip(sale.shares())
        .map(|(item, share)| line(item, share))
        .collect();
    let metadata: Vec<Value> = sale.items.iter().map(metadata).collect();
    json!({
        "items": lines,
        "marketplaceItems": [],
        "clientProfileData": buyer.map(|person| profile(person, sale)),
        "giftRegistryData": null,
        "marketingData": null,
        "ratesAndBenefitsData": {"id": "ratesAndBenefitsData", "rateAndBenefitsIdentifiers": []},
        "shippingData": buyer.map(|person| shipping(person, sale)),
        "paymentData": payment(sale),
        "packageAttachment": {"packages": []},
        "sellers": [{"id": "1", "name": "Loja X", "logo": "", "fulfillmentEndpoint": null}],
        "itemMetadata": {"Items": metadata},
    })
}

fn tail(sale: &Sale) -> Value {
    let currency = json!({"CurrencyDecimalDigits": 2, "CurrencyDecimalSeparator": ",",
            "CurrencyGroupSeparator": ".",
        "CurrencyGroupSize": 3, "StartsWithCurrencySymbol": true});
    let store = json!({"countryCode": "BRA", "currencyCode": "BRL", "currencyFormatInfo": currency,
            "currencyLocale": 1046,
        "currencySymbol": "R$", "timeZone": "E. South America Standard Time"});
    json!({
        "callCenterOperatorData": null,
        "followUpEmail": masked(2, sale),
        "lastMessage": null,
        "hostname": ACCOUNT,
        "invoiceData": null,
        "changesAttachment": null,
        "openTextField": null,
        "roundingError": 0,
        "orderFormId": other_id(1, sale.id),
        "commercialConditionData": null,
        "isCompleted": true,
        "customData": null,
        "storePreferencesData": store,
        "allowCancellation": !sale.status.is_final(),
        "allowEdition": false,
        "isCheckedIn": false,
        "authorizedDate": authorized(sale).map(stamp),
        "invoicedDate": invoiced(sale).map(stamp),
        "cancelReason": null,
    })
}

/// Returns a line. Where its price can't be divided by its pieces, some pieces cost a cent more.
fn line(item: &Item, share: i64) -> Value {
    let (pieces, net) = (item.quantity / 1000, item.gross() - share);
    let (piece, odd) = (net / pieces, net % pieces);
    let mut prices = vec![json!({"value": piece, "quantity": pieces - odd})];
    if odd > 0 {
        prices.push(json!({"value": piece + 1, "quantity": odd}));
    }
    let tags = if share == 0 {
        json!([])
    } else {
        json!([{"name": "DISCOUNT@MARKETPLACE", "value": -share, "isPercentual": false,
                    "identifier": null, "rawValue": null}])
    };
    let sku = item.product.unwrap_or(0);
    let one = json!({
        "uniqueId": other_id(3, item.id).to_uppercase(),
        "id": sku.to_string(),
        "productId": product_id(sku).to_string(),
        "ean": null,
        "lockId": null,
        "itemAttachment": {"content": {}, "name": null},
        "attachments": [],
        "quantity": pieces,
        "seller": "1",
        "name": item.name,
        "refId": item.sku,
        "price": item.unit_price,
        "listPrice": item.unit_price,
        "manualPrice": null,
        "priceTags": tags,
        "imageUrl": null,
        "detailUrl": null,
    });
    let other = json!({
        "components": [],
        "bundleItems": [],
        "params": [],
        "offerings": [],
        "sellerSku": sku.to_string(),
        "priceValidUntil": null,
        "commission": 0,
        "tax": 0,
        "preSaleDate": null,
        "measurementUnit": "un",
        "unitMultiplier": 1.0,
        "sellingPrice": piece,
        "isGift": false,
        "shippingPrice": null,
        "rewardValue": 0,
        "freightCommission": 0,
        "priceDefinition": {"sellingPrices": prices, "calculatedSellingPrice": piece, "total": net},
    });
    merged([one, other])
}

fn metadata(item: &Item) -> Value {
    let sku = item.product.unwrap_or(0);
    json!({"Id": sku.to_string(), "Seller": "1", "Name": item.name, "SkuName": item.name,
            "ProductId": product_id(sku).to_string(),
        "RefId": item.sku, "Ean": null, "ImageUrl": null, "DetailUrl": null, "AssemblyOptions": []})
}

fn profile(person: &Person, sale: &Sale) -> Value {
    let (first, last) = names(person);
    json!({
        "id": "clientProfileData",
        "email": masked(4, sale),
        "firstName": first,
        "lastName": last,
        "documentType": if person.company { "cnpj" } else { "cpf" },
        "document": filled(&person.tax_id),
        "phone": phones(person).first(),
        "corporateName": person.company.then_some(&person.name),
        "tradeName": filled(&person.trade_name),
        "corporateDocument": filled(&person.tax_id).filter(|_| person.company),
        "stateInscription": null,
        "corporatePhone": null,
        "isCorporate": person.company,
        "userProfileId": user_id(person.id),
        "customerClass": null,
    })
}

fn shipping(person: &Person, sale: &Sale) -> Value {
    let address = &person.address;
    let place = json!({
        "addressType": "residential",
        "receiverName": person.name,
        "addressId": other_id(5, person.id),
        "postalCode": filled(&address.dashed_postal_code()),
        "city": filled(&address.city),
        "state": filled(&address.state),
        "country": "BRA",
        "street": filled(&address.street),
        "number": filled(&address.number),
        "neighborhood": filled(&address.district),
        "complement": filled(&address.complement),
        "reference": null,
        "geoCoordinates": [],
    });
    let logistics = json!([{"itemIndex": 0, "selectedSla": "Normal", "price": sale.freight,
                "listPrice": sale.freight,
        "sellingPrice": sale.freight, "deliveryCompany": "Transportadora",
        "shippingEstimate": "5bd", "deliveryChannel": "delivery"}]);
    json!({"id": "shippingData", "selectedAddresses": [place.clone()], "address": place,
            "logisticsInfo": logistics, "trackingHints": null})
}

fn payment(sale: &Sale) -> Value {
    let payment = json!({"id": other_id(6, sale.id).to_uppercase(), "paymentSystem": "125",
            "paymentSystemName": "Pix",
        "value": sale.total(), "installments": 1, "referenceValue": sale.total(),
        "group": "instantPayment", "tid": null});
    json!({"giftCards": [], "transactions": [{"isActive": true, "transactionId": other_id(7,
                        sale.id).to_uppercase(),
        "merchantName": "LOJAX", "payments": [payment]}]})
}
