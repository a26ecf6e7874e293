//! The agreement: the rule that decides whether two that share a key are one person.

use super::names::Name;

/// The traits by which a record, a person of a file or a contact is compared.
#[derive(Clone, Copy, Debug)]
pub struct Traits<'a> {
    /// The name; it may be missing.
    pub name: &'a Name,
    /// The CPF; `None` when there is none.
    pub cpf: Option<u64>,
    /// True when there is a phone among the keys.
    pub has_phone: bool,
    /// True when there is an e-mail address among the keys.
    pub has_email: bool,
}

/// The kinds of keys that two share, besides the CPF.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shared {
    /// True when they share a phone.
    pub phone: bool,
    /// True when they share an e-mail address.
    pub email: bool,
}

/// Returns true when two that share a key are one person. If both have a CPF, only the CPFs decide.
/// Otherwise they are not one person when their names differ and there is a kind of key, phone or
/// e-mail, of which both have keys and share none.
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
