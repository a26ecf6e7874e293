//! The draft: decisions about a file that is not sent yet, kept in this browser with a copy of it.

use alta_domain::worker::{Draft, ToWorker};
use alta_domain::{HeaderChoice, Mapping, ShapeChoice};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::ImportSession;
use super::file::FileInfo;
use crate::importer::copy::{
    has_draft, hold_draft, release_draft, spawn_copy_removal, spawn_draft_removal,
};
use crate::importer::worker::ImportWorker;

/// The draft of an earlier visit, and what is known of the present one.
#[derive(Clone, Copy)]
pub(crate) struct Drafts {
    /// Whose drafts are kept and found.
    owner: StoredValue<String>,
    /// The draft that an earlier visit left.
    found: RwSignal<Option<Draft>>,
    /// The mapping of the draft that goes on, from then until its file is opened.
    adopted: StoredValue<Option<Mapping>>,
    /// The number of the draft of the file in hand.
    id: StoredValue<u64>,
    /// The decisions that the browser keeps, or that the file began with; others are lost with the
    /// page.
    kept: StoredValue<usize>,
}

impl Drafts {
    pub(super) fn new() -> Self {
        Self {
            owner: StoredValue::default(),
            found: RwSignal::default(),
            adopted: StoredValue::new(None),
            id: StoredValue::new(0),
            kept: StoredValue::new(0),
        }
    }

    pub(super) fn configure(self, owner: String) {
        self.owner.set_value(owner);
    }

    /// The draft that an earlier visit left.
    pub(crate) fn found(self) -> Option<Draft> {
        self.found.get()
    }

    pub(super) fn offer(self, draft: Draft) {
        self.found.set(Some(draft));
    }

    /// Takes out the mapping of the draft that goes on.
    pub(super) fn take_adopted(self) -> Option<Mapping> {
        self.adopted.try_update_value(Option::take).flatten()
    }

    /// Notes how many decisions would outlive the page.
    pub(super) fn note_kept(self, decisions: usize) {
        self.kept.set_value(decisions);
    }

    /// Forgets what is kept: another file is opened.
    pub(super) fn begin_anew(self) {
        release_draft();
        self.found.set(None);
        self.adopted.set_value(None);
        self.id.set_value(now().unsigned_abs());
        self.kept.set_value(0);
    }
}

impl ImportSession {
    /// Asks the worker for a draft of an earlier visit, where this browser has one. An unfinished
    /// import comes first: its copy is looked for in place of it.
    pub(crate) fn look_for_draft(self) {
        let is_free = move || !self.file.is_open_untracked() && self.file.unfinished().is_none();
        spawn_local(async move {
            if is_free() && has_draft().await && is_free() {
                ImportWorker::start(move |answer| self.receive(answer));
                let owner = self.drafts.owner.get_value();
                ImportWorker::send(&ToWorker::FindDraft(owner), None);
            }
        });
    }

    /// Goes on with the draft.
    pub(crate) fn continue_with_draft(self) {
        let Some(draft) = self.drafts.found.try_update(Option::take).flatten() else {
            return;
        };
        let shape = draft.mapping.shape;
        hold_draft();
        self.drafts.id.set_value(draft.id);
        self.drafts.adopted.set_value(Some(draft.mapping));
        self.effect.begin_anew();
        let info = FileInfo {
            name: draft.file_name,
            bytes: draft.bytes,
        };
        let choice = ShapeChoice {
            encoding: Some(shape.encoding),
            delimiter: shape.delimiter,
            header: Some(match shape.header_line {
                Some(line) => HeaderChoice::Line(line),
                None => HeaderChoice::Absent,
            }),
            ..ShapeChoice::default()
        };
        self.file.open_draft(info, choice);
        self.file.request_preview(None);
    }

    /// Removes the draft with its file.
    pub(crate) fn discard_draft(self) {
        self.drafts.found.set(None);
        spawn_copy_removal();
    }

    /// Asks the browser to keep the decisions. An import under way or cut off has a copy of its
    /// own, which a draft must not take the place of.
    pub(super) fn keep_draft(self) {
        let (Some(mapping), Some(file)) = (self.check.current_mapping(), self.file.info()) else {
            return;
        };
        if !self.transfer.is_idle_now() || self.file.unfinished().is_some() {
            return;
        }
        if mapping.fixes.is_empty() {
            self.drafts.note_kept(0);
            spawn_draft_removal();
            return;
        }
        let draft = Draft {
            id: self.drafts.id.get_value(),
            owner: self.drafts.owner.get_value(),
            file_name: file.name,
            bytes: file.bytes,
            mapping,
            kept_at: now(),
        };
        ImportWorker::send(&ToWorker::KeepDraft(Box::new(draft)), None);
    }

    /// Returns true when decisions would be lost with the page.
    pub(crate) fn would_lose_decisions(self) -> bool {
        self.transfer.is_idle_now() && self.check.decisions() > self.drafts.kept.get_value()
    }
}

/// The time in milliseconds since 1970.
fn now() -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds are whole")]
    let now = js_sys::Date::now() as i64;
    now
}
