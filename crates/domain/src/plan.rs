//! Everything the admin decided about an import: small, serialisable, enough to do it again.

mod rules;

use serde::{Deserialize, Serialize};

use crate::{
    BuiltInField, ConsentPlan, Country, DateOrder, FieldTarget, FileShape, Fix, ImportId, Key,
    ListId, Repeated,
};

/// Where one column goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnPlan {
    /// The column, counted from 0.
    pub index: u32,
    /// Its name in the file, for the rejects file; empty when there is none.
    pub header: String,
    /// None leaves the column out (G18).
    pub target: Option<FieldTarget>,
    /// How its dates are read; none until the file or the admin decides.
    pub date_order: Option<DateOrder>,
}

/// How a file is read and what its columns are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// How the bytes become cells.
    pub shape: FileShape,
    /// How national phone numbers are read.
    pub country: Country,
    /// The year of the import: a two-digit year is never read as one that comes after it.
    pub year: u16,
    /// Every column of the file, in its order.
    pub columns: Vec<ColumnPlan>,
    /// What was decided about problems, in that order.
    #[serde(default)]
    pub fixes: Vec<Fix>,
    /// When the file is the corrected list of an import's rejects.
    #[serde(default)]
    pub correction: Option<Correction>,
}

/// The head of the last column of a list of rejects; its cells are [`Correction::mark`]s.
pub const CORRECTION_HEAD: &str = "Alta";

/// What a mark begins with.
const MARK: &str = "alta-";

/// The folder of the browser's own file system in which the file of an import under way is kept.
pub const COPIES: &str = "imports";

/// The name, in that folder, of what was decided about a file that is not sent yet.
pub const DRAFT_PLAN: &str = "draft-plan";

/// A file that corrects the rejects of an import: each row says which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// The import.
    pub import: ImportId,
    /// The column that names the rejected record, counted from 0.
    pub column: u32,
    /// The keys that the import found to belong to nobody: they stay so in its corrections.
    #[serde(default)]
    pub nobodys: Vec<Key>,
}

impl Correction {
    /// What names a rejected record: `alta-12-345` is record 345 of import 12. The word in front
    /// keeps spreadsheets from taking it for a date or a number, in whatever language.
    #[must_use]
    pub fn mark(import: ImportId, record: u32) -> String {
        format!("{MARK}{import}-{record}")
    }

    /// The import and the record of a mark.
    #[must_use]
    pub fn read(mark: &str) -> Option<(ImportId, u32)> {
        let mark = mark.trim().to_lowercase();
        // Lists of before had no word in front.
        let numbers = mark.strip_prefix(MARK).unwrap_or(&mark);
        let (import, record) = numbers.split_once('-')?;
        Some((ImportId(import.parse().ok()?), record.parse().ok()?))
    }
}

impl Mapping {
    /// Which of several records of one person is used.
    #[must_use]
    pub fn repeated(&self) -> Repeated {
        let chosen = self.fixes.iter().rev().find_map(|fix| {
            if let Fix::Repeated(repeated) = fix {
                Some(*repeated)
            } else {
                None
            }
        });
        chosen.unwrap_or_default()
    }

    /// The fields whose values come from the file, in the order of its columns; permission is none
    /// of them.
    #[must_use]
    pub fn value_fields(&self) -> Vec<FieldTarget> {
        let is_value = |target: &FieldTarget| !target.is_permission();
        self.columns
            .iter()
            .filter_map(|column| column.target)
            .filter(is_value)
            .collect()
    }

    /// Takes a decision in; one that answered the same question goes.
    pub fn decide(&mut self, fix: Fix) {
        self.fixes.retain(|earlier| !fix.replaces(earlier));
        self.fixes.push(fix);
    }
}

/// The list the contacts are added to (G15).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ListTarget {
    /// None.
    None,
    /// One that exists.
    Existing(ListId),
    /// A new one of this name.
    New(String),
}

/// What happens to contacts that exist already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExistingPolicy {
    /// The file's values replace theirs; an empty cell replaces nothing.
    #[default]
    Update,
    /// The file's values go only where theirs are empty.
    Fill,
    /// They stay as they are.
    Keep,
}

/// What happens to one field of a contact that exists already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldPolicy {
    /// The file's value replaces it.
    Update,
    /// The file's value goes in where it is empty.
    Fill,
    /// It stays.
    Keep,
    /// What the file's value has more is added. For fields of several values: tags.
    Merge,
}

impl From<ExistingPolicy> for FieldPolicy {
    fn from(policy: ExistingPolicy) -> Self {
        match policy {
            ExistingPolicy::Update => Self::Update,
            ExistingPolicy::Fill => Self::Fill,
            ExistingPolicy::Keep => Self::Keep,
        }
    }
}

/// A field that another policy holds for than for the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldException {
    /// Which.
    pub target: FieldTarget,
    /// What happens to it.
    pub policy: FieldPolicy,
}

/// Everything the admin decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportPlan {
    /// How the file is read.
    pub mapping: Mapping,
    /// Where the contacts are added.
    pub list: ListTarget,
    /// More lists that they are added to.
    #[serde(default)]
    pub more_lists: Vec<ListTarget>,
    /// What happens to those that exist.
    pub policy: ExistingPolicy,
    /// Fields for which something else was decided.
    #[serde(default)]
    pub exceptions: Vec<FieldException>,
    /// Permission to write to those in the file.
    #[serde(default)]
    pub consent: ConsentPlan,
}

impl ImportPlan {
    /// A plan without exceptions, that says nothing of permission.
    #[must_use]
    pub fn new(mapping: Mapping, list: ListTarget, policy: ExistingPolicy) -> Self {
        Self {
            mapping,
            list,
            more_lists: Vec::new(),
            policy,
            exceptions: Vec::new(),
            consent: ConsentPlan::default(),
        }
    }

    /// All lists that the contacts are added to.
    pub fn all_lists(&self) -> impl Iterator<Item = &ListTarget> {
        std::iter::once(&self.list).chain(&self.more_lists)
    }

    /// What happens to a field of those that exist. Tags are added to where other values are
    /// replaced, unless it is said otherwise.
    #[must_use]
    pub fn policy_of(&self, target: FieldTarget) -> FieldPolicy {
        policy_of(self.policy, &self.exceptions, target)
    }

    /// Whether permission is given by it, for everybody or row by row.
    #[must_use]
    pub fn grants(&self) -> bool {
        let by_column = self
            .mapping
            .columns
            .iter()
            .any(|column| matches!(column.target, Some(FieldTarget::Consent(_))));
        by_column || !self.consent.channels.is_empty()
    }
}

/// As [`ImportPlan::policy_of`].
#[must_use]
pub fn policy_of(
    general: ExistingPolicy,
    exceptions: &[FieldException],
    target: FieldTarget,
) -> FieldPolicy {
    let decided = exceptions
        .iter()
        .find(|exception| exception.target == target)
        .map(|exception| exception.policy);
    decided.unwrap_or(match (target, general) {
        (
            FieldTarget::BuiltIn(BuiltInField::Tags),
            ExistingPolicy::Update | ExistingPolicy::Fill,
        ) => FieldPolicy::Merge,
        _ => general.into(),
    })
}
