//! The file in hand: what it is, the check that runs over it, the rows the grid asks for, the
//! batches the import sends.

mod sending;

use std::cell::RefCell;
use std::rc::Rc;

use alta_domain::worker::{FromWorker, GridRow, Preview, RowFilter, ToWorker};
use alta_domain::{
    Country, Delimiter, Encoding, FileError, FileLimits, ImportId, Mapping, ShapeChoice,
};
use alta_intake::{
    Base, Checker, FileCheck, FoundRows, HEAD_BYTES, Reader, Slice, foreign_format, understand,
};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::{JsCast, JsValue};
use web_sys::{Blob, File};

use crate::file::{Chunks, size, slice};
use crate::{answer, copy, sheets};
use sending::Sending;

thread_local! {
    static STATE: RefCell<State> = RefCell::default();
}

#[derive(Default)]
struct State {
    /// What is read: the file, or the text made of a sheet.
    file: Option<Blob>,
    /// What is read is the copy that was kept.
    is_copy: bool,
    /// The workbook that the text comes from.
    workbook: Option<File>,
    choice: ShapeChoice,
    limits: FileLimits,
    /// The check that may go on; another number ends it.
    run: Option<u32>,
    checked: Option<Rc<Checked>>,
    /// Where the next batch begins.
    sending: Option<Sending>,
    /// The organization's contacts, as marks.
    base: Option<Rc<Base>>,
    /// The finding out of an effect that may go on.
    effect: Option<u32>,
}

/// What stays of a check.
struct Checked {
    mapping: Mapping,
    found: FoundRows,
}

fn with<T>(what: impl FnOnce(&mut State) -> T) -> T {
    STATE.with_borrow_mut(what)
}

/// Carries out what the page asks.
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
        ToWorker::NextProblem { record, backwards } => {
            next_problem(record, backwards);
            Ok(())
        }
        ToWorker::Batch {
            sequence,
            max_bytes,
            behind,
            packed,
        } => sending::batch(sequence, max_bytes as usize, behind, packed).await,
        ToWorker::Keep(import) => keep(import).await,
        ToWorker::Restore(import) => restore(import).await,
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

/// Keeps the file, or the text that a workbook became. Without room or without a place for it
/// nothing is kept, and nothing said.
async fn keep(import: ImportId) -> Result<(), JsValue> {
    let (Some(file), is_copy) = with(|state| (state.file.clone(), state.is_copy)) else {
        return Ok(());
    };
    if is_copy || copy::keep(&file, import).await.is_ok() {
        answer(&FromWorker::Kept);
    }
    Ok(())
}

async fn restore(import: ImportId) -> Result<(), JsValue> {
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
    Ok(())
}

/// The current year, for two-digit years.
fn year() -> u16 {
    u16::try_from(js_sys::Date::new_0().get_full_year()).unwrap_or(2026)
}

async fn open(
    file: Option<File>,
    country: Country,
    limits: FileLimits,
    choice: ShapeChoice,
) -> Result<(), JsValue> {
    let (known, workbook, is_copy) = with(|state| {
        (
            state.file.clone(),
            state.workbook.clone(),
            state.is_copy && file.is_none(),
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
        return open_workbook(file, format, country, choice).await;
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

/// Reads a sheet of a workbook as text; from then on that is the file.
async fn open_workbook(
    file: Blob,
    format: &str,
    country: Country,
    choice: ShapeChoice,
) -> Result<(), JsValue> {
    let bytes = slice(&file, 0, size(&file)).await?;
    let Ok((names, sheet, csv)) = sheets::read(&bytes, choice.sheet).await else {
        answer(&FromWorker::Refused(FileError::NotCsv(format.to_owned())));
        return Ok(());
    };
    let text = Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(csv.as_slice())))?;
    with(|state| {
        state.file = Some(text);
        state.workbook = file.dyn_into().ok();
    });
    // Commas and UTF-8 by its making.
    let limits = with(|state| state.limits);
    let choice = ShapeChoice {
        encoding: Some(Encoding::Utf8),
        delimiter: csv.contains(&b',').then_some(Delimiter::Comma),
        ..choice
    };
    with(|state| state.choice = choice);
    let head = &csv[..csv.len().min(HEAD_BYTES)];
    understood(
        understand(
            head,
            head.len() == csv.len(),
            country,
            year(),
            &choice,
            limits,
        ),
        Some((names, sheet)),
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
    // Accents that only showed further down: read the file again as what it is, unless the admin
    // chose the encoding.
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

/// Reads the records again that share keys. Returns false when another check has begun.
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
    let wanted = done.found.shown(filter.as_ref(), first, count.min(500));
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
        // A record that the slice did not hold can't be shown; go on behind it.
        if wanted.peek() == Some(&record) {
            wanted.next();
        }
    }
    answer(&FromWorker::Rows { request, rows });
    Ok(())
}
