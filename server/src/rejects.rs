//! The rejected rows as a CSV: the user's own columns, the reason, and what tells the row when it comes back corrected; safe to open in a
//! spreadsheet.

use std::borrow::Cow;

use alta_app::api::caller::Caller;
use alta_domain::{CORRECTION_HEAD, Correction, ErrorCode, ImportId};
use alta_store::imports::rejects;
use alta_store::{Store, StoreError};
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

/// Rows read at a time.
const PAGE: u64 = 5000;

/// Answers with the file.
pub(crate) async fn download(State(store): State<Store>, Extension(caller): Extension<Caller>, Path(id): Path<i64>) -> Response {
    match file(&store, caller, ImportId(id)).await {
        Ok(bytes) => {
            let name = format!("attachment; filename=\"alta-{id}.csv\"");
            ([(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)], bytes).into_response()
        }
        Err(error) => {
            tracing::warn!(%error, "the rejects could not be written");
            StatusCode::from_u16(error.code().status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response()
        }
    }
}

async fn file(store: &Store, caller: Caller, id: ImportId) -> Result<Vec<u8>, StoreError> {
    let access = caller.access.ok_or(ErrorCode::SignedOut)?;
    let language = access.language();
    let admin = access.admin()?;
    let broken = |error: csv::Error| StoreError::Broken(error.to_string());
    // The mark tells Excel that the accents are UTF-8.
    let mut out = "\u{feff}".as_bytes().to_vec();
    let mut behind = 0;
    let mut header = false;
    loop {
        let (plan, rows) = rejects(store, &admin, id, behind, PAGE).await?;
        let delimiter = plan.mapping.shape.delimiter.map_or(b',', alta_domain::Delimiter::byte);
        let width = plan.mapping.columns.len();
        let mut writer =
            csv::WriterBuilder::new().delimiter(delimiter).terminator(csv::Terminator::CRLF).flexible(true).from_writer(&mut out);
        if !header {
            let names = plan.mapping.columns.iter().map(|column| safe(&column.header).into_owned());
            writer.write_record(names.chain([alta_app::reason_head(language).to_owned(), CORRECTION_HEAD.to_owned()])).map_err(broken)?;
            header = true;
        }
        let Some(last) = rows.last() else { break };
        behind = last.record;
        for row in rows {
            let mut cells = row.cells;
            // Cells without a column have no place before the reason; they were named when the file was checked.
            cells.resize(width, String::new());
            let last = [alta_app::reason(language, row.code).to_owned(), Correction::mark(id, row.record)];
            writer.write_record(cells.iter().map(|cell| safe(cell).into_owned()).chain(last)).map_err(broken)?;
        }
        writer.flush().map_err(|error| StoreError::Broken(error.to_string()))?;
    }
    Ok(out)
}

/// A cell that a spreadsheet would run as a formula gets an apostrophe, which our own reading takes off again. Plain numbers and phones
/// with a sign stay as they are (OWASP, 'CSV Injection').
pub(crate) fn safe(cell: &str) -> Cow<'_, str> {
    let mut letters = cell.chars();
    let formula = match letters.next() {
        Some('=' | '@' | '\t' | '\r' | '\n') => true,
        Some('+' | '-') => !letters.all(|c| c.is_ascii_digit() || matches!(c, ' ' | '(' | ')' | '.' | ',' | '-')),
        _ => false,
    };
    if formula { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn formulas_are_disarmed_and_phones_left_alone() {
        assert_eq!(safe("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!(safe("+cmd|' /C calc'!A0"), "'+cmd|' /C calc'!A0");
        assert_eq!(safe("@SUM(1)"), "'@SUM(1)");
        assert_eq!(safe("+55 (51) 99999-9999"), "+55 (51) 99999-9999");
        assert_eq!(safe("-12.5"), "-12.5");
        assert_eq!(safe("Ana"), "Ana");
    }
}
