//! Reads the worked examples of `examples.md`. Every sentence of an example is a step, and a
//! sentence that is not understood is an error, so that no promise is passed over.

use std::slice::Iter;

use super::contact::Contact;

/// A worked example: the imports into an empty base, and the expected results.
#[derive(Debug)]
pub(super) struct Example {
    pub(super) name: String,
    pub(super) steps: Vec<Step>,
}

/// A sentence of an example, and the action that it asks for.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) sentence: String,
    pub(super) action: Action,
}

/// An action, or an expected result, at one point of an example. Files and records are numbered
/// from 1.
#[derive(Debug, PartialEq)]
pub(super) enum Action {
    /// A file is imported.
    Import { choices: Vec<Choice>, table: String },
    /// The import of a file is undone.
    Undo { file: usize },
    /// The base has exactly these contacts.
    Base(Vec<Contact>),
    /// The ledger of a file's import has these counts of new, updated, unchanged, merged and
    /// rejected records.
    Ledger { file: usize, counts: [u64; 5] },
    /// A record of a file is among the rejects.
    Rejected { file: usize, record: usize },
    /// A record of a file's list of rejects is corrected, and the list imported.
    Correct {
        file: usize,
        record: usize,
        table: String,
    },
    /// `alta check` has this result for the last file.
    Check(Verdict),
}

/// A choice of an import's plan that replaces the suggestion.
#[derive(Debug, PartialEq)]
pub(super) enum Choice {
    Policy(String),
    ByField { field: String, policy: String },
    Repeated(String),
    List(String),
    Permission(String),
    Remedy(&'static str),
}

/// The expected result of `alta check`: the counts of ready, merged and rejected records, and one
/// problem.
#[derive(Debug, PartialEq)]
pub(super) struct Verdict {
    pub(super) counts: [u64; 3],
    pub(super) code: String,
    pub(super) severity: String,
    pub(super) column: String,
    pub(super) records: u64,
}

/// A paragraph, a table, or the text between two fences.
#[derive(Debug)]
struct Block<'a> {
    line: usize,
    is_code: bool,
    lines: Vec<&'a str>,
}

/// Reads all examples.
pub(super) fn parse(text: &str) -> Result<Vec<Example>, String> {
    let blocks = blocks(text);
    let is_head = |block: &Block<'_>| !block.is_code && block.lines[0].starts_with("## ");
    let Some(first) = blocks.iter().position(is_head) else {
        return Err("there is no example".to_owned());
    };
    let mut examples = Vec::new();
    let mut rest = &blocks[first..];
    while let [_, after @ ..] = rest {
        let length = after.iter().position(is_head).unwrap_or(after.len()) + 1;
        examples.push(example(&rest[..length])?);
        rest = &rest[length..];
    }
    Ok(examples)
}

/// Splits the text at empty lines and fences.
fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let (mut in_code, mut is_open) = (false, false);
    for (number, line) in text.lines().enumerate() {
        let is_fence = line.starts_with("```");
        if is_fence {
            in_code = !in_code;
            is_open = false;
        }
        if is_fence && in_code || !is_fence && !in_code && !is_open && !line.is_empty() {
            blocks.push(Block {
                line: number + 1,
                is_code: in_code,
                lines: Vec::new(),
            });
            is_open = true;
        }
        if !in_code && line.is_empty() {
            is_open = false;
        }
        if let Some(block) = blocks.last_mut().filter(|_| is_open && !is_fence) {
            block.lines.push(line);
        }
    }
    blocks
}

/// Reads an example: its heading, a paragraph that says why, and its steps.
fn example(blocks: &[Block<'_>]) -> Result<Example, String> {
    let [head, why, steps @ ..] = blocks else {
        return Err(format!("line {}: an example has steps", blocks[0].line));
    };
    if head.lines.len() != 1 || why.is_code {
        return Err(format!("line {}: a heading, a paragraph", head.line));
    }
    let name = head.lines[0].trim_start_matches("## ").to_owned();
    let mut example = Example {
        name,
        steps: Vec::new(),
    };
    let (mut files, mut rest) = (0, steps.iter());
    while let Some(block) = rest.next() {
        let action = action(block, &mut files, &mut rest)
            .map_err(|error| format!("line {} ({}): {error}", block.line, example.name))?;
        example.steps.push(Step {
            sentence: block.lines[0].to_owned(),
            action,
        });
    }
    let expects = |step: &Step| matches!(step.action, Action::Base(_) | Action::Ledger { .. });
    if example.steps.iter().any(expects) {
        Ok(example)
    } else {
        Err(format!("'{}' expects nothing", example.name))
    }
}

/// Reads a step, with the table that follows it.
fn action(
    block: &Block<'_>,
    files: &mut usize,
    rest: &mut Iter<'_, Block<'_>>,
) -> Result<Action, String> {
    let [sentence] = block.lines[..] else {
        return Err("one sentence was expected".to_owned());
    };
    if block.is_code {
        return Err("a file that nothing announces".to_owned());
    }
    let cut = |start: &str, end: &str| sentence.strip_prefix(start)?.strip_suffix(end);
    if let Some(head) = cut("File ", ":") {
        *files += 1;
        let (number, choices) = head.split_once(' ').unwrap_or((head, ""));
        if number.parse() != Ok(*files) {
            return Err(format!("this is file {files}"));
        }
        let (choices, table) = (self::choices(choices)?, code(rest.next())?);
        return Ok(Action::Import { choices, table });
    }
    if let Some(file) = cut("The import of file ", " is undone.") {
        let file = known(file, *files)?;
        return Ok(Action::Undo { file });
    }
    if sentence == "In the base afterwards: no contact." {
        return Ok(Action::Base(Vec::new()));
    }
    if sentence == "In the base afterwards:" {
        return contacts(rest.next()).map(Action::Base);
    }
    if let Some((file, counts)) = cut("Ledger of file ", ".").and_then(|at| at.split_once(": ")) {
        let (file, counts) = (known(file, *files)?, self::counts(counts)?);
        return Ok(Action::Ledger { file, counts });
    }
    if let Some((at, _code)) = cut("Record ", "`.").and_then(|at| at.split_once(" is rejected: `"))
    {
        let (record, file) = at.split_once(" of file ").ok_or("a file is missing")?;
        let (record, file) = (number(record)?, known(file, *files)?);
        return Ok(Action::Rejected { file, record });
    }
    if let Some(at) = cut("The list of rejects of file ", " corrected to:") {
        let (file, record) = at
            .split_once(" comes back with record ")
            .ok_or("a record is missing")?;
        let (file, record) = (known(file, *files)?, number(record)?);
        let table = code(rest.next())?;
        return Ok(Action::Correct {
            file,
            record,
            table,
        });
    }
    let check = "`alta check` of that file: ready / merged / rejected = ";
    match cut(check, ".") {
        Some(said) => verdict(said).map(Action::Check),
        None => Err(format!("not understood: {sentence}")),
    }
}

/// Reads the choices of a file: `(policy *keep*; list *L*)`.
fn choices(text: &str) -> Result<Vec<Choice>, String> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let inner = text
        .strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'));
    let inner = inner.ok_or("brackets were expected")?;
    inner.split("; ").map(choice).collect()
}

/// Reads one choice.
fn choice(text: &str) -> Result<Choice, String> {
    let cut = |start: &str, end: &str| text.strip_prefix(start)?.strip_suffix(end);
    if let Some(channel) = cut("permission for ", " given for the whole file") {
        return Ok(Choice::Permission(channel.to_owned()));
    }
    let (what, word) = text
        .strip_suffix('*')
        .and_then(|text| text.split_once(" *"))
        .ok_or_else(|| format!("no choice: {text}"))?;
    let owned = word.to_owned();
    match (what, word) {
        ("policy", "update" | "fill" | "keep") => Ok(Choice::Policy(owned)),
        ("repeated records: keep", "first" | "last") => Ok(Choice::Repeated(owned)),
        ("list", _) => Ok(Choice::List(owned)),
        ("remedy for the shared key:", _) => remedy(word),
        (_, "update" | "fill" | "keep") => {
            let field = what.strip_prefix("by field: ");
            let field = field.ok_or_else(|| format!("no choice: {text}"))?;
            Ok(Choice::ByField {
                field: field.to_owned(),
                policy: owned,
            })
        }
        _ => Err(format!("no choice: {text}")),
    }
}

/// Reads the remedy of a shared key.
fn remedy(words: &str) -> Result<Choice, String> {
    match words {
        "they are one person" => Ok(Choice::Remedy("one_person")),
        "leave it out everywhere" => Ok(Choice::Remedy("leave_out")),
        "leave it with the first" => Ok(Choice::Remedy("first")),
        _ => Err(format!("no remedy: {words}")),
    }
}

/// Reads `2 / 0 / 0; ` and a problem: its code, severity, column and number of records.
fn verdict(text: &str) -> Result<Verdict, String> {
    let (counts, problem) = text.split_once("; `").ok_or("a problem was expected")?;
    let parts: Vec<&str> = problem.split(", ").collect();
    let [code, severity, column, records] = parts[..] else {
        return Err("code, severity, column and records were expected".to_owned());
    };
    let column = column
        .strip_prefix("column ")
        .ok_or("a column was expected")?;
    let records = records.split(' ').next().unwrap_or_default();
    Ok(Verdict {
        counts: self::counts(counts)?,
        code: code.trim_end_matches('`').to_owned(),
        severity: severity.to_owned(),
        column: column.to_owned(),
        records: number(records)?,
    })
}

/// Reads a table of contacts.
fn contacts(block: Option<&Block<'_>>) -> Result<Vec<Contact>, String> {
    let block = block.ok_or("a table was expected")?;
    match block.lines[..] {
        ["| phones | e-mails | name | more |", _, ref rows @ ..] if !rows.is_empty() => {
            rows.iter().map(|row| Contact::from_row(row)).collect()
        }
        _ => Err("a table of contacts was expected".to_owned()),
    }
}

/// Reads a file between fences.
fn code(block: Option<&Block<'_>>) -> Result<String, String> {
    match block {
        Some(block) if block.is_code && block.lines.len() > 1 => {
            Ok(format!("{}\n", block.lines.join("\n")))
        }
        _ => Err("a file with a header and a row was expected".to_owned()),
    }
}

/// Reads counts: `1 / 0 / 0`.
fn counts<const N: usize>(text: &str) -> Result<[u64; N], String> {
    let counts: Vec<u64> = text.split(" / ").map(number).collect::<Result<_, _>>()?;
    <[u64; N]>::try_from(counts).map_err(|_| format!("{N} counts were expected: {text}"))
}

/// Reads the number of a file that was imported before.
fn known(text: &str, files: usize) -> Result<usize, String> {
    let file = number(text)?;
    if (1..=files).contains(&file) {
        Ok(file)
    } else {
        Err(format!("there is no file {file} yet"))
    }
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("no number: {text}"))
}
