//! The effect of imports on small bases.

use super::*;
use alta_domain::{BuiltInField, ColumnPlan, Country, FileShape, Mapping};

const FIELDS: [FieldTarget; 3] = [
    FieldTarget::BuiltIn(BuiltInField::Phone),
    FieldTarget::BuiltIn(BuiltInField::Email),
    FieldTarget::BuiltIn(BuiltInField::Tags),
];

fn base(contacts: &[[&str; 3]], standing: Standing) -> Base {
    let mut bytes = Vec::new();
    for (contact, id) in contacts.iter().zip(1..) {
        let some = |at: usize| (!contact[at].is_empty()).then_some(contact[at]);
        let phone = some(0).map(|value| Key::new(KeyKind::Phone, value));
        let email = some(1).map(|value| Key::new(KeyKind::Email, value));
        let keys: Vec<Key> = phone.into_iter().chain(email).collect();
        write_marks(
            &mut bytes,
            ContactId(id),
            &keys,
            (&Name::default(), standing),
            FIELDS.into_iter().zip([some(0), some(1), some(2)]),
        );
    }
    let mut base = Base::of(FIELDS.to_vec());
    base.add(&bytes);
    base.complete();
    base
}

fn effect(policy: ExistingPolicy, rows: &[[&str; 3]]) -> Effect {
    let contacts = [
        ["5551999990001", "bia@example.com", "vip, lima"],
        ["5551999990002", "", ""],
    ];
    effect_on(&base(&contacts, Standing::default()), policy, rows)
}

fn effect_on(base: &Base, policy: ExistingPolicy, rows: &[[&str; 3]]) -> Effect {
    let columns = FIELDS
        .into_iter()
        .zip(0..)
        .map(|(target, index)| ColumnPlan {
            index,
            header: String::new(),
            target: Some(target),
            date_order: None,
        });
    let mapping = Mapping {
        shape: FileShape::default(),
        country: Country::BRAZIL,
        year: 2026,
        columns: columns.collect(),
        fixes: Vec::new(),
        correction: None,
    };
    let checker = Checker::new(&mapping);
    let rows: Vec<RowInput> = rows
        .iter()
        .zip(1..)
        .map(|(cells, record)| RowInput {
            record,
            line: record + 1,
            cells: cells.map(str::to_owned).to_vec(),
            rejected: None,
            left_out: Vec::new(),
            same_as: None,
            identity: None,
            corrects: None,
        })
        .collect();
    let mut rehearsal = Rehearsal::new(base, policy, &[]);
    let batch = Batch {
        rows,
        ..Batch::default()
    };
    rehearsal.take(&checker, &batch);
    rehearsal.effect
}

#[test]
fn it_says_what_the_import_would_do_with_each_record() {
    let rows = [
        ["51 99999-0001", "", "VIP"],
        ["51 99999-0002", "caio@example.com", ""],
        ["51 99999-0003", "", ""],
        ["51 99999-0002", "bia@example.com", ""],
        ["12", "", ""],
    ];
    let found = effect(ExistingPolicy::Update, &rows);
    let ledger = found.ledger;
    assert_eq!(
        (
            ledger.new,
            ledger.updated,
            ledger.unchanged,
            ledger.rejected,
            found.conflicts
        ),
        (1, 1, 1, 2, 1)
    );
    assert!(ledger.adds_up());
    assert_eq!(
        found.fields,
        [(FIELDS[0], 0), (FIELDS[1], 1), (FIELDS[2], 0)]
    );
    let sample = &found.samples[0];
    assert_eq!(
        (sample.line, sample.contact, sample.value.as_str()),
        (3, ContactId(2), "caio@example.com")
    );
}

#[test]
fn the_policy_decides_what_is_changed() {
    let rows = [["51 99999-0001", "other@example.com", "lima; cusco"]];
    let changed: Vec<u32> = effect(ExistingPolicy::Update, &rows)
        .fields
        .into_iter()
        .map(|(_, records)| records)
        .collect();
    assert_eq!(changed, [0, 1, 1]);
    let filled = effect(ExistingPolicy::Fill, &rows).ledger;
    assert_eq!(filled.updated, 1, "the other address becomes a further one");
    assert_eq!(effect(ExistingPolicy::Keep, &rows).ledger.unchanged, 1);
}

#[test]
fn a_contact_leaves_the_bin_once() {
    let mut standing = Standing::default();
    standing.bin();
    let base = base(&[["5551999990001", "bia@example.com", ""]], standing);
    let rows = [["51999990001", "", ""], ["", "bia@example.com", ""]];
    let effect = effect_on(&base, ExistingPolicy::Keep, &rows);
    assert_eq!((effect.ledger.updated, effect.ledger.unchanged), (1, 1));
}
