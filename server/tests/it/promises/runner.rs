//! Runs an example step by step, and collects the differences from it.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::contact::difference;
use super::example::{Action, Choice, Example, Verdict};
use super::organization::{Imported, Ledger, Organization};
use super::plan;
use super::rejects::cells;

/// An example that is running.
struct Run<'a> {
    organization: &'a Organization,
    /// The files that were imported.
    files: Vec<File>,
}

/// A file that was imported.
struct File {
    path: PathBuf,
    /// The header, then the records.
    rows: Vec<Vec<String>>,
    imported: Imported,
    is_corrected: bool,
}

/// The way in which a step failed.
enum Otherwise {
    /// The result differs from the expected one.
    Differs(String),
    /// A command failed; the steps after it cannot be judged.
    Failed(String),
}

type Kept = Result<(), Otherwise>;

impl From<String> for Otherwise {
    fn from(failure: String) -> Self {
        Self::Failed(failure)
    }
}

/// Runs an example in an organization with an empty base; returns all differences, in words.
pub(super) fn run(example: &Example, organization: &Organization) -> Vec<String> {
    let mut run = Run {
        organization,
        files: Vec::new(),
    };
    let mut differences = Vec::new();
    for (number, step) in example.steps.iter().enumerate() {
        let sentence = format!("{}. {}", number + 1, step.sentence);
        match run.step(&step.action) {
            Ok(()) => {}
            Err(Otherwise::Differs(how)) => differences.push(format!("{sentence}\n{how}")),
            Err(Otherwise::Failed(how)) => {
                differences.push(format!("{sentence}\n    FAILED: {how}"));
                break;
            }
        }
    }
    differences
}

impl Run<'_> {
    fn step(&mut self, action: &Action) -> Kept {
        match action {
            Action::Import { choices, table } => self.import(choices, table),
            Action::Undo { file } => {
                let import = &self.file(*file).imported.id;
                Ok(self.organization.undo(import)?)
            }
            Action::Base(expected) => {
                let base = self.organization.contacts()?;
                match difference(expected, base) {
                    Some((missing, left)) => Err(differs(&missing, &left)),
                    None => Ok(()),
                }
            }
            Action::Ledger { file, counts } => self.ledger(*file, *counts),
            Action::Rejected { file, record } => {
                let file = self.file(*file);
                let rejects = self.organization.rejects(&file.imported.id)?;
                let record = &file.rows[*record];
                same(&true, &rejects.has(record), "the record is in the list")
            }
            Action::Correct {
                file,
                record,
                table,
            } => self.correct(*file, *record, table),
            Action::Check(verdict) => self.check(verdict),
        }
    }

    /// Returns a file by its number in the example.
    fn file(&self, number: usize) -> &File {
        &self.files[number - 1]
    }

    /// Imports the next file under the suggested plan with these choices.
    fn import(&mut self, choices: &[Choice], table: &str) -> Kept {
        let number = self.files.len() + 1;
        let organization = self.organization;
        let path = organization.write(&format!("file-{number}.csv"), table.as_bytes())?;
        let plan = plan::decide(organization.plan(&path)?, choices)?;
        let plan = plan.to_string();
        let plan = organization.write(&format!("plan-{number}.json"), plan.as_bytes())?;
        let imported = organization.import(&path, Some(&plan))?;
        let ledger = imported.ledger;
        let rows = cells(table, b';')?;
        let records = rows.len() as u64 - 1;
        self.files.push(File {
            path,
            rows,
            imported,
            is_corrected: false,
        });
        let sum = ledger.counts.iter().sum();
        same(
            &[records; 2],
            &[ledger.records, sum],
            "records, and the ledger's sum",
        )
    }

    /// Compares the ledger that was printed or, for a corrected file, the ledger of the list of
    /// imports.
    fn ledger(&self, file: usize, counts: [u64; 5]) -> Kept {
        let file = self.file(file);
        let records = file.rows.len() as u64 - 1;
        let came = if file.is_corrected {
            self.organization.ledger(&file.imported.id)?
        } else {
            file.imported.ledger
        };
        let expected = Ledger { records, counts };
        if came == expected {
            return Ok(());
        }
        Err(differs(&[expected], &[came]))
    }

    /// Corrects a record in the list of rejects, and imports the list.
    fn correct(&mut self, file: usize, record: usize, table: &str) -> Kept {
        let corrected = cells(table, b';')?;
        let done = self.file(file);
        same(&done.rows[0], &corrected[0], "the correction's header")?;
        let mut rejects = self.organization.rejects(&done.imported.id)?;
        rejects.correct(&done.rows[record], &corrected[1])?;
        let name = format!("corrected-{file}.csv");
        self.organization.bring_back(&name, &rejects)?;
        self.files[file - 1].is_corrected = true;
        Ok(())
    }

    /// Compares the findings of `alta check` about the last file with the expected ones.
    fn check(&self, verdict: &Verdict) -> Kept {
        let file = self.file(self.files.len());
        let found = self.organization.check(&file.path)?;
        let [ready, merged, rejected] = verdict.counts;
        let ledger = json!({
            "records": file.rows.len() - 1,
            "ready": ready,
            "merged": merged,
            "rejected": rejected,
        });
        same(&ledger, &found["ledger"], "the ledger of the check")?;
        let column = file.rows[0].iter().position(|name| *name == verdict.column);
        let all: Vec<&Value> = found["problems"].as_array().into_iter().flatten().collect();
        let is_there = all.iter().any(|problem| {
            problem["code"] == *verdict.code
                && problem["severity"] == *verdict.severity
                && problem["column"] == json!(column)
                && problem["records"] == verdict.records
        });
        if is_there {
            return Ok(());
        }
        Err(differs(&[format!("{verdict:?}")], &all))
    }
}

/// Compares a result with the expected one.
fn same<T: PartialEq + std::fmt::Debug>(expected: &T, came: &T, what: &str) -> Kept {
    if expected == came {
        return Ok(());
    }
    let how = format!("    {what}:\n    expected: {expected:?}\n    came:     {came:?}");
    Err(Otherwise::Differs(how))
}

/// Returns a difference that lists the missing values, and the values that came in their place.
fn differs<E: std::fmt::Display, C: std::fmt::Display>(expected: &[E], came: &[C]) -> Otherwise {
    let missing = expected.iter().map(|one| format!("    expected: {one}"));
    let left = came.iter().map(|one| format!("    came:     {one}"));
    Otherwise::Differs(missing.chain(left).collect::<Vec<_>>().join("\n"))
}
