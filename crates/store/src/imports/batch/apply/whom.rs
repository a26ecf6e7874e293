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

    /// Returns the key of a person's landline together with its name, as the records give them.
    fn household(&self, row: &RowInput, incoming: &Incoming, name: &Name) -> Option<Key> {
        if self.repeated == Repeated::First {
            return incoming.household();
        }
        person_household(incoming, row.identity.as_deref(), name)
    }

    /// Returns true when a remedy leaves out all keys that the person could give a new contact: of
    /// its `keys`, or under 'keep first only' of its first record's `own`.
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

    /// Returns true when a remedy gives the record a key that nobody has.
    fn is_given_a_key(&self, row: &RowInput) -> bool {
        let roles = row.identity.iter().flat_map(|identity| &identity.roles);
        let mut given = roles.filter(|(_, role)| *role == KeyRole::GivenOnly);
        given.any(|(key, _)| self.people.owner(key).is_none())
    }
}
