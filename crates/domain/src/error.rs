//! The error that crosses to the browser: a code the screen has words for, never the database's
//! own.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The number under which the server's log has the details of a failure. The screen shows it, so
/// that who asks for help can name it. The default is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Incident(u32);

impl Incident {
    /// No number.
    pub const NONE: Self = Self(0);

    /// Makes an incident of a random number.
    #[must_use]
    pub fn new(number: u32) -> Self {
        Self(number.max(1))
    }

    /// Returns true for a failure without a number, such as one in the browser.
    #[must_use]
    pub fn is_none(self) -> bool {
        self.0 == 0
    }
}

impl fmt::Display for Incident {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:08x}", self.0)
    }
}

/// Why a call was refused or failed. The screen turns each into a sentence in the reader's
/// language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// No session, or it has ended: sign in.
    SignedOut,
    /// Signed in, but the profile does not allow this.
    Forbidden,
    /// Wrong e-mail or password; never says which.
    BadCredentials,
    /// Too many tries: wait a minute.
    TooManyTries,
    /// The set-up link is not the one that was printed, or was used.
    BadSetupLink,
    /// A required text is empty.
    Missing,
    /// An e-mail address that can't be one.
    InvalidEmail,
    /// A password shorter or longer than allowed.
    InvalidPassword,
    /// A name longer than its limit.
    TooLong,
    /// The name is taken already.
    NameTaken,
    /// No such thing in this organization.
    NotFound,
    /// A batch that is not the next one, or whose rows can't be read.
    BadBatch,
    /// A plan that can't be carried out, such as one without identity column.
    BadPlan,
    /// An import is being undone: nothing else can be imported meanwhile.
    UndoUnderWay,
    /// Made before histories were kept, or too long ago: it can't be undone.
    CannotUndo,
    /// The rejects that a list corrects are deleted by now.
    RejectsGone,
    /// Larger than the limit.
    TooLarge,
    /// The server failed; the details are in its log, under this number.
    Internal(Incident),
    /// The server could not be reached.
    Unreachable,
    /// The organization would be left without an active Admin.
    LastAdmin,
    /// A link that is not valid any more, or never was.
    BadLink,
    /// A password that many people use, or that is the own name or address.
    CommonPassword,
    /// The server has no mail server to send with.
    NoMail,
    /// A code of the second factor that is wrong, or was used.
    BadCode,
    /// The organization wants a second factor of its Admins: turn it on first.
    SecondFactorNeeded,
    /// The company's own sign-in did not work; the details are in the server's log.
    SignOnFailed,
    /// Signed in there, but no account here has the address.
    NoAccount,
    /// A passkey that is not known here, or that the browser did not give.
    BadPasskey,
}
