//! The draft: decisions about a file that is not sent yet, kept in this browser with a copy of it.

use alta_domain::worker::{Draft, ToWorker};
use alta_domain::{HeaderChoice, Mapping, ShapeChoice};
use leptos::prelude::*;

use super::file::FileInfo;
use crate::importer::copy::{hold_draft, release_draft, spawn_copy_removal, spawn_draft_removal};
use crate::importer::worker::ImportWorker;

/// The draft of an earlier visit, and the draft of the open file.
#[derive(Clone, Copy)]
pub(crate) struct Drafts {
    /// The owner of the drafts that are kept and found.
    owner: StoredValue<String>,
    /// The draft that an earlier visit left; `None` when there is none, or when it was taken up or
    /// discarded.
    found: RwSignal<Option<Draft>>,
    /// The mapping of the draft that is continued, until its file is opened; `None` otherwise.
    adopted: StoredValue<Option<Mapping>>,
    /// The id of the open file's draft.
    id: StoredValue<u64>,
    /// The number of decisions in the list that are stored in the browser, or that the file began
    /// with. Later ones are lost when the page is closed.
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

    /// Returns the draft that an earlier visit left; `None` when there is none.
    pub(crate) fn found(self) -> Option<Draft> {
        self.found.get()
    }

    pub(super) fn offer(self, draft: Draft) {
        self.found.set(Some(draft));
    }

    /// Asks the worker for the draft.
    pub(super) fn find(self) {
        ImportWorker::send(&ToWorker::FindDraft(self.owner.get_value()), None);
    }

    /// Continues with the draft that was found: its file is the open file from now on. Returns the
    /// file's name and size, and the shape that it was read with; `None` when no draft was found.
    pub(super) fn adopt(self) -> Option<(FileInfo, ShapeChoice)> {
        let draft = self.found.try_update(Option::take).flatten()?;
        let shape = draft.mapping.shape;
        hold_draft();
        self.id.set_value(draft.id);
        self.adopted.set_value(Some(draft.mapping));
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
        Some((info, choice))
    }

    /// Removes the draft that was found, with its file.
    pub(crate) fn discard(self) {
        self.found.set(None);
        spawn_copy_removal();
    }

    /// Asks the browser to keep the decisions about a file as a draft. When there are no decisions,
    /// the draft is removed.
    pub(super) fn keep(self, file: FileInfo, mapping: Mapping) {
        if mapping.fixes.is_empty() {
            self.note_kept(0);
            spawn_draft_removal();
            return;
        }
        let draft = Draft {
            id: self.id.get_value(),
            owner: self.owner.get_value(),
            file_name: file.name,
            bytes: file.bytes,
            mapping,
            kept_at: now(),
        };
        ImportWorker::send(&ToWorker::KeepDraft(Box::new(draft)), None);
    }

    /// Returns the number of decisions that are stored in the browser, so that they are not lost
    /// when the page is closed.
    pub(super) fn kept(self) -> usize {
        self.kept.get_value()
    }

    /// Takes out the mapping of the draft that is continued; `None` when there is none.
    pub(super) fn take_adopted(self) -> Option<Mapping> {
        self.adopted.try_update_value(Option::take).flatten()
    }

    /// Notes that this number of decisions is stored in the browser.
    pub(super) fn note_kept(self, decisions: usize) {
        self.kept.set_value(decisions);
    }

    /// Gives the draft another id, because another sheet of the workbook is read. By its id the
    /// worker knows whether the copy that it has stored is of this sheet.
    pub(super) fn renew(self) {
        self.id.update_value(|id| *id += 1);
    }

    /// Begins a new draft, because another file is opened.
    pub(super) fn begin_anew(self) {
        release_draft();
        self.found.set(None);
        self.adopted.set_value(None);
        self.id.set_value(now().unsigned_abs());
        self.kept.set_value(0);
    }
}

/// Returns the time in milliseconds since 1970.
fn now() -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds are whole")]
    let now = js_sys::Date::now() as i64;
    now
}
