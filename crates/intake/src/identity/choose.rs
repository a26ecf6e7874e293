//! The choice of the contact that a person is.

use alta_domain::KeyKind;

use super::agree::{Shared, Traits, agree};

/// The result of looking up a person among the contacts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice<Id> {
    /// The one contact with which the person agrees.
    One(Id),
    /// Several contacts with which the person agrees: a conflict.
    Several(Vec<Id>),
    /// No contact: the person becomes a new contact, with the keys that no contact has.
    New,
    /// No contact, and no key is left for a new one: landline and name may still identify the
    /// person.
    NoKey,
}

/// Chooses the contact that a person is. `keys` are the person's keys, each with the contact that
/// it belongs to now. `traits` returns the traits of a contact.
pub fn choose<'a, Id: Copy + Eq>(
    person: &Traits<'_>,
    keys: &[(KeyKind, Option<Id>)],
    traits: impl Fn(Id) -> Traits<'a>,
) -> Choice<Id> {
    let mut agreeing: Vec<Id> = Vec::new();
    for (_, owner) in keys {
        agreeing.extend(owner.filter(|id| !agreeing.contains(id)));
    }
    agreeing.retain(|id| {
        let has_key = |kind| keys.contains(&(kind, Some(*id)));
        let shared = Shared {
            phone: has_key(KeyKind::Phone),
            email: has_key(KeyKind::Email),
        };
        agree(person, &traits(*id), shared)
    });
    let is_free = |key: &(KeyKind, Option<Id>)| key.1.is_none() && key.0 != KeyKind::Cpf;
    match agreeing.as_slice() {
        [one] => Choice::One(*one),
        [] if keys.iter().any(is_free) => Choice::New,
        [] => Choice::NoKey,
        _ => Choice::Several(agreeing),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Name;

    #[test]
    fn the_one_that_agrees_is_chosen_among_those_found() {
        let (ana, bia) = (Name::of("Ana Silva"), Name::of("Bia Souza"));
        let contacts = [&ana, &bia];
        let traits = |id: usize| Traits {
            name: contacts[id],
            cpf: None,
            has_phone: true,
            has_email: true,
        };
        let person = |name| Traits {
            name,
            cpf: None,
            has_phone: true,
            has_email: true,
        };
        let (phone, email) = (KeyKind::Phone, KeyKind::Email);
        let of_both = [(phone, Some(0)), (email, Some(1))];
        assert_eq!(choose(&person(&bia), &of_both, traits), Choice::One(1));
        let caio = Name::of("Caio Lima");
        assert_eq!(choose(&person(&caio), &of_both, traits), Choice::NoKey);
        let nameless = Name::default();
        assert_eq!(
            choose(&person(&nameless), &of_both, traits),
            Choice::Several(vec![0, 1])
        );
        let half = [(phone, Some(0)), (email, None)];
        assert_eq!(choose(&person(&caio), &half, traits), Choice::New);
        assert_eq!(choose(&person(&caio), &[], traits), Choice::NoKey);
    }
}
