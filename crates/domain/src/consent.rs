//! Permission to write to somebody: by which channel, on which ground, from where.

use serde::{Deserialize, Serialize};

use crate::word::word_enum;

word_enum! {
    /// A way to reach somebody.
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
    /// The ground on which somebody may be written to; of those of Brazil's LGPD (Lei 13.709/2018,
    /// art.
    /// 7) the ones that a company's customers come under.
    pub enum LegalBasis {
        /// They agreed (I).
        Consent = "consent",
        /// They have a contract (V).
        Contract = "contract",
        /// A legitimate interest (IX).
        LegitimateInterest = "legitimate_interest",
        /// The law asks for it (II).
        LegalObligation = "legal_obligation",
    }
}

/// What an import says about permission for everybody in its file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentPlan {
    /// The channels that are granted. A column of a channel is asked first: its rows say it one by
    /// one.
    pub channels: Vec<Channel>,
    /// The ground; must be said where a channel is granted, here or by a column.
    pub basis: Option<LegalBasis>,
    /// Where the permission was given, such as 'form in the shop'.
    pub source: String,
}

/// Characters that a source may have.
pub const SOURCE_LENGTH: usize = 200;
