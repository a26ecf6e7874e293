//! One batch of rows that is sent to the server.

use std::rc::Rc;

use alta_domain::{ErrorCode, ImportId};
use futures_channel::oneshot::{Receiver, channel};
use leptos::task::spawn_local;

use crate::api::AppError;
use crate::api::imports::send_batch;

/// The rows to send, as the worker encoded them.
pub(in crate::importer::session) struct Batch {
    pub(in crate::importer::session) bytes: Vec<u8>,
    /// True when the bytes are compressed with gzip.
    pub(in crate::importer::session) packed: bool,
    pub(in crate::importer::session) records: u32,
    /// True when no other batch follows.
    pub(in crate::importer::session) last: bool,
}

/// The speed of the network in bytes a second, or the reason why the batch did not arrive.
pub(super) type Attempt = Result<f64, ErrorCode>;

/// A batch that was sent and is not answered yet.
pub(super) struct BatchInFlight {
    pub(super) sequence: u32,
    pub(super) batch: Rc<Batch>,
    pub(super) answer: Receiver<Attempt>,
}

impl BatchInFlight {
    /// Sends a batch once, in a task of its own.
    pub(super) fn launch(import: ImportId, sequence: u32, batch: Batch) -> Self {
        let (sender, answer) = channel();
        let batch = Rc::new(batch);
        let sent = Rc::clone(&batch);
        spawn_local(async move {
            // The page has just copied the batch out of the worker's message; encoding the batch in
            // the same task would freeze the page.
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

/// Sends a batch once. Returns the speed of the network in bytes a second, without the time that
/// the server was busy.
pub(super) async fn attempt(import: ImportId, sequence: u32, batch: &Batch) -> Attempt {
    let begun = now();
    let bytes = serde_bytes::ByteBuf::from(batch.bytes.as_slice());
    let (_, busy) = send_batch(import, sequence, bytes, batch.packed)
        .await
        .map_err(|error: AppError| error.code)?;
    #[expect(clippy::cast_precision_loss, reason = "a batch has few bytes")]
    let speed = batch.bytes.len() as f64 * 1000.0 / (now() - begun - f64::from(busy)).max(1.0);
    Ok(speed)
}

/// Returns the time in milliseconds since 1970.
pub(super) fn now() -> f64 {
    js_sys::Date::now()
}
