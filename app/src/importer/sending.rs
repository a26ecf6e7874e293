//! The import under way: batches from the worker to the server, two on their way and one in the
//! making.

use std::collections::VecDeque;
use std::rc::Rc;

use alta_domain::worker::ToWorker;
use alta_domain::{Begun, ErrorCode, ImportId, ImportSummary};
use futures_channel::oneshot::{Receiver, channel};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::copy::forget_copies;
use super::session::{Batch, ImportSession};
use crate::api::AppError;
use crate::api::imports::{BATCH_BYTES, begin_import, finish_import, send_batch, stop_import};

/// Seconds between two tries of a batch, at most; they double from one.
const MOST_WAIT: u32 = 16;

/// Batches on their way at once: one travels, and is checked, while the server writes the one
/// before it.
const IN_FLIGHT: usize = 2;

/// Bytes a second that the line must carry for a batch to travel as it is. A browser compresses
/// some 32 MB a second and a batch becomes a third, so that below a quarter of that it is worth it.
const FAST_LINE: f64 = 8_000_000.0;

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
    /// The line is slower than the compressor.
    pub(super) packed: bool,
}

impl Sending {
    /// Records a second.
    pub(crate) fn rate(&self) -> u64 {
        let seconds = (self.heard - self.started) / 1000.0;
        if seconds <= 0.0 {
            return 0;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a rate is positive and far below 2^53"
        )]
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
    /// A batch did not get through: it is tried again and again while the server can't be reached,
    /// and when the admin says so otherwise.
    Interrupted(Sending, ErrorCode),
    /// Ended.
    Done(ImportSummary),
    /// Never begun: the server refused the plan.
    Refused(ErrorCode),
}

/// Whether trying again may help.
pub(crate) fn is_passing(code: ErrorCode) -> bool {
    matches!(code, ErrorCode::Unreachable | ErrorCode::Internal)
}

fn now() -> f64 {
    js_sys::Date::now()
}

/// A batch on its way.
struct Flying {
    sequence: u32,
    batch: Rc<Batch>,
    answer: Receiver<Result<f64, ErrorCode>>,
}

impl Flying {
    fn launch(import: ImportId, sequence: u32, batch: Batch) -> Self {
        let (sender, answer) = channel();
        let batch = Rc::new(batch);
        let sent = Rc::clone(&batch);
        spawn_local(async move {
            // In a task of its own: the page has just taken the batch in, and two such works in one
            // would hold it up.
            gloo_timers::future::TimeoutFuture::new(0).await;
            let _ = sender.send(attempt(import, sequence, &sent).await);
        });
        Self {
            sequence,
            batch,
            answer,
        }
    }
}

/// Sends a batch once. Answers with the bytes a second that the line carried.
async fn attempt(import: ImportId, sequence: u32, batch: &Batch) -> Result<f64, ErrorCode> {
    let begun = now();
    let bytes = serde_bytes::ByteBuf::from(batch.bytes.as_slice());
    let (_, busy) = send_batch(import, sequence, bytes, batch.packed)
        .await
        .map_err(|error: AppError| error.code)?;
    #[expect(clippy::cast_precision_loss, reason = "a batch has few bytes")]
    let speed = batch.bytes.len() as f64 * 1000.0 / (now() - begun - f64::from(busy)).max(1.0);
    Ok(speed)
}

impl ImportSession {
    /// Begins the import and sends everything.
    pub(crate) async fn send(self) {
        let (Some(plan), Some(file), Some(report)) = (
            self.plan(),
            self.file.get_untracked(),
            self.report.get_untracked(),
        ) else {
            return;
        };
        let all = report.ledger.records;
        match begin_import(plan, file.name, file.bytes, report.fingerprint, all).await {
            Ok(Begun {
                import,
                sequence,
                records,
            }) => {
                let sending = Sending {
                    import,
                    all,
                    sent: records,
                    first: sequence,
                    behind: records,
                    started: now(),
                    heard: now(),
                    packed: false,
                };
                self.sending.set(SendingState::Running(sending));
                let first = self.ask_batch(0, sending);
                self.tell(&ToWorker::Keep(import), None);
                self.send_all(sending, first).await;
            }
            Err(error) => self.sending.set(SendingState::Refused(error.code)),
        }
    }

    /// Asks the admin's browser to stop after the batch that is on its way.
    pub(crate) async fn stop_sending(self, import: ImportId) {
        match stop_import(import).await {
            Ok(summary) => self.end_with(summary),
            Err(error) => self.fail(import, error.code),
        }
    }

    /// The import has ended: nothing of its file is needed any more.
    fn end_with(self, summary: ImportSummary) {
        self.is_kept.set(false);
        forget_copies();
        self.sending.set(SendingState::Done(summary));
    }

    /// Goes on with an import that was held up: what waits to be sent sees that it is wanted now.
    /// One that is elsewhere than this page thought begins again where the server says.
    pub(crate) async fn resume_sending(self) {
        let SendingState::Interrupted(sending, code) = self.sending.get_untracked() else {
            return;
        };
        self.sending.set(SendingState::Running(sending));
        if code == ErrorCode::BadBatch {
            self.send().await;
        }
    }

    async fn send_all(self, mut sending: Sending, first: Receiver<Batch>) {
        let (mut flying, mut made, mut sequence) = (VecDeque::new(), Some(first), 0);
        loop {
            // The first goes alone: it shows how fast the line is.
            let most = if sending.sent == sending.behind {
                1
            } else {
                IN_FLIGHT
            };
            while flying.len() < most
                && let Some(next) = made.take()
            {
                let Ok(batch) = next.await else { return };
                made = (!batch.last).then(|| self.ask_batch(sequence + 1, sending));
                if batch.records > 0 {
                    flying.push_back(Flying::launch(
                        sending.import,
                        sending.first + sequence,
                        batch,
                    ));
                }
                sequence += 1;
            }
            let Some(flying) = flying.pop_front() else {
                break;
            };
            match self
                .deliver(sending, &flying.batch, flying.sequence, flying.answer)
                .await
            {
                Ok(speed) => {
                    let packed = speed < FAST_LINE;
                    sending = Sending {
                        sent: sending.sent + flying.batch.records,
                        heard: now(),
                        packed,
                        ..sending
                    };
                }
                Err(code) => return self.fail(sending.import, code),
            }
            if self.is_over(sending.import) {
                return;
            }
            self.sending.set(SendingState::Running(sending));
        }
        let mut wait = 1;
        loop {
            match finish_import(sending.import).await {
                Ok(summary) => return self.end_with(summary),
                Err(error) if !self.is_held_up(sending.import, error.code, &mut wait).await => {
                    return;
                }
                Err(_) => {}
            }
        }
    }

    /// Says what holds the import up, and waits until it may help to try again, or the admin wants
    /// it tried. Otherwise the import is over.
    async fn is_held_up(self, import: ImportId, code: ErrorCode, wait: &mut u32) -> bool {
        self.fail(import, code);
        let mut quarters = if is_passing(code) {
            *wait * 4
        } else {
            u32::MAX
        };
        *wait = (*wait * 2).min(MOST_WAIT);
        while quarters > 0 {
            gloo_timers::future::TimeoutFuture::new(250).await;
            if self.is_over(import) || self.is_running(import) {
                break;
            }
            quarters -= 1;
        }
        !self.is_over(import)
    }

    /// Waits until the server has a batch that is on its way, and sends it again until then:
    /// sending one twice does nothing, and one that overtook the batch before it was refused.
    /// Without connection it waits, and the screen says so. Answers with the bytes a second that
    /// the line carried.
    async fn deliver(
        self,
        sending: Sending,
        batch: &Batch,
        sequence: u32,
        answer: Receiver<Result<f64, ErrorCode>>,
    ) -> Result<f64, ErrorCode> {
        if let Ok(Ok(speed)) = answer.await {
            return Ok(speed);
        }
        let mut wait = 1;
        loop {
            match attempt(sending.import, sequence, batch).await {
                Err(code)
                    if code != ErrorCode::BadBatch
                        && self.is_held_up(sending.import, code, &mut wait).await => {}
                answer => return answer,
            }
        }
    }

    /// Whether this import is neither under way nor held up any more: it has ended, or another file
    /// has taken its place.
    fn is_over(self, import: ImportId) -> bool {
        !self.sending.with_untracked(|state| match state {
            SendingState::Running(sending) | SendingState::Interrupted(sending, _) => {
                sending.import == import
            }
            _ => false,
        })
    }

    fn is_running(self, import: ImportId) -> bool {
        self.sending.with_untracked(
            |state| matches!(state, SendingState::Running(sending) if sending.import == import),
        )
    }

    fn fail(self, import: ImportId, code: ErrorCode) {
        self.sending.update(|state| {
            if let SendingState::Running(sending) = *state
                && sending.import == import
            {
                *state = SendingState::Interrupted(sending, code);
            }
        });
    }

    /// Asks the worker for a batch; it is made while the page waits for something else.
    fn ask_batch(self, sequence: u32, Sending { behind, packed, .. }: Sending) -> Receiver<Batch> {
        let (sender, receiver) = channel();
        self.batch.set_value(Some(sender));
        self.tell(
            &ToWorker::Batch {
                sequence,
                max_bytes: BATCH_BYTES,
                behind,
                packed,
            },
            None,
        );
        receiver
    }
}
