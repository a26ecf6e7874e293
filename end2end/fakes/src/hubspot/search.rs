//! HubSpot's search: filters, one sort order, and no access beyond the first 10,000 results.

use std::cmp::Ordering;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::records::{Kind, Record};
use super::{invalid, kind, list_of, number, read};
use crate::answers::{Answer, Refusal};
use crate::instants::{self, Bare};
use crate::system::{Shared, System};

/// The most results that a query can page through.
const REACH: usize = 10_000;

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Asked {
    filter_groups: Vec<Group>,
    sorts: Vec<Value>,
    query: Option<String>,
    properties: Vec<String>,
    limit: Option<Value>,
    after: Option<Value>,
}

#[derive(Deserialize)]
struct Group {
    filters: Vec<Filter>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Filter {
    property_name: String,
    operator: String,
    value: Option<Value>,
    high_value: Option<Value>,
    #[serde(default)]
    values: Vec<Value>,
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// The way in which values of a property compare.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scale {
    Moment,
    Number,
    Text,
}

fn scale(property: &str) -> Scale {
    match property {
        "createdate"
        | "lastmodifieddate"
        | "hs_lastmodifieddate"
        | "hs_createdate"
        | "closedate" => Scale::Moment,
        "hs_object_id"
        | "amount"
        | "price"
        | "quantity"
        | "hs_product_id"
        | "num_associated_deals"
        | "num_associated_contacts"
        | "hs_total_discount"
        | "hs_closed_amount" => Scale::Number,
        _ => Scale::Text,
    }
}

/// Reads milliseconds since 1970 from a number or from a moment.
fn millis(text: &str) -> Option<i64> {
    text.parse()
        .ok()
        .or_else(|| instants::unix_millis(text, Bare::Utc))
}

fn compare(scale: Scale, one: &str, other: &str) -> Option<Ordering> {
    match scale {
        Scale::Moment => Some(millis(one)?.cmp(&millis(other)?)),
        Scale::Number => one
            .parse::<f64>()
            .ok()?
            .partial_cmp(&other.parse::<f64>().ok()?),
        Scale::Text => Some(one.to_lowercase().cmp(&other.to_lowercase())),
    }
}

impl Filter {
    /// Returns the reason why HubSpot refuses this filter. `None` when it does not.
    fn fault(&self, known: &Map<String, Value>) -> Option<String> {
        let Self {
            property_name: name,
            operator,
            ..
        } = self;
        if !known.is_empty() && !known.contains_key(name) {
            return Some(format!(
                "There was a problem with the request. Property \"{name}\" does not exist."
            ));
        }
        let (one, high, many) = (
            self.value.is_some(),
            self.high_value.is_some(),
            !self.values.is_empty(),
        );
        let complete = match operator.as_str() {
            "EQ" | "NEQ" | "LT" | "LTE" | "GT" | "GTE" | "CONTAINS_TOKEN"
            | "NOT_CONTAINS_TOKEN" => one,
            "BETWEEN" => one && high,
            "IN" | "NOT_IN" => many,
            "HAS_PROPERTY" | "NOT_HAS_PROPERTY" => true,
            _ => {
                return Some(format!(
                    "Invalid input JSON: operator \"{operator}\" is unknown."
                ));
            }
        };
        if !complete {
            return Some(format!(
                "There was a problem with the request. Operator {operator} lacks a value."
            ));
        }
        let values = self
            .value
            .iter()
            .chain(&self.high_value)
            .chain(&self.values)
            .map(text);
        let odd = values.filter(|value| match scale(name) {
            Scale::Moment => millis(value).is_none(),
            Scale::Number => value.parse::<f64>().is_err(),
            Scale::Text => false,
        });
        odd.map(|value| {
            format!("There was a problem with the request. \"{value}\" is not valid for {name}.")
        })
        .next()
    }

    fn fits(&self, properties: &Map<String, Value>) -> bool {
        let (scale, held) = (
            scale(&self.property_name),
            properties.get(&self.property_name).and_then(Value::as_str),
        );
        let negative = matches!(
            self.operator.as_str(),
            "NEQ" | "NOT_IN" | "NOT_HAS_PROPERTY" | "NOT_CONTAINS_TOKEN"
        );
        let Some(held) = held else { return negative };
        let against = |value: &Option<Value>| {
            value
                .as_ref()
                .and_then(|value| compare(scale, held, &text(value)))
        };
        let (order, high) = (against(&self.value), against(&self.high_value));
        let among = self
            .values
            .iter()
            .any(|value| compare(scale, held, &text(value)) == Some(Ordering::Equal));
        let token = || {
            let wanted = self
                .value
                .as_ref()
                .map(text)
                .unwrap_or_default()
                .to_lowercase();
            held.to_lowercase().contains(wanted.trim_matches('*'))
        };
        match self.operator.as_str() {
            "EQ" => order == Some(Ordering::Equal),
            "NEQ" => order != Some(Ordering::Equal),
            "LT" => order == Some(Ordering::Less),
            "LTE" => order.is_some_and(Ordering::is_le),
            "GT" => order == Some(Ordering::Greater),
            "GTE" => order.is_some_and(Ordering::is_ge),
            "BETWEEN" => order.is_some_and(Ordering::is_ge) && high.is_some_and(Ordering::is_le),
            "IN" => among,
            "NOT_IN" => !among,
            "CONTAINS_TOKEN" => token(),
            "NOT_CONTAINS_TOKEN" => !token(),
            "HAS_PROPERTY" => true,
            _ => false,
        }
    }
}

impl Asked {
    /// Returns limit and offset of the page.
    fn part(&self) -> Result<(usize, usize), Refusal> {
        let (limit, after) = (
            self.limit.as_ref().map(text),
            self.after
                .as_ref()
                .map(text)
                .filter(|after| !after.is_empty()),
        );
        let (limit, after) = (
            number(limit.as_deref(), "limit", 10)?,
            number(after.as_deref(), "after", 0)?,
        );
        if limit > 200 {
            return Err(invalid(&format!(
                "There was a problem with the request. limit must be at most 200, but was {limit}"
            )));
        }
        if after.saturating_add(limit) > REACH {
            return Err(invalid(&format!(
                "There was a problem with the request. Paging beyond {REACH} results is not \
                 supported."
            )));
        }
        Ok((limit, after))
    }

    fn check(&self, known: &Map<String, Value>) -> Result<(), Refusal> {
        if self.filter_groups.len() > 5
            || self
                .filter_groups
                .iter()
                .any(|group| group.filters.len() > 6)
        {
            return Err(invalid(
                "There was a problem with the request. At most 5 filterGroups with 6 filters each \
                 are allowed.",
            ));
        }
        if self.sorts.len() > 1 {
            return Err(invalid(
                "There was a problem with the request. Only one sort is allowed.",
            ));
        }
        let mut filters = self.filter_groups.iter().flat_map(|group| &group.filters);
        filters
            .find_map(|filter| filter.fault(known))
            .map_or(Ok(()), |fault| Err(invalid(&fault)))
    }

    fn fits(&self, properties: &Map<String, Value>) -> bool {
        let group = |group: &Group| group.filters.iter().all(|filter| filter.fits(properties));
        let holds = |wanted: &str| {
            properties
                .values()
                .filter_map(Value::as_str)
                .any(|held| held.to_lowercase().contains(wanted))
        };
        let found = self
            .query
            .as_ref()
            .filter(|query| !query.is_empty())
            .is_none_or(|query| holds(&query.to_lowercase()));
        found && (self.filter_groups.is_empty() || self.filter_groups.iter().any(group))
    }

    /// Returns the property to sort by, and whether the order is descending.
    fn order(&self) -> Option<(String, bool)> {
        let sort = self.sorts.first()?;
        match sort.as_str() {
            Some(name) => Some((
                name.trim_start_matches('-').to_owned(),
                name.starts_with('-'),
            )),
            None => Some((
                sort["propertyName"].as_str()?.to_owned(),
                sort["direction"] == "DESCENDING",
            )),
        }
    }
}

pub(super) async fn search(
    State(system): State<Shared>,
    Path(name): Path<String>,
    body: Bytes,
) -> Answer {
    results(&system, &name, &body)
}

fn results(system: &System, name: &str, body: &Bytes) -> Answer {
    let (kind, asked): (Kind, Asked) = (kind(name)?, read(body)?);
    let (limit, after) = asked.part()?;
    if let Some(list) = list_of(kind) {
        system.before_list(list);
    }
    let state = system.state();
    let all = Record::all(&state.world, kind);
    let known = all
        .first()
        .map(|row| row.properties(&state.world))
        .unwrap_or_default();
    asked.check(&known)?;
    let with = all
        .into_iter()
        .map(|row| (row, row.properties(&state.world)));
    let mut found: Vec<_> = with
        .filter(|(_, properties)| asked.fits(properties))
        .collect();
    if let Some((name, falling)) = asked.order() {
        let value = |properties: &Map<String, Value>| {
            properties
                .get(&name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        found.sort_by(|one, other| {
            let order =
                compare(scale(&name), &value(&one.1), &value(&other.1)).unwrap_or(Ordering::Equal);
            if falling { order.reverse() } else { order }
        });
    }
    let total = found.len();
    let page: Vec<Value> = found
        .into_iter()
        .skip(after)
        .take(limit)
        .map(|(row, _)| row.shown(&state.world, &asked.properties))
        .collect();
    let mut body = json!({"total": total, "results": page});
    if after + limit < total {
        body["paging"] = json!({"next": {"after": (after + limit).to_string()}});
    }
    Ok(Json(body).into_response())
}
