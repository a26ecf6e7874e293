//! What a query can fail with. The public half crosses to the browser; the other half goes to the
//! log.

use alta_domain::ErrorCode;
use sea_orm::{DbErr, SqlErr};

/// Shorthand.
pub type Result<T> = std::result::Result<T, StoreError>;

/// Why a query failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Something the caller can be told.
    #[error("{0:?}")]
    Public(ErrorCode),
    /// The database's own words: for the log only.
    #[error(transparent)]
    Database(#[from] DbErr),
    /// A stored value that can't be read back, or a hash that can't be made: for the log only.
    #[error("{0}")]
    Broken(String),
}

impl StoreError {
    /// What the caller is told.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Public(code) => *code,
            Self::Database(_) | Self::Broken(_) => ErrorCode::Internal,
        }
    }

    /// Turns a violated unique constraint into what it means here.
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
