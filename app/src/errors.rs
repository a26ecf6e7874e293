//! The public errors in one table: each code with its HTTP status and its text.
//!
//! A server function fails with [`AppError`](crate::api::AppError), which carries a code. The
//! server's answer has the status, and the reader sees the text. [`ErrorCode`] documents the
//! meaning of each code. A code that has no line here does not compile.

use alta_domain::ErrorCode;

use crate::texts::Text;

macro_rules! errors {
    ($($code:ident $(($payload:expr))? => $status:ident, $group:ident.$key:ident;)*) => {
        /// Returns the HTTP status that goes with a code.
        #[cfg(feature = "ssr")]
        #[must_use]
        pub fn status(code: ErrorCode) -> http::StatusCode {
            match code {
                $(ErrorCode::$code { .. } => http::StatusCode::$status,)*
            }
        }

        /// Returns the text that says what happened, and what to do.
        pub(crate) fn text(code: ErrorCode) -> Text {
            match code {
                $(ErrorCode::$code { .. } => crate::texts::$group::$key,)*
            }
        }

        /// All codes, each with the name of its text.
        #[cfg(all(test, feature = "ssr"))]
        const TABLE: &[(ErrorCode, &str)] =
            &[$((ErrorCode::$code $(($payload))?, stringify!($key))),*];
    };
}

errors! {
    SignedOut => UNAUTHORIZED, error.signed_out;
    Forbidden => FORBIDDEN, error.forbidden;
    BadCredentials => UNAUTHORIZED, error.bad_credentials;
    TooManyTries => TOO_MANY_REQUESTS, error.too_many_tries;
    TooManyChanges => TOO_MANY_REQUESTS, error.too_many_changes;
    TooManyInvitations => TOO_MANY_REQUESTS, error.too_many_invitations;
    BadSetupLink => FORBIDDEN, error.bad_setup_link;
    Missing => UNPROCESSABLE_ENTITY, error.missing;
    InvalidEmail => UNPROCESSABLE_ENTITY, error.invalid_email;
    InvalidPassword => UNPROCESSABLE_ENTITY, error.invalid_password;
    TooLong => UNPROCESSABLE_ENTITY, error.too_long;
    NameTaken => CONFLICT, error.name_taken;
    NotFound => NOT_FOUND, error.not_found;
    BadBatch => CONFLICT, error.bad_batch;
    BadPlan => UNPROCESSABLE_ENTITY, error.bad_plan;
    TooManyDecisions => UNPROCESSABLE_ENTITY, error.too_many_decisions;
    UndoUnderWay => CONFLICT, error.undo_under_way;
    CannotUndo => CONFLICT, error.cannot_undo;
    RejectsGone => GONE, error.rejects_gone;
    TooLarge => PAYLOAD_TOO_LARGE, error.too_large;
    Internal(alta_domain::Incident::NONE) => INTERNAL_SERVER_ERROR, error.internal;
    Unreachable => SERVICE_UNAVAILABLE, error.unreachable;
    LastAdmin => CONFLICT, error.last_admin;
    BadLink => FORBIDDEN, error.bad_link;
    CommonPassword => UNPROCESSABLE_ENTITY, error.common_password;
    NoMail => SERVICE_UNAVAILABLE, error.no_mail;
    BadCode => UNAUTHORIZED, error.bad_code;
    SecondFactorNeeded => FORBIDDEN, error.second_factor_needed;
    SignOnFailed => BAD_GATEWAY, error.sign_on_failed;
    NoAccount => FORBIDDEN, error.no_account;
    BadPasskey => UNAUTHORIZED, error.bad_passkey;
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::{TABLE, status};

    #[test]
    fn a_code_has_the_status_of_an_error_and_the_text_of_its_name() {
        for (code, text) in TABLE {
            let status = status(*code);
            assert!(
                status.is_client_error() || status.is_server_error(),
                "{code:?}"
            );
            let name = match serde_json::to_value(code).unwrap() {
                serde_json::Value::Object(name_and_number) => {
                    name_and_number.keys().next().unwrap().clone()
                }
                name => name.as_str().unwrap().to_owned(),
            };
            assert_eq!(&name, text);
        }
    }
}
