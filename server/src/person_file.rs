//! The download of everything that is stored about one person, as JSON.

use alta_app::api::caller::{Caller, Settings};
use alta_app::api::person::read_person;
use alta_domain::{
    CardTransaction, CardValue, ChangedPart, Channel, ContactId, EventSource, HistoryEvent,
    LegalBasis, Origin, PermissionAnswer, PersonData, SystemRecord, ValueChange,
};
use alta_store::Store;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::csv_file::{refusal, require_admin};

/// Responds with the file.
pub(crate) async fn download(
    State(store): State<Store>,
    State(settings): State<Settings>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<i64>,
) -> Response {
    let admin = match require_admin(caller) {
        Ok(admin) => admin,
        Err(status) => return status.into_response(),
    };
    let id = ContactId(id);
    let data = match read_person(&store, &admin, &settings.catalogue, id).await {
        Ok(data) => data,
        Err(error) => return refusal(&error).into_response(),
    };
    let headers = [
        (CONTENT_TYPE, "application/json; charset=utf-8".to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"alta-{id}.json\""),
        ),
    ];
    let text = format!("{:#}\n", file(&data));
    (headers, text).into_response()
}

/// Returns the content of the file.
fn file(data: &PersonData) -> Value {
    let card = &data.card;
    json!({
        "id": card.entry.id.0,
        "name": card.entry.name,
        "in_bin_since": card.deleted_at.map(time),
        "values": card.values.iter().map(value).collect::<Vec<_>>(),
        "lists": data.lists,
        "permissions": data.answers.iter().map(answer).collect::<Vec<_>>(),
        "purchases": card.transactions.iter().map(purchase).collect::<Vec<_>>(),
        "history": card.history.iter().map(event).collect::<Vec<_>>(),
        "systems": data.records.iter().map(record).collect::<Vec<_>>(),
        "rejected_records_of_imports": data.rejects,
    })
}

/// Returns a time (milliseconds since 1970) as RFC 3339 writes it.
fn time(at: i64) -> Option<String> {
    let time = Timestamp::from_millisecond(at).ok()?;
    Some(time.to_string())
}

fn origin(origin: &Origin) -> Value {
    json!({ "name": origin.name, "system": origin.system, "at": time(origin.at) })
}

fn value(value: &CardValue) -> Value {
    let field = match &value.field {
        Ok(field) => field.as_str(),
        Err(name) => name,
    };
    json!({
        "field": field,
        "value": value.value,
        "from": value.origin.as_ref().map(origin),
    })
}

fn answer((channel, answer): &(Channel, PermissionAnswer)) -> Value {
    json!({
        "channel": channel.as_str(),
        "answer": if answer.granted { "yes" } else { "no" },
        "legal_basis": answer.basis.map(LegalBasis::as_str),
        "source": answer.source,
        "at": time(answer.at),
        "import": answer.import.as_ref().map(|(_, name)| name),
        "kept_from_an_erased_contact": answer.is_of_erased,
    })
}

/// Returns a purchase. Amounts are minor units of its currency.
fn purchase(sale: &CardTransaction) -> Value {
    let item = |(quantity, name, total): &(String, String, i64)| {
        let total = *total;
        json!({ "quantity": quantity, "name": name, "total_in_minor_units": total })
    };
    json!({
        "system": sale.system,
        "number": sale.number,
        "at": time(sale.made_at),
        "status": sale.status.as_str(),
        "currency": sale.currency,
        "total_in_minor_units": sale.total,
        "items": sale.items.iter().map(item).collect::<Vec<_>>(),
    })
}

fn event(event: &HistoryEvent) -> Value {
    let (kind, name) = match &event.source {
        EventSource::Import { name, .. } => ("import", Some(name)),
        EventSource::Edit { kind, .. } => (kind.as_str(), None),
        EventSource::Note => ("permission_noted", None),
        EventSource::KeptRefusal => ("refusal_kept", None),
    };
    json!({
        "at": time(event.at),
        "by": event.by,
        "what": kind,
        "import": name,
        "created_the_contact": event.is_creation,
        "changes": event.changes.iter().map(change).collect::<Vec<_>>(),
    })
}

fn change(change: &ValueChange) -> Value {
    let part = match &change.part {
        ChangedPart::Field(field) => field.as_str().to_owned(),
        ChangedPart::Custom(name) => name.clone(),
        ChangedPart::Permission(channel, granted) => {
            let answer = if *granted { "yes" } else { "no" };
            format!("permission_{}_{answer}", channel.as_str())
        }
        ChangedPart::List(name) => format!("list:{name}"),
        ChangedPart::Bin(true) => "moved_to_bin".to_owned(),
        ChangedPart::Bin(false) => "taken_out_of_bin".to_owned(),
    };
    json!({ "part": part, "before": change.before, "after": change.after })
}

fn record(record: &SystemRecord) -> Value {
    let raw: Value =
        serde_json::from_str(&record.raw).unwrap_or_else(|_| Value::String(record.raw.clone()));
    json!({
        "system": record.system,
        "account": record.account,
        "id": record.id,
        "record": raw,
    })
}
