//! The erasure of a contact, as data-protection law gives people the right to it (Brazil: LGPD,
//! article 18).

use serde::{Deserialize, Serialize};

use crate::Channel;

/// What an erasure has done besides deleting the contact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasureReport {
    /// The channels whose refusals are kept: nobody may write to the contact's phones and e-mail
    /// addresses by them, should they come again.
    pub refusals: Vec<Channel>,
    /// The number of transactions of connected systems that stay, without the buyer.
    pub transactions: u64,
    /// The number of rejected records of imports that were deleted, because they had a phone, an
    /// e-mail address or a CPF of the contact.
    pub rejects: u64,
}
