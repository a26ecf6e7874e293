//! Decides which contact a record of a batch is about.

use alta_domain::{Key, KeyKind, KeyRole, ProblemCode, Repeated, RowInput};
use alta_intake::{Choice, Incoming, Name, person_household, person_keys};

use super::Application;

impl Application<'_> {
    /// Returns the contact that a person is; `None` when the person is a new contact. The error is
    /// the reason for which the record is rejected.
    pub(super) fn whom(
        &self,
        row: &RowInput,
        incoming: &Incoming,
    ) -> std::result::Result<Option<i64>, ProblemCode> {
        let (keys, name, cpf) = person_keys(incoming, row.identity.as_deref());
        // Under 'keep first only' just the first record gives keys.
        let own = incoming.keys();
        let gets_key = self.repeated != Repeated::First
            || keys.iter().any(|key| {
                key.kind != KeyKind::Cpf && own.contains(key) && self.people.owner(key).is_none()
            });
        match self.people.whom(&keys, &name, cpf) {
            Choice::One(id) => Ok(Some(id)),
            Choice::Several(_) => Err(ProblemCode::Conflict),
            Choice::New if gets_key && !self.is_asked_only(row, &keys, &own) => Ok(None),
            Choice::New | Choice::NoKey => match self.household(row, incoming, &name) {
                // A person with a CPF of its own is known by the CPF.
                Some(_) if keys.iter().any(|key| self.is_free_cpf(key)) => Ok(None),
                Some(household) => Ok(self.people.owner(&household)),
                None if self.is_given_a_key(row) => Ok(None),
                None => Err(ProblemCode::SharedKey),
            },
        }
    }

    /// Returns the key of a person's landline together with its name, from all its records, under
    /// 'keep first only' from the first; `None` without a landline.
    fn household(&self, row: &RowInput, incoming: &Incoming, name: &Name) -> Option<Key> {
        if self.repeated == Repeated::First {
            return incoming.household();
        }
        person_household(incoming, row.identity.as_deref(), name)
    }

    /// Returns true when the person has no key to give to a new contact, because the remedy 'leave
    /// it out everywhere' removes some, and other contacts have the others. `keys` are those of all
    /// its records, `own` those of its first record, which alone gives keys under 'keep first
    /// only'.
    fn is_asked_only(&self, row: &RowInput, keys: &[Key], own: &[Key]) -> bool {
        let roles = row.identity.iter().flat_map(|identity| &identity.roles);
        let asked: Vec<&Key> = roles
            .filter(|(_, role)| *role == KeyRole::AskedOnly)
            .map(|(key, _)| key)
            .collect();
        let is_given = |key: &Key| {
            let gives = self.repeated != Repeated::First || own.contains(key);
            gives && key.kind != KeyKind::Cpf && !asked.contains(&key)
        };
        let is_free = |key: &Key| self.people.owner(key).is_none();
        !asked.is_empty() && !keys.iter().any(|key| is_given(key) && is_free(key))
    }

    fn is_free_cpf(&self, key: &Key) -> bool {
        key.kind == KeyKind::Cpf && self.people.owner(key).is_none()
    }

    /// Returns true when the remedy 'leave it with the first' gives the record a shared key, and no
    /// contact has that key yet.
    fn is_given_a_key(&self, row: &RowInput) -> bool {
        let roles = row.identity.iter().flat_map(|identity| &identity.roles);
        let mut given = roles.filter(|(_, role)| *role == KeyRole::GivenOnly);
        given.any(|(key, _)| self.people.owner(key).is_none())
    }
}
