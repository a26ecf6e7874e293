//! Runs the worked examples of the contract against the model.
//!
//! Tax ids that are no CPF and permissions for e-mail are not in the model; they are ignored.

#![expect(
    clippy::expect_used,
    reason = "an example that cannot be read has failed"
)]

use std::collections::BTreeSet;

use super::{Base, Code, Contact, Field, Ledger, Plan, Policy, Record, Remedy, Repeated};

const TEXT: &str = include_str!("../../../../../server/tests/it/promises/examples.md");

/// One step or one promise of an example.
#[derive(Debug)]
enum Line {
    Import(usize, Plan, Vec<Record>),
    Undo(usize),
    Correct(usize, usize, Vec<Record>),
    /// The contacts, each with true when its name matters.
    Base(Vec<(Contact, bool)>),
    Ledger(usize, Ledger),
    Rejected(usize, usize, Code),
}

/// Returns the text between two marks.
fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    Some(text.split_once(start)?.1.split_once(end)?.0)
}

fn number(text: &str) -> usize {
    text.trim().parse().expect(text)
}

/// Reads the lines of one example.
fn parse(example: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut rest = example.lines();
    while let Some(line) = rest.next() {
        if let Some(file) = line.strip_prefix("File ") {
            let file = number(file.split([':', ' ']).next().unwrap_or(""));
            let plan = line.rsplit_once("):").map_or("", |(head, _)| {
                head.split_once('(').expect("an open bracket").1
            });
            lines.push(Line::Import(file, parse_plan(plan), parse_file(&mut rest)));
        } else if let Some(file) = between(line, "The import of file ", " is undone") {
            lines.push(Line::Undo(number(file)));
        } else if let Some(file) = between(line, "The list of rejects of file ", " comes back") {
            let record = between(line, "with record ", " corrected").expect(line);
            let records = parse_file(&mut rest);
            lines.push(Line::Correct(number(file), number(record), records));
        } else if line == "In the base afterwards:" {
            lines.push(Line::Base(parse_table(&mut rest)));
        } else if line == "In the base afterwards: no contact." {
            lines.push(Line::Base(Vec::new()));
        } else if let Some(ledger) = line.strip_prefix("Ledger of file ") {
            let (file, counts) = ledger.split_once(':').expect(line);
            lines.push(Line::Ledger(number(file), parse_ledger(counts)));
        } else if let Some((record, code)) = line.split_once(" is rejected: ") {
            let of = record.strip_prefix("Record ").expect(line);
            let (record, file) = of.split_once(" of file ").expect(line);
            let code = match code {
                "`shared_key`." => Code::SharedKey,
                "`conflict`." => Code::Conflict,
                "`no_identity`." => Code::NoIdentity,
                other => panic!("an unknown code: {other}"),
            };
            lines.push(Line::Rejected(number(file), number(record), code));
        }
    }
    lines
}

fn parse_ledger(counts: &str) -> Ledger {
    let counts: Vec<usize> = counts
        .trim_end_matches('.')
        .split('/')
        .map(number)
        .collect();
    let [new, updated, unchanged, merged, rejected] = counts[..] else {
        panic!("a ledger has five counts: {counts:?}");
    };
    Ledger {
        new,
        updated,
        unchanged,
        merged,
        rejected,
    }
}

/// Reads the plan in brackets after the number of a file.
fn parse_plan(text: &str) -> Plan {
    let mut plan = Plan::default();
    for part in text.split("; ").filter(|part| !part.is_empty()) {
        let star = between(part, "*", "*").unwrap_or("");
        if part.starts_with("policy ") {
            plan.policy = parse_policy(star);
        } else if let Some(field) = part.strip_prefix("by field: ") {
            let field = match field.split(' ').next() {
                Some("phone") => Field::Phone,
                Some("city") => Field::City,
                other => panic!("an unknown field: {other:?}"),
            };
            plan.by_field.push((field, parse_policy(star)));
        } else if part.starts_with("list ") {
            plan.lists.push(star.to_lowercase());
        } else if part.starts_with("repeated records: ") {
            plan.repeated = match star {
                "first" => Repeated::First,
                "last" => Repeated::Last,
                other => panic!("an unknown choice: {other}"),
            };
        } else if part.starts_with("remedy for the shared key: ") {
            plan.shared = Some(match star {
                "they are one person" => Remedy::OnePerson,
                "leave it out everywhere" => Remedy::LeaveOut,
                other => panic!("an unknown remedy: {other}"),
            });
        } else if part == "permission for whatsapp given for the whole file" {
            plan.whatsapp_for_all = true;
        } else {
            assert_eq!(part, "permission for email given for the whole file");
        }
    }
    plan
}

fn parse_policy(word: &str) -> Policy {
    match word {
        "update" => Policy::Update,
        "fill" => Policy::Fill,
        "keep" => Policy::Keep,
        other => panic!("an unknown policy: {other}"),
    }
}

/// Reads the records between the next two fences.
fn parse_file<'a>(lines: &mut impl Iterator<Item = &'a str>) -> Vec<Record> {
    let mut lines = lines.skip_while(|line| *line != "```").skip(1);
    let header = lines.next().expect("a header");
    let columns: Vec<&str> = header.split(';').collect();
    lines
        .take_while(|line| *line != "```")
        .map(|line| parse_record(&columns, &cells(line)))
        .collect()
}

/// Splits a line at the semicolons outside quotes.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for character in line.chars() {
        match character {
            '"' => quoted = !quoted,
            ';' if !quoted => cells.push(String::new()),
            other => cells.last_mut().expect("a cell").push(other),
        }
    }
    cells
}

fn parse_record(columns: &[&str], cells: &[String]) -> Record {
    let mut record = Record::default();
    for (column, cell) in columns.iter().zip(cells) {
        let text = (!cell.is_empty()).then(|| cell.clone());
        match *column {
            "Celular" | "Celular 2" | "Fixo" => {
                for phone in cell.split(" / ") {
                    add_phone(&mut record, phone);
                }
            }
            "E-mail" | "E-mail 2" => {
                let emails = cell.split("; ").filter(|email| !email.is_empty());
                record.emails.extend(emails.map(str::to_owned));
            }
            "Nome" => record.name = text,
            "Cidade" => record.city = text,
            "CPF" => record.cpf = Some(digits(cell)).filter(|cpf| cpf.len() == 11),
            "Tags" => {
                let tags = cell.split(", ").filter(|tag| !tag.is_empty());
                record.tags.extend(tags.map(str::to_lowercase));
            }
            "WhatsApp" => {
                record.whatsapp = match cell.as_str() {
                    "sim" => Some(true),
                    "não" => Some(false),
                    _ => None,
                }
            }
            other => panic!("an unknown column: {other}"),
        }
    }
    record
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Adds a number of eleven digits as a mobile, one of ten as the landline, and no other.
fn add_phone(record: &mut Record, text: &str) {
    let digits = digits(text);
    match digits.len() {
        11 => record.phones.push(format!("55{digits}")),
        10 if record.landline.is_none() => record.landline = Some(format!("55{digits}")),
        _ => {}
    }
}

/// Reads the table of contacts that follows.
fn parse_table<'a>(lines: &mut impl Iterator<Item = &'a str>) -> Vec<(Contact, bool)> {
    lines
        .skip_while(|line| !line.starts_with("|---"))
        .skip(1)
        .take_while(|line| line.starts_with('|'))
        .map(parse_contact)
        .collect()
}

fn parse_contact(row: &str) -> (Contact, bool) {
    let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
    let [phones, emails, name, more] = cells[..] else {
        panic!("a contact has four cells: {row}");
    };
    let several = |cell: &str, mark: &str| -> Vec<String> {
        let values = cell.split(mark).filter(|value| !value.is_empty());
        values.map(str::to_owned).collect()
    };
    let mut contact = Contact {
        phones: several(phones, " + "),
        emails: several(emails, " + "),
        name: Some(name.to_owned()).filter(|name| !name.is_empty()),
        ..Contact::default()
    };
    for (key, value) in more.split(", ").filter_map(|part| part.split_once('=')) {
        let text = Some(value.to_owned());
        match key {
            "city" => contact.city = text,
            "landline" => contact.landline = text,
            "tax_id" => contact.cpf = text.filter(|id| id.len() == 11),
            "tags" => contact.tags = several(value, "+").into_iter().collect(),
            "lists" => contact.lists = several(value, "+").into_iter().collect(),
            "whatsapp" => contact.whatsapp = Some(value == "yes"),
            other => panic!("an unknown field: {other}"),
        }
    }
    (contact, name != "(either)")
}

/// Returns a contact with its further phones and addresses in order: 'their order is free'.
fn ordered(mut contact: Contact) -> Contact {
    for values in [&mut contact.phones, &mut contact.emails] {
        if let Some(further) = values.get_mut(1..) {
            further.sort();
        }
    }
    contact
}

/// Runs an example. Panics with the example's title when a promise does not hold.
fn run(title: &str, lines: &[Line]) {
    let mut base = Base::new();
    for line in lines {
        match line {
            Line::Import(number, plan, records) => {
                base.import(records, plan);
                assert_eq!(base.rejected(*number).len(), base.ledger(*number).rejected);
            }
            Line::Undo(number) => base.undo(*number),
            Line::Correct(number, record, records) => {
                let corrected = records.iter().map(|of| (record - 1, of.clone()));
                base.correct(*number, &corrected.collect::<Vec<_>>());
            }
            Line::Base(expected) => {
                let found = base.contacts();
                assert_eq!(found.len(), expected.len(), "{title}: {found:#?}");
                for (mut contact, (promised, named)) in found.into_iter().zip(expected) {
                    if !named {
                        contact.name.clone_from(&promised.name);
                    }
                    assert_eq!(ordered(contact), ordered(promised.clone()), "{title}");
                }
            }
            Line::Ledger(number, ledger) => {
                assert_eq!(base.ledger(*number), *ledger, "{title}: file {number}");
            }
            Line::Rejected(number, record, code) => {
                let rejected = base.rejected(*number);
                assert!(
                    rejected.contains(&(record - 1, *code)),
                    "{title}: {rejected:?}"
                );
            }
        }
    }
}

/// Returns the examples by title, up to the first that is not about identity.
fn examples() -> Vec<(&'static str, Vec<Line>)> {
    let (text, _) = TEXT.split_once("\n# Beside identity").unwrap_or((TEXT, ""));
    let (_, sections) = text.split_once("\n## ").expect("an example");
    sections
        .split("\n## ")
        .map(|section| {
            let (title, body) = section.split_once('\n').expect("a title");
            (title, parse(body))
        })
        .collect()
}

#[test]
fn every_worked_example_holds() {
    let examples = examples();
    let titles: BTreeSet<&str> = examples.iter().map(|(title, _)| *title).collect();
    assert_eq!(titles.len(), examples.len(), "a title stands twice");
    assert!(examples.len() >= 60, "{} examples", examples.len());
    let mut failed = Vec::new();
    for (title, lines) in &examples {
        let is_file = |line: &&Line| matches!(line, Line::Import(..));
        let is_promise = |line: &Line| matches!(line, Line::Base(_));
        assert!(lines.iter().any(is_promise), "{title} promises nothing");
        let numbers = lines.iter().filter(is_file).enumerate();
        for (before, line) in numbers {
            assert!(matches!(line, Line::Import(number, ..) if *number == before + 1));
        }
        if std::panic::catch_unwind(|| run(title, lines)).is_err() {
            failed.push(*title);
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}
