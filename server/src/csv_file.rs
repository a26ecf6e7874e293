//! Responses that are CSV files. A file is written page by page while it is sent, so the server
//! holds only one page of a file of any length.

use std::future::{Future, ready};

use alta_app::api::caller::Caller;
use alta_domain::{ErrorCode, Language};
use alta_intake::protect;
use alta_store::StoreError;
use alta_store::access::{Account, Admin};
use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use futures_util::stream::{once, try_unfold};

/// The byte order mark.
const BOM: &str = "\u{feff}";

/// The bytes of a page, and the start of the next page (`None` after the last page).
pub(crate) type Page<P> = Result<(Vec<u8>, Option<P>), StoreError>;

/// Responds with a file made of pages. The first page is written before the response begins, so
/// that its error becomes the status. The error of a later page cuts the response off, which
/// browsers show as a failed download.
pub(crate) async fn respond<P, F>(
    name: &str,
    start: P,
    page: impl Fn(P) -> F + Send + 'static,
) -> Response
where
    P: Send + 'static,
    F: Future<Output = Page<P>> + Send + 'static,
{
    let (first, next) = match page(start).await {
        Ok(written) => written,
        Err(error) => return refusal(&error).into_response(),
    };
    let rest = try_unfold((next, page), |(start, page)| async move {
        let Some(start) = start else { return Ok(None) };
        let written = page(start)
            .await
            .inspect_err(|error| tracing::error!(%error, "a file broke off"));
        written.map(|(bytes, next)| Some((bytes, (next, page))))
    });
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    (
        headers,
        Body::from_stream(once(ready(Ok(first))).chain(rest)),
    )
        .into_response()
}

/// A refusal: its status and a text, which is empty except for an internal failure of the server.
type Refusal = (StatusCode, String);

/// Returns the proof that the caller is an Admin, or the refusal.
pub(crate) fn require_admin(caller: Caller) -> Result<Admin, Refusal> {
    caller
        .account
        .ok_or_else(|| ErrorCode::SignedOut.into())
        .and_then(Account::admin)
        .map_err(|error| refusal(&error))
}

/// Logs the error of a download and returns the refusal.
pub(crate) fn refusal(error: &StoreError) -> Refusal {
    let code = error.noted();
    let text = if let ErrorCode::Internal(incident) = code {
        format!("The file could not be written. The server's log has it as {incident}.\n")
    } else {
        tracing::warn!(%error, "a file was refused");
        String::new()
    };
    (alta_app::status(code), text)
}

/// A CSV file for spreadsheets: no cell runs as a formula, however the file is split into cells,
/// and lines end as Excel writes them.
pub(crate) struct SheetWriter {
    writer: csv::Writer<Vec<u8>>,
}

impl SheetWriter {
    /// Begins a page of the file. The first page begins with the BOM, by which Excel recognizes
    /// UTF-8.
    pub(crate) fn new(delimiter: u8, is_first: bool) -> Self {
        let out = if is_first { BOM } else { "" };
        let writer = csv::WriterBuilder::new()
            .delimiter(delimiter)
            .terminator(csv::Terminator::CRLF)
            .flexible(true)
            .from_writer(out.as_bytes().to_vec());
        Self { writer }
    }

    /// Writes a line.
    pub(crate) fn write<'a>(
        &mut self,
        cells: impl IntoIterator<Item = &'a str>,
    ) -> Result<(), StoreError> {
        let safe = cells.into_iter().map(protect);
        let record: csv::StringRecord = safe.collect();
        self.writer.write_record(&record).map_err(broken)
    }

    /// Ends the page.
    pub(crate) fn finish(self) -> Result<Vec<u8>, StoreError> {
        self.writer.into_inner().map_err(broken)
    }
}

/// Converts an error of writing a record, which only the log shows.
fn broken(error: impl std::fmt::Display) -> StoreError {
    StoreError::Broken(error.to_string())
}

/// Returns the delimiter that spreadsheets of a language expect. Excel uses the list separator of
/// the machine's region, which is the semicolon where the comma separates decimals.
pub(crate) fn delimiter_of(language: Language) -> u8 {
    match language {
        Language::Spanish | Language::Portuguese => b';',
        Language::English => b',',
    }
}
