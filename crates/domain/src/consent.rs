//! The permission to write to people: its channel, its legal basis and its source.

use serde::{Deserialize, Serialize};

use crate::word::word_enum;

word_enum! {
    /// A channel: a way to write to people.
    pub enum Channel {
        /// E-mail.
        Email = "email",
        /// Text messages.
        Sms = "sms",
        /// WhatsApp.
        Whatsapp = "whatsapp",
    }
}

word_enum! {
    /// The legal basis on which the organization may write to somebody: those of Brazil's LGPD (Lei
    /// 13.709/2018, art. 7) that apply to a company's customers.
    pub enum LegalBasis {
        /// The people agreed (I).
        Consent = "consent",
        /// The organization has a contract with the people (V).
        Contract = "contract",
        /// The organization has a legitimate interest (IX).
        LegitimateInterest = "legitimate_interest",
        /// The law demands it (II).
        LegalObligation = "legal_obligation",
    }
}

/// The permissions that an import gives to everybody in its file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentPlan {
    /// The channels for which everybody gets permission. A column that is about a channel takes
    /// precedence, because each of its rows has an answer of its own.
    pub channels: Vec<Channel>,
    /// The legal basis of the permissions; `None` when no permission is given, here or by a column.
    pub basis: Option<LegalBasis>,
    /// The occasion on which the permission was given, such as 'form in the shop'.
    pub source: String,
}

/// The largest number of characters of a source.
pub const SOURCE_LENGTH: usize = 200;
