//! The fields that a member may edit.

use alta_domain::{ErrorCode, FieldTarget};

use crate::Store;
use crate::access::Editor;
use crate::contacts::fields;
use crate::error::Result;

/// Refuses targets that are no values of a contact, and custom fields that the organization does
/// not have.
///
/// # Errors
/// [`ErrorCode::NotFound`].
pub(super) async fn check_targets(
    store: &Store,
    editor: &Editor,
    targets: &[FieldTarget],
) -> Result<()> {
    let is_built_in = |target: &FieldTarget| matches!(target, FieldTarget::BuiltIn(_));
    if targets.iter().all(is_built_in) {
        return Ok(());
    }
    let fields = fields::all(store, editor).await?;
    let is_own = |target: &FieldTarget| match *target {
        FieldTarget::BuiltIn(_) => true,
        FieldTarget::Custom { id, kind } => fields
            .iter()
            .any(|field| field.id == id && field.kind == kind),
        FieldTarget::Consent(_) | FieldTarget::PhonePart(_) | FieldTarget::Refusal(_) => false,
    };
    if targets.iter().all(is_own) {
        return Ok(());
    }
    Err(ErrorCode::NotFound.into())
}
