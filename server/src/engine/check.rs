//! `alta check`: checks a file as the wizard does, under the suggested mapping.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use alta_domain::worker::CheckReport;
use alta_domain::{
    CheckLedger, ColumnKind, ColumnPlan, ColumnReport, Country, FieldId, FieldKind, FieldTarget,
    FileError, FileLimits, FileShape, Mapping, ProblemCode, ProblemReport,
};
use alta_intake::{FileCheck, Understood};
use serde_json::{Value, json};

use crate::exit_status::UNUSABLE_FILE;
use crate::input::{Input, InputError, this_year};

/// Checks a file and prints the findings: as one JSON object, or as lines of text.
///
/// # Errors
/// When standard output cannot be written.
pub fn check(
    path: &Path,
    country: Country,
    limits: FileLimits,
    as_json: bool,
) -> anyhow::Result<ExitCode> {
    let mut findings = json!({
        "file": Value::Null,
        "columns": Value::Null,
        "ledger": Value::Null,
        "problems": Value::Null,
        "error": Value::Null,
    });
    let checked = check_input(path, country, limits, &mut findings);
    if let Err(error) = &checked {
        let (code, detail) = match error {
            InputError::File(FileError::NotCsv(format)) => ("not_csv", format.clone()),
            InputError::File(error) => (error.code(), error.to_string()),
            InputError::Io(error) => (FileError::Unreadable.code(), error.to_string()),
        };
        findings["error"] = json!({ "code": code, "detail": detail });
    }
    let mut out = io::stdout().lock();
    if as_json {
        serde_json::to_writer_pretty(&mut out, &findings)?;
        writeln!(out)?;
    } else {
        print_summary(&mut out, &findings)?;
    }
    Ok(if checked.is_ok() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(UNUSABLE_FILE)
    })
}

/// Fills in the findings, as far as the file can be read.
fn check_input(
    path: &Path,
    country: Country,
    limits: FileLimits,
    findings: &mut Value,
) -> Result<(), InputError> {
    findings["file"] = json!({
        "bytes": null,
        "encoding": null,
        "delimiter": null,
        "quote": null,
        "header_line": null,
        "records": null,
    });
    let (input, size) = Input::open(path, limits.bytes)?;
    findings["file"]["bytes"] = json!(size);
    if size > limits.bytes {
        let limit = limits.bytes;
        return Err(FileError::TooLarge { size, limit }.into());
    }
    let preview = input.understand(country, limits)?;
    describe_file(findings, &preview, None);
    let mapping = suggested_mapping(&preview, country);
    if !mapping.has_identity() {
        return Err(FileError::NoIdentityColumn.into());
    }
    let mut check = FileCheck::new(&mapping).expecting(size);
    let mut fits = true;
    input.read(|chunk, last| {
        if fits {
            check.push(chunk, last);
            fits = check.records() <= limits.records;
        }
        Ok(())
    })?;
    if !fits {
        return Err(FileError::TooManyRecords(limits.records).into());
    }
    for stretch in check.stretches() {
        check.reread(stretch, &input.range(stretch.start, stretch.end)?);
    }
    let (report, _) = check.finish();
    describe_file(findings, &preview, Some(&report));
    describe_records(findings, &report);
    Ok(())
}

/// Returns the suggested mapping. Columns of dates and numbers without a suggested field are
/// checked as dates and numbers: in the wizard they would become custom fields of that kind.
fn suggested_mapping(preview: &Understood, country: Country) -> Mapping {
    let target = |column: &ColumnReport| {
        let of_kind = |kind| FieldTarget::Custom {
            id: FieldId(0),
            kind,
        };
        column.target().or(match column.kind {
            ColumnKind::Date => Some(of_kind(FieldKind::Date)),
            ColumnKind::Number => Some(of_kind(FieldKind::Number)),
            _ => None,
        })
    };
    let plan = |column: &ColumnReport| ColumnPlan {
        index: column.index,
        header: column.header.clone(),
        target: target(column),
        date_order: None,
    };
    Mapping {
        shape: preview.shape,
        country,
        year: this_year(),
        columns: preview.columns.iter().map(plan).collect(),
        fixes: Vec::new(),
        correction: None,
    }
}

/// Fills in `file` and `columns`; the number of records and the date orders come from the report.
fn describe_file(findings: &mut Value, preview: &Understood, report: Option<&CheckReport>) {
    let FileShape {
        encoding,
        delimiter,
        quote,
        header_line,
        ..
    } = report.map_or(preview.shape, |report| report.shape);
    findings["file"]["encoding"] = json!(encoding);
    findings["file"]["delimiter"] = json!(delimiter);
    findings["file"]["quote"] = json!(quote);
    findings["file"]["header_line"] = json!(header_line);
    findings["file"]["records"] = json!(report.map(|report| report.ledger.records));
    let describe_column = |column: &ColumnReport| {
        let mut described = json!({
            "index": column.index,
            "header": column.header,
            "kind": column.kind,
            "field": column.field,
        });
        if let Some(permission) = column.permission {
            described["permission"] = json!(permission);
        }
        let order = report.and_then(|report| {
            report
                .date_orders
                .iter()
                .find(|(index, ..)| *index == column.index)
        });
        if column.kind == ColumnKind::Date || order.is_some() {
            described["date_order"] = json!(order.map(|(_, order, _)| order));
        }
        described
    };
    findings["columns"] = preview.columns.iter().map(describe_column).collect();
}

/// Fills in `ledger` and `problems`.
fn describe_records(findings: &mut Value, report: &CheckReport) {
    let CheckLedger {
        records,
        ready,
        merged,
        rejected,
        ..
    } = report.ledger;
    findings["ledger"] = json!({
        "records": records,
        "ready": ready,
        "merged": merged,
        "rejected": rejected,
    });
    let describe_problem = |problem: &ProblemReport| {
        json!({
            "code": problem.code,
            "severity": problem.severity,
            "column": problem.column,
            "records": problem.records,
            "lines": problem.lines,
        })
    };
    // A domain that looks misspelt is shown in the wizard only; the JSON does not list it.
    findings["problems"] = report
        .problems
        .iter()
        .filter(|problem| problem.code != ProblemCode::SuspectDomain)
        .map(describe_problem)
        .collect();
}

/// Prints the findings as lines of text.
fn print_summary(out: &mut impl Write, findings: &Value) -> io::Result<()> {
    if let Some(error) = findings["error"].as_object() {
        return writeln!(
            out,
            "can't be used: {} ({})",
            error["code"].as_str().unwrap_or_default(),
            error["detail"].as_str().unwrap_or_default()
        );
    }
    let ledger = &findings["ledger"];
    writeln!(
        out,
        "records {}: ready {}, merged {}, rejected {}",
        ledger["records"], ledger["ready"], ledger["merged"], ledger["rejected"]
    )?;
    for problem in findings["problems"].as_array().into_iter().flatten() {
        let (code, severity) = (
            problem["code"].as_str().unwrap_or_default(),
            problem["severity"].as_str().unwrap_or_default(),
        );
        writeln!(
            out,
            "{severity:<8}{code:<20} column {:<5} records {:<9} lines {}",
            problem["column"], problem["records"], problem["lines"]
        )?;
    }
    Ok(())
}
