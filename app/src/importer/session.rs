//! The import in the browser: five groups of state, and the steps that involve several of them.

mod check;
mod draft;
mod effect;
mod file;
mod transfer;

use alta_domain::worker::{FromWorker, Preview, ToWorker};
use alta_domain::{ErrorCode, FieldTarget, Fix, ImportPlan, ShapeChoice, Wizard, choose_mapping};
use leptos::prelude::*;
use leptos::task::spawn_local;

use self::check::CheckProgress;
use self::draft::Drafts;
use self::effect::ImportChoices;
use self::file::{FileInfo, OpenFile, first_rows};
use self::transfer::{Batch, ImportRequest, Transfer};
use super::copy::has_draft;
use super::worker::ImportWorker;
use crate::api::imports::import_nobodys;
use crate::api::onboarding::keep_plan;

pub(crate) use self::check::{FileCheck, GridRows, ProblemSearch};
pub(crate) use self::effect::Rehearsal;
pub(crate) use self::transfer::is_temporary;

/// The import session of the wizard; it lives as long as the wizard is open.
#[derive(Clone, Copy)]
pub(crate) struct ImportSession {
    /// The open file, and what its first part shows.
    pub(crate) file: OpenFile,
    /// The mapping, the check of the file under it, and the decisions about problems.
    pub(crate) check: FileCheck,
    /// The choices about what the import does to the contacts, and the rehearsal of the import.
    pub(crate) effect: ImportChoices,
    /// The transfer of the rows to the server.
    pub(crate) transfer: Transfer,
    /// The drafts: decisions that the browser keeps until the file is sent.
    pub(crate) drafts: Drafts,
}

/// Returns the session of the wizard that the calling component is in.
pub(crate) fn use_session() -> ImportSession {
    expect_context()
}

/// Methods about the file.
impl ImportSession {
    pub(crate) fn new() -> Self {
        Self {
            file: OpenFile::new(),
            check: FileCheck::new(),
            effect: ImportChoices::new(),
            transfer: Transfer::new(),
            drafts: Drafts::new(),
        }
    }

    /// Takes over what the server sent: limits, the plan of the last file, an unfinished import,
    /// the owner of drafts.
    pub(crate) fn configure(self, wizard: Wizard) {
        self.file
            .configure(wizard.country, wizard.limits, wizard.unfinished);
        self.drafts.configure(wizard.owner);
        if let Some((file_name, plan)) = wizard.kept {
            self.file.keep_plan(file_name, plan);
        }
    }

    /// Opens a dropped or chosen file in place of the file before. A file that is too large is
    /// refused before a byte of it is read.
    pub(crate) fn open_file(self, file: &web_sys::File) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "sizes are whole and not negative"
        )]
        let bytes = file.size() as u64;
        let name = file.name();
        self.close_file();
        self.drafts.begin_anew();
        self.effect.begin_anew();
        if self.file.open(FileInfo { name, bytes }) {
            ImportWorker::start(move |answer| self.receive(answer));
            self.file.request_preview(Some(file));
        }
    }

    /// Closes the file, and ends the worker, which frees its memory.
    pub(crate) fn close_file(self) {
        ImportWorker::end();
        self.file.close();
        self.check.clear();
        self.effect.forget_rehearsal();
        self.transfer.clear();
    }

    /// Reads the file again with a shape that the Admin corrected.
    pub(crate) fn correct_shape(self, change: impl FnOnce(&mut ShapeChoice)) {
        self.drafts.renew();
        self.file.correct_shape(change);
        self.file.request_preview(None);
    }

    /// Asks the worker whether this browser has a copy of the unfinished import's file.
    pub(crate) fn look_for_copy(self) {
        if let Some(unfinished) = self.file.unfinished() {
            ImportWorker::start(move |answer| self.receive(answer));
            ImportWorker::send(&ToWorker::Restore(unfinished.import), None);
        }
    }

    /// Continues the unfinished import with the copy of its file, under the plan it began with.
    pub(crate) fn continue_with_copy(self) {
        if let Some(plan) = self.file.open_copy() {
            self.effect.adopt(&plan);
            self.file.request_preview(None);
        }
    }
}

/// Methods about the draft.
impl ImportSession {
    /// Asks the worker for a draft of an earlier visit, when this browser has one. While there is
    /// an unfinished import, no draft is looked for: the copy of that import's file comes first.
    pub(crate) fn look_for_draft(self) {
        let is_free = move || !self.file.is_open_untracked() && self.file.unfinished().is_none();
        spawn_local(async move {
            if is_free() && has_draft().await && is_free() {
                ImportWorker::start(move |answer| self.receive(answer));
                self.drafts.find();
            }
        });
    }

    /// Continues with the draft that was found.
    pub(crate) fn continue_with_draft(self) {
        if let Some((info, choice)) = self.drafts.adopt() {
            self.effect.begin_anew();
            self.file.open_draft(info, choice);
            self.file.request_preview(None);
        }
    }

    /// Asks the browser to keep the decisions. An import that runs or was interrupted has a copy of
    /// its own file, which a draft must not replace.
    fn keep_draft(self) {
        let may_keep = self.transfer.is_idle_now() && self.file.unfinished().is_none();
        if let (Some(mapping), Some(file), true) =
            (self.check.current_mapping(), self.file.info(), may_keep)
        {
            self.drafts.keep(file, mapping);
        }
    }

    /// Returns true when decisions would be lost if the page were closed.
    pub(crate) fn would_lose_decisions(self) -> bool {
        self.transfer.is_idle_now() && self.check.decisions() > self.drafts.kept()
    }
}

/// Methods about the check.
impl ImportSession {
    /// Sets the field that a column goes to, and checks the file again.
    pub(crate) fn assign(self, column: u32, target: Option<FieldTarget>) {
        self.check.assign(column, target);
        self.start_check();
        if self.check.decisions() > 0 {
            self.keep_draft();
        }
    }

    /// Adds a decision about a problem, and checks the file again.
    pub(crate) fn decide(self, fix: Fix) {
        self.check.decide(fix);
        self.start_check();
        self.keep_draft();
    }

    /// Removes a decision by its place, and checks the file again.
    pub(crate) fn undo_decision(self, place: usize) {
        self.check.undo_decision(place);
        self.start_check();
        self.keep_draft();
    }

    /// Checks the whole file under the mapping. The last import's result and the rehearsed effect
    /// belong to another mapping, and are discarded.
    pub(crate) fn start_check(self) {
        if self.check.start() {
            self.transfer.reset();
            self.effect.forget_rehearsal();
        }
    }

    /// Returns the number of rows that the grid has under its filter.
    pub(crate) fn shown_rows(self) -> u32 {
        self.check
            .matching_records()
            .unwrap_or_else(|| self.file.preview_rows())
    }

    /// Returns true when permission is given and its legal basis is not chosen yet.
    pub(crate) fn lacks_basis(self) -> bool {
        let mapping = self.check.mapping();
        mapping.is_some_and(|mapping| self.effect.plan(mapping).lacks_basis())
    }
}

/// Methods about the plan and the import.
impl ImportSession {
    /// Returns the plan as it is now; `None` before the file's first part was read.
    fn plan(self) -> Option<ImportPlan> {
        let mapping = self.check.current_mapping()?;
        Some(untrack(|| self.effect.plan(mapping)))
    }

    /// Stores the plan, here and on the server, for the next file with the same columns. The plan
    /// for a list of corrected rejects is not stored: no other file has its columns.
    pub(crate) async fn keep_plan(self) -> Result<(), ErrorCode> {
        let (Some(plan), Some(file)) = (self.plan(), self.file.info()) else {
            return Ok(());
        };
        if plan.mapping.correction.is_some() {
            return Ok(());
        }
        keep_plan(file.name.clone(), plan.clone())
            .await
            .map_err(|error| error.code)?;
        self.file.keep_plan(file.name, plan);
        Ok(())
    }

    /// Computes what the import would do to the contacts as they are now.
    pub(crate) async fn rehearse(self) {
        if let Some(plan) = self.plan() {
            self.effect.rehearse(plan).await;
        }
    }

    /// Returns true when an unfinished import is to be continued and its file has just been
    /// checked. Returns true only once for each continuation.
    pub(crate) fn is_ready_to_resume(self) -> bool {
        let is_ready = self.check.is_complete() && self.file.is_resuming();
        if is_ready {
            self.file.end_resuming();
        }
        is_ready
    }

    /// Begins the import, or continues the unfinished one, and sends all rows.
    pub(crate) async fn send(self) {
        let (Some(plan), Some(file), Some(report)) =
            (self.plan(), self.file.info(), self.check.current_report())
        else {
            return;
        };
        let request = ImportRequest {
            plan,
            file,
            fingerprint: report.fingerprint,
            records: report.ledger.records,
        };
        self.transfer.run(request).await;
    }

    /// Continues an import that was interrupted.
    pub(crate) async fn resume_sending(self) {
        if self.transfer.resume() {
            self.send().await;
        }
    }
}

/// Methods for the worker's answers.
impl ImportSession {
    fn receive(self, answer: FromWorker) {
        match answer {
            FromWorker::Opened(preview) => self.receive_preview(preview),
            FromWorker::Refused(error) => {
                self.check.end();
                self.file.refuse(error);
            }
            FromWorker::Progress {
                run,
                bytes,
                records,
            } => {
                let progress = CheckProgress { bytes, records };
                self.check.receive_progress(run, progress);
            }
            FromWorker::Checked { run, report } => {
                if self.check.receive_report(run, report) {
                    self.file.refuse_as_empty();
                }
            }
            FromWorker::Searched { run, records } => {
                self.check.rows().receive_search(run, records);
            }
            FromWorker::Problem(record) => self.check.rows().receive_problem(record),
            FromWorker::Rows { request, rows } => self.check.rows().receive(request, rows),
            FromWorker::Batch {
                bytes,
                packed,
                records,
                last,
                ..
            } => self.transfer.receive_batch(Batch {
                bytes,
                packed,
                records,
                last,
            }),
            FromWorker::Kept => self.transfer.note_copy(),
            FromWorker::DraftKept(decisions) => self.drafts.note_kept(decisions as usize),
            FromWorker::Draft(draft) => self.drafts.offer(*draft),
            FromWorker::Restored(bytes) => self.file.offer_copy(bytes),
            FromWorker::Effect { run, effect, last } => self.effect.receive(run, effect, last),
            FromWorker::Ready => {}
        }
    }

    /// Shows the first part of the file, and checks the whole file under the mapping that suits it:
    /// the mapping of the unfinished import or of the draft, or one chosen from the preview and the
    /// last mapping.
    fn receive_preview(self, preview: Preview) {
        let decided = self.file.resumed_mapping();
        let mapping = decided
            .or_else(|| self.drafts.take_adopted())
            .unwrap_or_else(|| {
                let year = u16::try_from(js_sys::Date::new_0().get_full_year()).unwrap_or(2026);
                let kept = self
                    .check
                    .current_mapping()
                    .or_else(|| self.file.last_mapping());
                choose_mapping(&preview, self.file.country(), year, kept)
            });
        self.drafts.note_kept(mapping.fixes.len());
        self.check.begin_file(mapping, first_rows(&preview));
        self.file.show_preview(preview);
        self.start_check();
        self.learn_nobodys();
    }

    /// When the file is a corrected list of rejects: reads the keys that its import has found to be
    /// nobody's, and checks the file again without them. If the call fails, the server still gives
    /// these keys to no contact.
    fn learn_nobodys(self) {
        let correction = self
            .check
            .current_mapping()
            .and_then(|mapping| mapping.correction);
        let Some(import) = correction.map(|correction| correction.import) else {
            return;
        };
        spawn_local(async move {
            let nobodys = import_nobodys(import).await.unwrap_or_default();
            // An import that has begun is not checked again: the server knows these keys.
            let may_check = !nobodys.is_empty() && self.transfer.is_idle();
            if may_check && self.check.set_nobodys(import, nobodys) {
                self.start_check();
            }
        });
    }
}
