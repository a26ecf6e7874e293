//! Applies the records that wait with a reject, when a corrected list corrects the reject.

use std::collections::HashMap;

use alta_domain::Repeated;
use alta_intake::Checker;
use sea_orm::DatabaseTransaction;

use super::Application;
use crate::contacts::state::Given;
use crate::entity::import;
use crate::error::Result;
use crate::imports::batch::corrected::CorrectedReject;
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
        let mut found = waiting(transaction, &checker, import, rejects.named()).await?;
        for records in found.values_mut() {
            records.retain(|waiting| !rejects.comes_again(&waiting.row));
        }
        Ok(found)
    }

    /// Applies the records that waited with a reject which a row has corrected. Returns true when
    /// something changed.
    ///
    /// These records give values only to fields for which the corrected row has none, as later
    /// records do. Their permissions are those of the import's own plan: where the correction has
    /// another source or basis, only their refusals are taken.
    pub(super) fn apply_waiting(&mut self, reject: i32, contact: i64) -> Result<bool> {
        let mut changed = false;
        let mut records = self.waiting.remove(&reject).unwrap_or_default();
        if self.repeated == Repeated::Last {
            records.reverse();
        }
        for waiting in records {
            self.merged.add(waiting.merged_into(contact)?);
            self.rejects.remove_waiting(waiting.row.record);
            self.corrected.push(CorrectedReject {
                record: waiting.row.record,
                contact,
            });
            let Some(incoming) = waiting.incoming else {
                continue;
            };
            if self.repeated != Repeated::First {
                let given = Given {
                    phones: incoming.phones.clone(),
                    emails: incoming.emails.clone(),
                    values: incoming.values.clone(),
                    yields: Vec::new(),
                };
                changed |= self.give(contact, given, None);
            }
            let only_noes = self.repeated == Repeated::First || self.has_other_permission;
            changed |= self.consents.add(contact, &incoming, only_noes);
        }
        if changed {
            self.people.note_changed(contact);
        }
        Ok(changed)
    }
}
