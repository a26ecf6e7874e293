//! Tests sentences of the contract that must hold for every sequence.

use std::collections::BTreeSet;

use super::base::keys;
use super::file::Key;
use super::{Base, Contact, Ledger, Step, corrections, sequence};

/// The number of sequences on which each law is tried.
const SEEDS: u64 = 500;

fn take(base: &mut Base, step: &Step) {
    match step {
        Step::Import(records, plan) => {
            base.import(records, plan);
        }
        Step::Undo(number) => base.undo(*number),
        Step::Correct(number, seed) => {
            let corrected = corrections(*seed, &base.rejected(*number));
            base.correct(*number, &corrected);
        }
    }
}

fn imports(steps: &[Step]) -> usize {
    let imports = steps.iter().filter(|step| matches!(step, Step::Import(..)));
    imports.count()
}

#[test]
fn a_sequence_is_the_same_for_the_same_seed() {
    let sequences: Vec<Vec<Step>> = (0..50).map(sequence).collect();
    assert_eq!(sequences, (0..50).map(sequence).collect::<Vec<_>>());
    assert_ne!(sequences[0], sequences[1]);
    let undos = sequences.iter().flatten();
    assert!(undos.filter(|step| matches!(step, Step::Undo(_))).count() > 10);
}

#[test]
fn a_key_belongs_to_one_contact() {
    for seed in 0..SEEDS {
        let mut base = Base::new();
        for step in sequence(seed) {
            take(&mut base, &step);
            let mut held = BTreeSet::new();
            for contact in base.contacts() {
                for key in keys(&contact) {
                    assert!(
                        held.insert(key.clone()),
                        "seed {seed}: {key:?} is held twice"
                    );
                }
            }
        }
    }
}

#[test]
fn every_record_is_in_the_ledger() {
    for seed in 0..SEEDS {
        let mut base = Base::new();
        for step in sequence(seed) {
            take(&mut base, &step);
            let Step::Import(records, _) = step else {
                continue;
            };
            let ledger = base.ledger(base.count());
            let persons = ledger.new + ledger.updated + ledger.unchanged + ledger.rejected;
            assert_eq!(persons + ledger.merged, records.len(), "seed {seed}");
            assert_eq!(base.rejected(base.count()).len(), ledger.rejected);
        }
    }
}

#[test]
fn an_import_undone_at_once_leaves_everything_as_before() {
    for seed in 0..SEEDS {
        let mut base = Base::new();
        for step in sequence(seed) {
            let before = base.contacts();
            let mut tried = base.clone();
            take(&mut tried, &step);
            if matches!(step, Step::Import(..)) {
                tried.undo(tried.count());
                assert_eq!(tried.contacts(), before, "seed {seed}");
            }
            take(&mut base, &step);
        }
    }
}

/// 'Undone in whatever order, imports leave the base as if none of them had been, but for noes.'
#[test]
fn all_imports_undone_leave_nothing_but_noes() {
    for seed in 0..SEEDS {
        let steps = sequence(seed);
        let mut base = Base::new();
        for step in &steps {
            take(&mut base, step);
        }
        let mut order: Vec<usize> = (1..=imports(&steps)).collect();
        if seed % 2 == 0 {
            order.reverse();
        }
        for number in order {
            base.undo(number);
        }
        let kept_no = |contact: &Contact| contact.whatsapp == Some(false);
        assert!(base.contacts().iter().all(kept_no), "seed {seed}");
    }
}

/// 'The same file again under the same plan: new 0, updated 0, the rest alike, but where the file
/// itself renamed a contact that shares a key with another of its persons.' A CPF or the first key
/// of a kind that the file gives such a contact decides as much as a name does.
#[test]
fn the_same_file_again_changes_nothing() {
    let (mut tried, mut other) = (0, 0);
    for seed in 0..SEEDS {
        let mut base = Base::new();
        for step in sequence(seed) {
            let stood = base.contacts();
            take(&mut base, &step);
            let Step::Import(records, plan) = step else {
                continue;
            };
            let ledger = base.ledger(base.count());
            let mut again = base.clone();
            let alike = Ledger {
                new: 0,
                updated: 0,
                unchanged: ledger.new + ledger.updated + ledger.unchanged,
                ..ledger
            };
            tried += 1;
            if again.import(&records, &plan) == alike {
                assert_eq!(again.contacts(), base.contacts(), "seed {seed}");
            } else {
                other += 1;
                let now = base.contacts();
                let mut both = stood.iter().zip(&now);
                assert!(both.any(|(old, new)| who(old) != who(new)), "seed {seed}");
            }
        }
    }
    assert!(
        other * 100 < tried,
        "{other} of {tried} files were not alike"
    );
}

/// Returns the name and the keys by which a contact is compared.
fn who(contact: &Contact) -> (Option<&str>, BTreeSet<Key>) {
    (contact.name.as_deref(), keys(contact))
}
