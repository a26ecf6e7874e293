//! The audit log as a CSV.

use alta_app::api::caller::Caller;
use alta_domain::ErrorCode;
use alta_store::{Store, StoreError, audit};
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::rejects::safe;

/// Entries read at a time.
const PAGE: u64 = 5000;

/// Answers with all of it, the newest first; times in milliseconds since 1970.
pub(crate) async fn download(State(store): State<Store>, Extension(caller): Extension<Caller>) -> Response {
    match file(&store, caller).await {
        Ok(bytes) => {
            let headers = [(CONTENT_TYPE, "text/csv; charset=utf-8"), (CONTENT_DISPOSITION, "attachment; filename=\"alta-audit.csv\"")];
            (headers, bytes).into_response()
        }
        Err(error) => StatusCode::from_u16(error.code().status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response(),
    }
}

async fn file(store: &Store, caller: Caller) -> Result<Vec<u8>, StoreError> {
    let admin = caller.access.ok_or(ErrorCode::SignedOut)?.admin()?;
    let broken = |error: csv::Error| StoreError::Broken(error.to_string());
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["at", "actor", "action", "subject", "from"]).map_err(broken)?;
    let mut before = 0;
    loop {
        let entries = audit::entries(store, &admin, None, before, PAGE).await?;
        let Some(last) = entries.last() else { break };
        before = last.id;
        for entry in &entries {
            let at = entry.at.to_string();
            let cells = [&at, entry.actor.as_str(), entry.action.as_str(), &entry.subject, entry.from.as_deref().unwrap_or_default()];
            writer.write_record(cells.map(|cell| safe(cell).into_owned())).map_err(broken)?;
        }
    }
    writer.into_inner().map_err(|error| StoreError::Broken(error.to_string()))
}
