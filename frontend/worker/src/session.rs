//! The open file in the worker: its bytes, the check that runs over it, the rows that the grid
//! requests, the batches of the import.

mod kept;
mod search;
mod sending;
mod workbook;

use std::cell::RefCell;
use std::rc::Rc;

use alta_domain::worker::{FromWorker, GridRow, Preview, RowFilter, ToWorker};
use alta_domain::{Country, Encoding, FileError, FileLimits, Mapping, ShapeChoice};
use alta_intake::{
    Base, Checker, FileCheck, FoundRows, HEAD_BYTES, Reader, Slice, foreign_format, understand,
};
use wasm_bindgen::prelude::JsValue;
use web_sys::{Blob, File};

use crate::answer;
use crate::file::{Chunks, size, slice};
use sending::Sending;

thread_local! {
    static STATE: RefCell<State> = RefCell::default();
}

#[derive(Default)]
struct State {
    /// The content that is read: the file, or the text made from a sheet; `None` when no file is
    /// open.
    file: Option<Blob>,
    /// True when the content is the copy that was stored for an import.
    is_copy: bool,
    /// True when the content is the copy that was stored for a draft.
    is_draft: bool,
    /// The workbook that the content was made from; `None` for a text file.
    workbook: Option<File>,
    choice: ShapeChoice,
    limits: FileLimits,
    /// The number of the check that may run; a check with another number ends. `None` when no check
    /// may run.
    run: Option<u32>,
    checked: Option<Rc<Checked>>,
    /// The place where the next batch begins; `None` before the first batch.
    sending: Option<Sending>,
    /// The contact base as hashes, with which the file's rows are compared; `None` before the page
    /// has sent it.
    base: Option<Rc<Base>>,
    /// The number of the computation of an import's effect that may run; one with another number
    /// ends. `None` when none may run.
    effect: Option<u32>,
    /// The number of the search that may run; a search with another number ends. `None` when no
    /// search may run.
    search: Option<u32>,
    /// The result of the last search; `None` before a search has ended.
    searched: Option<Rc<search::Found>>,
}

/// The result of a check that later messages need.
struct Checked {
    mapping: Mapping,
    found: FoundRows,
}

fn with<T>(what: impl FnOnce(&mut State) -> T) -> T {
    STATE.with_borrow_mut(what)
}

/// Carries out a message of the page.
pub(crate) async fn handle(message: ToWorker, file: Option<File>) {
    let done = match message {
        ToWorker::Open {
            country,
            limits,
            choice,
        } => open(file, country, limits, choice).await,
        ToWorker::Check { run, mapping } => check(run, mapping).await,
        ToWorker::Stop => {
            with(|state| state.run = None);
            Ok(())
        }
        ToWorker::Rows {
            request,
            first,
            count,
            filter,
        } => rows(request, first, count, filter).await,
        ToWorker::Search { run, text } => search::search(run, &text).await,
        ToWorker::NextProblem { record, backwards } => {
            next_problem(record, backwards);
            Ok(())
        }
        ToWorker::Batch {
            sequence,
            max_bytes,
            records_before,
            packed,
        } => sending::batch(sequence, max_bytes as usize, records_before, packed).await,
        message @ (ToWorker::Keep(_)
        | ToWorker::Restore(_)
        | ToWorker::KeepDraft(_)
        | ToWorker::FindDraft(_)) => {
            kept::handle(message).await;
            Ok(())
        }
        ToWorker::Base { fields, marks } => {
            sending::take_base(fields, &marks);
            Ok(())
        }
        ToWorker::Effect {
            run,
            policy,
            exceptions,
            has_list,
            consent,
        } => sending::effect(run, (policy, &exceptions), (has_list, &consent)).await,
    };
    if done.is_err() {
        answer(&FromWorker::Refused(FileError::Unreadable));
    }
}

/// Returns the current year, for two-digit years.
fn year() -> u16 {
    u16::try_from(js_sys::Date::new_0().get_full_year()).unwrap_or(2026)
}

async fn open(
    file: Option<File>,
    country: Country,
    limits: FileLimits,
    choice: ShapeChoice,
) -> Result<(), JsValue> {
    let (known, workbook, is_copy, is_draft) = with(|state| {
        (
            state.file.clone(),
            state.workbook.clone(),
            state.is_copy && file.is_none(),
            state.is_draft && file.is_none(),
        )
    });
    let dropped = file.or(workbook).map(Blob::from);
    let Some(file) = dropped.or(known) else {
        return Ok(());
    };
    with(|state| {
        *state = State {
            file: Some(file.clone()),
            is_copy,
            is_draft,
            choice,
            limits,
            ..State::default()
        }
    });
    let size = size(&file);
    if size > limits.bytes {
        answer(&FromWorker::Refused(FileError::TooLarge {
            size,
            limit: limits.bytes,
        }));
        return Ok(());
    }
    let head = slice(&file, 0, size.min(HEAD_BYTES as u64)).await?;
    if let Some(format @ ("xlsx" | "xls" | "ods" | "zip")) = foreign_format(&head) {
        return workbook::open(file, format, country, choice).await;
    }
    understood(
        understand(
            &head,
            head.len() as u64 == size,
            country,
            year(),
            &choice,
            limits,
        ),
        None,
    );
    Ok(())
}

fn understood(found: Result<Preview, FileError>, sheets: Option<(Vec<String>, u32)>) {
    answer(&match found {
        Ok(preview) => FromWorker::Opened(Preview { sheets, ..preview }),
        Err(error) => FromWorker::Refused(error),
    });
}

async fn check(run: u32, mut mapping: Mapping) -> Result<(), JsValue> {
    let (file, most) = with(|state| {
        state.run = Some(run);
        state.sending = None;
        state.effect = None;
        (state.file.clone(), state.limits.records)
    });
    let Some(file) = file else {
        return Ok(());
    };
    let mut chunks = Chunks::of(&file)?;
    let size = size(&file);
    let mut check = FileCheck::new(&mapping).expecting(size);
    let mut bytes = 0;
    let mut said = 0;
    while bytes < size {
        let Some(chunk) = chunks.next().await? else {
            break;
        };
        if with(|state| state.run) != Some(run) {
            chunks.cancel();
            return Ok(());
        }
        bytes += u64::from(chunk.length());
        check.push_with(chunk.length() as usize, bytes >= size, |room| {
            chunk.copy_to(room);
        });
        if check.records() > most {
            chunks.cancel();
            answer(&FromWorker::Refused(FileError::TooManyRecords(most)));
            return Ok(());
        }
        if bytes - said >= 1024 * 1024 {
            said = bytes;
            answer(&FromWorker::Progress {
                run,
                bytes,
                records: check.records(),
            });
        }
    }
    if !reread(run, &file, &mut check).await? {
        return Ok(());
    }
    let (mut report, found) = check.finish();
    // Accents appeared only further down in the file, so the encoding was wrong: check the file
    // again, unless the Admin chose the encoding.
    let settled = with(|state| state.choice.encoding).is_some()
        || report.shape.encoding == mapping.shape.encoding;
    if !settled && mapping.shape.encoding == Encoding::Utf8 {
        let mapping = Mapping {
            shape: report.shape,
            ..mapping
        };
        return Box::pin(self::check(run, mapping)).await;
    }
    report.shape = mapping.shape;
    mapping.set_date_orders(&report.date_orders);
    with(|state| state.checked = Some(Rc::new(Checked { mapping, found })));
    answer(&FromWorker::Checked { run, report });
    Ok(())
}

/// Reads again those records of the file that share a phone, an e-mail address or a CPF with
/// others, to decide who is who. Returns false when a newer check has begun meanwhile.
async fn reread(run: u32, file: &Blob, check: &mut FileCheck) -> Result<bool, JsValue> {
    for stretch in check.stretches() {
        if with(|state| state.run) != Some(run) {
            return Ok(false);
        }
        let end = stretch.end.unwrap_or_else(|| size(file));
        check.reread(stretch, &slice(file, stretch.start, end).await?);
    }
    Ok(true)
}

fn next_problem(record: u32, backwards: bool) {
    let next = with(|state| {
        let found = &state.checked.as_ref()?.found;
        found.next_problem(record, backwards)
    });
    answer(&FromWorker::Problem(next));
}

async fn rows(
    request: u32,
    first: u32,
    count: u32,
    filter: Option<RowFilter>,
) -> Result<(), JsValue> {
    let (Some(file), Some(done)) = with(|state| (state.file.clone(), state.checked.clone())) else {
        return Ok(());
    };
    let count = count.min(500);
    let wanted = match filter {
        Some(RowFilter::Search(run)) => with(|state| state.searched.clone())
            .map(|found| found.page(run, first, count))
            .unwrap_or_default(),
        filter => done.found.shown(filter.as_ref(), first, count),
    };
    let checker = Checker::new(&done.mapping);
    let mut rows: Vec<GridRow> = Vec::with_capacity(wanted.len());
    let mut wanted = wanted.into_iter().peekable();
    while let Some(record) = wanted.peek().copied() {
        let Some((at, offset, line, next)) = done.found.index.locate(record) else {
            break;
        };
        let end = next.unwrap_or_else(|| size(&file));
        let bytes = slice(&file, offset, end).await?;
        let reader = Reader::from(&done.mapping.shape, offset, line);
        let mut part = Slice::new(&done.mapping, &checker, &done.found, reader, at - 1);
        part.push(&bytes, true);
        while let Some(row) = part.next_row() {
            if wanted.peek() == Some(&row.record) {
                wanted.next();
                rows.push(row);
            }
        }
        // A record that the slice does not hold can't be shown; continue with the one after it.
        if wanted.peek() == Some(&record) {
            wanted.next();
        }
    }
    answer(&FromWorker::Rows { request, rows });
    Ok(())
}
