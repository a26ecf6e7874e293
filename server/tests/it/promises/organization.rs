//! An organization that the tests reach through the command line alone.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use alta_domain::{Country, Language, NewOrganization};
use alta_store::testing::{TestDatabase, another_organization};
use serde_json::Value;
use tempfile::TempDir;

use super::contact::{Contact, word};
use super::rejects::Rejects;
use crate::support::PASSWORD;

/// An organization of a test's database, with a data directory of its own.
pub(super) struct Organization {
    database: String,
    slug: String,
    data: TempDir,
}

/// The ledger of an import.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ledger {
    pub(super) records: u64,
    /// New, updated, unchanged, merged, rejected.
    pub(super) counts: [u64; 5],
}

/// The output of `alta import`: the import's id and its ledger.
pub(super) struct Imported {
    pub(super) id: String,
    pub(super) ledger: Ledger,
}

impl Organization {
    /// Makes an organization with an empty base; `number` makes its name unique in the database.
    pub(super) async fn make(database: &TestDatabase, number: usize) -> Self {
        Self::make_in(database, number, Country::BRAZIL).await
    }

    /// Makes an organization in a country.
    pub(super) async fn make_in(database: &TestDatabase, number: usize, country: Country) -> Self {
        let new = NewOrganization {
            organization: format!("Promise {number}"),
            country,
            language: Language::English,
            name: "Ana Silva".into(),
            email: format!("promise{number}@example.com"),
            password: PASSWORD.into(),
        };
        another_organization(&database.store, new).await;
        Self {
            database: database.url.clone(),
            slug: format!("promise-{number}"),
            data: tempfile::tempdir().unwrap(),
        }
    }

    /// Writes a file in the data directory; returns its path.
    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, String> {
        let path = self.data.path().join(name);
        std::fs::write(&path, bytes).map_err(|error| error.to_string())?;
        Ok(path)
    }

    /// Returns the plan that is suggested for a file.
    pub(super) fn plan(&self, file: &Path) -> Result<Value, String> {
        json(&self.run(&["plan", &file.to_string_lossy(), "--country", "BR"])?)
    }

    /// Returns the findings of `alta check` about a file.
    pub(super) fn check(&self, file: &Path) -> Result<Value, String> {
        self.check_in(file, "BR")
    }

    /// Returns the findings of `alta check` about a file of a country.
    pub(super) fn check_in(&self, file: &Path, country: &str) -> Result<Value, String> {
        let file = file.to_string_lossy();
        json(&self.run(&["check", &file, "--country", country, "--json"])?)
    }

    /// Imports a file, under a plan when one is given.
    pub(super) fn import(&self, file: &Path, plan: Option<&Path>) -> Result<Imported, String> {
        let (file, plan) = (
            file.to_string_lossy(),
            plan.map(|path| path.to_string_lossy()),
        );
        let mut arguments = vec!["import", &*file];
        arguments.extend(plan.iter().flat_map(|path| ["--plan", &**path]));
        let printed = json(&self.run_inside(&arguments, true)?)?;
        Ok(Imported {
            id: word(&printed["import"]),
            ledger: Ledger::read(&printed)?,
        })
    }

    /// Undoes an import.
    pub(super) fn undo(&self, import: &str) -> Result<(), String> {
        self.run_inside(&["undo", import], true).map(drop)
    }

    /// Returns all contacts.
    pub(super) fn contacts(&self) -> Result<Vec<Contact>, String> {
        let lines = lines(&self.run_inside(&["contacts"], true)?)?;
        lines.iter().map(Contact::from_json).collect()
    }

    /// Returns all contacts as they are printed.
    pub(super) fn contacts_as_printed(&self) -> Result<Vec<Value>, String> {
        lines(&self.run_inside(&["contacts"], true)?)
    }

    /// Returns all imports, the newest first.
    pub(super) fn imports(&self) -> Result<Vec<Value>, String> {
        lines(&self.run_inside(&["imports"], true)?)
    }

    /// Returns the ledger of an import from the list of imports.
    pub(super) fn ledger(&self, import: &str) -> Result<Ledger, String> {
        let imports = self.imports()?;
        let found = imports.iter().find(|one| word(&one["id"]) == import);
        let found = found.ok_or_else(|| format!("import {import} is not listed"))?;
        Ledger::read(&found["ledger"])
    }

    /// Returns the list of an import's rejects.
    pub(super) fn rejects(&self, import: &str) -> Result<Rejects, String> {
        Rejects::read(&self.run_inside(&["rejects", import], false)?)
    }

    /// Imports a list of rejects again.
    pub(super) fn bring_back(&self, name: &str, rejects: &Rejects) -> Result<Imported, String> {
        let file = self.write(name, &rejects.to_csv()?)?;
        self.import(&file, None)
    }

    /// Runs `alta` for this organization; returns what it prints.
    fn run_inside(&self, arguments: &[&str], as_json: bool) -> Result<Vec<u8>, String> {
        let inside = ["--organization", &self.slug, "--json"];
        let inside = if as_json { &inside[..] } else { &inside[..2] };
        self.run(&[arguments, inside].concat())
    }

    /// Runs `alta`, which must succeed; returns what it prints.
    fn run(&self, arguments: &[&str]) -> Result<Vec<u8>, String> {
        let output = Command::new(env!("CARGO_BIN_EXE_alta"))
            .args(arguments)
            .current_dir(self.data.path())
            .env("ALTA_DATA", self.data.path())
            .env("DATABASE_URL", &self.database)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| error.to_string())?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let (command, said) = (arguments.join(" "), String::from_utf8_lossy(&output.stderr));
        Err(format!(
            "`alta {command}` ended with {}: {said}",
            output.status
        ))
    }
}

impl Ledger {
    fn read(printed: &Value) -> Result<Self, String> {
        let count = |name: &str| {
            let count = printed[name].as_u64();
            count.ok_or_else(|| format!("`{name}` is missing in the ledger {printed}"))
        };
        Ok(Self {
            records: count("records")?,
            counts: [
                count("new")?,
                count("updated")?,
                count("unchanged")?,
                count("merged")?,
                count("rejected")?,
            ],
        })
    }
}

impl fmt::Display for Ledger {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self.counts.map(|count| count.to_string()).join(" / ");
        write!(out, "{counts} of {} records", self.records)
    }
}

fn json(bytes: &[u8]) -> Result<Value, String> {
    serde_json::from_slice(bytes)
        .map_err(|error| format!("{error} in {}", String::from_utf8_lossy(bytes)))
}

fn lines(bytes: &[u8]) -> Result<Vec<Value>, String> {
    let lines = bytes.split(|byte| *byte == b'\n');
    lines.filter(|line| !line.is_empty()).map(json).collect()
}
