//! The associations between HubSpot's objects.

use axum::body::Bytes;
use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::records::{Kind, Record};
use super::{Input, complete, invalid, kind, read};
use crate::answers::Answer;
use crate::system::{Shared, System};
use crate::world::World;

/// The most objects of one batch.
const BATCH: usize = 1000;

/// Returns the ids of the objects of one kind that belong to an object of another kind.
fn related(world: &World, from: Kind, id: u64, to: Kind) -> Vec<u64> {
    let deal = |id| world.sale(id);
    match (from, to) {
        (Kind::Deal, Kind::Contact) => deal(id).and_then(|sale| sale.contact).into_iter().collect(),
        (Kind::Deal, Kind::LineItem) => deal(id)
            .into_iter()
            .flat_map(|sale| &sale.items)
            .map(|item| item.id)
            .collect(),
        (Kind::Contact, Kind::Deal) => world
            .sales
            .iter()
            .filter(|sale| sale.contact == Some(id))
            .map(|sale| sale.id)
            .collect(),
        (Kind::LineItem, Kind::Deal) => world
            .sales
            .iter()
            .filter(|sale| sale.items.iter().any(|item| item.id == id))
            .map(|sale| sale.id)
            .collect(),
        _ => Vec::new(),
    }
}

/// Returns HubSpot's number for a type of association that HubSpot itself defines.
fn type_id(from: Kind, to: Kind) -> u64 {
    match (from, to) {
        (Kind::Deal, Kind::Contact) => 3,
        (Kind::Contact, Kind::Deal) => 4,
        (Kind::Deal, _) => 19,
        _ => 20,
    }
}

fn word(from: Kind, to: Kind) -> String {
    format!("{}_to_{}", from.word(), to.word())
}

/// Returns a record with the objects that belong to it. A kind without such objects is left out.
pub(super) fn with(
    world: &World,
    row: Record<'_>,
    partners: &[Kind],
    properties: &[String],
) -> Value {
    let mut shown = row.shown(world, properties);
    for to in partners {
        let found = related(world, row.kind(), row.id(), *to);
        let results: Vec<Value> = found
            .iter()
            .map(|id| json!({"id": id.to_string(), "type": word(row.kind(), *to)}))
            .collect();
        if !results.is_empty() {
            shown["associations"][to.key()] = json!({"results": results});
        }
    }
    shown
}

#[derive(Deserialize)]
struct Batch {
    inputs: Vec<Input>,
}

type Ends = Path<(String, String)>;

/// Answers a batch in v3: types are names.
pub(super) async fn batch_v3(
    State(system): State<Shared>,
    Path((from, to)): Ends,
    body: Bytes,
) -> Answer {
    batch(
        &system,
        &from,
        &to,
        &body,
        |from, to, id| json!({"id": id.to_string(), "type": word(from, to)}),
    )
}

/// Answers a batch in v4: types and ids are numbers.
pub(super) async fn batch_v4(
    State(system): State<Shared>,
    Path((from, to)): Ends,
    body: Bytes,
) -> Answer {
    let target = |from, to, id| {
        let kinds =
            json!([{"category": "HUBSPOT_DEFINED", "typeId": type_id(from, to), "label": null}]);
        json!({"toObjectId": id, "associationTypes": kinds})
    };
    batch(&system, &from, &to, &body, target)
}

fn batch(
    system: &System,
    from: &str,
    to: &str,
    body: &Bytes,
    target: impl Fn(Kind, Kind, u64) -> Value,
) -> Answer {
    let (from, to, Batch { inputs }) = (kind(from)?, kind(to)?, read(body)?);
    if inputs.len() > BATCH {
        return Err(invalid(&format!(
            "The maximum batch size is {BATCH}, but {} inputs were sent.",
            inputs.len()
        )));
    }
    let state = system.state();
    let (mut results, mut errors) = (Vec::new(), Vec::new());
    for input in inputs {
        let found = input
            .number()
            .map(|id| related(&state.world, from, id, to))
            .unwrap_or_default();
        if found.is_empty() {
            errors.push(nothing(from, to, &input.text()));
            continue;
        }
        let targets: Vec<Value> = found.into_iter().map(|id| target(from, to, id)).collect();
        results.push(json!({"from": {"id": input.text()}, "to": targets}));
    }
    Ok(complete(&results, errors))
}

/// Returns the error for an object without associations, which HubSpot counts as an error.
fn nothing(from: Kind, to: Kind, id: &str) -> Value {
    json!({
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
        "message": format!("No {} is associated with {} {id}.", to.word(), from.word()),
        "context": {"fromObjectId": [id], "fromObjectType": [from.word()],
            "toObjectType": [to.word()]},
    })
}
