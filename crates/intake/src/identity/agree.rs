//! When two that share a key are one person.

use super::names::Name;

/// What is compared of a record, a person of a file or a contact.
#[derive(Clone, Copy, Debug)]
pub struct Traits<'a> {
    /// The name.
    pub name: &'a Name,
    /// The CPF.
    pub cpf: Option<u64>,
    /// Has a key of this kind: a phone.
    pub has_phone: bool,
    /// Has a key of this kind: an e-mail.
    pub has_email: bool,
}

/// The kinds of keys that two share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shared {
    /// A phone.
    pub phone: bool,
    /// An e-mail.
    pub email: bool,
}

/// Returns true when two that share a key are one person: not when both have a CPF and these
/// differ; nor when their names differ, they share keys of one kind only, and of another kind both
/// have keys and share none.
#[must_use]
pub fn agree(one: &Traits<'_>, other: &Traits<'_>, shared: Shared) -> bool {
    if let (Some(cpf), Some(known)) = (one.cpf, other.cpf) {
        return cpf == known;
    }
    let other_phones = !shared.phone && one.has_phone && other.has_phone;
    let other_emails = !shared.email && one.has_email && other.has_email;
    !((other_phones || other_emails) && one.name.differs(other.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_decide_only_where_a_kind_of_key_contradicts() {
        let (ana, bia) = (Name::of("Ana Silva"), Name::of("Bia Souza"));
        let of = |name, cpf, has_phone, has_email| Traits {
            name,
            cpf,
            has_phone,
            has_email,
        };
        let phone = Shared {
            phone: true,
            email: false,
        };
        let both = Shared {
            phone: true,
            email: true,
        };
        let whole = |name| of(name, None, true, true);
        assert!(!agree(&whole(&ana), &whole(&bia), phone));
        assert!(agree(&whole(&ana), &whole(&bia), both));
        assert!(agree(&whole(&ana), &whole(&ana), phone));
        assert!(agree(&whole(&ana), &of(&bia, None, true, false), phone));
        let with_cpf = |name, cpf| of(name, Some(cpf), true, true);
        assert!(!agree(&with_cpf(&ana, 1), &with_cpf(&ana, 2), both));
        assert!(agree(
            &with_cpf(&ana, 1),
            &with_cpf(&bia, 1),
            Shared::default()
        ));
    }
}
