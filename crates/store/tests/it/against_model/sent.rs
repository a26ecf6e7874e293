//! Sends files of the model's records to the store, as a browser or the command line sends them.

use std::fmt::Write as _;

use alta_domain::{
    BuiltInField, Channel, ColumnPlan, ConsentPlan, Correction, Country, Delimiter, ExistingPolicy,
    FieldException, FieldPolicy, FieldTarget, FileShape, Fix, ImportId, ImportPlan, LegalBasis,
    ListTarget, Mapping, SharedKeyRemedy,
};
use alta_intake::{Batcher, Checker, FileCheck, Reader, Slice};
use alta_store::Store;
use alta_store::access::Admin;
use alta_store::imports::{self, FileFacts};

use crate::model::{Field, Ledger, Plan, Policy, Record, Remedy, Repeated};

/// The number of columns for phones, and for e-mails.
const EACH: usize = 4;

/// Returns the fields of the columns; `None` for a number that keeps rows from being blank.
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

/// Returns the plan of the model in the form of the store.
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
    // A column of permission counts before the permission for all.
    if plan.whatsapp_for_all {
        let last = made.mapping.columns.len() - 1;
        made.mapping.columns[last].target = None;
    }
    made
}

/// Returns the text of a file with these records.
pub(super) fn file(records: &[Record]) -> String {
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
pub(super) async fn import(
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
pub(super) async fn correct(
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
    // Two answers for one channel: in the model a record's answer counts beside the answer for all.
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
