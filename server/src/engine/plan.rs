//! `alta plan`: the plan that the wizard suggests for a file.

use std::path::Path;
use std::process::ExitCode;

use alta_domain::{
    Country, ExistingPolicy, FileError, FileLimits, ImportPlan, ListTarget, choose_mapping,
};

use crate::exit_status::UNUSABLE_FILE;
use crate::input::{Input, InputError, this_year};
use crate::plan_file::{PlanFile, schema};

/// The word that asks for the JSON Schema, in place of a file.
const SCHEMA: &str = "schema";

/// Prints the suggested plan of a file, or the JSON Schema of plans.
///
/// # Errors
/// When standard output cannot be written.
pub fn plan(path: &Path, country: Country) -> anyhow::Result<ExitCode> {
    if path.as_os_str() == SCHEMA {
        println!("{}", schema());
        return Ok(ExitCode::SUCCESS);
    }
    match suggested(path, country) {
        Ok(plan) => {
            println!("{}", serde_json::to_string_pretty(&plan)?);
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            eprintln!("alta: {}: {error}", path.display());
            Ok(ExitCode::from(UNUSABLE_FILE))
        }
    }
}

fn suggested(path: &Path, country: Country) -> Result<PlanFile, InputError> {
    let limits = FileLimits::default();
    let (input, size) = Input::open(path, limits.bytes)?;
    if size > limits.bytes {
        let limit = limits.bytes;
        return Err(FileError::TooLarge { size, limit }.into());
    }
    let preview = input.understand(country, limits)?;
    let mapping = choose_mapping(&preview, country, this_year(), None);
    let plan = ImportPlan::new(mapping, ListTarget::None, ExistingPolicy::default());
    Ok(PlanFile::of(&plan, &[]))
}
