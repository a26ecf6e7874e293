//! Writes VTEX's clients, addresses and products, and mends the truth about them.

mod order;

use serde_json::{Value, json};

use super::ACCOUNT;
use crate::clock::Moment;
use crate::data::{Person, Phone, Product, Sale, Typed};
use crate::json::{merged, money};
use crate::rng::Rng;
use crate::truth::beside;
use crate::world::World;

pub(super) use order::{authorized, invoiced, order, order_row, status};

const ACCOUNT_ID: &str = "2cbdb6bd-f41f-4855-942e-5609832b5808";

/// Mends the truth. A contact is known by the id of its user, because orders have that id too.
pub(super) fn mend(truth: &mut Value, world: &World) {
    beside(world.clients(), &mut truth["contacts"], |person, told| {
        told["id"] = json!(user_id(person.id));
        told["company"] = json!(person.company.then_some(&person.name));
        told["country"] = json!(filled(&person.address.street).map(|_| "BRA"));
    });
    beside(
        world.shown_sales(),
        &mut truth["transactions"],
        |sale, told| {
            told["contact"] = json!(sale.contact.map(user_id));
        },
    );
}

/// Returns an id in the form of a GUID, always the same for the same record.
fn guid(kind: u64, id: u64) -> String {
    let mut rng = Rng::new((kind << 48) ^ id);
    let (high, low) = (rng.next(), rng.next());
    let parts = (
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xffff,
        low >> 48,
        low & 0xffff_ffff_ffff,
    );
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        parts.0, parts.1, parts.2, parts.3, parts.4
    )
}

/// Returns the id of a client's document, which addresses refer to.
fn client_id(person: u64) -> String {
    guid(1, person)
}

/// Returns the id of a client's user, which orders refer to.
fn user_id(person: u64) -> String {
    guid(2, person)
}

/// Returns the id of a document that has no record of its own here.
fn other_id(kind: u64, id: u64) -> String {
    guid(10 + kind, id).replace('-', "")
}

pub(super) fn order_id(sale: &Sale) -> String {
    format!("v{}lojx-01", sale.id)
}

/// Returns the sale of an order's id: the id that the client sees, or `seq` and the sequence.
pub(super) fn sale_of(id: &str) -> Option<u64> {
    let shown = id
        .strip_prefix('v')
        .and_then(|rest| rest.strip_suffix("lojx-01"));
    shown.or_else(|| id.strip_prefix("seq"))?.parse().ok()
}

/// Returns the product that a SKU belongs to. Each product has one SKU here.
pub(super) fn product_id(sku: u64) -> u64 {
    sku + 700_000
}

/// Writes a moment. Master Data leaves out fractions that are zero.
fn stamp(at: Moment) -> String {
    at.iso_utc()
}

/// Returns a phone number. The checkout writes the country's code; imported clients keep the number
/// that was imported.
fn phone(phone: &Phone) -> String {
    match phone.typed {
        Typed::Plain => format!("{}{}", phone.area, phone.number),
        _ => crate::stores::e164(phone),
    }
}

pub(super) fn phones(person: &Person) -> Vec<String> {
    [&person.mobile, &person.landline]
        .into_iter()
        .flatten()
        .map(phone)
        .collect()
}

fn filled(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// Returns first and last name. A company has neither.
fn names(person: &Person) -> (Option<&str>, Option<&str>) {
    let names = person.name.split_once(' ').filter(|_| !person.company);
    (names.map(|(first, _)| first), names.map(|(_, last)| last))
}

/// Returns the fields that every document has. `updatedIn` is null until somebody changes the
/// document.
fn document(entity: &str, id: &str, person: &Person) -> Value {
    let changed = Some(person.updated).filter(|updated| *updated > person.created);
    json!({
        "id": id,
        "accountId": ACCOUNT_ID,
        "accountName": ACCOUNT,
        "dataEntityId": entity,
        "createdBy": "",
        "createdIn": stamp(person.created),
        "updatedBy": changed.map(|_| ""),
        "updatedIn": changed.map(stamp),
        "lastInteractionBy": "",
        "lastInteractionIn": stamp(person.updated),
        "followers": [],
        "tags": [],
        "auto_filter": null,
    })
}

pub(super) fn client(person: &Person) -> Value {
    let (first, last) = names(person);
    let mut phones = phones(person).into_iter();
    let email = person
        .email
        .split([',', ';'])
        .next()
        .unwrap_or_default()
        .trim();
    let personal = json!({
        "userId": user_id(person.id),
        "email": filled(email),
        "firstName": first,
        "lastName": last,
        "document": filled(&person.tax_id),
        "documentType": filled(&person.tax_id).map(|_| if person.company { "cnpj" } else { "cpf" }),
        "homePhone": phones.next(),
        "phone": phones.next(),
        "birthDate": person.birth.map(|birth| format!("{}T00:00:00", birth.iso_day())),
        "gender": (!person.company).then_some(if person.female { "female" } else { "male" }),
        "localeDefault": "pt-BR",
        "isNewsletterOptIn": person.id.is_multiple_of(3),
        "approved": null,
    });
    let company = json!({
        "isCorporate": person.company,
        "corporateName": person.company.then_some(&person.name),
        "tradeName": filled(&person.trade_name),
        "corporateDocument": filled(&person.tax_id).filter(|_| person.company),
        "businessPhone": null,
        "stateRegistration": null,
        "customerClass": null,
        "priceTables": null,
        "rclastcart": null,
        "rclastcartvalue": null,
        "rclastsession": null,
        "rclastsessiondate": null,
    });
    merged([
        document("CL", &client_id(person.id), person),
        personal,
        company,
    ])
}

/// Returns an address, which refers to the client's document, not to its user.
pub(super) fn address(person: &Person) -> Value {
    let address = &person.address;
    let place = json!({
        "userId": client_id(person.id),
        "addressName": "casa",
        "addressType": "residential",
        "receiverName": person.name,
        "postalCode": address.dashed_postal_code(),
        "street": address.street,
        "number": address.number,
        "complement": filled(&address.complement),
        "neighborhood": address.district,
        "city": address.city,
        "state": address.state,
        "country": "BRA",
        "reference": null,
        "geoCoordinate": [],
    });
    merged([document("AD", &guid(3, person.id), person), place])
}

pub(super) fn sku(product: &Product) -> Value {
    let (name, sku_name) = product.name.rsplit_once(' ').unwrap_or((&product.name, ""));
    let one = json!({
        "Id": product.id,
        "ProductId": product_id(product.id),
        "NameComplete": product.name,
        "ComplementName": "",
        "ProductName": name,
        "ProductDescription": "Produto de exemplo & teste",
        "ProductRefId": format!("P-{}", product.id),
        "TaxCode": "",
        "SkuName": sku_name,
        "IsActive": product.standing.is_active(),
        "IsTransported": true,
        "IsInventoried": true,
        "IsGiftCardRecharge": false,
        "ImageUrl": "https://lojax.vteximg.com.br/arquivos/ids/155438-55-55/exemplo.jpg",
        "DetailUrl": format!("/produto-{}/p", product.id),
        "CSCIdentification": null,
        "BrandId": "2000001",
        "BrandName": "Marca de exemplo",
    });
    let sellers = json!([{"SellerId": "1", "StockKeepingUnitId": product.id,
                "SellerStockKeepingUnitId": product.id.to_string(),
        "IsActive": true, "FreightCommissionPercentage": 0.0, "ProductCommissionPercentage": 0.0}]);
    let other = json!({
        "IsBrandActive": true,
        "Dimension": {"cubicweight": 1.0, "height": 6.0, "length": 10.0, "weight": 400.0,
            "width": 8.0},
        "RealDimension": {"realCubicWeight": 0.0, "realHeight": 0.0, "realLength": 0.0,
            "realWeight": 0.0, "realWidth": 0.0},
        "ManufacturerCode": "",
        "IsKit": false,
        "KitItems": [],
        "Services": [],
        "Categories": [],
        "Attachments": [],
        "Collections": [],
        "SkuSellers": sellers,
        "SalesChannels": [1],
        "Images": [],
        "SkuSpecifications": [],
        "ProductSpecifications": [],
        "ProductClustersIds": "",
        "AlternateIds": {"Ean": product.barcode(), "RefId": product.sku},
        "AlternateIdValues": [product.barcode(), product.sku],
    });
    let last = json!({
        "EstimatedDateArrival": null,
        "MeasurementUnit": "un",
        "UnitMultiplier": 1.0,
        "InformationSource": "Indexer",
        "ModalType": null,
        "KeyWords": "",
        "ReleaseDate": stamp(product.created),
        "ProductIsVisible": true,
        "ShowIfNotAvailable": true,
        "IsProductActive": true,
        "CommercialConditionId": 1,
    });
    merged([one, other, last])
}

pub(super) fn price(product: &Product) -> Value {
    json!({
        "itemId": product.id.to_string(),
        "listPrice": null,
        "costPrice": money(product.price),
        "markup": 0,
        "basePrice": money(product.price),
        "fixedPrices": [],
    })
}

pub(super) fn account() -> Value {
    json!({
        "id": ACCOUNT_ID,
        "name": ACCOUNT,
        "accountName": ACCOUNT,
        "companyName": "Loja de Exemplo Ltda",
        "tradingName": "Loja X",
        "isActive": true,
        "isOperating": true,
        "cnpj": null,
        "haveParentAccount": false,
        "parentAccountId": null,
        "parentAccountName": null,
        "city": "São Paulo",
        "state": "SP",
        "country": "BRA",
        "defaultUrl": "https://lojax.example",
        "sites": [{"id": 1, "name": ACCOUNT, "LV": "1", "logo": "", "tradingName": "Loja X"}],
    })
}
