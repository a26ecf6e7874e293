//! Reads the fault that a run or a connection was stored with.

use alta_domain::{FaultKind, FaultNote};

use crate::error::{Result, StoreError};

/// Reads a fault from its two columns. `row` names the row in the error of a broken value.
///
/// # Errors
/// [`StoreError::Broken`] when the kind is not a [`FaultKind`].
pub(super) fn fault_note(
    row: &str,
    kind: Option<&str>,
    message: Option<String>,
) -> Result<Option<FaultNote>> {
    let Some(word) = kind else { return Ok(None) };
    let kind = FaultKind::parse(word)
        .ok_or_else(|| StoreError::Broken(format!("{row}: unknown fault {word:?}")))?;
    Ok(Some(FaultNote {
        kind,
        // Null where the system gave no text.
        message: message.unwrap_or_default(),
        remedy: None,
    }))
}
