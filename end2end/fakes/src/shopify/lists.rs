//! Makes connections: sorts rows, and cuts them between cursors that hold the last value and the
//! last id.

use async_graphql::dynamic::ResolverContext;
use async_graphql::{Error, ErrorExtensions, Value as Answer};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::records;
use super::schema::Warnings;
use super::search::{Has, Search};
use crate::clock::Moment;
use crate::data::{Person, Product, Sale};
use crate::stores;
use crate::system::Shared;
use crate::world::{List, World};

const MOST: i64 = 250;

/// The place of a row in its list, and the content of its cursor: the value that the list is sorted
/// by, and the row's id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Key {
    last_value: String,
    last_id: u64,
}

impl Key {
    fn cursor(&self) -> String {
        BASE64_STANDARD
            .encode(json!({"last_id": self.last_id, "last_value": self.last_value}).to_string())
    }

    fn read(cursor: &str) -> Result<Self, Error> {
        let read = BASE64_STANDARD
            .decode(cursor)
            .ok()
            .and_then(|text| serde_json::from_slice(&text).ok());
        read.ok_or_else(|| {
            bad(
                "Invalid cursor for current pagination sort.",
                "INVALID_CURSOR",
            )
        })
    }
}

/// The rows of a connection, in ascending order.
type Rows = Vec<(Key, Value)>;

fn bad(message: &str, code: &str) -> Error {
    Error::new(message).extend_with(|_, extensions| extensions.set("code", code))
}

fn number(context: &ResolverContext<'_>, name: &str) -> Result<Option<usize>, Error> {
    let Some(value) = context.args.get(name).filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    let value = value.i64()?;
    if value > MOST {
        return Err(bad(&format!("{name} cannot exceed {MOST}"), "BAD_REQUEST"));
    }
    usize::try_from(value).map(Some).map_err(|_| {
        bad(
            &format!("{name} must be greater than or equal to 0"),
            "BAD_REQUEST",
        )
    })
}

fn text(context: &ResolverContext<'_>, name: &str) -> Option<String> {
    match context.args.get(name)?.as_value() {
        Answer::String(text) => Some(text.clone()),
        Answer::Enum(name) => Some(name.to_string()),
        _ => None,
    }
}

/// Returns the page of a connection that the arguments ask for.
pub(super) fn window(context: &ResolverContext<'_>, mut rows: Rows) -> Result<Value, Error> {
    let (first, last) = (number(context, "first")?, number(context, "last")?);
    match (first, last) {
        (None, None) => return Err(bad("you must provide one of first or last", "BAD_REQUEST")),
        (Some(_), Some(_)) => {
            return Err(bad(
                "providing both first and last is not supported",
                "BAD_REQUEST",
            ));
        }
        _ => {}
    }
    let reverse = context
        .args
        .get("reverse")
        .is_some_and(|value| value.boolean().unwrap_or(false));
    if reverse {
        rows.reverse();
    }
    let all = rows.len();
    let behind = |row: &Key, cursor: &Key| if reverse { row < cursor } else { row > cursor };
    if let Some(after) = text(context, "after")
        .map(|cursor| Key::read(&cursor))
        .transpose()?
    {
        rows.retain(|(key, _)| behind(key, &after));
    }
    let skipped = all - rows.len();
    let kept = rows.len();
    if let Some(before) = text(context, "before")
        .map(|cursor| Key::read(&cursor))
        .transpose()?
    {
        rows.retain(|(key, _)| behind(&before, key));
    }
    let left = rows.len();
    let (mut next, mut previous) = (kept > left, skipped > 0);
    if let Some(first) = first {
        rows.truncate(first);
        next |= left > first;
    }
    if let Some(last) = last {
        rows.drain(..left.saturating_sub(last));
        previous |= left > last;
    }
    let cursors: Vec<String> = rows.iter().map(|(key, _)| key.cursor()).collect();
    Ok(json!({
        "pageInfo": {"hasNextPage": next, "hasPreviousPage": previous,
            "startCursor": cursors.first(), "endCursor": cursors.last()},
        "nodes": rows.iter().map(|(_, node)| node).collect::<Vec<_>>(),
        "edges": rows.iter().zip(&cursors).map(|((_, node),
                cursor)| json!({"cursor": cursor, "node": node})).collect::<Vec<_>>(),
    }))
}

/// Returns the rows of a list within a record.
pub(super) fn lines(list: &Value) -> Rows {
    let ids = list.as_array().into_iter().flatten().map(|row| {
        let gid = row
            .as_str()
            .or_else(|| row["id"].as_str())
            .unwrap_or_default();
        let last_id = gid
            .rsplit('/')
            .next()
            .and_then(|id| id.parse().ok())
            .unwrap_or(0);
        (
            Key {
                last_value: last_id.to_string(),
                last_id,
            },
            row.clone(),
        )
    });
    let mut rows: Rows = ids.collect();
    rows.sort_by_key(|(key, _)| key.last_id);
    rows
}

fn stamp(moment: Moment) -> String {
    format!("{}.000000", moment.utc().spaced())
}

/// Reads the search of a request. Fields that the list does not have are reported as warnings
/// beside the answer.
fn search(
    context: &ResolverContext<'_>,
    name: &str,
    knows: impl Fn(&str) -> bool,
) -> Result<Search, Error> {
    let query = text(context, "query").unwrap_or_default();
    let search = Search::read(&query);
    let warning = |field: &str| {
        json!({"field": field,
            "message": "Invalid search field for this query.", "code": "invalid_field"})
    };
    let warnings: Vec<Value> = search.unknown(knows).into_iter().map(warning).collect();
    if let (false, Ok(mut all)) = (warnings.is_empty(), context.data::<Warnings>()?.0.lock()) {
        all.push(json!({"path": [name], "query": query, "warnings": warnings}));
    }
    Ok(search)
}

/// Returns a list of the root, or the orders of one customer.
pub(super) fn list(
    context: &ResolverContext<'_>,
    system: &Shared,
    name: &str,
    customer: Option<u64>,
) -> Result<Value, Error> {
    system.before_list(match name {
        "customers" => List::Contacts,
        "orders" => List::Transactions,
        _ => List::Products,
    });
    let sorted = text(context, "sortKey").unwrap_or_default();
    let mut rows = found(context, &system.state().world, name, customer, &sorted)?;
    rows.sort();
    let rows = rows.into_iter().map(|(key, gid)| (key, Value::String(gid)));
    window(context, rows.collect())
}

pub(super) fn count(
    context: &ResolverContext<'_>,
    system: &Shared,
    name: &str,
) -> Result<Value, Error> {
    let all = found(
        context,
        &system.state().world,
        name.trim_end_matches("Count"),
        None,
        "",
    )?
    .len();
    let limit = context
        .args
        .get("limit")
        .and_then(|limit| limit.u64().ok())
        .and_then(|limit| usize::try_from(limit).ok());
    let most = limit.unwrap_or(usize::MAX);
    Ok(json!({"count": all.min(most), "precision": if all > most { "AT_LEAST" } else { "EXACT" }}))
}

#[expect(clippy::too_many_lines, reason = "a vendor's answer, field by field")]
fn found(
    context: &ResolverContext<'_>,
    world: &World,
    name: &str,
    customer: Option<u64>,
    sorted: &str,
) -> Result<Vec<(Key, String)>, Error> {
    let row = |last_value: Option<String>, last_id: u64, kind: &str| {
        let last_value = last_value.unwrap_or_else(|| format!("{last_id:020}"));
        (
            Key {
                last_value,
                last_id,
            },
            records::gid(kind, last_id),
        )
    };
    Ok(match name {
        "customers" => {
            let knows = |field: &str| {
                world
                    .people
                    .first()
                    .is_none_or(|person| !matches!(of_person(person, field), Has::Unknown))
            };
            let search = search(context, name, knows)?;
            let fitting = world
                .people
                .iter()
                .filter(|person| search.fits(|field| of_person(person, field)));
            fitting
                .map(|person| row(person_value(person, sorted), person.id, "Customer"))
                .collect()
        }
        "orders" => {
            let knows = |field: &str| {
                world
                    .sales
                    .first()
                    .is_none_or(|sale| !matches!(of_sale(sale, field), Has::Unknown))
            };
            let search = search(context, name, knows)?;
            let own = world
                .sales
                .iter()
                .filter(|sale| customer.is_none() || sale.contact == customer);
            let fitting = own.filter(|sale| search.fits(|field| of_sale(sale, field)));
            fitting
                .map(|sale| row(sale_value(sale, sorted), sale.id, "Order"))
                .collect()
        }
        _ => {
            let knows = |field: &str| {
                world
                    .products
                    .first()
                    .is_none_or(|product| !matches!(of_product(product, field), Has::Unknown))
            };
            let search = search(context, name, knows)?;
            let fitting = world
                .products
                .iter()
                .filter(|product| search.fits(|field| of_product(product, field)));
            let variants = name == "productVariants";
            let id = |product: &Product| {
                if variants {
                    records::variant_id(product.id)
                } else {
                    product.id
                }
            };
            let kind = if variants {
                "ProductVariant"
            } else {
                "Product"
            };
            fitting
                .map(|product| row(product_value(product, sorted), id(product), kind))
                .collect()
        }
    })
}

fn person_value(person: &Person, sorted: &str) -> Option<String> {
    Some(match sorted {
        "CREATED_AT" => stamp(person.created),
        "UPDATED_AT" => stamp(person.updated),
        "NAME" => person.name.to_lowercase(),
        _ => return None,
    })
}

fn sale_value(sale: &Sale, sorted: &str) -> Option<String> {
    Some(match sorted {
        "CREATED_AT" | "PROCESSED_AT" => stamp(sale.at),
        "UPDATED_AT" => stamp(sale.updated),
        "ORDER_NUMBER" => format!("{:020}", sale.number),
        "TOTAL_PRICE" => format!("{:020}", sale.total()),
        _ => return None,
    })
}

fn product_value(product: &Product, sorted: &str) -> Option<String> {
    Some(match sorted {
        "CREATED_AT" | "PUBLISHED_AT" => stamp(product.created),
        "UPDATED_AT" => stamp(product.updated),
        "TITLE" | "FULL_TITLE" | "NAME" => product.name.to_lowercase(),
        "SKU" => product.sku.clone(),
        _ => return None,
    })
}

fn of_person<'a>(person: &'a Person, field: &str) -> Has<'a> {
    match field {
        "updated_at" => Has::Moment(person.updated),
        "customer_date" | "created_at" => Has::Moment(person.created),
        "id" => Has::Number(person.id),
        "email" => Has::Text(stores::email(person).unwrap_or_default()),
        "first_name" => Has::Text(stores::names(person).0),
        "last_name" => Has::Text(stores::names(person).1),
        "country" => Has::Text("Brazil"),
        "state" => Has::Text(if person.standing.is_active() {
            "ENABLED"
        } else {
            "DISABLED"
        }),
        _ => Has::Unknown,
    }
}

fn of_sale<'a>(sale: &'a Sale, field: &str) -> Has<'a> {
    match field {
        "updated_at" => Has::Moment(sale.updated),
        "created_at" | "processed_at" => Has::Moment(sale.at),
        "id" => Has::Number(sale.id),
        "customer_id" => Has::Number(sale.contact.unwrap_or(0)),
        "financial_status" => Has::Text(records::statuses(sale).0),
        "fulfillment_status" => Has::Text(records::statuses(sale).1),
        "status" => Has::Text(if sale.status == crate::data::Status::Cancelled {
            "cancelled"
        } else {
            "open"
        }),
        "test" => Has::Text("false"),
        "source_name" => Has::Text("web"),
        _ => Has::Unknown,
    }
}

fn of_product<'a>(product: &'a Product, field: &str) -> Has<'a> {
    match field {
        "updated_at" => Has::Moment(product.updated),
        "created_at" => Has::Moment(product.created),
        "id" => Has::Number(product.id),
        "title" => Has::Text(&product.name),
        "sku" => Has::Text(&product.sku),
        "status" => Has::Text(records::product_status(product)),
        "vendor" => Has::Text("Loja de Exemplo"),
        "product_type" => Has::Text("Geral"),
        "gift_card" => Has::Text("false"),
        _ => Has::Unknown,
    }
}
