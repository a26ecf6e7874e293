//! The errors of the store. An error code may cross to the browser; the details of the others go to
//! the log only.

use alta_domain::{ErrorCode, Incident};
use sea_orm::{DbErr, SqlErr};

/// The result of a function of the store.
pub type Result<T> = std::result::Result<T, StoreError>;

/// An error of a function of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// An error that the caller may see.
    #[error("{0:?}")]
    Public(ErrorCode),
    /// The error of the database: for the log only.
    #[error(transparent)]
    Database(#[from] DbErr),
    /// A stored value that can't be read back, or a hash that can't be made: for the log only.
    #[error("{0}")]
    Broken(String),
}

impl StoreError {
    /// Returns the code that the caller sees: [`ErrorCode::Internal`], without a number, for all
    /// but public errors.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Public(code) => *code,
            Self::Database(_) | Self::Broken(_) => ErrorCode::Internal(Incident::default()),
        }
    }

    /// Returns the code that the caller sees. An error that is not public is logged under a new
    /// number, which the code carries.
    #[must_use]
    pub fn noted(&self) -> ErrorCode {
        match self {
            Self::Public(code) => *code,
            Self::Database(_) | Self::Broken(_) => {
                let incident = Incident::new(rand::random());
                tracing::error!(%incident, error = %self, "a request failed");
                ErrorCode::Internal(incident)
            }
        }
    }

    /// Turns the violation of a unique constraint into the code that the caller sees.
    pub(crate) fn on_taken(error: DbErr, code: ErrorCode) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Self::Public(code),
            _ => Self::Database(error),
        }
    }
}

impl From<ErrorCode> for StoreError {
    fn from(code: ErrorCode) -> Self {
        Self::Public(code)
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Broken(error.to_string())
    }
}
