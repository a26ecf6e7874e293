//! The sentences of an undo: what it would change, what it has changed, and why something stays.

use alta_domain::{SparedWhy, UndoLedger};

use crate::words::{Reader, plural};

/// Returns the sentences that say what an undo would change.
pub(super) fn describe_plan(i18n: Reader, ledger: UndoLedger) -> String {
    let UndoLedger {
        removed,
        restored,
        spared,
        ..
    } = ledger;
    join_counted([
        (removed, plural!(i18n, undo.preview, n = removed)),
        (restored, plural!(i18n, undo.preview_restored, n = restored)),
        (spared, plural!(i18n, undo.preview_spared, n = spared)),
    ])
}

/// Returns the sentences that say what an undo has changed.
pub(super) fn describe_result(i18n: Reader, ledger: UndoLedger) -> String {
    let UndoLedger {
        removed,
        restored,
        spared,
        ..
    } = ledger;
    join_counted([
        (removed, plural!(i18n, undo.done, n = removed)),
        (restored, plural!(i18n, undo.done_restored, n = restored)),
        (spared, plural!(i18n, undo.done_spared, n = spared)),
    ])
}

/// Returns a sentence for each reason why something of contacts stays.
pub(super) fn reasons(i18n: Reader, why: SparedWhy) -> Vec<String> {
    let SparedWhy {
        relied_on,
        changed_since,
        confirmed,
        key_taken,
        refused_since,
    } = why;
    let sentences = [
        (relied_on, plural!(i18n, undo.why_relied_on, n = relied_on)),
        (
            changed_since,
            plural!(i18n, undo.why_changed, n = changed_since),
        ),
        (confirmed, plural!(i18n, undo.why_confirmed, n = confirmed)),
        (key_taken, plural!(i18n, undo.why_key_taken, n = key_taken)),
        (
            refused_since,
            plural!(i18n, undo.why_refused, n = refused_since),
        ),
    ];
    let counted = sentences.into_iter().filter(|(count, _)| *count > 0);
    counted.map(|(_, sentence)| sentence).collect()
}

/// Joins the sentences whose count is not zero; when all counts are zero, returns the first
/// sentence.
fn join_counted(sentences: [(u32, String); 3]) -> String {
    let is_nothing = sentences.iter().all(|(count, _)| *count == 0);
    let mut joined = Vec::new();
    for (place, (count, sentence)) in sentences.into_iter().enumerate() {
        if count > 0 || is_nothing && place == 0 {
            joined.push(sentence);
        }
    }
    joined.join(" ")
}
