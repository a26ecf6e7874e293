//! Cuts a checked file into batches, for the import and for its rehearsal.

use std::rc::Rc;

use alta_domain::worker::FromWorker;
use alta_domain::{ConsentPlan, ExistingPolicy, FieldException, FieldTarget};
use alta_intake::{Base, Batcher, Checker, Reader, Rehearsal, Slice};
use wasm_bindgen::prelude::JsValue;
use web_sys::Blob;

use super::{Checked, with};
use crate::answer;
use crate::file::{size, slice};
use crate::pack::gzip;

/// The number of bytes read at a time.
const SLICE: u64 = 1024 * 1024;

/// The number of bytes of cells that are compared with the contact base between two messages to the
/// page.
const REHEARSED: usize = 1024 * 1024;

/// The place where the next batch begins.
#[derive(Clone, Copy)]
pub(super) struct Sending {
    sequence: u32,
    offset: u64,
    line: u32,
    record: u32,
}

/// The cutter that makes batches of a checked file, from a record on.
struct Cutter {
    file: Blob,
    done: Rc<Checked>,
    checker: Checker,
    at: Sending,
    /// The number of records that the server has already.
    records_before: u32,
}

impl Cutter {
    /// Makes a cutter that begins with the first record that the server does not have.
    fn start(file: Blob, done: Rc<Checked>, records_before: u32) -> Self {
        let at = match done.found.index.locate(records_before + 1) {
            Some((record, offset, line, _)) => Sending {
                sequence: 0,
                offset,
                line,
                record: record - 1,
            },
            None => Sending {
                sequence: 0,
                offset: size(&file),
                line: 1,
                record: records_before,
            },
        };
        Self {
            checker: Checker::new(&done.mapping),
            file,
            done,
            at,
            records_before,
        }
    }

    /// Returns the next batch, and true when it is the last.
    async fn next(&mut self, max_bytes: usize) -> Result<(Batcher, bool), JsValue> {
        let Checked { mapping, found } = &*self.done;
        let size = size(&self.file);
        let mut batcher = Batcher {
            record: self.at.record,
            ..Batcher::default()
        };
        let reader = Reader::from(&mapping.shape, self.at.offset, self.at.line);
        let mut part = Slice::new(mapping, &self.checker, found, reader, self.at.record);
        let mut read = self.at.offset;
        let ended = loop {
            if batcher.fill(
                &mut part,
                (&self.checker, mapping, found),
                (max_bytes, self.records_before),
            ) {
                break false;
            }
            if read >= size {
                break true;
            }
            let to = (read + SLICE).min(size);
            part.push(&slice(&self.file, read, to).await?, to >= size);
            read = to;
        };
        let (offset, line) = part.position();
        self.at = Sending {
            sequence: self.at.sequence + 1,
            offset,
            line,
            record: batcher.record,
        };
        Ok((batcher, ended))
    }
}

/// Answers with the next batch of the import.
pub(super) async fn batch(
    sequence: u32,
    max_bytes: usize,
    records_before: u32,
    packed: bool,
) -> Result<(), JsValue> {
    let (Some(file), Some(done), sending) = with(|state| {
        state.effect = None;
        (state.file.clone(), state.checked.clone(), state.sending)
    }) else {
        return Ok(());
    };
    let mut cutter = Cutter::start(file, done, records_before);
    match sending {
        Some(sending) if sending.sequence == sequence => cutter.at = sending,
        _ if sequence == 0 => {}
        _ => return Ok(()),
    }
    let (batcher, last) = cutter.next(max_bytes).await?;
    with(|state| state.sending = Some(cutter.at));
    let records = batcher.records();
    let bytes = postcard::to_allocvec(&batcher.batch)
        .map_err(|error| JsValue::from_str(&error.to_string()))?;
    let packed = if packed {
        gzip(&bytes).await.ok()
    } else {
        None
    };
    answer(&match packed {
        Some(bytes) => FromWorker::Batch {
            sequence,
            bytes,
            packed: true,
            records,
            last,
        },
        None => FromWorker::Batch {
            sequence,
            bytes,
            packed: false,
            records,
            last,
        },
    });
    Ok(())
}

/// Adds a part of the contact base; a part with `fields` is the first of a new one.
pub(super) fn take_base(fields: Option<Vec<FieldTarget>>, marks: &[u8]) {
    with(|state| {
        if let Some(fields) = fields {
            state.base = Some(Rc::new(Base::of(fields)));
        }
        // Nothing else refers to the base while marks are added.
        if let Some(base) = state.base.as_mut().and_then(Rc::get_mut) {
            base.add(marks);
        }
    });
}

/// Goes through the file as the import would, and sends the page the effect that it would have on
/// the contact base, up to now and at the end.
pub(super) async fn effect(
    run: u32,
    (policy, exceptions): (ExistingPolicy, &[FieldException]),
    (has_list, consent): (bool, &ConsentPlan),
) -> Result<(), JsValue> {
    let (Some(file), Some(done), Some(base)) = with(|state| {
        state.effect = Some(run);
        if let Some(base) = state.base.as_mut().and_then(Rc::get_mut) {
            base.complete();
        }
        (
            state.file.clone(),
            state.checked.clone(),
            state.base.clone(),
        )
    }) else {
        return Ok(());
    };
    let mapping = done.mapping.clone();
    let mut cutter = Cutter::start(file, done, 0);
    let mut rehearsal =
        Rehearsal::new(&base, policy, exceptions).under(&mapping, has_list, consent);
    loop {
        let (batcher, last) = cutter.next(REHEARSED).await?;
        if with(|state| state.effect) != Some(run) {
            return Ok(());
        }
        rehearsal.take(&cutter.checker, &batcher.batch);
        answer(&FromWorker::Effect {
            run,
            effect: rehearsal.effect.clone(),
            last,
        });
        if last {
            return Ok(());
        }
    }
}
