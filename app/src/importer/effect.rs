//! What the import would do to the contacts that exist, found out before the button is pressed.

use alta_domain::worker::ToWorker;
use alta_domain::{ContactId, Effect as ImportEffect, ErrorCode};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::session::ImportSession;
use crate::api::imports::{contact_marks, contact_values};

/// Where the finding out stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Rehearsal {
    /// Not begun.
    #[default]
    None,
    /// The contacts are on their way; so many are there.
    Reading(u32),
    /// The rows are gone through.
    Running(ImportEffect),
    /// Done; with what the samples' contacts hold now.
    Done(ImportEffect, Vec<Option<String>>),
    /// It can't be found out.
    Failed(ErrorCode),
}

impl ImportSession {
    /// Finds out what the import would do to the base as it is now; an earlier run ends.
    pub(crate) async fn rehearse(self) {
        let Some(plan) = self.plan() else { return };
        let run = self.next_rehearsal();
        self.rehearsal.set(Rehearsal::Reading(0));
        let fields = plan.mapping.value_fields();
        let (mut behind, mut contacts, mut first) = (ContactId(0), 0, true);
        loop {
            let answer = contact_marks(fields.clone(), behind).await;
            if self.rehearsals.try_get_value() != Some(run) {
                return;
            }
            let (marks, last, count) = match answer {
                Ok((marks, last, count)) => (marks.into_vec(), last, count),
                Err(error) => return self.rehearsal.set(Rehearsal::Failed(error.code)),
            };
            self.tell(
                &ToWorker::Base {
                    fields: first.then(|| fields.clone()),
                    marks,
                },
                None,
            );
            let Some(last) = last else { break };
            (behind, first) = (last, false);
            contacts += count;
            self.rehearsal.set(Rehearsal::Reading(contacts));
        }
        self.tell(
            &ToWorker::Effect {
                run,
                policy: plan.policy,
                exceptions: plan.exceptions,
            },
            None,
        );
    }

    /// What was found out holds no more.
    pub(crate) fn forget_effect(self) {
        self.next_rehearsal();
        self.rehearsal.set(Rehearsal::None);
    }

    fn next_rehearsal(self) -> u32 {
        self.rehearsals.update_value(|run| *run += 1);
        self.rehearsals.get_value()
    }

    pub(super) fn hear_effect(self, run: u32, effect: ImportEffect, last: bool) {
        if self.rehearsals.try_get_value() != Some(run) {
            return;
        }
        if !last {
            return self.rehearsal.set(Rehearsal::Running(effect));
        }
        spawn_local(async move {
            let wanted: Vec<_> = effect
                .samples
                .iter()
                .map(|sample| (sample.contact, sample.target))
                .collect();
            let now = if wanted.is_empty() {
                Ok(Vec::new())
            } else {
                contact_values(wanted).await
            };
            if self.rehearsals.try_get_value() == Some(run) {
                self.rehearsal
                    .set(Rehearsal::Done(effect, now.unwrap_or_default()));
            }
        });
    }
}
