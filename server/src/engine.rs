//! The engine on the command line: `alta check`, `alta csv`, `alta phone`. No database, no network;
//! the verdict is the browser's.

use std::io::{self, BufRead, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use alta_domain::worker::CheckReport;
use alta_domain::{
    CheckLedger, ColumnKind, Country, FieldId, FieldKind, FieldTarget, FileError, FileLimits,
    FileShape, Mapping, ProblemCode, ProblemReport,
};
use alta_intake::phone::read_phone;
use alta_intake::{FileCheck, Reader, Record, Step, Understood};
use serde_json::{Value, json};

use crate::source::{CHUNK, Source, UNUSABLE, this_year};

/// `alta check`.
///
/// # Errors
/// When nothing can be written.
pub fn check(
    path: &Path,
    country: Country,
    limits: FileLimits,
    as_json: bool,
) -> anyhow::Result<ExitCode> {
    let mut found = json!({ "file": Value::Null, "columns": Value::Null, "ledger": Value::Null, "problems": Value::Null, "error": Value::Null });
    let usable = match judge(path, country, limits, &mut found) {
        Ok(usable) => usable,
        Err(error) => {
            found["error"] =
                json!({ "code": FileError::Unreadable.code(), "detail": error.to_string() });
            false
        }
    };
    let mut out = io::stdout().lock();
    if as_json {
        serde_json::to_writer_pretty(&mut out, &found)?;
        writeln!(out)?;
    } else {
        said(&mut out, &found)?;
    }
    Ok(if usable {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(UNUSABLE)
    })
}

/// Fills in what is found out; false when the file can't be used.
fn judge(path: &Path, country: Country, limits: FileLimits, found: &mut Value) -> io::Result<bool> {
    found["file"] = json!({ "bytes": null, "encoding": null, "delimiter": null, "quote": null, "header_line": null, "records": null });
    let (source, size) = Source::open(path, limits.bytes)?;
    found["file"]["bytes"] = json!(size);
    let refuse = |found: &mut Value, code: &str, detail: String| {
        found["error"] = json!({ "code": code, "detail": detail });
        Ok(false)
    };
    if size > limits.bytes {
        let error = FileError::TooLarge {
            size,
            limit: limits.bytes,
        };
        return refuse(found, error.code(), error.to_string());
    }
    let preview = match source.understand(country, limits)? {
        Ok(preview) => preview,
        Err(FileError::NotCsv(format)) => return refuse(found, "not_csv", format),
        Err(error) => return refuse(found, error.code(), error.to_string()),
    };
    describe(found, &preview, None);
    let has_identity = preview.columns.iter().any(|column| {
        column
            .field
            .is_some_and(alta_domain::BuiltInField::is_identity)
    });
    if !has_identity {
        let error = FileError::NoIdentityColumn;
        return refuse(found, error.code(), error.to_string());
    }
    let mut check = FileCheck::new(&mapping(&preview, country)).expecting(size);
    let mut fits = true;
    source.read(|chunk, last| {
        if fits {
            check.push(chunk, last);
            fits = check.records() <= limits.records;
        }
        Ok(())
    })?;
    if !fits {
        let error = FileError::TooManyRecords(limits.records);
        return refuse(found, error.code(), error.to_string());
    }
    let (report, _) = check.finish();
    describe(found, &preview, Some(&report));
    let CheckLedger {
        records,
        ready,
        merged,
        rejected,
        ..
    } = report.ledger;
    found["ledger"] =
        json!({ "records": records, "ready": ready, "merged": merged, "rejected": rejected });
    let problem = |problem: &ProblemReport| json!({ "code": problem.code, "severity": problem.severity, "column": problem.column, "records": problem.records, "lines": problem.lines });
    // A domain that looks like a slip is for the admin to see; it is no problem of the contract.
    found["problems"] = report
        .problems
        .iter()
        .filter(|problem| problem.code != ProblemCode::SuspectDomain)
        .map(problem)
        .collect();
    Ok(true)
}

/// The suggested mapping. Columns of days and numbers that no field is suggested for are judged by
/// what they are: in the wizard they would become fields of that kind.
fn mapping(preview: &Understood, country: Country) -> Mapping {
    let target = |column: &alta_domain::ColumnReport| {
        let of_kind = |kind| FieldTarget::Custom {
            id: FieldId(0),
            kind,
        };
        column
            .field
            .map(FieldTarget::BuiltIn)
            .or(match column.kind {
                ColumnKind::Date => Some(of_kind(FieldKind::Date)),
                ColumnKind::Number => Some(of_kind(FieldKind::Number)),
                _ => None,
            })
    };
    let plan = |column: &alta_domain::ColumnReport| alta_domain::ColumnPlan {
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

/// The file and its columns, as the contract writes them.
fn describe(found: &mut Value, preview: &Understood, report: Option<&CheckReport>) {
    let FileShape {
        encoding,
        delimiter,
        quote,
        header_line,
        ..
    } = report.map_or(preview.shape, |report| report.shape);
    found["file"]["encoding"] = json!(encoding);
    found["file"]["delimiter"] = json!(delimiter);
    found["file"]["quote"] = json!(quote);
    found["file"]["header_line"] = json!(header_line);
    found["file"]["records"] = json!(report.map(|report| report.ledger.records));
    let column = |column: &alta_domain::ColumnReport| {
        let mut written = json!({ "index": column.index, "header": column.header, "kind": column.kind, "field": column.field });
        let order = report.and_then(|report| {
            report
                .date_orders
                .iter()
                .find(|(index, ..)| *index == column.index)
        });
        if column.kind == ColumnKind::Date || order.is_some() {
            written["date_order"] = json!(order.map(|(_, order, _)| order));
        }
        written
    };
    found["columns"] = preview.columns.iter().map(column).collect();
}

/// The same for people.
fn said(out: &mut impl Write, found: &Value) -> io::Result<()> {
    if let Some(error) = found["error"].as_object() {
        return writeln!(
            out,
            "can't be used: {} ({})",
            error["code"].as_str().unwrap_or_default(),
            error["detail"].as_str().unwrap_or_default()
        );
    }
    let ledger = &found["ledger"];
    writeln!(
        out,
        "records {}: ready {}, merged {}, rejected {}",
        ledger["records"], ledger["ready"], ledger["merged"], ledger["rejected"]
    )?;
    for problem in found["problems"].as_array().into_iter().flatten() {
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

/// `alta csv`.
///
/// # Errors
/// When nothing can be written.
pub fn csv(path: &Path) -> anyhow::Result<ExitCode> {
    let limits = FileLimits {
        bytes: u64::MAX - 1,
        ..FileLimits::default()
    };
    let opened = Source::open(path, limits.bytes)
        .and_then(|(source, _)| Ok((source.understand(Country::BRAZIL, limits)?, source)));
    let (preview, source) = match opened {
        Ok((Ok(preview), source)) => (preview, source),
        Ok((Err(error), _)) => return Ok(unusable(&error.to_string())),
        Err(error) => return Ok(unusable(&error.to_string())),
    };
    let mut reader = Reader::new(&preview.shape);
    let mut record = Record::default();
    let mut out = csv::WriterBuilder::new()
        .flexible(true)
        .from_writer(BufWriter::with_capacity(CHUNK, io::stdout().lock()));
    source.read(|chunk, last| {
        reader.push(chunk, last);
        while reader.next(&mut record) == Step::Record {
            let wanted = Some(record.line) == preview.shape.header_line
                || record.line >= preview.shape.first_data_line;
            let cells = reader.cells(&record);
            if wanted && !cells.iter().all(|cell| alta_intake::is_blank(cell)) {
                out.write_record(cells.iter().map(|cell| cell.as_bytes()))?;
            }
        }
        Ok(())
    })?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn unusable(why: &str) -> ExitCode {
    eprintln!("alta: {why}");
    ExitCode::from(UNUSABLE)
}

/// `alta phone`: a writing a line in, its digits or the reason against it out.
///
/// # Errors
/// When standard input can't be read or nothing can be written.
pub fn phone(country: Country) -> anyhow::Result<ExitCode> {
    let mut input = io::BufReader::with_capacity(CHUNK, io::stdin().lock());
    let mut out = BufWriter::with_capacity(CHUNK, io::stdout().lock());
    let mut line = Vec::new();
    let mut digits = [0; 20];
    while input.read_until(b'\n', &mut line)? > 0 {
        let text = String::from_utf8_lossy(&line);
        match read_phone(text.trim_end_matches(['\n', '\r']), country) {
            Ok(phone) => out.write_all(decimal(phone.digits, &mut digits))?,
            Err(error) => {
                out.write_all(b"!")?;
                out.write_all(error.as_str().as_bytes())?;
            }
        }
        out.write_all(b"\n")?;
        line.clear();
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// A number's digits, written from the end of the buffer.
fn decimal(mut number: u64, buffer: &mut [u8; 20]) -> &[u8] {
    let mut at = buffer.len();
    loop {
        at -= 1;
        buffer[at] = b'0' + u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
        if number == 0 {
            return &buffer[at..];
        }
    }
}
