//! Tests the store against a second model on random sequences of files, policies, batch sizes,
//! corrections and undos. The model was written from the contract of identity alone.
//!
//! `ALTA_SEQUENCES` sets the number of sequences, `ALTA_FIRST_SEQUENCE` the first seed.

mod sent;

use std::collections::BTreeSet;

use alta_domain::{Channel, ContactId, Country, ImportId, Language, NewOrganization};
use alta_store::access::Admin;
use alta_store::account::sessions;
use alta_store::contacts::export;
use alta_store::imports;
use alta_store::testing::another_organization;
use alta_store::{Store, db_test};

use self::sent::{correct, import};
use crate::model::{Base, Contact, Ledger, Plan, Record, Step, corrections, sequence};

/// The sizes of batches in bytes: one, two or three records.
const BATCHES: [usize; 3] = [1, 90, 170];

/// Returns the seeds of the sequences that are tried.
fn seeds(default: u64) -> std::ops::Range<u64> {
    let read = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    let first = read("ALTA_FIRST_SEQUENCE").unwrap_or(0);
    first..first + read("ALTA_SEQUENCES").unwrap_or(default)
}

/// Reads the stored contacts in the form of the model.
async fn stored(store: &Store, admin: &Admin) -> Vec<Contact> {
    let page = export::page(store, admin, "", ContactId(0), 1000)
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

/// Returns contacts in a fixed order, because further phones and e-mails have none.
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

/// The model and the store, which take the steps of a sequence side by side.
struct Both<'a> {
    store: &'a Store,
    admin: &'a Admin,
    model: Base,
    /// The store's imports and their plans, in the order of the model's numbers.
    imports: Vec<(ImportId, Plan)>,
    /// The size of a batch in bytes.
    bytes: usize,
}

impl Both<'_> {
    /// Takes a step on both sides. Returns the two ledgers; `None` for a step without a ledger.
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

/// Removes the records' own answers when the plan permits for all: the store takes one answer for
/// all, or one by column.
fn one_answer<'r>(plan: &Plan, records: impl Iterator<Item = &'r mut Record>) {
    if plan.whatsapp_for_all {
        for record in records {
            record.whatsapp = None;
        }
    }
}

/// Takes the steps of a sequence, and returns the first difference from the model; `None` when
/// there is no difference.
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
