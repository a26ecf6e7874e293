//! The error of every server function.

use alta_domain::ErrorCode;

use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};
use server_fn::codec::PostcardEncoding;

/// What the browser is told: a code that the screen has words for. On the way out of the server it
/// also sets the HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppError {
    /// What happened.
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
        let code = match &error {
            ServerFnErrorErr::Request(_) => ErrorCode::Unreachable,
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => ErrorCode::Missing,
            _ => ErrorCode::Internal,
        };
        code.into()
    }
}

#[cfg(feature = "ssr")]
impl From<alta_store::StoreError> for AppError {
    fn from(error: alta_store::StoreError) -> Self {
        let code = error.code();
        if code == ErrorCode::Internal {
            tracing::error!(%error, "a request failed");
        }
        // A form sent by the browser itself goes back to its page with the reason; another status
        // would keep it from following.
        if !super::caller::is_form()
            && let Some(response) = leptos::prelude::use_context::<leptos_axum::ResponseOptions>()
            && let Ok(status) = http::StatusCode::from_u16(code.status())
        {
            response.set_status(status);
        }
        code.into()
    }
}
