//! The transfer of the checked rows to the server. While two batches are being sent, the worker
//! makes a third.

mod batch;
mod state;

use std::collections::VecDeque;

use alta_domain::worker::ToWorker;
use alta_domain::{Begun, ErrorCode, ImportId, ImportPlan, ImportSummary};
use futures_channel::oneshot::{Receiver, Sender, channel};
use leptos::prelude::*;

use self::batch::{Attempt, BatchInFlight, attempt, now};
use self::state::{Sending, TransferState};
use super::file::FileInfo;
use crate::api::imports::{BATCH_BYTES, begin_import, finish_import, stop_import};
use crate::importer::copy::spawn_copy_removal;
use crate::importer::worker::ImportWorker;

pub(super) use self::batch::Batch;
pub(crate) use self::state::is_temporary;

/// The longest wait between two attempts, in seconds. The first wait is one second, and each is
/// twice as long as the one before.
const MAX_WAIT: u32 = 16;

/// The number of batches that are sent at the same time: the server checks one while it writes the
/// one before.
const IN_FLIGHT: usize = 2;

/// The speed of the network, in bytes a second, from which on batches are sent uncompressed. A
/// browser compresses some 32 MB a second to a third of the size; compression saves time on
/// networks slower than a quarter of that speed.
const FAST_LINE: f64 = 8_000_000.0;

/// Everything that the server needs to begin an import.
pub(super) struct ImportRequest {
    pub(super) plan: ImportPlan,
    pub(super) file: FileInfo,
    pub(super) fingerprint: u64,
    pub(super) records: u32,
}

/// The transfer of the file's rows to the server.
#[derive(Clone, Copy)]
pub(crate) struct Transfer {
    state: RwSignal<TransferState>,
    /// True when the browser has a copy of the file, with which the import can continue on another
    /// visit.
    has_copy: RwSignal<bool>,
    /// The sender for the batch that the worker was asked for; `None` when no batch is awaited.
    batch_sender: StoredValue<Option<Sender<Batch>>>,
}

/// Methods with which the pages read the transfer.
impl Transfer {
    /// Returns true when no import has begun.
    pub(crate) fn is_idle(self) -> bool {
        self.state
            .with(|state| matches!(state, TransferState::Idle | TransferState::Refused(_)))
    }

    /// Returns true when no import has begun, without following changes.
    pub(super) fn is_idle_now(self) -> bool {
        untrack(|| self.is_idle())
    }

    /// Returns the counts of an import that has begun and not ended; `None` when there is none.
    pub(crate) fn sending(self) -> Option<Sending> {
        self.state.with(TransferState::sending)
    }

    /// Returns the error that interrupts the import; `None` when nothing does.
    pub(crate) fn interruption(self) -> Option<ErrorCode> {
        self.state.with(|state| {
            if let TransferState::Interrupted(_, code) = state {
                Some(*code)
            } else {
                None
            }
        })
    }

    /// Returns the error for which the server refused to begin the import, without following
    /// changes; `None` when it did not.
    pub(crate) fn refusal(self) -> Option<ErrorCode> {
        self.state.with_untracked(|state| {
            if let TransferState::Refused(code) = state {
                Some(*code)
            } else {
                None
            }
        })
    }

    /// Returns true when the import has ended.
    pub(crate) fn is_done(self) -> bool {
        self.state
            .with(|state| matches!(state, TransferState::Done(_)))
    }

    /// Returns the summary of an import that has ended; `None` before that.
    pub(crate) fn summary(self) -> Option<ImportSummary> {
        self.state.with(|state| {
            if let TransferState::Done(summary) = state {
                Some(summary.clone())
            } else {
                None
            }
        })
    }

    /// Returns true when the browser has a copy of the file that is sent.
    pub(crate) fn has_copy(self) -> bool {
        self.has_copy.get()
    }

    /// Shows a newer summary of the import that has ended, because it was undone.
    pub(crate) fn update_summary(self, summary: ImportSummary) {
        self.state.set(TransferState::Done(summary));
    }

    /// Stops the import after the batch that is being sent.
    pub(crate) async fn stop(self, import: ImportId) {
        match stop_import(import).await {
            Ok(summary) => self.end(summary),
            Err(error) => self.interrupt(import, error.code),
        }
    }
}

/// Methods with which the session changes the transfer.
impl Transfer {
    pub(super) fn new() -> Self {
        Self {
            state: RwSignal::default(),
            has_copy: RwSignal::default(),
            batch_sender: StoredValue::new(None),
        }
    }

    /// Forgets the last import, because the file is checked anew.
    pub(super) fn reset(self) {
        self.state.set(TransferState::Idle);
    }

    /// Forgets the last import, and that the browser has a copy of its file.
    pub(super) fn clear(self) {
        self.has_copy.set(false);
        self.reset();
    }

    /// Records that the browser has a copy of the file.
    pub(super) fn note_copy(self) {
        self.has_copy.set(true);
    }

    /// Hands the worker's batch to the transfer that asked for it.
    pub(super) fn receive_batch(self, batch: Batch) {
        if let Some(sender) = self.batch_sender.try_update_value(Option::take).flatten() {
            let _ = sender.send(batch);
        }
    }

    /// Begins the import on the server, or continues the interrupted one, and sends all batches.
    pub(super) async fn run(self, request: ImportRequest) {
        let ImportRequest {
            plan,
            file,
            fingerprint,
            records: all,
        } = request;
        let begun = begin_import(plan, file.name, file.bytes, fingerprint, all).await;
        let Begun {
            import,
            sequence,
            records,
        } = match begun {
            Ok(begun) => begun,
            Err(error) => return self.state.set(TransferState::Refused(error.code)),
        };
        let sending = Sending {
            import,
            all,
            sent: records,
            first_sequence: sequence,
            sent_before: records,
            started: now(),
            answered: now(),
            packed: false,
        };
        self.state.set(TransferState::Running(sending));
        let first = self.request_batch(0, sending);
        ImportWorker::send(&ToWorker::Keep(import), None);
        if let Some(sending) = self.send_batches(sending, first).await {
            self.finish(sending.import).await;
        }
    }

    /// Goes on after an interruption. Sets the state to running, which makes [`Self::deliver`] send
    /// its batch again. Returns true when that is not enough, because the server has received other
    /// batches than this page knows of: then the caller begins the import again, and the server
    /// says from where.
    pub(super) fn resume(self) -> bool {
        let TransferState::Interrupted(sending, code) = self.state.get_untracked() else {
            return false;
        };
        self.state.set(TransferState::Running(sending));
        code == ErrorCode::BadBatch
    }
}

/// Methods that send the batches.
impl Transfer {
    /// Sends all batches of the file. Returns `None` when the import was stopped, or an error ended
    /// it.
    async fn send_batches(self, mut sending: Sending, first: Receiver<Batch>) -> Option<Sending> {
        let (mut in_flight, mut made, mut sequence) = (VecDeque::new(), Some(first), 0);
        loop {
            // The first batch goes alone: it shows how fast the network is.
            let most = if sending.sent == sending.sent_before {
                1
            } else {
                IN_FLIGHT
            };
            while in_flight.len() < most
                && let Some(next) = made.take()
            {
                let batch = next.await.ok()?;
                made = (!batch.last).then(|| self.request_batch(sequence + 1, sending));
                if batch.records > 0 {
                    let number = sending.first_sequence + sequence;
                    in_flight.push_back(BatchInFlight::launch(sending.import, number, batch));
                }
                sequence += 1;
            }
            let Some(oldest) = in_flight.pop_front() else {
                return Some(sending);
            };
            let records = oldest.batch.records;
            match self.deliver(sending.import, oldest).await {
                Ok(speed) => {
                    sending = Sending {
                        sent: sending.sent + records,
                        answered: now(),
                        packed: speed < FAST_LINE,
                        ..sending
                    };
                }
                Err(code) => {
                    self.interrupt(sending.import, code);
                    return None;
                }
            }
            if self.is_over(sending.import) {
                return None;
            }
            self.state.set(TransferState::Running(sending));
        }
    }

    /// Sends a batch, and sends it again until the server answers that it has it. A batch that
    /// comes twice is written once. The server refuses a batch that comes before the one before it;
    /// it is sent again too.
    async fn deliver(self, import: ImportId, flight: BatchInFlight) -> Attempt {
        if let Ok(Ok(speed)) = flight.answer.await {
            return Ok(speed);
        }
        let mut wait = 1;
        loop {
            match attempt(import, flight.sequence, &flight.batch).await {
                Err(code)
                    if code != ErrorCode::BadBatch
                        && self.waits_to_retry(import, code, &mut wait).await => {}
                answer => return answer,
            }
        }
    }

    /// Closes the import on the server, and tries again when that fails.
    async fn finish(self, import: ImportId) {
        let mut wait = 1;
        loop {
            match finish_import(import).await {
                Ok(summary) => return self.end(summary),
                Err(error) if !self.waits_to_retry(import, error.code, &mut wait).await => return,
                Err(_) => {}
            }
        }
    }

    /// Shows the error, and waits until the Admin resumes the import or, after a temporary error,
    /// at most `wait` seconds; doubles `wait`. Returns false when the import is over.
    async fn waits_to_retry(self, import: ImportId, code: ErrorCode, wait: &mut u32) -> bool {
        self.interrupt(import, code);
        let mut quarters = if is_temporary(code) {
            *wait * 4
        } else {
            u32::MAX
        };
        *wait = (*wait * 2).min(MAX_WAIT);
        while quarters > 0 {
            gloo_timers::future::TimeoutFuture::new(250).await;
            if self.is_over(import) || self.is_running(import) {
                break;
            }
            quarters -= 1;
        }
        !self.is_over(import)
    }

    /// Shows the summary, and removes the copy of the file, which is not needed any more.
    fn end(self, summary: ImportSummary) {
        self.has_copy.set(false);
        spawn_copy_removal();
        self.state.set(TransferState::Done(summary));
    }

    /// Returns true when this import has ended, or the state is of another import.
    fn is_over(self, import: ImportId) -> bool {
        self.state
            .with_untracked(|state| state.sending().is_none_or(|now| now.import != import))
    }

    fn is_running(self, import: ImportId) -> bool {
        self.state.with_untracked(
            |state| matches!(state, TransferState::Running(now) if now.import == import),
        )
    }

    fn interrupt(self, import: ImportId, code: ErrorCode) {
        self.state.update(|state| {
            if let TransferState::Running(sending) = *state
                && sending.import == import
            {
                *state = TransferState::Interrupted(sending, code);
            }
        });
    }

    /// Asks the worker for a batch. The worker makes it while the page waits for the server.
    fn request_batch(self, sequence: u32, sending: Sending) -> Receiver<Batch> {
        let (sender, receiver) = channel();
        self.batch_sender.set_value(Some(sender));
        let message = ToWorker::Batch {
            sequence,
            max_bytes: BATCH_BYTES,
            records_before: sending.sent_before,
            packed: sending.packed,
        };
        ImportWorker::send(&message, None);
        receiver
    }
}
