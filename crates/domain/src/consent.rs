//! Permission to write to somebody: by which channel, on which ground, from where.

use serde::{Deserialize, Serialize};

/// A way to reach somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// E-mail.
    Email,
    /// Text messages.
    Sms,
    /// WhatsApp.
    Whatsapp,
}

impl Channel {
    /// In the order they are offered.
    pub const ALL: [Self; 3] = [Self::Email, Self::Sms, Self::Whatsapp];

    /// The word in the database and the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
            Self::Whatsapp => "whatsapp",
        }
    }

    /// The channel of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|channel| channel.as_str() == word)
    }
}

/// The ground on which somebody may be written to; of those of Brazil's LGPD (Lei 13.709/2018, art.
/// 7) the ones that a company's customers come under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegalBasis {
    /// They agreed (I).
    Consent,
    /// They have a contract (V).
    Contract,
    /// A legitimate interest (IX).
    LegitimateInterest,
    /// The law asks for it (II).
    LegalObligation,
}

impl LegalBasis {
    /// In the order they are offered.
    pub const ALL: [Self; 4] = [
        Self::Consent,
        Self::Contract,
        Self::LegitimateInterest,
        Self::LegalObligation,
    ];

    /// The word in the database and the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::Contract => "contract",
            Self::LegitimateInterest => "legitimate_interest",
            Self::LegalObligation => "legal_obligation",
        }
    }

    /// The ground of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|basis| basis.as_str() == word)
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
