//! The import under way: batches from the worker to the server, one made while the other travels.

use alta_domain::worker::ToWorker;
use alta_domain::{Begun, ErrorCode, ImportId, ImportLedger, ImportSummary};
use leptos::prelude::*;

use super::session::{Batch, ImportSession};
use crate::api::AppError;
use crate::api::imports::{BATCH_BYTES, begin_import, finish_import, send_batch, stop_import};

/// Tries of a batch before the admin is asked; the wait doubles from one second.
const TRIES: u32 = 4;

/// An import under way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Sending {
    pub(crate) import: ImportId,
    /// Records of the file.
    pub(crate) all: u32,
    /// Records the server has of this file.
    pub(crate) sent: u32,
    /// The number of the first batch that is sent.
    pub(super) first: u32,
    /// Records that were there before it.
    pub(super) behind: u32,
    /// When it began, in milliseconds since 1970.
    pub(crate) started: f64,
    /// What time it was when the server answered last.
    pub(crate) heard: f64,
}

impl Sending {
    /// Records a second.
    pub(crate) fn rate(&self) -> u64 {
        let seconds = (self.heard - self.started) / 1000.0;
        if seconds <= 0.0 {
            return 0;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rate is positive and far below 2^53")]
        let rate = (f64::from(self.sent - self.behind) / seconds) as u64;
        rate
    }

    /// Seconds left at this rate.
    pub(crate) fn seconds_left(&self) -> Option<u64> {
        u64::from(self.all.saturating_sub(self.sent)).checked_div(self.rate())
    }
}

/// Where the import stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum SendingState {
    /// Not begun.
    #[default]
    Idle,
    /// On its way.
    Running(Sending),
    /// A batch did not get through; it can be sent again.
    Interrupted(Sending, ErrorCode),
    /// Ended.
    Done(ImportSummary),
    /// Never begun: the server refused the plan.
    Refused(ErrorCode),
}

fn now() -> f64 {
    js_sys::Date::now()
}

impl ImportSession {
    /// Begins the import and sends everything.
    pub(crate) async fn send(self) {
        let (Some(plan), Some(file), Some(report)) = (self.plan(), self.file.get_untracked(), self.report.get_untracked()) else { return };
        let all = report.ledger.records;
        match begin_import(plan, file.name, file.bytes, report.fingerprint, all).await {
            Ok(Begun { import, sequence, records }) => {
                let sending = Sending { import, all, sent: records, first: sequence, behind: records, started: now(), heard: now() };
                self.sending.set(SendingState::Running(sending));
                let first = self.ask_batch(0, records).await.ok();
                self.send_from(sending, 0, first).await;
            }
            Err(error) => self.sending.set(SendingState::Refused(error.code)),
        }
    }

    /// Asks the admin's browser to stop after the batch that is on its way.
    pub(crate) async fn stop_sending(self, import: ImportId) {
        match stop_import(import).await {
            Ok(summary) => self.sending.set(SendingState::Done(summary)),
            Err(error) => self.fail(error.code),
        }
    }

    /// Goes on with the batch that did not get through.
    pub(crate) async fn resume_sending(self) {
        let SendingState::Interrupted(sending, _) = self.sending.get_untracked() else { return };
        self.sending.set(SendingState::Running(sending));
        match self.undelivered.try_update_value(Option::take).flatten() {
            Some((sequence, batch)) => self.send_from(sending, sequence, Some(batch)).await,
            None => self.send_from(sending, 0, None).await,
        }
    }

    async fn send_from(self, mut sending: Sending, mut sequence: u32, mut batch: Option<Batch>) {
        while let Some(Batch { bytes, records, last }) = batch.take() {
            let next = (!last).then(|| self.ask_batch(sequence + 1, sending.behind));
            if records > 0 {
                match self.deliver(sending.import, sending.first + sequence, &bytes).await {
                    Ok(_) => sending = Sending { sent: sending.sent + records, heard: now(), ..sending },
                    Err(code) => {
                        self.undelivered.set_value(Some((sequence, Batch { bytes, records, last })));
                        return self.fail(code);
                    }
                }
                if !self.is_running() {
                    return;
                }
                self.sending.set(SendingState::Running(sending));
            }
            sequence += 1;
            batch = match next {
                Some(next) => next.await.ok(),
                None => None,
            };
        }
        match finish_import(sending.import).await {
            Ok(summary) => self.sending.set(SendingState::Done(summary)),
            Err(error) => self.fail(error.code),
        }
    }

    /// Sends a batch until the server has it: sending one twice does nothing.
    async fn deliver(self, import: ImportId, sequence: u32, bytes: &[u8]) -> Result<ImportLedger, ErrorCode> {
        let mut wait = 1000;
        for attempt in 1.. {
            match send_batch(import, sequence, serde_bytes::ByteBuf::from(bytes)).await {
                Ok(ledger) => return Ok(ledger),
                Err(AppError { code: ErrorCode::Unreachable | ErrorCode::Internal }) if attempt < TRIES => {
                    gloo_timers::future::TimeoutFuture::new(wait).await;
                    wait *= 2;
                }
                Err(error) => return Err(error.code),
            }
        }
        Err(ErrorCode::Unreachable)
    }

    fn is_running(self) -> bool {
        self.sending.with_untracked(|state| matches!(state, SendingState::Running(_)))
    }

    fn fail(self, code: ErrorCode) {
        self.sending.update(|state| {
            if let SendingState::Running(sending) = *state {
                *state = SendingState::Interrupted(sending, code);
            }
        });
    }

    /// Asks the worker for a batch; it is made while the page waits for something else.
    fn ask_batch(self, sequence: u32, behind: u32) -> futures_channel::oneshot::Receiver<Batch> {
        let (sender, receiver) = futures_channel::oneshot::channel();
        self.batch.set_value(Some(sender));
        self.tell(&ToWorker::Batch { sequence, max_bytes: BATCH_BYTES, behind }, None);
        receiver
    }
}
