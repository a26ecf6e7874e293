//! Copies of the file in this browser: of an import that has begun, and of a draft.

use std::cell::RefCell;

use alta_domain::ImportId;
use alta_domain::worker::{Draft, FromWorker, ToWorker};

use super::{State, with};
use crate::file::size;
use crate::{answer, copy};

/// Carries out a message about copies, and ignores any other message.
pub(super) async fn handle(message: ToWorker) {
    match message {
        ToWorker::Keep(import) => keep(import).await,
        ToWorker::Restore(import) => restore(import).await,
        ToWorker::KeepDraft(draft) => keep_draft(draft).await,
        ToWorker::FindDraft(owner) => find_draft(&owner).await,
        _ => {}
    }
}

/// Stores the open file, or the text made from a workbook. When the browser has no room or no file
/// system, nothing is stored and no answer is sent.
async fn keep(import: ImportId) {
    let (Some(file), is_copy, is_draft) =
        with(|state| (state.file.clone(), state.is_copy, state.is_draft))
    else {
        return;
    };
    if is_copy || copy::keep(&file, import, is_draft).await.is_ok() {
        answer(&FromWorker::Kept);
    }
}

/// Opens the copy of an import.
async fn restore(import: ImportId) {
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

thread_local! {
    /// The draft that is stored next, and true while another is being stored. A draft carries its
    /// own file, because another one may be opened meanwhile.
    static NEXT_DRAFT: RefCell<(Option<Box<Draft>>, bool)> = const { RefCell::new((None, false)) };
}

/// Stores a draft, and its file unless a copy of it exists. Drafts are stored one at a time, and of
/// those that wait only the newest is stored.
async fn keep_draft(draft: Box<Draft>) {
    let is_busy = NEXT_DRAFT.with_borrow_mut(|(next, is_busy)| {
        *next = Some(draft);
        std::mem::replace(is_busy, true)
    });
    if is_busy {
        return;
    }
    while let Some(draft) = NEXT_DRAFT.with_borrow_mut(|(next, _)| next.take()) {
        let Some(file) = with(|state| state.file.clone()) else {
            break;
        };
        if copy::keep_draft(&file, &draft).await.is_ok() {
            let decisions = u32::try_from(draft.mapping.fixes.len()).unwrap_or(u32::MAX);
            answer(&FromWorker::DraftKept(decisions));
        }
    }
    NEXT_DRAFT.with_borrow_mut(|(_, is_busy)| *is_busy = false);
}

/// Opens the draft of an owner; sends no answer when there is none.
async fn find_draft(owner: &str) {
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
