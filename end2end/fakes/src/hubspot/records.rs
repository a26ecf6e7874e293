//! Writes HubSpot's objects. All properties are text, and a few are returned without being asked
//! for.

use serde_json::{Map, Value, json};

use super::pipelines::probability;
use crate::clock::Moment;
use crate::crm;
use crate::data::{Item, Person, Product, Sale, Status, quantity, short};
use crate::json::filled;
use crate::truth::{beside, forget};
use crate::world::World;

pub(super) fn mend(truth: &mut Value, world: &World) {
    forget(
        truth,
        "contacts",
        &["tax_id", "number", "complement", "district"],
    );
    forget(truth, "transactions", &crm::NOT_IN_DEALS);
    forget(truth, "products", &["active"]);
    let address = |person: &Person, told: &mut Value| {
        told["address"] = json!(filled(&crm::address_line(&person.address)));
        told["company"] = json!(person.company.then(|| person.shown_name()));
        told["country"] = json!(filled(&person.address.city).map(|_| "Brazil"));
    };
    beside(world.clients(), &mut truth["contacts"], address);
}

/// The kinds of objects.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Contact,
    Deal,
    LineItem,
    Product,
}

impl Kind {
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "contacts" | "contact" | "0-1" => Some(Self::Contact),
            "deals" | "deal" | "0-3" => Some(Self::Deal),
            "products" | "product" | "0-7" => Some(Self::Product),
            "line_items" | "line_item" | "0-8" => Some(Self::LineItem),
            _ => None,
        }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Deal => "deal",
            Self::LineItem => "line_item",
            Self::Product => "product",
        }
    }

    /// Returns the word for the kind as messages have it: in capitals.
    pub(super) fn loud(self) -> String {
        self.word().to_uppercase()
    }

    /// Returns the word for the kind as `associations` has it: with a space.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Contact => "contacts",
            Self::Deal => "deals",
            Self::LineItem => "line items",
            Self::Product => "products",
        }
    }

    /// Returns the name of the property for the last change. Only for contacts it has no `hs_`.
    fn modified(self) -> &'static str {
        if self == Self::Contact {
            "lastmodifieddate"
        } else {
            "hs_lastmodifieddate"
        }
    }

    /// Returns the properties that come when a request names none.
    fn defaults(self) -> &'static [&'static str] {
        match self {
            Self::Contact => &["email", "firstname", "lastname"],
            Self::Deal => &["amount", "closedate", "dealname", "dealstage", "pipeline"],
            Self::LineItem => &["hs_product_id", "quantity"],
            Self::Product => &["description", "name", "price"],
        }
    }
}

/// An object of HubSpot. A line item has its deal as well.
#[derive(Clone, Copy)]
pub(super) enum Record<'a> {
    Contact(&'a Person),
    Deal(&'a Sale),
    LineItem(&'a Sale, &'a Item),
    Product(&'a Product),
}

impl<'a> Record<'a> {
    /// Returns all objects of a kind, in the order of their ids.
    pub(super) fn all(world: &'a World, kind: Kind) -> Vec<Self> {
        match kind {
            Kind::Contact => world.people.iter().map(Self::Contact).collect(),
            Kind::Deal => world.sales.iter().map(Self::Deal).collect(),
            Kind::Product => world.products.iter().map(Self::Product).collect(),
            Kind::LineItem => {
                let mut lines: Vec<Self> = world.sales.iter().flat_map(Self::lines).collect();
                lines.sort_by_key(Self::id);
                lines
            }
        }
    }

    fn lines(sale: &'a Sale) -> impl Iterator<Item = Self> {
        sale.items
            .iter()
            .map(move |item| Self::LineItem(sale, item))
    }

    pub(super) fn find(world: &'a World, kind: Kind, id: u64) -> Option<Self> {
        match kind {
            Kind::Contact => world.person(id).map(Self::Contact),
            Kind::Deal => world.sale(id).map(Self::Deal),
            Kind::Product => world.product(id).map(Self::Product),
            Kind::LineItem => world
                .sales
                .iter()
                .flat_map(Self::lines)
                .find(|line| line.id() == id),
        }
    }

    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Contact(_) => Kind::Contact,
            Self::Deal(_) => Kind::Deal,
            Self::LineItem(..) => Kind::LineItem,
            Self::Product(_) => Kind::Product,
        }
    }

    pub(super) fn id(&self) -> u64 {
        match self {
            Self::Contact(person) => person.id,
            Self::Deal(sale) => sale.id,
            Self::LineItem(_, item) => item.id,
            Self::Product(product) => product.id,
        }
    }

    fn created(&self) -> String {
        match self {
            Self::Contact(person) => stamp(person.created, person.id),
            Self::Deal(sale) => stamp(crm::opened(sale), sale.id),
            Self::LineItem(sale, item) => stamp(crm::opened(sale), item.id),
            Self::Product(product) => stamp(product.created, product.id),
        }
    }

    fn updated(&self) -> String {
        match self {
            Self::Contact(person) => person.updated.iso_utc(),
            Self::Deal(sale) | Self::LineItem(sale, _) => sale.updated.iso_utc(),
            Self::Product(product) => product.updated.iso_utc(),
        }
    }

    /// Returns all properties of the object.
    pub(super) fn properties(&self, world: &World) -> Map<String, Value> {
        let own = match self {
            Self::Contact(person) => contact(person),
            Self::Deal(sale) => deal(world, sale),
            Self::LineItem(sale, item) => line(sale, item),
            Self::Product(product) => goods(product),
        };
        let mut properties = match own {
            Value::Object(properties) => properties,
            _ => Map::new(),
        };
        properties.insert("hs_object_id".into(), json!(self.id().to_string()));
        properties.insert("createdate".into(), json!(self.created()));
        properties.insert(self.kind().modified().into(), json!(self.updated()));
        properties.insert("hubspot_owner_id".into(), json!("77016322"));
        properties.insert("hs_object_source".into(), json!("CRM_UI"));
        properties
    }

    /// Returns the object with the properties that were asked for. Names that HubSpot does not know
    /// are left out.
    pub(super) fn shown(&self, world: &World, wanted: &[String]) -> Value {
        let (mut all, kind) = (self.properties(world), self.kind());
        let always = ["hs_object_id", "createdate", kind.modified()];
        let asked = |name: &str| {
            if wanted.is_empty() {
                kind.defaults().contains(&name)
            } else {
                wanted.iter().any(|one| one == name)
            }
        };
        all.retain(|name, _| always.contains(&name.as_str()) || asked(name));
        json!({
            "id": self.id().to_string(),
            "properties": all,
            "createdAt": self.created(),
            "updatedAt": self.updated(),
            "archived": false,
        })
    }
}

/// Writes a moment with milliseconds, as `2026-03-01T17:32:10.451Z`, and without a fraction where
/// that is zero.
fn stamp(moment: Moment, id: u64) -> String {
    match id % 1000 {
        0 => moment.iso_utc(),
        millis => format!("{}.{millis:03}Z", moment.utc().iso()),
    }
}

fn contact(person: &Person) -> Value {
    let (first, last) = crm::names(person);
    let emails: Vec<String> = person.emails().map(str::to_lowercase).collect();
    let (email, others) = (
        emails.first(),
        emails.get(1..).unwrap_or_default().join(";"),
    );
    let address = &person.address;
    json!({
        "firstname": first,
        "lastname": last,
        "email": email,
        "hs_additional_emails": filled(&others),
        "hs_email_domain": email.and_then(|email| email.split_once('@')).map(|(_, domain)| domain),
        "hs_full_name_or_email": person.name,
        "phone": person.landline.as_ref().map(|phone| phone.whole(" ")),
        "mobilephone": person.mobile.as_ref().map(|phone| phone.whole(" ")),
        "fax": null,
        "address": filled(&crm::address_line(address)),
        "city": filled(&address.city),
        "state": filled(&address.state),
        "zip": filled(&address.dashed_postal_code()),
        "country": filled(&address.city).map(|_| "Brazil"),
        "date_of_birth": person.birth.map(Moment::iso_day),
        "company": person.company.then(|| person.shown_name()),
        "jobtitle": null,
        "website": null,
        "salutation": null,
        "hs_language": "pt-br",
        "hs_lead_status": null,
        "lifecyclestage": "customer",
        "hs_analytics_source": "OFFLINE",
        "hs_marketable_status": "false",
        "notes_last_contacted": null,
    })
}

/// Returns the stage of a deal: one of the stages of HubSpot's first pipeline that are in use.
fn stage(sale: &Sale) -> &'static str {
    match sale.status {
        Status::Open if sale.id.is_multiple_of(2) => "contractsent",
        Status::Open => "appointmentscheduled",
        Status::Cancelled => "closedlost",
        _ => "closedwon",
    }
}

fn deal(world: &World, sale: &Sale) -> Value {
    let (total, closed) = (short(sale.total()), crm::closed(sale));
    let won = sale.status == Status::Approved;
    // An open deal has the day on which the seller hopes to close it.
    let close = closed.unwrap_or(sale.at.plus_days(30));
    json!({
        "dealname": crm::title(sale, world.buyer(sale)),
        "amount": total,
        "amount_in_home_currency": total,
        "deal_currency_code": "BRL",
        "closedate": stamp(close, sale.id),
        "hs_createdate": stamp(crm::opened(sale), sale.id),
        "dealstage": stage(sale),
        "pipeline": "default",
        "dealtype": "newbusiness",
        "description": null,
        "hs_is_closed": closed.is_some().to_string(),
        "hs_is_closed_won": won.to_string(),
        "hs_is_closed_lost": (sale.status == Status::Cancelled).to_string(),
        "hs_closed_amount": if won { total.clone() } else { "0".into() },
        "hs_deal_stage_probability": probability(stage(sale)),
        "hs_tcv": total,
        "hs_acv": total,
        "hs_arr": "0",
        "hs_mrr": "0",
        "hs_priority": null,
        "closed_won_reason": null,
        "closed_lost_reason": (sale.status == Status::Cancelled).then_some("Preço"),
        "num_associated_contacts": if sale.contact.is_some() { "1" } else { "0" },
        "num_associated_deals": null,
        "hs_num_of_associated_line_items": sale.items.len().to_string(),
    })
}

fn line(sale: &Sale, item: &Item) -> Value {
    let (place, share) = crm::share(sale, item);
    let percentage = crm::is_ten_per_cent(sale);
    json!({
        "name": item.name,
        "description": null,
        "hs_product_id": item.product.map(|id| id.to_string()),
        "hs_sku": filled(&item.sku),
        "quantity": quantity(item.quantity),
        "price": short(item.unit_price),
        "discount": (share > 0 && !percentage).then(|| each(share, item.quantity)),
        "hs_discount_percentage": percentage.then_some("10"),
        "hs_total_discount": short(share),
        "hs_pre_discount_amount": short(item.gross()),
        "amount": short(item.gross() - share),
        "hs_line_item_currency_code": "BRL",
        "hs_position_on_quote": place.to_string(),
        "hs_cost_of_goods_sold": null,
        "recurringbillingfrequency": null,
        "hs_recurring_billing_period": null,
        "tax": null,
    })
}

/// Returns the discount of one piece, in the currency, to the millionth.
fn each(share: i64, thousandths: i64) -> String {
    let millionths = share * 10_000_000 / thousandths.max(1);
    let text = format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn goods(product: &Product) -> Value {
    json!({
        "name": product.name,
        "description": format!("{} de exemplo", product.name),
        "hs_sku": product.sku,
        "price": short(product.price),
        "hs_cost_of_goods_sold": short(product.price / 2),
        "hs_product_type": "inventory",
        "hs_url": null,
        "hs_images": null,
        "hs_folder": null,
        "recurringbillingfrequency": null,
        "tax": null,
    })
}

/// Returns the account that the token belongs to.
pub(super) fn account() -> Value {
    json!({"portalId": 49_001_234, "accountType": "STANDARD", "timeZone": "America/Sao_Paulo",
            "companyCurrency": "BRL",
        "additionalCurrencies": [], "utcOffset": "-03:00", "utcOffsetMilliseconds": -10_800_000,
        "uiDomain": "app.hubspot.com",
        "dataHostingLocation": "na1"})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn discounts_of_one_piece_multiply_back() {
        assert_eq!(
            [each(1000, 3000), each(250, 2000), each(5, 500)],
            ["3.333333", "1.25", "0.1"]
        );
    }
}
