//! The rejected rows as a CSV: the user's own columns, the reason, and what tells the row when it
//! comes back corrected; safe to open in a spreadsheet.

use alta_app::api::caller::Caller;
use alta_domain::{CORRECTION_HEAD, Correction, ImportId};
use alta_store::Store;
use alta_store::access::Admin;
use alta_store::imports::rejects;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use crate::csv_file::{self, Page, broken, safe};

/// Rows in a page.
const ROWS: usize = 5000;

/// Answers with the file.
pub(crate) async fn download(
    State(store): State<Store>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<i64>,
) -> Response {
    let admin = match csv_file::admin(caller) {
        Ok(admin) => admin,
        Err(status) => return status.into_response(),
    };
    let page = move |behind| page(store.clone(), admin.clone(), ImportId(id), behind);
    csv_file::answer(&format!("alta-{id}.csv"), 0, page).await
}

/// The rows behind a record; in front of the first ones the mark that tells Excel that the accents
/// are UTF-8, and the header.
async fn page(store: Store, admin: Admin, id: ImportId, behind: u32) -> Page<u32> {
    let language = admin.language();
    let (plan, rows) = rejects(&store, &admin, id, behind, ROWS as u64).await?;
    let delimiter = plan
        .mapping
        .shape
        .delimiter
        .map_or(b',', alta_domain::Delimiter::byte);
    let width = plan.mapping.columns.len();
    let out = if behind == 0 {
        "\u{feff}".as_bytes().to_vec()
    } else {
        Vec::new()
    };
    let mut writer = csv::WriterBuilder::new()
        .delimiter(delimiter)
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .from_writer(out);
    if behind == 0 {
        let names = plan
            .mapping
            .columns
            .iter()
            .map(|column| safe(&column.header).into_owned());
        writer
            .write_record(names.chain([
                alta_app::reason_head(language).to_owned(),
                CORRECTION_HEAD.to_owned(),
            ]))
            .map_err(broken)?;
    }
    let next = if rows.len() == ROWS {
        rows.last().map(|row| row.record)
    } else {
        None
    };
    for row in rows {
        let mut cells = row.cells;
        // Cells without a column have no place before the reason; they were named when the file was
        // checked.
        cells.resize(width, String::new());
        let last = [
            alta_app::reason(language, row.code).to_owned(),
            Correction::mark(id, row.record),
        ];
        writer
            .write_record(cells.iter().map(|cell| safe(cell).into_owned()).chain(last))
            .map_err(broken)?;
    }
    Ok((writer.into_inner().map_err(broken)?, next))
}
