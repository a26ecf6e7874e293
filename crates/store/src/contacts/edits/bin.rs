//! The bin: contacts that a member has deleted. Their values, keys and answers about permission
//! stay. A contact comes out of the bin by hand, or when an import finds it again.

use alta_domain::{ContactId, EditKind, ErrorCode};

use super::log::Edit;
use crate::Store;
use crate::access::Editor;
use crate::error::Result;

/// Moves a contact to the bin.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the organization has no such contact, or it is in the bin already.
pub async fn delete(store: &Store, editor: &Editor, id: ContactId) -> Result<()> {
    let mut edit = Edit::begin(store, editor, id, EditKind::Deleted).await?;
    let at = edit.at();
    let state = edit.people.get_mut(id.0).ok_or(ErrorCode::NotFound)?;
    if state.row.deleted_at.is_some() {
        return Err(ErrorCode::NotFound.into());
    }
    state.delete(at);
    edit.commit().await
}

/// Takes a contact out of the bin.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the contact is not in the organization's bin.
pub async fn restore(store: &Store, editor: &Editor, id: ContactId) -> Result<()> {
    let mut edit = Edit::begin(store, editor, id, EditKind::Restored).await?;
    if !edit.people.restore(id.0) {
        return Err(ErrorCode::NotFound.into());
    }
    edit.commit().await
}
