//! Answers requests to VTEX's Master Data v1: clients (`CL`) and their addresses (`AD`), by scroll
//! or by search.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::{SCROLL, filter, records, refused};
use crate::answers::{Answer, Refusal};
use crate::json::only;
use crate::query::{Given, Parameters, fitting};
use crate::system::{Shared, System};
use crate::world::List;

const TOKEN: HeaderName = HeaderName::from_static("x-vtex-md-token");
const RANGE: HeaderName = HeaderName::from_static("rest-content-range");

/// The fields that are returned when a request names none.
const BARE: &str = "id,accountId,accountName,dataEntityId";

/// The most documents that a search finds. More of them need a scroll.
const MOST_FOUND: usize = 10_000;

/// Returns all documents of an entity. `None` for an unknown entity.
fn documents(system: &System, entity: &str) -> Option<Vec<Value>> {
    let state = system.state();
    let people = state.world.people.iter();
    match entity {
        "CL" => Some(people.map(records::client).collect()),
        "AD" => Some(
            people
                .filter(|person| !person.address.street.is_empty())
                .map(records::address)
                .collect(),
        ),
        _ => None,
    }
}

/// Returns the documents that fit, in the order asked for, with the fields asked for.
fn found(system: &System, entity: &str, given: &Parameters) -> Result<Vec<Value>, Refusal> {
    let all = documents(system, entity);
    let mut rows = all.ok_or_else(|| refused(StatusCode::NOT_FOUND, "Data entity not found"))?;
    let invalid = || Refusal::from(refused(StatusCode::BAD_REQUEST, "Invalid query"));
    if let Some(text) = given.text("_where") {
        let filter = filter::parse(text).ok_or_else(invalid)?;
        rows = fitting(rows, |row| filter.fits(row)).ok_or_else(invalid)?;
    }
    if let Some(text) = given.text("_sort") {
        let (field, direction) = text.trim().split_once(' ').unwrap_or((text.trim(), "ASC"));
        if rows.first().is_some_and(|row| row.get(field).is_none()) {
            return Err(invalid());
        }
        rows.sort_by_key(|row| row[field].as_str().map(str::to_owned));
        match direction.to_ascii_uppercase().as_str() {
            "ASC" => {}
            "DESC" => rows.reverse(),
            _ => return Err(invalid()),
        }
    }
    let fields = given.text("_fields").unwrap_or(BARE);
    Ok(rows.into_iter().map(|row| chosen(row, fields)).collect())
}

/// Keeps only these fields of a document. `_all` means every field.
fn chosen(row: Value, fields: &str) -> Value {
    let names: Vec<&str> = fields.split(',').map(str::trim).collect();
    only(row, |name| names.contains(&"_all") || names.contains(&name))
}

/// Answers with one part after another of all documents. After the first part only the token
/// counts.
pub(super) async fn scroll(
    State(system): State<Shared>,
    Path(entity): Path<String>,
    Query(given): Given,
) -> Answer {
    system.called(&format!("{entity} scroll"));
    let token = if let Some(token) = given.text("_token") {
        token.to_owned()
    } else {
        system.before_list(List::Contacts);
        let Some(size) = given
            .number_or("_size", 100)
            .filter(|size| (1..=1000).contains(size))
        else {
            return Err(refused(
                StatusCode::BAD_REQUEST,
                "The maximum value of _size is 1000",
            )
            .into());
        };
        let rows = found(&system, &entity, &given)?;
        system.state().scrolls.open(rows, size, SCROLL)
    };
    let part = system.state().scrolls.next(&token);
    let (Some(rows), Ok(value)) = (part, HeaderValue::from_str(&token)) else {
        return Err(refused(StatusCode::BAD_REQUEST, "Invalid or expired scroll token").into());
    };
    Ok(([(TOKEN, value)], Json(rows)).into_response())
}

/// Answers with a range of at most a hundred documents. The end of the range is not included.
pub(super) async fn search(
    State(system): State<Shared>,
    Path(entity): Path<String>,
    headers: HeaderMap,
    Query(given): Given,
) -> Answer {
    system.called(&format!("{entity} search"));
    let range = headers
        .get("rest-range")
        .map_or(Ok("resources=0-15"), HeaderValue::to_str);
    let ends = range
        .ok()
        .and_then(|range| range.trim().strip_prefix("resources=")?.split_once('-'));
    let ends = ends.and_then(|(from, until)| {
        Some((from.parse::<usize>().ok()?, until.parse::<usize>().ok()?))
    });
    let Some((from, until)) = ends.filter(|(from, until)| from <= until && until - from <= 100)
    else {
        return Err(refused(StatusCode::BAD_REQUEST, "Invalid REST-Range").into());
    };
    if until > MOST_FOUND {
        return Err(refused(
            StatusCode::BAD_REQUEST,
            "Use scroll to read more than 10000 documents",
        )
        .into());
    }
    system.before_list(List::Contacts);
    let rows = found(&system, &entity, &given)?;
    let range = HeaderValue::from_str(&format!("resources {from}-{until}/{}", rows.len()));
    let part: Vec<Value> = rows.into_iter().skip(from).take(until - from).collect();
    let mut response = Json(part).into_response();
    if let Ok(range) = range {
        response.headers_mut().insert(RANGE, range);
    }
    Ok(response)
}

/// Answers with one document by its id.
pub(super) async fn document(
    State(system): State<Shared>,
    Path((entity, id)): Path<(String, String)>,
    Query(given): Given,
) -> Response {
    system.called(&format!("{entity} document"));
    let row = documents(&system, &entity)
        .into_iter()
        .flatten()
        .find(|row| row["id"] == *id);
    match row {
        Some(row) => Json(chosen(row, given.text("_fields").unwrap_or(BARE))).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
