//! The choices that decide what the import does to the contacts, and the rehearsal of the import.

use alta_domain::worker::ToWorker;
use alta_domain::{
    Channel, ConsentPlan, ContactId, Effect as ImportEffect, ErrorCode, ExistingPolicy,
    FieldException, FieldPolicy, FieldTarget, ImportPlan, LegalBasis, ListTarget, Mapping,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::imports::{contact_marks, contact_values};
use crate::importer::worker::ImportWorker;

/// The state of the rehearsal, in which the worker compares the file with the contacts as they are
/// now.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Rehearsal {
    #[default]
    NotBegun,
    /// The contacts are being loaded; holds the number of contacts loaded.
    Loading(u32),
    /// The rows are being compared; holds the effect of the rows compared.
    Comparing(ImportEffect),
    /// The effect of the whole file is known.
    Done {
        effect: ImportEffect,
        /// For each sample of the effect, the value that its contact has now.
        current_values: Vec<Option<String>>,
    },
    Failed(ErrorCode),
}

/// The choices for an import: the list that contacts are added to, what happens to contacts that
/// exist, and the permission to write to them. Also the rehearsal that shows the effect before the
/// import begins.
#[derive(Clone, Copy)]
pub(crate) struct ImportChoices {
    list: RwSignal<ListTarget>,
    policy: RwSignal<ExistingPolicy>,
    exceptions: RwSignal<Vec<FieldException>>,
    consent: RwSignal<ConsentPlan>,
    rehearsal: RwSignal<Rehearsal>,
    /// The number of the current rehearsal; answers to an earlier rehearsal are ignored.
    run: StoredValue<u32>,
}

/// Methods about the choices.
impl ImportChoices {
    /// Returns the list that contacts are added to.
    pub(crate) fn list(self) -> ListTarget {
        self.list.get()
    }

    /// Returns true when the contacts are added to a new list.
    pub(crate) fn has_new_list(self) -> bool {
        self.list.with(|list| matches!(list, ListTarget::New(_)))
    }

    pub(crate) fn choose_list(self, list: ListTarget) {
        self.list.set(list);
    }

    /// Returns what happens to contacts that exist.
    pub(crate) fn policy(self) -> ExistingPolicy {
        self.policy.get()
    }

    pub(crate) fn choose_policy(self, policy: ExistingPolicy) {
        self.policy.set(policy);
        self.forget_rehearsal();
    }

    /// Returns the policy that was chosen for this field alone; `None` when the field has the
    /// policy of all others.
    pub(crate) fn exception(self, target: Option<FieldTarget>) -> Option<FieldPolicy> {
        self.exceptions.with(|exceptions| {
            exceptions
                .iter()
                .find(|exception| Some(exception.target) == target)
                .map(|exception| exception.policy)
        })
    }

    /// Returns true when any field has a policy of its own, without following changes.
    pub(crate) fn has_exceptions(self) -> bool {
        self.exceptions
            .with_untracked(|exceptions| !exceptions.is_empty())
    }

    /// Sets the policy of one field; with `None` the field has the policy of all others.
    pub(crate) fn choose_exception(self, target: FieldTarget, policy: Option<FieldPolicy>) {
        self.exceptions.update(|exceptions| {
            exceptions.retain(|exception| exception.target != target);
            exceptions.extend(policy.map(|policy| FieldException { target, policy }));
        });
        self.forget_rehearsal();
    }

    /// Returns the channels by which everybody in the file may be written to.
    pub(crate) fn channels(self) -> Vec<Channel> {
        self.consent.with(|consent| consent.channels.clone())
    }

    pub(crate) fn has_channel(self, channel: Channel) -> bool {
        self.consent
            .with(|consent| consent.channels.contains(&channel))
    }

    /// Grants the permission for a channel, or withdraws it.
    pub(crate) fn grant_channel(self, channel: Channel, is_granted: bool) {
        self.consent.update(|consent| {
            consent.channels.retain(|other| *other != channel);
            if is_granted {
                consent.channels.push(channel);
                consent.channels.sort_unstable();
            }
        });
    }

    /// Returns the legal basis of the permission; `None` when none is chosen.
    pub(crate) fn basis(self) -> Option<LegalBasis> {
        self.consent.with(|consent| consent.basis)
    }

    pub(crate) fn choose_basis(self, basis: Option<LegalBasis>) {
        self.consent.update(|consent| consent.basis = basis);
    }

    /// Returns where the permission was given, in the Admin's words.
    pub(crate) fn consent_source(self) -> String {
        self.consent.with(|consent| consent.source.clone())
    }

    pub(crate) fn set_consent_source(self, source: String) {
        self.consent.update(|consent| consent.source = source);
    }
}

/// Methods with which the session uses the choices.
impl ImportChoices {
    pub(super) fn new() -> Self {
        Self {
            list: RwSignal::new(ListTarget::None),
            policy: RwSignal::default(),
            exceptions: RwSignal::default(),
            consent: RwSignal::default(),
            rehearsal: RwSignal::default(),
            run: StoredValue::new(0),
        }
    }

    /// Discards all choices: what was permitted or decided for one file does not hold for another.
    pub(super) fn begin_anew(self) {
        self.list.set(ListTarget::None);
        self.policy.set(ExistingPolicy::default());
        self.exceptions.set(Vec::new());
        self.consent.set(ConsentPlan::default());
    }

    /// Takes over the choices of a plan.
    pub(super) fn adopt(self, plan: &ImportPlan) {
        self.adopt_destination(plan);
        self.adopt_consent(plan);
    }

    /// Takes over the list and the policies of a plan.
    pub(crate) fn adopt_destination(self, plan: &ImportPlan) {
        self.list.set(plan.list.clone());
        self.policy.set(plan.policy);
        self.exceptions.set(plan.exceptions.clone());
        self.forget_rehearsal();
    }

    /// Takes over the permissions of a plan.
    pub(crate) fn adopt_consent(self, plan: &ImportPlan) {
        self.consent.set(plan.consent.clone());
        self.forget_rehearsal();
    }

    /// Makes a plan of a mapping and the choices. Exceptions for fields that no column goes to are
    /// left out.
    pub(super) fn plan(self, mapping: Mapping) -> ImportPlan {
        let mut exceptions = self.exceptions.get();
        exceptions.retain(|exception| {
            mapping
                .columns
                .iter()
                .any(|column| column.target == Some(exception.target))
        });
        ImportPlan {
            mapping,
            list: self.list.get(),
            more_lists: Vec::new(),
            policy: self.policy.get(),
            exceptions,
            consent: self.consent.get(),
        }
    }
}

/// Methods about the rehearsal.
impl ImportChoices {
    pub(crate) fn rehearsal(self) -> Rehearsal {
        self.rehearsal.get()
    }

    /// Returns true when the effect of the whole file is known.
    pub(crate) fn is_rehearsed(self) -> bool {
        self.rehearsal
            .with(|state| matches!(state, Rehearsal::Done { .. }))
    }

    /// Returns true when the rehearsal has not begun, without following changes.
    pub(crate) fn is_unrehearsed(self) -> bool {
        self.rehearsal
            .with_untracked(|state| *state == Rehearsal::NotBegun)
    }

    /// Loads the organization's contacts into the worker, which then compares them with the file.
    /// Replaces a rehearsal that runs.
    pub(super) async fn rehearse(self, plan: ImportPlan) {
        let run = self.next_run();
        self.rehearsal.set(Rehearsal::Loading(0));
        let fields = plan.mapping.value_fields();
        let lists: Vec<ListTarget> = plan.all_lists().cloned().collect();
        let (mut after, mut contacts, mut is_first) = (ContactId(0), 0, true);
        loop {
            let answer = contact_marks(fields.clone(), lists.clone(), after).await;
            if !self.is_current(run) {
                return;
            }
            let (marks, last, count) = match answer {
                Ok((marks, last, count)) => (marks.into_vec(), last, count),
                Err(error) => return self.rehearsal.set(Rehearsal::Failed(error.code)),
            };
            let base = ToWorker::Base {
                fields: is_first.then(|| fields.clone()),
                marks,
            };
            ImportWorker::send(&base, None);
            let Some(last) = last else { break };
            (after, is_first) = (last, false);
            contacts += count;
            self.rehearsal.set(Rehearsal::Loading(contacts));
        }
        let compare = ToWorker::Effect {
            run,
            policy: plan.policy,
            exceptions: plan.exceptions,
            has_list: lists.iter().any(|list| *list != ListTarget::None),
            consent: plan.consent,
        };
        ImportWorker::send(&compare, None);
    }

    /// Discards the effect, because the mapping or a choice has changed.
    pub(super) fn forget_rehearsal(self) {
        self.next_run();
        self.rehearsal.set(Rehearsal::NotBegun);
    }

    fn next_run(self) -> u32 {
        self.run.update_value(|run| *run += 1);
        self.run.get_value()
    }

    fn is_current(self, run: u32) -> bool {
        self.run.try_get_value() == Some(run)
    }

    /// Takes in the effect of the rows compared. When these are all rows, also asks the server for
    /// the values that the contacts of the samples have now.
    pub(super) fn receive(self, run: u32, effect: ImportEffect, is_whole: bool) {
        if !self.is_current(run) {
            return;
        }
        if !is_whole {
            return self.rehearsal.set(Rehearsal::Comparing(effect));
        }
        spawn_local(async move {
            let wanted: Vec<_> = effect
                .samples
                .iter()
                .map(|sample| (sample.contact, sample.target))
                .collect();
            let found = if wanted.is_empty() {
                Ok(Vec::new())
            } else {
                contact_values(wanted).await
            };
            if self.is_current(run) {
                // The samples only help the reader: without the old values the rest of the effect
                // is still right.
                let current_values = found.unwrap_or_default();
                self.rehearsal.set(Rehearsal::Done {
                    effect,
                    current_values,
                });
            }
        });
    }
}
