//! The open file, and what its first part shows.

use alta_domain::worker::{Preview, ToWorker};
use alta_domain::{
    ColumnReport, Country, FileError, FileLimits, ImportPlan, Mapping, ShapeChoice, Unfinished,
    has_damaged_marks,
};
use leptos::prelude::*;

use crate::importer::copy::spawn_copy_removal;
use crate::importer::worker::ImportWorker;

/// The number of rows that the grid draws as soon as a file is opened: a few more than fit on
/// screen.
const PREVIEW_ROWS: usize = 16;

/// The file's name and size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileInfo {
    pub(crate) name: String,
    pub(crate) bytes: u64,
}

/// The plan that was stored last, and the name of the file it was made for.
#[derive(Clone)]
struct LastPlan {
    file_name: String,
    plan: ImportPlan,
}

/// The open file: its name, its preview, the corrections of its shape, or the reason why it is
/// refused. Also the copy of an earlier file with which an unfinished import can continue.
#[derive(Clone, Copy)]
pub(crate) struct OpenFile {
    country: StoredValue<Country>,
    limits: StoredValue<FileLimits>,
    info: RwSignal<Option<FileInfo>>,
    refusal: RwSignal<Option<FileError>>,
    preview: RwSignal<Option<Preview>>,
    shape_choice: RwSignal<ShapeChoice>,
    last_plan: StoredValue<Option<LastPlan>>,
    unfinished: StoredValue<Option<Unfinished>>,
    /// The size in bytes of this browser's copy of the unfinished import's file; `None` when there
    /// is no copy.
    copy_bytes: RwSignal<Option<u64>>,
    /// The mapping of an unfinished import that is being continued. Set when the continuation
    /// begins, and `None` again when the file has been checked.
    resumed_mapping: RwSignal<Option<Mapping>>,
}

/// Methods with which the pages read the file.
impl OpenFile {
    /// Returns the size in bytes that a file may have.
    pub(crate) fn max_bytes(self) -> u64 {
        self.limits.get_value().bytes
    }

    /// Returns true when a file was dropped or chosen, even one that is refused.
    pub(crate) fn is_open(self) -> bool {
        self.info.with(Option::is_some)
    }

    /// Returns true when a file was dropped or chosen, without following changes.
    pub(crate) fn is_open_untracked(self) -> bool {
        self.info.with_untracked(Option::is_some)
    }

    /// Returns true when the first part of the file was read.
    pub(crate) fn has_preview(self) -> bool {
        self.preview.with(Option::is_some)
    }

    /// Returns true from the moment a file is opened until its first part was read.
    pub(crate) fn is_reading(self) -> bool {
        self.is_open() && !self.has_preview() && self.refusal().is_none()
    }

    /// Returns the reason why the file can't be imported; `None` when it can.
    pub(crate) fn refusal(self) -> Option<FileError> {
        self.refusal.get()
    }

    /// Returns the file's name; empty without a file.
    pub(crate) fn name(self) -> String {
        self.info.with(|info| {
            info.as_ref()
                .map(|info| info.name.clone())
                .unwrap_or_default()
        })
    }

    /// Returns the file's size in bytes; `None` without a file.
    pub(crate) fn bytes(self) -> Option<u64> {
        self.info.with(|info| info.as_ref().map(|info| info.bytes))
    }

    /// Returns true for a list of rejects whose last column no longer says which record each row
    /// corrects, because a spreadsheet has changed it.
    pub(crate) fn has_damaged_marks(self) -> bool {
        self.preview
            .with(|preview| preview.as_ref().is_some_and(has_damaged_marks))
    }

    /// Returns what the preview found in a column, counted from 0; `None` when there is no such
    /// column.
    pub(crate) fn column(self, index: u32) -> Option<ColumnReport> {
        self.preview.with(|preview| {
            preview
                .as_ref()
                .and_then(|preview| preview.columns.get(index as usize).cloned())
        })
    }

    /// Returns the number of preview rows that the grid shows.
    pub(super) fn preview_rows(self) -> u32 {
        self.preview.with(|preview| {
            preview.as_ref().map_or(0, |preview| {
                u32::try_from(preview.rows.len().min(PREVIEW_ROWS)).unwrap_or(0)
            })
        })
    }

    /// Returns the first lines of the file with their numbers. The header may be one of them.
    pub(crate) fn first_lines(self) -> Vec<(u32, String)> {
        self.preview.with(|preview| {
            preview
                .as_ref()
                .map(|preview| preview.head.clone())
                .unwrap_or_default()
        })
    }

    /// Returns true for a text file, and false for a workbook.
    pub(crate) fn is_text(self) -> bool {
        self.preview.with(|preview| {
            preview
                .as_ref()
                .is_some_and(|preview| preview.sheets.is_none())
        })
    }

    /// Returns the names of a workbook's sheets and the place of the sheet that is read; `None` for
    /// a text file.
    pub(crate) fn sheets(self) -> Option<(Vec<String>, u32)> {
        self.preview
            .with(|preview| preview.as_ref().and_then(|preview| preview.sheets.clone()))
    }

    /// Returns the name of the file whose plan is kept; `None` when no plan is.
    pub(crate) fn last_file_name(self) -> Option<String> {
        self.last_plan
            .with_value(|last| last.as_ref().map(|last| last.file_name.clone()))
    }

    /// Returns the last import when it was interrupted; `None` otherwise.
    pub(crate) fn unfinished(self) -> Option<Unfinished> {
        self.unfinished.get_value()
    }

    /// Returns true when this browser has a copy of the unfinished import's file.
    pub(crate) fn has_copy(self) -> bool {
        self.copy_bytes.with(Option::is_some)
    }

    /// Removes the copy; the import can still continue with the file itself.
    pub(crate) fn remove_copy(self) {
        self.copy_bytes.set(None);
        spawn_copy_removal();
    }
}

/// Methods with which the session changes the file.
impl OpenFile {
    pub(super) fn new() -> Self {
        Self {
            country: StoredValue::new(Country::BRAZIL),
            limits: StoredValue::new(FileLimits::default()),
            info: RwSignal::default(),
            refusal: RwSignal::default(),
            preview: RwSignal::default(),
            shape_choice: RwSignal::default(),
            last_plan: StoredValue::new(None),
            unfinished: StoredValue::new(None),
            copy_bytes: RwSignal::default(),
            resumed_mapping: RwSignal::default(),
        }
    }

    /// Stores the organization's country and limits, and the import that was interrupted.
    pub(super) fn configure(
        self,
        country: Country,
        limits: FileLimits,
        unfinished: Option<Unfinished>,
    ) {
        self.country.set_value(country);
        self.limits.set_value(limits);
        self.unfinished.set_value(unfinished);
    }

    /// Returns the country by whose rules phone numbers without a country code are read.
    pub(super) fn country(self) -> Country {
        self.country.get_value()
    }

    /// Stores a plan for the next file with the same columns.
    pub(super) fn keep_plan(self, file_name: String, plan: ImportPlan) {
        self.last_plan.set_value(Some(LastPlan { file_name, plan }));
    }

    /// Returns the mapping of the plan that is kept; `None` when no plan is.
    pub(super) fn last_mapping(self) -> Option<Mapping> {
        self.last_plan
            .with_value(|last| last.as_ref().map(|last| last.plan.mapping.clone()))
    }

    /// Sets the file's name and size. Refuses a file over the limit, and returns false for it.
    pub(super) fn open(self, info: FileInfo) -> bool {
        let (size, limit) = (info.bytes, self.max_bytes());
        self.info.set(Some(info));
        if size > limit {
            self.refusal.set(Some(FileError::TooLarge { size, limit }));
        }
        size <= limit
    }

    /// Forgets the file and everything that was read from it. The limits and the last plan stay.
    pub(super) fn close(self) {
        self.info.set(None);
        self.copy_bytes.set(None);
        self.resumed_mapping.set(None);
        self.refusal.set(None);
        self.preview.set(None);
        self.shape_choice.set(ShapeChoice::default());
    }

    /// Returns the file's name and size, without following changes; `None` without a file.
    pub(super) fn info(self) -> Option<FileInfo> {
        self.info.get_untracked()
    }

    /// Changes how the file is to be read.
    pub(super) fn correct_shape(self, change: impl FnOnce(&mut ShapeChoice)) {
        let sheet = untrack(|| self.sheets()).map(|(_, place)| place);
        self.shape_choice.update(|choice| {
            // Of a workbook, the worker reads the same sheet again.
            choice.sheet = choice.sheet.or(sheet);
            change(choice);
        });
    }

    /// Asks the worker to read the first part of a file: of `file`, which it then keeps, or of the
    /// file that it has when `file` is `None`.
    pub(super) fn request_preview(self, file: Option<&web_sys::File>) {
        let message = ToWorker::Open {
            country: self.country(),
            limits: self.limits.get_value(),
            choice: self.shape_choice.get_untracked(),
        };
        ImportWorker::send(&message, file);
    }

    /// Shows the first part of the file.
    pub(super) fn show_preview(self, preview: Preview) {
        self.refusal.set(None);
        self.preview.set(Some(preview));
    }

    /// Refuses the file, and forgets its preview.
    pub(super) fn refuse(self, error: FileError) {
        self.preview.set(None);
        self.refusal.set(Some(error));
    }

    /// Refuses a file in which the check found no records; its preview stays.
    pub(super) fn refuse_as_empty(self) {
        self.refusal.set(Some(FileError::Empty));
    }

    /// Records the size in bytes of the browser's copy.
    pub(super) fn offer_copy(self, bytes: u64) {
        self.copy_bytes.set(Some(bytes));
    }

    /// Opens the copy in place of a file, to be read as the unfinished import read the file.
    /// Returns that import's plan; `None` when there is no copy.
    pub(super) fn open_copy(self) -> Option<ImportPlan> {
        let (unfinished, bytes) = (
            self.unfinished.get_value()?,
            self.copy_bytes.get_untracked()?,
        );
        let (name, plan) = (unfinished.file_name, unfinished.plan);
        self.info.set(Some(FileInfo { name, bytes }));
        let shape = plan.mapping.shape;
        self.shape_choice.set(ShapeChoice {
            encoding: Some(shape.encoding),
            delimiter: shape.delimiter,
            ..ShapeChoice::default()
        });
        self.resumed_mapping.set(Some(plan.mapping.clone()));
        self.copy_bytes.set(None);
        Some(plan)
    }

    /// Opens the file of a draft, to be read as it was read before.
    pub(super) fn open_draft(self, info: FileInfo, choice: ShapeChoice) {
        self.info.set(Some(info));
        self.shape_choice.set(choice);
    }

    /// Returns the mapping of the unfinished import that continues; `None` when none does.
    pub(super) fn resumed_mapping(self) -> Option<Mapping> {
        self.resumed_mapping.get_untracked()
    }

    /// Returns true from the moment an unfinished import continues until its file is checked.
    pub(super) fn is_resuming(self) -> bool {
        self.resumed_mapping.with(Option::is_some)
    }

    /// Ends the state of continuing: from now on the import is sent like one that was begun here.
    pub(super) fn end_resuming(self) {
        self.resumed_mapping.set(None);
    }
}

/// Returns the rows that the grid draws as soon as a file is opened.
pub(super) fn first_rows(preview: &Preview) -> Vec<alta_domain::worker::GridRow> {
    preview.rows.iter().take(PREVIEW_ROWS).cloned().collect()
}
