//! The effect of an import on the contacts that exist, computed in the browser. The server sends
//! marks of its contacts, and no row of the file leaves the browser.

mod base;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use alta_domain::{
    Batch, Channel, ConsentPlan, ContactId, Effect, EffectSample, ExistingPolicy, FieldException,
    FieldPolicy, FieldTarget, Key, KeyKind, KeyRole, Mapping, Repeated, RowIdentity, RowInput,
    policy_of,
};

use crate::check::{Checker, Verdict};
use crate::identity::{Choice, Name, Traits, choose};
use crate::incoming::{Incoming, household};
use base::mark;
pub use base::{Base, Standing, write_marks};

/// The most changes that are shown as examples.
const SAMPLES: usize = 5;

/// The decision about a person of the file: an existing contact or not.
#[derive(Clone, Copy, Debug)]
enum Person {
    /// The contact with this index in the base; true once the import changes it.
    Known(u32, bool),
    /// A new contact, or none: no contact that exists changes.
    Other,
}

/// A rehearsal: goes through the rows of an import without writing, and compares each person with
/// the base.
#[derive(Debug)]
pub struct Rehearsal<'a> {
    base: &'a Base,
    policies: Vec<FieldPolicy>,
    repeated: Repeated,
    /// True when the import adds its contacts to a list.
    has_list: bool,
    consent: ConsentPlan,
    /// The lists and permissions, as the file leaves them, of those contacts to which it gives a
    /// list or an answer; by the contact's index.
    standings: HashMap<u32, Standing>,
    /// The people who have later records in the file, by the number of their first record.
    people: HashMap<u32, Person>,
    /// The fields that a record of the file has given already, by the contact's index.
    said: HashMap<u32, Vec<FieldTarget>>,
    /// The people of the file who are known by landline and name only and are not in the base, so
    /// that the same person is counted as new only once.
    households: HashSet<Key>,
    /// The effect of the rows up to now.
    pub effect: Effect,
}

impl<'a> Rehearsal<'a> {
    /// Starts a rehearsal under a policy with its exceptions.
    #[must_use]
    pub fn new(base: &'a Base, general: ExistingPolicy, exceptions: &[FieldException]) -> Self {
        let policies = base
            .fields
            .iter()
            .map(|field| policy_of(general, exceptions, *field))
            .collect();
        let effect = Effect {
            fields: base.fields.iter().map(|field| (*field, 0)).collect(),
            ..Effect::default()
        };
        Self {
            base,
            policies,
            repeated: Repeated::Merge,
            has_list: false,
            consent: ConsentPlan::default(),
            standings: HashMap::new(),
            people: HashMap::new(),
            said: HashMap::new(),
            households: HashSet::new(),
            effect,
        }
    }

    /// Returns the rehearsal for an import with this mapping and these permissions, which adds its
    /// contacts to a list or to none.
    #[must_use]
    pub fn under(self, mapping: &Mapping, has_list: bool, consent: &ConsentPlan) -> Self {
        let has_column = |channel: &Channel| {
            let target = Some(FieldTarget::Consent(*channel));
            mapping.columns.iter().any(|column| column.target == target)
        };
        let mut consent = consent.clone();
        consent.channels.retain(|channel| !has_column(channel));
        Self {
            repeated: mapping.repeated(),
            has_list,
            consent,
            ..self
        }
    }

    /// Adds the effect of a batch, which has the form in which the browser would send it to the
    /// server.
    pub fn take(&mut self, checker: &Checker, batch: &Batch) {
        let dropped = u32::try_from(batch.dropped.len()).unwrap_or(u32::MAX);
        self.effect.ledger.dropped += dropped;
        self.effect.ledger.records += dropped;
        for row in &batch.rows {
            self.effect.ledger.records += 1;
            let verdict = checker.row(row.record, &row.cells);
            if verdict.verdict != Verdict::Ready || row.rejected.is_some() {
                self.effect.ledger.rejected += 1;
                continue;
            }
            let incoming = Incoming::of(checker, &verdict);
            let given = without_others(&incoming, row.identity.as_deref());
            if let Some(first) = row.same_as {
                self.join(row.line, first, &given);
                continue;
            }
            let person = self.begin(row, &incoming, &given);
            if row.identity.as_ref().is_some_and(|own| own.later.is_some()) {
                self.people.insert(row.record, person);
            }
        }
    }

    /// Adds the effect of a later record of a person.
    fn join(&mut self, line: u32, first: u32, incoming: &Incoming) {
        self.effect.ledger.merged += 1;
        let takes = self.repeated != Repeated::First;
        let Some(Person::Known(place, was_changed)) = self.people.get(&first).copied() else {
            return;
        };
        let changed =
            self.answer(place, incoming, !takes) | (takes && self.change(line, place, incoming));
        if changed && !was_changed {
            self.effect.ledger.unchanged -= 1;
            self.effect.ledger.updated += 1;
            self.people.insert(first, Person::Known(place, true));
        }
    }

    /// Adds the effect of the first record of a person, and returns the decision about the person.
    /// `incoming` are all values of the record, `given` those without the keys of other people.
    fn begin(&mut self, row: &RowInput, incoming: &Incoming, given: &Incoming) -> Person {
        let identity = row.identity.as_deref();
        let (keys, name, cpf) = person_keys(incoming, identity);
        let place = match self.whom(&keys, &name, cpf) {
            Choice::One(place) => place,
            Choice::New => {
                self.effect.ledger.new += 1;
                return Person::Other;
            }
            Choice::Several(_) => {
                self.effect.ledger.rejected += 1;
                self.effect.conflicts += 1;
                return Person::Other;
            }
            Choice::NoKey => match person_household(incoming, identity, &name) {
                None => {
                    self.effect.ledger.rejected += 1;
                    return Person::Other;
                }
                Some(household) => match self.base.owner(&household) {
                    Some(place) => place,
                    None if self.households.insert(household) => {
                        self.effect.ledger.new += 1;
                        return Person::Other;
                    }
                    None => {
                        self.effect.ledger.unchanged += 1;
                        return Person::Other;
                    }
                },
            },
        };
        let changed = self.answer(place, given, false) | self.change(row.line, place, given);
        if changed {
            self.effect.ledger.updated += 1;
        } else {
            self.effect.ledger.unchanged += 1;
        }
        Person::Known(place, changed)
    }

    /// Returns the contact that a person is.
    fn whom(&self, keys: &[Key], name: &Name, cpf: Option<u64>) -> Choice<u32> {
        let has = |kind| keys.iter().any(|key| key.kind == kind);
        let person = Traits {
            name,
            cpf,
            has_phone: has(KeyKind::Phone),
            has_email: has(KeyKind::Email),
        };
        let owned: Vec<(KeyKind, Option<u32>)> = keys
            .iter()
            .map(|key| (key.kind, self.base.owner(key)))
            .collect();
        let names: HashMap<u32, Name> = owned
            .iter()
            .filter_map(|(_, owner)| *owner)
            .map(|place| (place, self.base.name(place)))
            .collect();
        choose(&person, &owned, |place| {
            self.base.traits(place, &names[&place])
        })
    }

    /// Puts contact `place` on the import's lists, and adds the record's answers about permission:
    /// with `only_noes` only its refusals. Returns true when this changes the contact.
    fn answer(&mut self, place: u32, incoming: &Incoming, only_noes: bool) -> bool {
        let before = self.base.standings.get(place as usize).copied();
        let standing = self
            .standings
            .entry(place)
            .or_insert(before.unwrap_or_default());
        let mut changed = self.has_list && !standing.is_listed() || standing.is_binned();
        standing.list();
        standing.restore();
        let for_all = self.consent.channels.iter().map(|channel| (*channel, true));
        for (channel, granted) in for_all.chain(incoming.consents.iter().copied()) {
            let counts = !granted || self.consent.basis.is_some() && !only_noes;
            let is_kept_out = granted && standing.has_answer(channel, false);
            if counts && !is_kept_out && !standing.has_answer(channel, granted) {
                standing.answer(channel, granted);
                changed = true;
            }
        }
        changed
    }

    fn change(&mut self, line: u32, place: u32, incoming: &Incoming) -> bool {
        let base = self.base;
        let width = self.base.fields.len();
        let start = place as usize * width;
        let old = &self.base.marks[start..start + width];
        let said = self.said.entry(place).or_default();
        let mut sample = None;
        for (at, field) in self.base.fields.iter().enumerate() {
            let Some(value) = given(base, place, incoming, *field) else {
                continue;
            };
            let changes = match self.policies[at] {
                FieldPolicy::Merge => !self.base.has_tags(place, value),
                _ if said.contains(field) => continue,
                FieldPolicy::Update => old[at] != mark(value),
                FieldPolicy::Fill => old[at] == 0,
                FieldPolicy::Keep => false,
            };
            said.push(*field);
            if changes {
                self.effect.fields[at].1 += 1;
                sample.get_or_insert((*field, value.to_owned()));
            }
        }
        // Phones and e-mails that the contact does not have yet are added to it.
        let adds_keys = self.adds_keys(place, incoming);
        let Some((target, value)) = sample else {
            return adds_keys;
        };
        if self.effect.samples.len() < SAMPLES {
            let contact = ContactId(self.base.ids[place as usize]);
            self.effect.samples.push(EffectSample {
                line,
                contact,
                target,
                value,
            });
        }
        true
    }

    /// Returns true when a record has a phone or an e-mail address that no contact of the base has,
    /// and that the policy lets its contact have.
    fn adds_keys(&self, _place: u32, incoming: &Incoming) -> bool {
        let is_kept = |kind: KeyKind| {
            let field = match kind {
                KeyKind::Phone => alta_domain::BuiltInField::Phone,
                _ => alta_domain::BuiltInField::Email,
            };
            let at = self.base.fields.iter();
            let mut at = at.zip(&self.policies);
            at.any(|(known, policy)| {
                *known == FieldTarget::BuiltIn(field) && *policy == FieldPolicy::Keep
            })
        };
        incoming
            .keys()
            .iter()
            .filter(|key| key.kind != KeyKind::Cpf && !is_kept(key.kind))
            .any(|key| self.base.owner(key).is_none())
    }
}

/// Returns a record without those keys that `identity` leaves out of it, because other people of
/// the file have them.
fn without_others<'r>(incoming: &'r Incoming, identity: Option<&RowIdentity>) -> Cow<'r, Incoming> {
    let roles = identity.map_or(&[][..], |identity| identity.roles.as_slice());
    if roles.is_empty() {
        return Cow::Borrowed(incoming);
    }
    let is_given = |kind: KeyKind, value: &str| {
        let mut roles = roles.iter();
        let role = roles.find(|(key, _)| key.kind == kind && key.value == value);
        role.is_none_or(|(_, role)| *role == KeyRole::GivenOnly)
    };
    let mut given = incoming.clone();
    given.phones.retain(|value| is_given(KeyKind::Phone, value));
    given.emails.retain(|value| is_given(KeyKind::Email, value));
    if let Some(cpf) = given.cpf.take_if(|cpf| !is_given(KeyKind::Cpf, cpf)) {
        given.values.retain(|(_, value)| *value != cpf);
    }
    Cow::Owned(given)
}

/// Returns the keys, the name and the CPF by which a person is looked up: those of the first
/// record, with what later records add.
#[must_use]
pub fn person_keys(
    incoming: &Incoming,
    identity: Option<&RowIdentity>,
) -> (Vec<Key>, Name, Option<u64>) {
    let mut keys = incoming.keys();
    let mut name = incoming.name();
    if let Some(identity) = identity {
        keys.retain(|key| {
            let role = identity.roles.iter().find(|(known, _)| known == key);
            role.is_none_or(|(_, role)| *role == KeyRole::AskedOnly)
        });
        if let Some(later) = &identity.later {
            keys.extend(later.keys.iter().cloned());
            keys.sort_by_key(|key| key.kind as u8);
            if let Some(later) = &later.name {
                name = Name::of(later);
            }
        }
    }
    let later = identity.and_then(|identity| identity.later.as_ref());
    let said = later.and_then(|later| later.cpf.as_deref());
    let mut own = keys.iter().filter(|key| key.kind == KeyKind::Cpf);
    // A sender's word counts only for a CPF that the person has.
    let cpf = own
        .clone()
        .find(|key| Some(key.value.as_str()) == said)
        .or_else(|| own.next());
    let cpf = cpf.and_then(|key| key.value.parse().ok());
    (keys, name, cpf)
}

/// Returns the landline of a person, joined with this name into a key for a person without other
/// keys. The landline is that of the first record or the one that later records give; `None` when
/// there is none.
#[must_use]
pub fn person_household(
    incoming: &Incoming,
    identity: Option<&RowIdentity>,
    name: &Name,
) -> Option<Key> {
    let later = identity.and_then(|identity| identity.later.as_ref());
    let later = later.and_then(|later| later.landline.as_deref());
    let landline = later.or_else(|| incoming.value(alta_domain::BuiltInField::Landline))?;
    Some(household(landline, name))
}

/// Returns the value that a record gives to a field of a contact. For phones and e-mails it is the
/// first one that does not belong to another contact.
fn given<'r>(
    base: &Base,
    place: u32,
    incoming: &'r Incoming,
    field: FieldTarget,
) -> Option<&'r str> {
    use alta_domain::BuiltInField as F;
    let is_own = |kind, value: &str| {
        let owner = base.owner(&Key::new(kind, value));
        owner.is_none_or(|owner| owner == place)
    };
    let first = |kind, values: &'r [String]| {
        let mut values = values.iter().map(String::as_str);
        values.find(|value| is_own(kind, value))
    };
    match field {
        FieldTarget::BuiltIn(F::Phone) => first(KeyKind::Phone, &incoming.phones),
        FieldTarget::BuiltIn(F::Email) => first(KeyKind::Email, &incoming.emails),
        _ => {
            let known = incoming.values.iter().find(|(target, _)| *target == field);
            let value = known.map(|(_, value)| value.as_str())?;
            let is_cpf = incoming.cpf.as_deref() == Some(value);
            (!is_cpf || is_own(KeyKind::Cpf, value)).then_some(value)
        }
    }
}

#[cfg(test)]
mod tests;
