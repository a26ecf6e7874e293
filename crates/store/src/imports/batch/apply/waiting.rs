//! The records that wait with a reject, applied when a corrected list corrects it.

use std::collections::HashMap;

use alta_domain::Repeated;
use alta_intake::Checker;
use sea_orm::DatabaseTransaction;

use super::Application;
use crate::contacts::state::Given;
use crate::entity::import;
use crate::error::Result;
use crate::imports::batch::person::Outcome;
use crate::imports::corrections::Rejects;
use crate::imports::row::Plans;
use crate::imports::waiting::{CheckedReject, waiting};

impl Application<'_> {
    /// Loads the records that wait with the rejects that a corrected list names.
    pub(super) async fn load_waiting(
        transaction: &DatabaseTransaction,
        import: &import::Model,
        plans: &Plans,
        rejects: &Rejects<'_>,
    ) -> Result<HashMap<i32, Vec<CheckedReject>>> {
        let Some(original) = &plans.original else {
            return Ok(HashMap::new());
        };
        let checker = Checker::new(&original.mapping);
        waiting(transaction, &checker, import, rejects.named()).await
    }

    /// Applies the records that waited with a reject which a row has corrected: their values as the
    /// import's own plan says, and of permission their noes.
    pub(super) fn apply_waiting(&mut self, record: u32, reject: i32, contact: i64) -> Result<()> {
        let mut changed = false;
        for waiting in self.waiting.remove(&reject).unwrap_or_default() {
            self.merged.add(waiting.merged_into(contact)?);
            self.rejects.remove_waiting(waiting.row.record);
            let Some(incoming) = waiting.incoming else {
                continue;
            };
            let takes_values = self.repeated != Repeated::First;
            if takes_values {
                let given = Given {
                    phones: incoming.phones.clone(),
                    emails: incoming.emails.clone(),
                    values: incoming.values.clone(),
                    yields: Vec::new(),
                };
                changed |= self.give(contact, given, None);
            }
            changed |= self.consents.add(contact, &incoming, true);
        }
        if !changed {
            return Ok(());
        }
        self.people.note_changed(contact);
        if let Some(person) = self.persons.get(record)
            && person.outcome == Outcome::Unchanged
        {
            let mut person = person.clone();
            person.outcome = Outcome::Updated;
            self.persons.set(record, person);
            self.ledger.unchanged -= 1;
            self.ledger.updated += 1;
        }
        Ok(())
    }
}
