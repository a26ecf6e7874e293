//! The state of the transfer, and the speed of it.

use alta_domain::{ErrorCode, ImportId, ImportSummary};

/// The counts of an import that is being sent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Sending {
    pub(crate) import: ImportId,
    /// All records of the file.
    pub(crate) all: u32,
    /// Records that the server has, those from before an interruption included.
    pub(crate) sent: u32,
    /// The sequence number of the first batch that this page sends.
    pub(super) first_sequence: u32,
    /// Records that the server had before this page began to send.
    pub(super) sent_before: u32,
    /// When this page began to send, in milliseconds since 1970.
    pub(super) started: f64,
    /// When the server answered last, in milliseconds since 1970.
    pub(super) answered: f64,
    /// Batches are compressed, because the line is slower than the compression.
    pub(super) packed: bool,
}

impl Sending {
    /// Records a second.
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

    /// Seconds left at this rate.
    pub(crate) fn seconds_left(&self) -> Option<u64> {
        u64::from(self.all.saturating_sub(self.sent)).checked_div(self.rate())
    }

    /// Records that the server has, in percent of all.
    pub(crate) fn percent(&self) -> u64 {
        u64::from(self.sent) * 100 / u64::from(self.all.max(1))
    }
}

/// The state of the transfer.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum TransferState {
    /// Not begun.
    #[default]
    Idle,
    /// Batches are being sent.
    Running(Sending),
    /// A batch did not arrive. While the server can't be reached it is sent again and again; after
    /// another error only when the admin says so.
    Interrupted(Sending, ErrorCode),
    /// Ended.
    Done(ImportSummary),
    /// Never begun: the server refused the plan.
    Refused(ErrorCode),
}

impl TransferState {
    /// The counts of a transfer that has begun and not ended.
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
