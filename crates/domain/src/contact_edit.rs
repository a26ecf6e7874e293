//! Edits: changes of contacts by hand, and the answers to them.

use serde::{Deserialize, Serialize};

use crate::{BuiltInField, ContactEntry, ContactId, FieldTarget, ProblemCode};

/// A change of one value of a contact by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueEdit {
    /// The contact.
    pub contact: ContactId,
    /// The field of the value.
    pub target: FieldTarget,
    /// The stored value that the member saw; `None` to add a value. Of several phones or e-mail
    /// addresses it says which one is meant.
    pub old: Option<String>,
    /// The text that the member typed; `None` to remove the value.
    pub new: Option<String>,
}

/// The answer to an edit of a value. Only `Saved` changes the contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EditAnswer {
    /// The value is stored. The codes say what the check noticed or mended.
    Saved(Vec<ProblemCode>),
    /// Somebody else has changed the value meanwhile. It is this one now; `None` when it was
    /// removed.
    ChangedMeanwhile(Option<String>),
    /// The text is not a value of the field.
    Refused(ProblemCode),
    /// The phone, e-mail address or CPF belongs to another contact.
    BelongsTo(ContactEntry),
    /// The typed number must go into this field instead: it is a landline typed as a mobile phone,
    /// or the reverse.
    OtherField(BuiltInField),
    /// The value can't be removed: without it nothing identifies the contact, no phone, no e-mail
    /// address, no landline.
    LastKey,
}

/// The answer to the addition of a contact by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AddAnswer {
    /// The contact is stored.
    Added(ContactId),
    /// Some texts are not values of their fields: their places among the given values, counted from
    /// 0, each with the reason.
    Refused(Vec<(u32, ProblemCode)>),
    /// A phone, e-mail address or CPF belongs to this contact already.
    BelongsTo(ContactEntry),
    /// Nothing identifies the contact: it needs a phone, an e-mail address or a CPF.
    NoKey,
}

/// The answer to a request to take back an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TakeBackAnswer {
    /// The values before the edit are back.
    TakenBack,
    /// Nothing is taken back: the values were changed after the edit.
    ChangedSince,
    /// Nothing is taken back: a phone, e-mail address or CPF from before the edit belongs to
    /// another contact now.
    KeyTaken,
    /// Nothing is taken back: without the edit nothing would identify the contact.
    LastKey,
}
