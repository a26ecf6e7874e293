//! What is known of the file, as signals the pages show.

use alta_domain::worker::{CheckReport, FromWorker, GridRow, Preview, ToWorker};
use alta_domain::{
    ColumnPlan, ConsentPlan, Correction, Country, ErrorCode, ExistingPolicy, FieldException,
    FieldTarget, FileError, FileLimits, Fix, ImportPlan, ListTarget, Mapping, ProblemFilter,
    ShapeChoice, Unfinished, Wizard,
};
use leptos::prelude::*;

use super::effect::Rehearsal;
use super::sending::SendingState;
use super::worker::ImportWorker;
use crate::api::onboarding::keep_plan;

/// The file's name and size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileInfo {
    pub(crate) name: String,
    pub(crate) bytes: u64,
}

/// How far the check is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    pub(crate) bytes: u64,
    pub(crate) records: u32,
}

/// Rows drawn at once when a file is opened: somewhat more than fit on screen.
const FIRST_ROWS: usize = 16;
/// Time for drawing what a check is about, before it begins.
const DRAWN_FIRST: std::time::Duration = std::time::Duration::from_millis(50);
/// Rows drawn when a check has ended.
const CHECKED_ROWS: u32 = 40;

/// The import session of the wizard.
#[derive(Clone, Copy)]
pub(crate) struct ImportSession {
    settings: StoredValue<(Country, FileLimits)>,
    /// The plan kept from another visit, and its file's name.
    pub(crate) kept: StoredValue<Option<(String, ImportPlan)>>,
    /// The last import, when it was cut off.
    pub(crate) unfinished: StoredValue<Option<Unfinished>>,
    /// Bytes of the copy of its file, where the browser has kept one.
    pub(crate) copy: RwSignal<Option<u64>>,
    /// The mapping under which a copy goes on.
    pub(crate) resuming: RwSignal<Option<Mapping>>,
    /// The browser keeps a copy of the file that is sent.
    pub(crate) is_kept: RwSignal<bool>,
    pub(crate) file: RwSignal<Option<FileInfo>>,
    pub(crate) refused: RwSignal<Option<FileError>>,
    pub(crate) preview: RwSignal<Option<Preview>>,
    pub(crate) choice: RwSignal<ShapeChoice>,
    pub(crate) mapping: RwSignal<Option<Mapping>>,
    pub(crate) checking: RwSignal<bool>,
    pub(crate) progress: RwSignal<Progress>,
    pub(crate) report: RwSignal<Option<CheckReport>>,
    pub(crate) filter: RwSignal<Option<ProblemFilter>>,
    pub(crate) rows: RwSignal<(u32, Vec<GridRow>)>,
    pub(crate) list: RwSignal<ListTarget>,
    pub(crate) policy: RwSignal<ExistingPolicy>,
    pub(crate) exceptions: RwSignal<Vec<FieldException>>,
    pub(crate) consent: RwSignal<ConsentPlan>,
    pub(crate) rehearsal: RwSignal<Rehearsal>,
    pub(super) rehearsals: StoredValue<u32>,
    pub(crate) sending: RwSignal<SendingState>,
    run: StoredValue<u32>,
    asked: StoredValue<(u32, u32)>,
    pub(super) batch: StoredValue<Option<futures_channel::oneshot::Sender<Batch>>>,
}

/// Rows to send, as the worker made them.
pub(super) struct Batch {
    pub(super) bytes: Vec<u8>,
    pub(super) packed: bool,
    pub(super) records: u32,
    pub(super) last: bool,
}

/// The session of the wizard this page belongs to.
pub(crate) fn use_session() -> ImportSession {
    expect_context()
}

impl ImportSession {
    pub(crate) fn new() -> Self {
        Self {
            settings: StoredValue::new((Country::BRAZIL, FileLimits::default())),
            kept: StoredValue::new(None),
            unfinished: StoredValue::new(None),
            copy: RwSignal::default(),
            resuming: RwSignal::default(),
            is_kept: RwSignal::default(),
            file: RwSignal::default(),
            refused: RwSignal::default(),
            preview: RwSignal::default(),
            choice: RwSignal::default(),
            mapping: RwSignal::default(),
            checking: RwSignal::default(),
            progress: RwSignal::default(),
            report: RwSignal::default(),
            filter: RwSignal::default(),
            rows: RwSignal::default(),
            list: RwSignal::new(ListTarget::None),
            policy: RwSignal::default(),
            exceptions: RwSignal::default(),
            consent: RwSignal::default(),
            rehearsal: RwSignal::default(),
            rehearsals: StoredValue::new(0),
            sending: RwSignal::default(),
            run: StoredValue::new(0),
            asked: StoredValue::new((0, 0)),
            batch: StoredValue::new(None),
        }
    }

    /// Takes over what the server knows, unless a file is in hand already.
    pub(crate) fn configure(self, wizard: Wizard) {
        self.settings.set_value((wizard.country, wizard.limits));
        if let Some((_, plan)) = &wizard.kept {
            self.list.set(plan.list.clone());
            self.policy.set(plan.policy);
            self.exceptions.set(plan.exceptions.clone());
            self.consent.set(plan.consent.clone());
        }
        self.kept.set_value(wizard.kept);
        self.unfinished.set_value(wizard.unfinished);
    }

    /// Bytes a file may have.
    pub(crate) fn max_bytes(self) -> u64 {
        self.settings.get_value().1.bytes
    }

    /// Takes a dropped or chosen file. One that is too large is refused before a byte of it is
    /// read.
    pub(crate) fn take(self, file: &web_sys::File) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "sizes are whole and not negative"
        )]
        let bytes = file.size() as u64;
        self.forget();
        self.file.set(Some(FileInfo {
            name: file.name(),
            bytes,
        }));
        if bytes > self.max_bytes() {
            self.refused.set(Some(FileError::TooLarge {
                size: bytes,
                limit: self.max_bytes(),
            }));
            return;
        }
        ImportWorker::start(move |answer| self.hear(answer));
        self.tell(&self.open_message(), Some(file));
    }

    /// Lets go of the file, and ends the worker with its memory.
    pub(crate) fn forget(self) {
        ImportWorker::end();
        self.file.set(None);
        self.copy.set(None);
        self.resuming.set(None);
        self.is_kept.set(false);
        self.refused.set(None);
        self.preview.set(None);
        self.choice.set(ShapeChoice::default());
        self.mapping.set(None);
        self.checking.set(false);
        self.report.set(None);
        self.filter.set(None);
        self.rows.set((0, Vec::new()));
        self.sending.set(SendingState::Idle);
        self.forget_effect();
    }

    /// Reads the file again under what the admin corrected.
    pub(crate) fn correct(self, change: impl FnOnce(&mut ShapeChoice)) {
        self.choice.update(change);
        self.tell(&self.open_message(), None);
    }

    pub(super) fn open_message(self) -> ToWorker {
        let (country, limits) = self.settings.get_value();
        ToWorker::Open {
            country,
            limits,
            choice: self.choice.get_untracked(),
        }
    }

    /// Says where a column goes, and checks again.
    pub(crate) fn assign(self, column: u32, target: Option<FieldTarget>) {
        self.change(|mapping| {
            if let Some(column) = mapping.columns.get_mut(column as usize) {
                column.target = target;
            }
        });
    }

    /// Takes a decision about a problem, and checks again.
    pub(crate) fn decide(self, fix: Fix) {
        self.change(|mapping| mapping.decide(fix));
    }

    /// Takes a decision back, by its place, and checks again.
    pub(crate) fn undo(self, at: usize) {
        self.change(|mapping| {
            if at < mapping.fixes.len() {
                mapping.fixes.remove(at);
            }
        });
    }

    fn change(self, change: impl FnOnce(&mut Mapping)) {
        self.mapping.update(|mapping| {
            if let Some(mapping) = mapping {
                change(mapping);
            }
        });
        self.check();
    }

    /// Checks the whole file under the mapping; a check that runs is ended.
    pub(crate) fn check(self) {
        let Some(mapping) = self.mapping.get_untracked() else {
            return;
        };
        self.run.update_value(|run| *run += 1);
        self.checking.set(true);
        self.progress.set(Progress::default());
        self.filter.set(None);
        self.sending.set(SendingState::Idle);
        self.forget_effect();
        let run = self.run.get_value();
        let go = move || {
            if self.run.try_get_value() == Some(run) {
                self.tell(
                    &ToWorker::Check {
                        run,
                        mapping: mapping.clone(),
                    },
                    None,
                );
            }
        };
        // What was just decided is drawn before the worker takes a core for itself: on a machine of
        // two the page would stand still.
        set_timeout(go, DRAWN_FIRST);
    }

    /// Ends the check that runs.
    pub(crate) fn stop_check(self) {
        self.checking.set(false);
        self.tell(&ToWorker::Stop, None);
    }

    /// Asks for the rows of the grid from the `first` on; an answer that another request has
    /// overtaken is not shown.
    pub(crate) fn ask_rows(self, first: u32, count: u32) {
        let request = self.asked.with_value(|(request, _)| request + 1);
        self.asked.set_value((request, first));
        self.tell(
            &ToWorker::Rows {
                request,
                first,
                count,
                filter: self.filter.get_untracked(),
            },
            None,
        );
    }

    /// How many rows the grid has under its filter.
    pub(crate) fn shown_rows(self) -> u32 {
        let Some(report) = self.report.get() else {
            return self.preview.with(|preview| {
                preview.as_ref().map_or(0, |preview| {
                    u32::try_from(preview.rows.len().min(FIRST_ROWS)).unwrap_or(0)
                })
            });
        };
        match self.filter.get() {
            None => report.ledger.records,
            Some(filter) => report
                .problems
                .iter()
                .find(|problem| {
                    problem.code == filter.code
                        && problem.column == filter.column
                        && problem.severity == filter.severity
                })
                .map_or(0, |problem| problem.records),
        }
    }

    /// Whether a mapping has a phone or an e-mail.
    pub(crate) fn has_identity(self) -> bool {
        self.mapping.with(|mapping| {
            mapping.as_ref().is_some_and(|mapping| {
                mapping.columns.iter().any(|column| {
                    matches!(column.target,
                        Some(FieldTarget::BuiltIn(field)) if field.is_identity())
                })
            })
        })
    }

    /// Whether permission is given and its ground not said yet.
    pub(crate) fn lacks_basis(self) -> bool {
        let by_column = self.mapping.with(|mapping| {
            mapping.as_ref().is_some_and(|mapping| {
                mapping
                    .columns
                    .iter()
                    .any(|column| matches!(column.target, Some(FieldTarget::Consent(_))))
            })
        });
        self.consent
            .with(|consent| consent.basis.is_none() && (by_column || !consent.channels.is_empty()))
    }

    /// The plan as it stands.
    pub(crate) fn plan(self) -> Option<ImportPlan> {
        let mapping = self.mapping.get_untracked()?;
        let exceptions = self.exceptions.get_untracked();
        let is_there = |exception: &FieldException| {
            mapping
                .columns
                .iter()
                .any(|column| column.target == Some(exception.target))
        };
        let exceptions = exceptions.into_iter().filter(is_there).collect();
        let plan = ImportPlan::new(
            mapping,
            self.list.get_untracked(),
            self.policy.get_untracked(),
        );
        Some(ImportPlan {
            exceptions,
            consent: self.consent.get_untracked(),
            ..plan
        })
    }

    /// Keeps the plan, here and on the server, for the next file with the same columns. One for
    /// corrected rejects is nobody's next.
    pub(crate) async fn keep(self) -> Result<(), ErrorCode> {
        let (Some(plan), Some(file)) = (self.plan(), self.file.get_untracked()) else {
            return Ok(());
        };
        if plan.mapping.correction.is_some() {
            return Ok(());
        }
        keep_plan(file.name.clone(), plan.clone())
            .await
            .map_err(|error| error.code)?;
        self.kept.set_value(Some((file.name, plan)));
        Ok(())
    }

    #[expect(clippy::unused_self, reason = "the worker belongs to the session")]
    pub(super) fn tell(self, message: &ToWorker, file: Option<&web_sys::File>) {
        ImportWorker::send(message, file);
    }

    pub(super) fn hear(self, answer: FromWorker) {
        match answer {
            FromWorker::Opened(preview) => self.opened(preview),
            FromWorker::Refused(error) => {
                self.checking.set(false);
                self.preview.set(None);
                self.refused.set(Some(error));
            }
            FromWorker::Progress {
                run,
                bytes,
                records,
            } if run == self.run.get_value() => self.progress.set(Progress { bytes, records }),
            FromWorker::Checked { run, report } if run == self.run.get_value() => {
                self.checked(report);
            }
            FromWorker::Rows { request, rows } => {
                let (last, first) = self.asked.get_value();
                if request == last {
                    self.rows.set((first, rows));
                }
            }
            FromWorker::Batch {
                bytes,
                packed,
                records,
                last,
                ..
            } => {
                if let Some(waiting) = self.batch.try_update_value(Option::take).flatten() {
                    let _ = waiting.send(Batch {
                        bytes,
                        packed,
                        records,
                        last,
                    });
                }
            }
            FromWorker::Kept => self.is_kept.set(true),
            FromWorker::Restored(bytes) => self.copy.set(Some(bytes)),
            FromWorker::Effect { run, effect, last } => self.hear_effect(run, effect, last),
            FromWorker::Ready | FromWorker::Progress { .. } | FromWorker::Checked { .. } => {}
        }
    }

    fn opened(self, preview: Preview) {
        let year = u16::try_from(js_sys::Date::new_0().get_full_year()).unwrap_or(2026);
        let mut columns: Vec<ColumnPlan> = preview
            .columns
            .iter()
            .map(|column| ColumnPlan {
                index: column.index,
                header: column.header.clone(),
                target: column.field.map(FieldTarget::BuiltIn),
                date_order: None,
            })
            .collect();
        let correction = correction(&preview);
        let own = columns
            .len()
            .saturating_sub(if correction.is_some() { 2 } else { 0 });
        for column in &mut columns[own..] {
            column.target = None;
        }
        // The same header as last time: the same columns and decisions.
        let kept = self
            .mapping
            .get_untracked()
            .or_else(|| self.kept.get_value().map(|(_, plan)| plan.mapping));
        let is_same = |kept: &Mapping| {
            let names = kept
                .columns
                .iter()
                .zip(&columns)
                .all(|(kept, column)| kept.header == column.header);
            names
                && kept.shape.header_line.is_some()
                && kept.columns.len().min(columns.len()) == own
        };
        let mut fixes = Vec::new();
        if let Some(kept) = kept.filter(is_same) {
            for (column, kept) in columns.iter_mut().zip(&kept.columns) {
                column.target = kept.target;
            }
            fixes = kept.fixes.into_iter().filter(Fix::is_lasting).collect();
        }
        self.refused.set(None);
        self.report.set(None);
        self.rows
            .set((0, preview.rows.iter().take(FIRST_ROWS).cloned().collect()));
        let mapping = Mapping {
            shape: preview.shape,
            country: self.settings.get_value().0,
            year,
            columns,
            fixes,
            correction,
        };
        self.mapping
            .set(Some(self.resuming.get_untracked().unwrap_or(mapping)));
        self.preview.set(Some(preview));
        self.check();
    }

    fn checked(self, report: CheckReport) {
        self.mapping.update(|mapping| {
            let Some(mapping) = mapping else { return };
            mapping.shape = report.shape;
            for (column, order, _) in &report.date_orders {
                if let Some(column) = mapping.columns.get_mut(*column as usize) {
                    column.date_order = Some(*order);
                }
            }
        });
        self.checking.set(false);
        if report.ledger.records == 0 {
            self.refused.set(Some(FileError::Empty));
        }
        self.report.set(Some(report));
        self.ask_rows(0, CHECKED_ROWS);
    }
}

/// What the file corrects, when it is a list of rejects that comes back.
fn correction(preview: &Preview) -> Option<Correction> {
    let last = preview
        .columns
        .last()
        .filter(|column| column.header == alta_domain::CORRECTION_HEAD)?;
    let (import, _) = last
        .samples
        .iter()
        .find_map(|mark| Correction::read(mark))?;
    Some(Correction {
        import,
        column: last.index,
    })
}
