//! The plan of an import: all decisions of the Admin. It is small and serialisable, and the import
//! can be repeated from it.

mod rules;

use serde::{Deserialize, Serialize};

use crate::{
    BuiltInField, ConsentPlan, Country, DateOrder, FieldTarget, FileShape, Fix, ImportId, Key,
    ListId, Repeated,
};

/// The decisions about one column of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnPlan {
    /// The column, counted from 0.
    pub index: u32,
    /// The name of the column in the file, for the list of rejects; empty when it has none.
    pub header: String,
    /// The field that the values go into; `None` leaves the column out.
    pub target: Option<FieldTarget>,
    /// The order of day and month in the column's dates; `None` until the file or the Admin
    /// decides.
    pub date_order: Option<DateOrder>,
}

/// The mapping of a file: how it is read, what its columns are, and the decisions about its
/// problems.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// The form in which the file is read.
    pub shape: FileShape,
    /// The country by whose rules national phone numbers are read.
    pub country: Country,
    /// The year of the import. A year of two digits is read as this year or an earlier one.
    pub year: u16,
    /// All columns of the file, in their order.
    pub columns: Vec<ColumnPlan>,
    /// The decisions about problems, in the order in which the Admin made them.
    #[serde(default)]
    pub fixes: Vec<Fix>,
    /// The import that this file corrects; `None` when the file is no corrected list of rejects.
    #[serde(default)]
    pub correction: Option<Correction>,
}

/// The header of the last column in a list of rejects. The cells of that column are
/// [`Correction::mark`]s.
pub const CORRECTION_HEAD: &str = "Alta";

/// The beginning of every mark.
const MARK: &str = "alta-";

/// The folder in the browser's own file system that holds the files of drafts and of running
/// imports.
pub const COPIES: &str = "imports";

/// The name of the file, in that folder, that holds a draft's decisions.
pub const DRAFT_PLAN: &str = "draft-plan";

/// A correction: a file that corrects the rejects of an import. Each row names its rejected record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// The import that rejected the records.
    pub import: ImportId,
    /// The column that names the rejected record, counted from 0.
    pub column: u32,
    /// The keys that the import found to belong to nobody. They belong to nobody in its corrections
    /// too.
    #[serde(default)]
    pub nobodys: Vec<Key>,
}

impl Correction {
    /// Returns the mark of a rejected record: `alta-12-345` is record 345 of import 12. The word at
    /// the beginning keeps spreadsheets of any language from reading the mark as a date or a
    /// number.
    #[must_use]
    pub fn mark(import: ImportId, record: u32) -> String {
        format!("{MARK}{import}-{record}")
    }

    /// Reads the import and the record of a mark; `None` for another text.
    #[must_use]
    pub fn read(mark: &str) -> Option<(ImportId, u32)> {
        let mark = mark.trim().to_lowercase();
        // Older lists of rejects have marks without the word.
        let numbers = mark.strip_prefix(MARK).unwrap_or(&mark);
        let (import, record) = numbers.split_once('-')?;
        Some((ImportId(import.parse().ok()?), record.parse().ok()?))
    }
}

impl Mapping {
    /// Returns the rule for several records of one person: the last one that the Admin chose.
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

    /// Returns the targets of the columns whose values are stored in contacts, in the columns'
    /// order; those about permission are left out.
    #[must_use]
    pub fn value_fields(&self) -> Vec<FieldTarget> {
        let is_value = |target: &FieldTarget| !target.is_permission();
        self.columns
            .iter()
            .filter_map(|column| column.target)
            .filter(is_value)
            .collect()
    }

    /// Adds a decision, and removes earlier decisions that answered the same question.
    pub fn decide(&mut self, fix: Fix) {
        self.fixes.retain(|earlier| !fix.replaces(earlier));
        self.fixes.push(fix);
    }
}

/// A list to which an import adds its contacts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ListTarget {
    /// No list.
    None,
    /// A list that exists.
    Existing(ListId),
    /// A new list with this name.
    New(String),
}

/// The policy for contacts that exist already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExistingPolicy {
    /// The file's values replace the contact's values; an empty cell replaces nothing.
    #[default]
    Update,
    /// The file's values are stored only where the contact has none.
    Fill,
    /// The contact keeps its values.
    Keep,
}

/// The policy for one field of contacts that exist already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldPolicy {
    /// The file's value replaces the contact's value.
    Update,
    /// The file's value is stored only where the contact has none.
    Fill,
    /// The contact keeps its value.
    Keep,
    /// The elements that only the file's value has are added to the contact's value. For a field of
    /// several values: tags.
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

/// An exception: a field with a policy that differs from the general one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldException {
    /// The field with its own policy.
    pub target: FieldTarget,
    /// The policy for the field.
    pub policy: FieldPolicy,
}

/// The plan of an import: all decisions of the Admin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportPlan {
    /// The mapping of the file.
    pub mapping: Mapping,
    /// The list to which the contacts are added.
    pub list: ListTarget,
    /// Further lists to which the contacts are added.
    #[serde(default)]
    pub more_lists: Vec<ListTarget>,
    /// The general policy for contacts that exist already.
    pub policy: ExistingPolicy,
    /// The fields with a policy that differs from the general one.
    #[serde(default)]
    pub exceptions: Vec<FieldException>,
    /// The permissions that the import gives to the people in the file.
    #[serde(default)]
    pub consent: ConsentPlan,
}

impl ImportPlan {
    /// Makes a plan with one list, without exceptions and permissions.
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

    /// Returns all lists to which the contacts are added.
    pub fn all_lists(&self) -> impl Iterator<Item = &ListTarget> {
        std::iter::once(&self.list).chain(&self.more_lists)
    }

    /// Returns the policy for a field of contacts that exist: its exception, else the plan's own
    /// policy. Without an exception, tags are added under 'update' and 'fill'.
    #[must_use]
    pub fn policy_of(&self, target: FieldTarget) -> FieldPolicy {
        policy_of(self.policy, &self.exceptions, target)
    }

    /// Returns true when the plan gives permission, for everybody or by a column.
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

/// Returns the policy for a field, as [`ImportPlan::policy_of`] does, from the general policy and
/// the exceptions.
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
