//! Where an organization stands in its first steps.

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
    /// All languages, each with its own name.
    pub const ALL: [(Self, &'static str); 3] = [
        (Self::Spanish, "Español"),
        (Self::Portuguese, "Português"),
        (Self::English, "English"),
    ];

    /// The BCP 47 tag.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Spanish => "es",
            Self::Portuguese => "pt-BR",
            Self::English => "en",
        }
    }

    /// The language of this tag.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .map(|(language, _)| language)
            .find(|language| language.as_str() == tag)
    }

    /// The language that a reader of this tag understands, whatever its country: `pt-PT` is `pt-BR`
    /// here.
    #[must_use]
    pub fn speaks(tag: &str) -> Option<Self> {
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
    /// One page of the wizard.
    pub enum Step {
        /// Tick the systems the company uses.
        Systems = "systems",
        /// Drop the file.
        File = "file",
        /// Say what each column is.
        Columns = "columns",
        /// Create the contact base.
        Import = "import",
        /// Invite the team.
        Team = "team",
    }
}

impl Step {
    /// The address of its page.
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

    /// The one after it.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        Self::ALL.into_iter().find(|step| *step > self)
    }

    /// The one before it.
    #[must_use]
    pub fn previous(self) -> Option<Self> {
        Self::ALL.into_iter().rev().find(|step| *step < self)
    }
}

/// What became of a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Not touched, or not finished.
    #[default]
    Open,
    /// Left for later.
    Skipped,
    /// Finished.
    Done,
}

impl StepState {
    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Skipped => "skipped",
            Self::Done => "done",
        }
    }

    /// The state of this word; an unknown word is open.
    #[must_use]
    pub fn parse(word: &str) -> Self {
        match word {
            "skipped" => Self::Skipped,
            "done" => Self::Done,
            _ => Self::Open,
        }
    }
}

/// The onboarding of an organization.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnboardingState {
    /// The step to return to; none when the last was finished or skipped.
    pub current: Option<Step>,
    /// What became of each step, in their order.
    pub steps: [StepState; 5],
}

impl OnboardingState {
    /// What became of this step.
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

/// An import that was cut off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfinished {
    /// Which.
    pub import: ImportId,
    /// Its file.
    pub file_name: String,
    /// How far it got.
    pub percent: u32,
    /// What was decided about it: it goes on under the same plan only.
    pub plan: ImportPlan,
}

/// What the wizard needs to begin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wizard {
    /// What was done and what is left.
    pub state: OnboardingState,
    /// How much a file may hold.
    pub limits: FileLimits,
    /// How national numbers are read.
    pub country: Country,
    /// Whose wizard it is, as a name for what the browser keeps: other accounts that use the
    /// browser do not see it.
    pub owner: String,
    /// The plan kept for the file that was dropped last, with the file's name.
    pub kept: Option<(String, ImportPlan)>,
    /// The last import, when it was cut off.
    pub unfinished: Option<Unfinished>,
}
