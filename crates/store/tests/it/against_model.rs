//! Random bases, files, policies, batch cuts, corrections and undos: the store does what a model
//! does that was written from the contract of identity alone.
//!
//! `ALTA_SEQUENCES` sets how many sequences are tried, `ALTA_FIRST_SEQUENCE` the first seed.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use alta_domain::{
    BuiltInField, Channel, ColumnPlan, ConsentPlan, ContactId, Correction, Country, Delimiter,
    ExistingPolicy, FieldException, FieldPolicy, FieldTarget, FileShape, Fix, ImportId, ImportPlan,
    Language, LegalBasis, ListTarget, Mapping, NewOrganization, SharedKeyRemedy,
};
use alta_intake::{Batcher, Checker, FileCheck, Reader, Slice};
use alta_store::access::Admin;
use alta_store::account::sessions;
use alta_store::contacts::export;
use alta_store::imports::{self, FileFacts};
use alta_store::testing::another_organization;
use alta_store::{Store, db_test};

use crate::model::{
    Base, Contact, Field, Ledger, Plan, Policy, Record, Remedy, Repeated, Step, corrections,
    sequence,
};

/// Columns of phones, and of e-mails.
const EACH: usize = 4;
/// Bytes of a batch: one, two or three records.
const BATCHES: [usize; 3] = [1, 90, 170];

/// How many sequences are tried, and the first seed.
fn seeds(default: u64) -> std::ops::Range<u64> {
    let read = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    let first = read("ALTA_FIRST_SEQUENCE").unwrap_or(0);
    first..first + read("ALTA_SEQUENCES").unwrap_or(default)
}

/// The fields of the columns; none for a number that keeps rows from being blank.
fn targets() -> Vec<Option<FieldTarget>> {
    use BuiltInField as F;
    let built_in = |field| Some(FieldTarget::BuiltIn(field));
    let mut targets = vec![None];
    targets.extend([built_in(F::Phone); EACH]);
    targets.extend([built_in(F::Email); EACH]);
    targets.extend([F::Landline, F::TaxId, F::Name, F::City, F::Tags].map(built_in));
    targets.push(Some(FieldTarget::Consent(Channel::Whatsapp)));
    targets
}

fn policy(policy: Policy) -> ExistingPolicy {
    match policy {
        Policy::Update => ExistingPolicy::Update,
        Policy::Fill => ExistingPolicy::Fill,
        Policy::Keep => ExistingPolicy::Keep,
    }
}

fn exception((field, by): (Field, Policy)) -> FieldException {
    let field = match field {
        Field::Phone => BuiltInField::Phone,
        Field::Email => BuiltInField::Email,
        Field::Cpf => BuiltInField::TaxId,
        Field::Name => BuiltInField::Name,
        Field::City => BuiltInField::City,
    };
    FieldException {
        target: FieldTarget::BuiltIn(field),
        policy: FieldPolicy::from(policy(by)),
    }
}

/// The plan of the model as the store takes it.
fn plan_of(plan: &Plan) -> ImportPlan {
    let column = |(target, index): (Option<FieldTarget>, u32)| ColumnPlan {
        index,
        header: format!("c{index}"),
        target,
        date_order: None,
    };
    let mut fixes = Vec::new();
    match plan.repeated {
        Repeated::Merge => {}
        Repeated::First => fixes.push(Fix::Repeated(alta_domain::Repeated::First)),
        Repeated::Last => fixes.push(Fix::Repeated(alta_domain::Repeated::Last)),
    }
    fixes.extend(plan.shared.map(|remedy| Fix::SharedKey {
        column: None,
        value: None,
        remedy: match remedy {
            Remedy::First => SharedKeyRemedy::First,
            Remedy::LeaveOut => SharedKeyRemedy::LeaveOut,
            Remedy::OnePerson => SharedKeyRemedy::OnePerson,
        },
    }));
    let mapping = Mapping {
        shape: FileShape {
            delimiter: Some(Delimiter::Comma),
            header_line: Some(1),
            first_data_line: 2,
            width: u32::try_from(targets().len()).unwrap(),
            ..FileShape::default()
        },
        country: Country::BRAZIL,
        year: 2026,
        columns: targets().into_iter().zip(0..).map(column).collect(),
        fixes,
        correction: None,
    };
    let mut lists = plan.lists.iter().cloned().map(ListTarget::New);
    let first = lists.next().unwrap_or(ListTarget::None);
    let mut made = ImportPlan::new(mapping, first, policy(plan.policy));
    made.more_lists = lists.collect();
    made.exceptions = plan.by_field.iter().copied().map(exception).collect();
    made.consent = ConsentPlan {
        channels: if plan.whatsapp_for_all {
            vec![Channel::Whatsapp]
        } else {
            Vec::new()
        },
        basis: Some(LegalBasis::Consent),
        source: "test".to_owned(),
    };
    // A column of permission is asked before the permission for all.
    if plan.whatsapp_for_all {
        let last = made.mapping.columns.len() - 1;
        made.mapping.columns[last].target = None;
    }
    made
}

/// The file of some records.
fn file(records: &[Record]) -> String {
    let width = targets().len();
    let header: Vec<String> = (0..width).map(|at| format!("c{at}")).collect();
    let mut text = header.join(",") + "\n";
    for (record, number) in records.iter().zip(1..) {
        let mut cells = vec![number.to_string()];
        for values in [&record.phones, &record.emails] {
            assert!(values.len() <= EACH);
            cells.extend(values.iter().map(|value| match value.parse::<u64>() {
                Ok(_) => format!("+{value}"),
                Err(_) => value.clone(),
            }));
            cells.resize(cells.len() + EACH - values.len(), String::new());
        }
        let landline = record.landline.as_ref();
        cells.push(landline.map_or_else(String::new, |value| format!("+{value}")));
        cells.push(record.cpf.clone().unwrap_or_default());
        cells.push(record.name.clone().unwrap_or_default());
        cells.push(record.city.clone().unwrap_or_default());
        cells.push(record.tags.join(";"));
        let answer = record
            .whatsapp
            .map_or("", |yes| if yes { "sim" } else { "não" });
        cells.push(answer.to_owned());
        text += &cells.join(",");
        text.push('\n');
    }
    text
}

/// Imports a file in batches of this size. Returns the import and its ledger.
async fn import(
    store: &Store,
    admin: &Admin,
    records: &[Record],
    plan: &Plan,
    bytes: usize,
) -> (ImportId, Ledger) {
    send(store, admin, plan_of(plan), &file(records), bytes).await
}

/// Sends corrected rejects of an import, each with the place of its record in the file, counted
/// from 0. Returns the ledger of the whole import.
async fn correct(
    store: &Store,
    admin: &Admin,
    import: ImportId,
    corrected: &[(usize, Record)],
    (plan, bytes): (&Plan, usize),
) -> Ledger {
    let (places, records): (Vec<usize>, Vec<Record>) = corrected.iter().cloned().unzip();
    let text = file(&records);
    let mut rows = text.lines();
    let mut list = format!("{},motivo,Alta\n", rows.next().unwrap());
    for (row, place) in rows.zip(places) {
        let record = u32::try_from(place + 1).unwrap();
        writeln!(list, "{row},?,{}", Correction::mark(import, record)).unwrap();
    }
    let mut plan = plan_of(plan);
    let own = plan.mapping.columns.len();
    for (header, index) in ["motivo", "Alta"].into_iter().zip(own..) {
        plan.mapping.columns.push(ColumnPlan {
            index: u32::try_from(index).unwrap(),
            header: header.to_owned(),
            target: None,
            date_order: None,
        });
    }
    plan.mapping.shape.width += 2;
    plan.mapping.correction = Some(Correction {
        import,
        column: plan.mapping.shape.width - 1,
        nobodys: imports::nobodys(store, admin, import).await.unwrap(),
    });
    send(store, admin, plan, &list, bytes).await.1
}

/// Sends a file in batches of this size. Returns the import and its ledger.
async fn send(
    store: &Store,
    admin: &Admin,
    mut plan: ImportPlan,
    text: &str,
    bytes: usize,
) -> (ImportId, Ledger) {
    // Two of the same answer: in the model a record's answer stands beside that for all.
    let mut check = FileCheck::new(&plan.mapping);
    check.push(text.as_bytes(), true);
    let (report, found) = check.finish_from(text.as_bytes());
    plan.mapping.set_date_orders(&report.date_orders);
    let facts = FileFacts {
        name: "x.csv".to_owned(),
        bytes: text.len() as u64,
        fingerprint: report.fingerprint,
        records: report.ledger.records,
    };
    let begun = imports::begin(store, admin, &plan, &facts).await.unwrap();
    assert_eq!(begun.records, 0, "no import goes on");
    let checker = Checker::new(&plan.mapping);
    let reader = Reader::new(&plan.mapping.shape);
    let mut slice = Slice::new(&plan.mapping, &checker, &found, reader, 0);
    slice.push(text.as_bytes(), true);
    let mut sequence = begun.sequence;
    loop {
        let mut batcher = Batcher::default();
        let more = batcher.fill(&mut slice, (&checker, &plan.mapping, &found), (bytes, 0));
        if batcher.records() > 0 {
            imports::receive(store, admin, begun.import, sequence, batcher.batch)
                .await
                .unwrap();
            sequence += 1;
        }
        if !more {
            break;
        }
    }
    let ledger = imports::finish(store, admin, begun.import)
        .await
        .unwrap()
        .ledger;
    assert!(ledger.adds_up(), "{ledger:?}");
    let count = |value: u32| value as usize;
    let ledger = Ledger {
        new: count(ledger.new),
        updated: count(ledger.updated),
        unchanged: count(ledger.unchanged),
        merged: count(ledger.merged),
        rejected: count(ledger.rejected),
    };
    (begun.import, ledger)
}

/// The contacts that are stored, as the model tells them.
async fn stored(store: &Store, admin: &Admin) -> Vec<Contact> {
    let page = export::page(store, admin, ContactId(0), 1000)
        .await
        .unwrap();
    let contact = |found: export::ExportedContact| {
        let field = |word: &str| found.fields.get(word).cloned();
        let lower = |texts: Vec<String>| -> BTreeSet<String> {
            texts.into_iter().map(|text| text.to_lowercase()).collect()
        };
        Contact {
            cpf: field("tax_id"),
            name: field("name"),
            city: field("city"),
            phones: found.phones,
            emails: found.emails,
            landline: found.landline,
            tags: lower(found.tags),
            lists: lower(found.lists),
            whatsapp: found.permissions[&Channel::Whatsapp],
        }
    };
    page.into_iter().map(contact).collect()
}

/// Contacts in an order of their own: further phones and e-mails have none.
fn sorted(contacts: Vec<Contact>) -> Vec<Contact> {
    let mut contacts = contacts;
    for contact in &mut contacts {
        for values in [&mut contact.phones, &mut contact.emails] {
            if let Some((_, further)) = values.split_first_mut() {
                further.sort_unstable();
            }
        }
    }
    contacts.sort_by_key(|contact| format!("{contact:?}"));
    contacts
}

/// The model and the store, side by side in a sequence.
struct Both<'a> {
    store: &'a Store,
    admin: &'a Admin,
    model: Base,
    /// The store's imports and their plans, in the order of the model's numbers.
    imports: Vec<(ImportId, Plan)>,
    /// Bytes of a batch.
    bytes: usize,
}

impl Both<'_> {
    /// Takes a step on both sides. Returns the two ledgers; none for a step without one.
    async fn take(&mut self, step: &Step) -> Option<(Ledger, Ledger)> {
        match step {
            Step::Import(records, plan) => {
                let mut records = records.clone();
                one_answer(plan, records.iter_mut());
                let expected = self.model.import(&records, plan);
                let (id, ledger) = import(self.store, self.admin, &records, plan, self.bytes).await;
                self.imports.push((id, plan.clone()));
                Some((ledger, expected))
            }
            Step::Correct(number, seed) => {
                let (id, plan) = &self.imports[number - 1];
                let mut corrected = corrections(*seed, &self.model.rejected(*number));
                one_answer(plan, corrected.iter_mut().map(|(_, record)| record));
                if corrected.is_empty() {
                    return None;
                }
                let expected = self.model.correct(*number, &corrected);
                let how = (plan, self.bytes);
                let ledger = correct(self.store, self.admin, *id, &corrected, how).await;
                Some((ledger, expected))
            }
            Step::Undo(number) => {
                self.model.undo(*number);
                let (id, _) = self.imports[number - 1];
                imports::undo(self.store, self.admin, id).await.unwrap();
                None
            }
        }
    }
}

/// Takes the records' own answers away under a permission for all: the store knows one answer for
/// all, or one by column.
fn one_answer<'r>(plan: &Plan, records: impl Iterator<Item = &'r mut Record>) {
    if plan.whatsapp_for_all {
        for record in records {
            record.whatsapp = None;
        }
    }
}

/// Goes through a sequence; answers with what differs from the model.
async fn difference(store: &Store, admin: &Admin, seed: u64) -> Option<String> {
    let mut both = Both {
        store,
        admin,
        model: Base::new(),
        imports: Vec::new(),
        bytes: BATCHES[usize::try_from(seed).unwrap() % BATCHES.len()],
    };
    let steps = sequence(seed);
    for (at, step) in steps.iter().enumerate() {
        let so_far = || {
            let so_far = steps[..=at].iter().map(|step| format!("\n  {step:?}"));
            so_far.collect::<String>()
        };
        if let Some((ledger, expected)) = both.take(step).await
            && ledger != expected
        {
            return Some(format!(
                "seed {seed} step {at}: ledger {ledger:?}, expected {expected:?}{}",
                so_far()
            ));
        }
        let expected = sorted(both.model.contacts());
        let here = sorted(stored(store, admin).await);
        if here != expected {
            let only = |some: &[Contact], others: &[Contact]| {
                let more: Vec<_> = some.iter().filter(|one| !others.contains(one)).collect();
                format!("{more:#?}")
            };
            return Some(format!(
                "seed {seed} step {at}\nonly here: {}\nonly in the model: {}{}",
                only(&here, &expected),
                only(&expected, &here),
                so_far()
            ));
        }
    }
    None
}

db_test! {
    async fn random_sequences_do_what_the_contract_says(database) {
        let store = &database.store;
        let mut differences = Vec::new();
        let seeds = seeds(120);
        for seed in seeds.clone() {
            let organization = format!("Seed {seed}");
            let new = NewOrganization {
                organization,
                country: Country::BRAZIL,
                language: Language::Portuguese,
                name: "Ana Silva".into(),
                email: format!("ana{seed}@example.com"),
                password: "correct horse".into(),
            };
            another_organization(store, new).await;
            let admin = sessions::operator(store, &format!("seed-{seed}")).await.unwrap();
            differences.extend(difference(store, &admin, seed).await);
            if differences.len() >= 5 {
                break;
            }
        }
        assert!(
            differences.is_empty(),
            "{} of the seeds {seeds:?} differ:\n{}",
            differences.len(),
            differences.join("\n\n")
        );
    }
}
