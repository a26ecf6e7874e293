//! Responses that are CSV files. They are written page by page while they are sent, so that the
//! server holds one page of a file of any length.

use std::borrow::Cow;
use std::future::{Future, ready};

use alta_app::api::caller::Caller;
use alta_domain::ErrorCode;
use alta_store::StoreError;
use alta_store::access::{Account, Admin};
use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use futures_util::stream::{once, try_unfold};

/// The bytes of a page, and the start of the next page, or `None` after the last.
pub(crate) type Page<P> = Result<(Vec<u8>, Option<P>), StoreError>;

/// Responds with a file made of pages. The first page is written before the response begins: its
/// error becomes the status. The error of a later page cuts the response off, which browsers show
/// as a failed download.
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

/// Returns the proof that the caller is an Admin, or the status of the refusal.
pub(crate) fn require_admin(caller: Caller) -> Result<Admin, StatusCode> {
    caller
        .account
        .ok_or_else(|| ErrorCode::SignedOut.into())
        .and_then(Account::admin)
        .map_err(|error| refusal(&error))
}

/// Logs the error of a download and returns its status.
fn refusal(error: &StoreError) -> StatusCode {
    tracing::warn!(%error, "a file could not be written");
    alta_app::status(error.code())
}

/// Converts an error of writing a record; it goes to the log only.
pub(crate) fn broken(error: impl std::fmt::Display) -> StoreError {
    StoreError::Broken(error.to_string())
}

/// Puts an apostrophe before a cell that a spreadsheet would run as a formula; the import removes
/// it again. Numbers and phones with a sign stay as they are (OWASP, 'CSV Injection').
pub(crate) fn escape_formula(cell: &str) -> Cow<'_, str> {
    let mut letters = cell.chars();
    let formula = match letters.next() {
        Some('=' | '@' | '\t' | '\r' | '\n') => true,
        Some('+' | '-') => {
            !letters.all(|c| c.is_ascii_digit() || matches!(c, ' ' | '(' | ')' | '.' | ',' | '-'))
        }
        _ => false,
    };
    if formula {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::escape_formula as safe;

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
