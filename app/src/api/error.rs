//! The error type of server functions.

use alta_domain::ErrorCode;

use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};
use server_fn::codec::PostcardEncoding;

/// The error that a server function answers with. [`crate::errors`] holds, for each code, the text
/// on the screen and the HTTP status of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppError {
    /// The reason of the failure.
    pub code: ErrorCode,
}

impl From<ErrorCode> for AppError {
    fn from(code: ErrorCode) -> Self {
        Self { code }
    }
}

impl FromServerFnError for AppError {
    type Encoder = PostcardEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        #[cfg(feature = "ssr")]
        if let Some(refused) = refuse_malformed(&error) {
            return refused;
        }
        #[cfg(feature = "ssr")]
        let internal = || alta_store::StoreError::Broken(error.to_string()).noted();
        #[cfg(not(feature = "ssr"))]
        let internal = || ErrorCode::Internal(alta_domain::Incident::default());
        let code = match &error {
            ServerFnErrorErr::Request(_) => ErrorCode::Unreachable,
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => ErrorCode::Missing,
            _ => internal(),
        };
        code.into()
    }
}

/// Returns the error of a call whose arguments can't be read, and sets the status 400, or 413 when
/// the body was too large. Returns `None` for every other error.
#[cfg(feature = "ssr")]
fn refuse_malformed(error: &ServerFnErrorErr) -> Option<AppError> {
    use ServerFnErrorErr as E;
    let (E::Args(text) | E::MissingArg(text) | E::Deserialization(text)) = error else {
        return None;
    };
    let is_too_large = text.contains("length limit");
    let (code, status) = if is_too_large {
        (ErrorCode::TooLarge, http::StatusCode::PAYLOAD_TOO_LARGE)
    } else {
        (ErrorCode::Missing, http::StatusCode::BAD_REQUEST)
    };
    if !super::caller::is_form()
        && let Some(response) = leptos::prelude::use_context::<leptos_axum::ResponseOptions>()
    {
        response.set_status(status);
    }
    Some(code.into())
}

#[cfg(feature = "ssr")]
impl From<alta_store::StoreError> for AppError {
    fn from(error: alta_store::StoreError) -> Self {
        let code = error.noted();
        // A form that the browser sent itself is redirected to its page with the reason; the
        // browser does not follow a redirect with this status.
        if !super::caller::is_form()
            && let Some(response) = leptos::prelude::use_context::<leptos_axum::ResponseOptions>()
        {
            response.set_status(crate::errors::status(code));
        }
        code.into()
    }
}
