//! Copies of the file in this browser: of an import under way, and of a draft.

use std::cell::RefCell;

use alta_domain::ImportId;
use alta_domain::worker::{Draft, FromWorker, ToWorker};

use super::{State, with};
use crate::file::size;
use crate::{answer, copy};

/// Carries out what the page asks about copies; other messages are not about them.
pub(super) async fn handle(message: ToWorker) {
    match message {
        ToWorker::Keep(import) => keep(import).await,
        ToWorker::Restore(import) => restore(import).await,
        ToWorker::KeepDraft(draft) => keep_draft(draft).await,
        ToWorker::FindDraft(owner) => find_draft(&owner).await,
        _ => {}
    }
}

/// Keeps the file, or the text that a workbook became. Without room or without a place for it
/// nothing is kept, and nothing said.
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

/// Takes up the copy of an import.
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
    /// The draft that is kept next, and whether one is being kept. The file in hand may change
    /// meanwhile.
    static NEXT_DRAFT: RefCell<(Option<Box<Draft>>, bool)> = const { RefCell::new((None, false)) };
}

/// Keeps a draft, with the file unless that is there already. One is kept at a time, and of those
/// that wait only the newest.
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

/// Takes up the draft of an owner; says nothing where there is none.
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
