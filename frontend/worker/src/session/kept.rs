//! Copies of the file in this browser: of an import under way, and of a draft.

use alta_domain::ImportId;
use alta_domain::worker::{Draft, FromWorker};

use super::{State, with};
use crate::file::size;
use crate::{answer, copy};

/// Keeps the file, or the text that a workbook became. Without room or without a place for it
/// nothing is kept, and nothing said.
pub(super) async fn keep(import: ImportId) {
    let (Some(file), is_copy, is_draft) =
        with(|state| (state.file.clone(), state.is_copy, state.is_draft))
    else {
        return;
    };
    if is_copy || copy::keep(&file, import, is_draft).await.is_ok() {
        answer(&FromWorker::Kept);
    }
}

/// Takes up the copy of an import.
pub(super) async fn restore(import: ImportId) {
    if let Ok(file) = copy::restore(import).await {
        let bytes = size(&file);
        with(|state| {
            *state = State {
                file: Some(file.into()),
                is_copy: true,
                ..State::default()
            }
        });
        answer(&FromWorker::Restored(bytes));
    }
}

/// Keeps a draft, with the file unless that is there already.
pub(super) async fn keep_draft(draft: &Draft) {
    let (Some(file), is_draft) = with(|state| (state.file.clone(), state.is_draft)) else {
        return;
    };
    // An import that ended has removed the copy.
    let has_copy = is_draft && copy::has_draft().await;
    let file = (!has_copy).then_some(&file);
    if copy::keep_draft(file, draft).await.is_ok() {
        with(|state| state.is_draft = true);
        answer(&FromWorker::DraftKept);
    }
}

/// Takes up the draft of an owner; says nothing where there is none.
pub(super) async fn find_draft(owner: &str) {
    if let Ok((draft, file)) = copy::find_draft(owner).await {
        with(|state| {
            *state = State {
                file: Some(file.into()),
                is_draft: true,
                ..State::default()
            }
        });
        answer(&FromWorker::Draft(Box::new(draft)));
    }
}
