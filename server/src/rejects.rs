//! The download of an import's rejected rows as CSV: the columns of the file, the reason, and a
//! mark that identifies the row when a corrected file is imported. No cell runs as a formula.

use alta_app::api::caller::Caller;
use alta_domain::{CORRECTION_HEAD, Correction, ImportId};
use alta_store::Store;
use alta_store::access::Admin;
use alta_store::imports::rejects;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use crate::csv_file::{self, Page, SheetWriter};

/// The number of rows on one page.
const PAGE_ROWS: usize = 5000;

/// Responds with the rejected rows of an import.
pub(crate) async fn download(
    State(store): State<Store>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<i64>,
) -> Response {
    let admin = match csv_file::require_admin(caller) {
        Ok(admin) => admin,
        Err(status) => return status.into_response(),
    };
    let page = move |after| page(store.clone(), admin.clone(), ImportId(id), after);
    csv_file::respond(&format!("alta-{id}.csv"), 0, page).await
}

/// Writes the rejected rows after the record `after`. With 0 it writes the header first.
pub(crate) async fn page(store: Store, admin: Admin, id: ImportId, after: u32) -> Page<u32> {
    let language = admin.language();
    let (plan, rows) = rejects(&store, &admin, id, after, PAGE_ROWS as u64).await?;
    let delimiter = plan
        .mapping
        .shape
        .delimiter
        .map_or(b',', alta_domain::Delimiter::byte);
    let width = plan.mapping.columns.len();
    let mut writer = SheetWriter::new(delimiter, after == 0);
    if after == 0 {
        let columns = plan.mapping.columns.iter();
        let names = columns.map(|column| column.header.as_str());
        writer.write(names.chain([alta_app::reason_head(language), CORRECTION_HEAD]))?;
    }
    let next = if rows.len() == PAGE_ROWS {
        rows.last().map(|row| row.record)
    } else {
        None
    };
    for row in rows {
        let mut cells = row.cells;
        // The reason is in the column after the last one. Cells beyond the columns are left out,
        // because the check of the file reported them.
        cells.resize(width, String::new());
        let mark = Correction::mark(id, row.record);
        let last = [alta_app::reason(language, row.code), &mark];
        writer.write(cells.iter().map(String::as_str).chain(last))?;
    }
    Ok((writer.finish()?, next))
}
