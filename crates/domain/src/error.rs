//! The error that crosses to the browser: a code that the screen has words for. It never contains a
//! message of the database.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The number under which the server's log has the details of a failure. The screen shows the
/// number, so that a person who asks for help can name it. The default is [`Incident::NONE`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Incident(u32);

impl Incident {
    /// The incident of a failure without a number.
    pub const NONE: Self = Self(0);

    /// Makes an incident from a random number. Zero becomes 1.
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

/// The reason why a call was refused or failed. The screen turns each code into a sentence in the
/// reader's language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// There is no session, or it has ended: the person must sign in.
    SignedOut,
    /// The person is signed in, but the role does not allow the call.
    Forbidden,
    /// The e-mail address or the password is wrong; the answer never says which.
    BadCredentials,
    /// Too many attempts: the person must wait a minute.
    TooManyTries,
    /// The account has asked for too many changes of its e-mail address within an hour.
    TooManyChanges,
    /// The organization has sent too many invitations within an hour.
    TooManyInvitations,
    /// The link for the set-up is not the one that the server printed, or was used before.
    BadSetupLink,
    /// A required text is empty.
    Missing,
    /// The text is not a valid e-mail address.
    InvalidEmail,
    /// The password is shorter or longer than allowed.
    InvalidPassword,
    /// The name is longer than its limit.
    TooLong,
    /// Another item has the name already.
    NameTaken,
    /// The organization has no such item.
    NotFound,
    /// The batch is not the next one, or its rows can't be read.
    BadBatch,
    /// The plan can't be carried out, such as one without an identity column.
    BadPlan,
    /// The plan has more decisions about columns than allowed.
    TooManyDecisions,
    /// An import is being undone: no import can begin meanwhile.
    UndoUnderWay,
    /// The import was made before histories were kept, so it can't be undone.
    CannotUndo,
    /// The rejects that a list corrects have been deleted.
    RejectsGone,
    /// The data is larger than the limit.
    TooLarge,
    /// The server failed; its log has the details under this number.
    Internal(Incident),
    /// The server could not be reached.
    Unreachable,
    /// The organization would be left without an active Admin.
    LastAdmin,
    /// The link is no longer valid, or never was.
    BadLink,
    /// The password is one that many people use, or is the person's own name or address.
    CommonPassword,
    /// No mail server is set up.
    NoMail,
    /// The code of the second factor is wrong, or was used before.
    BadCode,
    /// The organization requires a second factor of its Admins: the person must turn it on first.
    SecondFactorNeeded,
    /// Single sign-on failed; the server's log has the details.
    SignOnFailed,
    /// The identity provider accepted the person, but no account here has the address.
    NoAccount,
    /// The passkey is not known here, or the browser did not give one.
    BadPasskey,
}
