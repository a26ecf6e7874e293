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

use crate::csv_file::{self, Page, broken, escape_formula};

/// Rows of one page.
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

/// Writes the rejected rows after the record `after`. With 0 it writes first the BOM, by which
/// Excel recognizes UTF-8, and the header.
pub(crate) async fn page(store: Store, admin: Admin, id: ImportId, after: u32) -> Page<u32> {
    let language = admin.language();
    let (plan, rows) = rejects(&store, &admin, id, after, PAGE_ROWS as u64).await?;
    let delimiter = plan
        .mapping
        .shape
        .delimiter
        .map_or(b',', alta_domain::Delimiter::byte);
    let width = plan.mapping.columns.len();
    let out = if after == 0 {
        "\u{feff}".as_bytes().to_vec()
    } else {
        Vec::new()
    };
    let mut writer = csv::WriterBuilder::new()
        .delimiter(delimiter)
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .from_writer(out);
    if after == 0 {
        let names = plan
            .mapping
            .columns
            .iter()
            .map(|column| escape_formula(&column.header).into_owned());
        writer
            .write_record(names.chain([
                alta_app::reason_head(language).to_owned(),
                CORRECTION_HEAD.to_owned(),
            ]))
            .map_err(broken)?;
    }
    let next = if rows.len() == PAGE_ROWS {
        rows.last().map(|row| row.record)
    } else {
        None
    };
    for row in rows {
        let mut cells = row.cells;
        // The reason stands in the column after the last one. Cells beyond the columns are left
        // out; the check of the file reported them.
        cells.resize(width, String::new());
        let last = [
            alta_app::reason(language, row.code).to_owned(),
            Correction::mark(id, row.record),
        ];
        writer
            .write_record(
                cells
                    .iter()
                    .map(|cell| escape_formula(cell).into_owned())
                    .chain(last),
            )
            .map_err(broken)?;
    }
    Ok((writer.into_inner().map_err(broken)?, next))
}
