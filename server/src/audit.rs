//! The download of the audit log as CSV.

use alta_app::api::caller::Caller;
use alta_store::access::Admin;
use alta_store::{Store, audit};
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use crate::csv_file::{self, Page, SheetWriter, delimiter_of};

/// The number of entries on one page.
const PAGE_ENTRIES: usize = 5000;

/// Responds with all entries, the newest first. Times are milliseconds since 1970.
pub(crate) async fn download(
    State(store): State<Store>,
    Extension(caller): Extension<Caller>,
) -> Response {
    let admin = match csv_file::require_admin(caller) {
        Ok(admin) => admin,
        Err(status) => return status.into_response(),
    };
    csv_file::respond("alta-audit.csv", 0, move |before| {
        page(store.clone(), admin.clone(), before)
    })
    .await
}

/// Writes the entries older than the one with the id `before`. With 0 it writes the header and the
/// newest entries.
async fn page(store: Store, admin: Admin, before: i64) -> Page<i64> {
    let mut writer = SheetWriter::new(delimiter_of(admin.language()), before == 0);
    if before == 0 {
        writer.write(["at", "actor", "action", "subject", "from"])?;
    }
    let entries = audit::entries(&store, &admin, None, before, PAGE_ENTRIES as u64).await?;
    for entry in &entries {
        let at = entry.at.to_string();
        let cells = [
            at.as_str(),
            entry.actor.as_str(),
            entry.action.as_str(),
            &entry.subject,
            entry.from.as_deref().unwrap_or_default(),
        ];
        writer.write(cells)?;
    }
    let next = if entries.len() == PAGE_ENTRIES {
        entries.last().map(|entry| entry.id)
    } else {
        None
    };
    Ok((writer.finish()?, next))
}
