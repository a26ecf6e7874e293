//! The state of the transfer, and its speed.

use alta_domain::{ErrorCode, ImportId, ImportSummary};

/// The counts of an import that is being sent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Sending {
    pub(crate) import: ImportId,
    /// The number of all records of the file.
    pub(crate) all: u32,
    /// The number of records that the server has, including those from before an interruption.
    pub(crate) sent: u32,
    /// The sequence number of the first batch that this page sends.
    pub(super) first_sequence: u32,
    /// The number of records that the server had before this page began to send.
    pub(super) sent_before: u32,
    /// The time at which this page began to send, in milliseconds since 1970.
    pub(super) started: f64,
    /// The time of the server's last answer, in milliseconds since 1970.
    pub(super) answered: f64,
    /// True when batches are compressed, because the network is slower than the compression.
    pub(super) packed: bool,
}

impl Sending {
    /// Returns the number of records sent in a second.
    pub(crate) fn rate(&self) -> u64 {
        let seconds = (self.answered - self.started) / 1000.0;
        if seconds <= 0.0 {
            return 0;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a rate is positive and far below 2^53"
        )]
        let rate = (f64::from(self.sent - self.sent_before) / seconds) as u64;
        rate
    }

    /// Returns the number of seconds left at this rate; `None` when the rate is 0.
    pub(crate) fn seconds_left(&self) -> Option<u64> {
        u64::from(self.all.saturating_sub(self.sent)).checked_div(self.rate())
    }

    /// Returns the records that the server has, in percent of all records.
    pub(crate) fn percent(&self) -> u64 {
        u64::from(self.sent) * 100 / u64::from(self.all.max(1))
    }
}

/// The state of the transfer.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum TransferState {
    /// The transfer has not begun.
    #[default]
    Idle,
    /// Batches are being sent.
    Running(Sending),
    /// A batch did not arrive. While the server can't be reached, the page sends the batch again
    /// and again; after another error only when the Admin asks for it.
    Interrupted(Sending, ErrorCode),
    /// The import has ended.
    Done(ImportSummary),
    /// The import did not begin, because the server refused the plan.
    Refused(ErrorCode),
}

impl TransferState {
    /// Returns the counts of a transfer that has begun and not ended; `None` for any other state.
    pub(super) fn sending(&self) -> Option<Sending> {
        match self {
            Self::Running(sending) | Self::Interrupted(sending, _) => Some(*sending),
            _ => None,
        }
    }
}

/// Returns true for an error that may go away by itself, so that sending again may help.
pub(crate) fn is_temporary(code: ErrorCode) -> bool {
    matches!(code, ErrorCode::Unreachable | ErrorCode::Internal(_))
}
