//! The progress of an organization through the onboarding.

use serde::{Deserialize, Serialize};

use crate::word::word_enum;
use crate::{Country, FileLimits, ImportId, ImportPlan};

/// The languages of the screens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// Spanish of Latin America.
    #[default]
    #[serde(rename = "es")]
    Spanish,
    /// Portuguese of Brazil.
    #[serde(rename = "pt-BR")]
    Portuguese,
    /// English.
    #[serde(rename = "en")]
    English,
}

impl Language {
    /// All languages, each with its name in that language.
    pub const ALL: [(Self, &'static str); 3] = [
        (Self::Spanish, "Español"),
        (Self::Portuguese, "Português"),
        (Self::English, "English"),
    ];

    /// Returns the BCP 47 tag of the language.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Spanish => "es",
            Self::Portuguese => "pt-BR",
            Self::English => "en",
        }
    }

    /// Returns the language of exactly this tag; `None` for an unknown tag.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .map(|(language, _)| language)
            .find(|language| language.as_str() == tag)
    }

    /// Returns the language that matches the first part of a tag, whatever its country: `pt-PT`
    /// gives the language `pt-BR`. `None` for a language that Alta does not have.
    #[must_use]
    pub fn best_for_tag(tag: &str) -> Option<Self> {
        let primary = |tag: &str| {
            tag.split('-')
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase()
        };
        Self::ALL
            .into_iter()
            .map(|(language, _)| language)
            .find(|language| primary(language.as_str()) == primary(tag))
    }
}

word_enum! {
    /// A step of the onboarding: one page of the wizard.
    pub enum Step {
        /// Choose the systems that the company uses.
        Systems = "systems",
        /// Drop the file.
        File = "file",
        /// Choose the field of each column.
        Columns = "columns",
        /// Create the contact base.
        Import = "import",
        /// Invite the team.
        Team = "team",
    }
}

impl Step {
    /// Returns the address of the step's page.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::Systems => "/onboarding/systems",
            Self::File => "/onboarding/file",
            Self::Columns => "/onboarding/columns",
            Self::Import => "/onboarding/import",
            Self::Team => "/onboarding/team",
        }
    }

    /// Returns the next step; `None` after the last.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        Self::ALL.into_iter().find(|step| *step > self)
    }

    /// Returns the previous step; `None` before the first.
    #[must_use]
    pub fn previous(self) -> Option<Self> {
        Self::ALL.into_iter().rev().find(|step| *step < self)
    }
}

/// The state of a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// The step is not finished, or has not begun.
    #[default]
    Open,
    /// The Admin left the step for later.
    Skipped,
    /// The step is finished.
    Done,
}

impl StepState {
    /// Returns the word of the state in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Skipped => "skipped",
            Self::Done => "done",
        }
    }

    /// Returns the state of a word; an unknown word gives [`StepState::Open`].
    #[must_use]
    pub fn parse(word: &str) -> Self {
        match word {
            "skipped" => Self::Skipped,
            "done" => Self::Done,
            _ => Self::Open,
        }
    }
}

/// The progress of an organization in the onboarding.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnboardingState {
    /// The step to return to; `None` when the last step was finished or skipped.
    pub current: Option<Step>,
    /// The state of each step, in the order of [`Step::ALL`].
    pub steps: [StepState; 5],
}

impl OnboardingState {
    /// Returns the state of a step.
    #[must_use]
    pub fn of(&self, step: Step) -> StepState {
        Step::ALL
            .iter()
            .position(|known| *known == step)
            .and_then(|index| self.steps.get(index))
            .copied()
            .unwrap_or_default()
    }
}

/// An import that was interrupted and still waits for batches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfinished {
    /// The import's id.
    pub import: ImportId,
    /// The name of the import's file.
    pub file_name: String,
    /// The part of the file's records that the server has received, in percent.
    pub percent: u32,
    /// The decisions about the import. The import continues only under the same plan.
    pub plan: ImportPlan,
}

/// The data with which the wizard begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wizard {
    /// The progress of the organization in the onboarding.
    pub state: OnboardingState,
    /// The limits for a file.
    pub limits: FileLimits,
    /// The country by whose rules national phone numbers are read.
    pub country: Country,
    /// The organization and the account that the wizard belongs to. The browser stores drafts under
    /// this name, so other accounts in the same browser do not see them.
    pub owner: String,
    /// The last stored plan, with the name of the file it was made for; `None` when none is stored.
    pub kept: Option<(String, ImportPlan)>,
    /// The last import, when it was interrupted; `None` otherwise.
    pub unfinished: Option<Unfinished>,
}
