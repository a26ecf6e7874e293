//! A CSV that is written page by page while it is sent: however long it is, the server holds one
//! page.

use std::borrow::Cow;
use std::future::{Future, ready};

use alta_app::api::caller::Caller;
use alta_domain::ErrorCode;
use alta_store::StoreError;
use alta_store::access::{Access, Admin};
use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use futures_util::stream::{once, try_unfold};

/// A page of a file, and where the next one begins; none behind the last.
pub(crate) type Page<P> = Result<(Vec<u8>, Option<P>), StoreError>;

/// Answers with a file made of pages. The first is made before the answer begins, so that it can
/// still be refused; one that fails later breaks the answer off, which a browser takes for a failed
/// download.
pub(crate) async fn answer<P, F>(
    name: &str,
    start: P,
    page: impl Fn(P) -> F + Send + 'static,
) -> Response
where
    P: Send + 'static,
    F: Future<Output = Page<P>> + Send + 'static,
{
    let (first, place) = match page(start).await {
        Ok(made) => made,
        Err(error) => return refusal(&error).into_response(),
    };
    let rest = try_unfold((place, page), |(place, page)| async move {
        let Some(place) = place else { return Ok(None) };
        let made = page(place)
            .await
            .inspect_err(|error| tracing::error!(%error, "a file broke off"));
        made.map(|(bytes, place)| Some((bytes, (place, page))))
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

/// The proof that whoever asks for a file is an Admin, or the status of the answer.
pub(crate) fn admin(caller: Caller) -> Result<Admin, StatusCode> {
    caller
        .access
        .ok_or_else(|| ErrorCode::SignedOut.into())
        .and_then(Access::admin)
        .map_err(|error| refusal(&error))
}

/// The status of a file that is not given out.
fn refusal(error: &StoreError) -> StatusCode {
    tracing::warn!(%error, "a file could not be written");
    alta_app::status(error.code())
}

/// What went wrong with a record, for the log.
pub(crate) fn broken(error: impl std::fmt::Display) -> StoreError {
    StoreError::Broken(error.to_string())
}

/// A cell that a spreadsheet would run as a formula gets an apostrophe, which our own reading takes
/// off again. Plain numbers and phones with a sign stay as they are (OWASP, 'CSV Injection').
pub(crate) fn safe(cell: &str) -> Cow<'_, str> {
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
