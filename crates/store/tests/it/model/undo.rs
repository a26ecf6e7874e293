//! Computes a contact from a log of what every import gave to it, and so the effect of an undo.
//!
//! Nothing is ever taken out of the log. A value is shown while an import that was not undone gave
//! or confirmed it: 'undone in whatever order, imports leave the base as if none of them had been'.

use std::collections::BTreeSet;

use super::Contact;

/// The numbers of the imports that were undone.
pub(crate) type Undone = BTreeSet<usize>;

/// The source of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// The reading that created the contact. 'A contact that is spared keeps its values.'
    Creation,
    /// An import that found a contact which existed before.
    Import(usize),
}

impl By {
    fn stands(self, undone: &Undone) -> bool {
        match self {
            Self::Creation => true,
            Self::Import(number) => !undone.contains(&number),
        }
    }
}

/// A change of a field: the value, the import that wrote it, and those that confirmed it.
#[derive(Clone, Debug)]
struct Change {
    value: String,
    import: usize,
    /// 'Confirmed means: a later import, not undone, gave the same value.'
    confirmed: Vec<usize>,
}

/// The log of a field that has one value.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scalar {
    original: Option<String>,
    changes: Vec<Change>,
}

impl Scalar {
    /// Returns the place of the last change that an import which was not undone made or confirmed.
    fn last(&self, undone: &Undone) -> Option<usize> {
        self.changes.iter().rposition(|change| {
            let mut speaking = change.confirmed.iter().chain([&change.import]);
            speaking.any(|import| !undone.contains(import))
        })
    }

    pub(crate) fn value(&self, undone: &Undone) -> Option<&str> {
        match self.last(undone) {
            Some(last) => Some(&self.changes[last].value),
            None => self.original.as_deref(),
        }
    }

    /// Writes a value, or confirms the value that the field has.
    pub(crate) fn give(&mut self, value: &str, by: By, undone: &Undone) {
        let same = self.value(undone) == Some(value);
        match (by, self.last(undone)) {
            (By::Creation, _) => self.original = Some(value.to_owned()),
            (By::Import(number), Some(last)) if same => self.changes[last].confirmed.push(number),
            (By::Import(_), None) if same => {}
            (By::Import(import), _) => self.changes.push(Change {
                value: value.to_owned(),
                import,
                confirmed: Vec::new(),
            }),
        }
    }
}

/// The log of a field that has any number of values: phones, addresses, tags, lists. They are
/// 'put on and taken off one by one'.
#[derive(Clone, Debug, Default)]
pub(crate) struct Elements(Vec<(String, By)>);

impl Elements {
    /// Lists the values that were given by a source which was not undone, the earliest given first.
    pub(crate) fn standing(&self, undone: &Undone) -> Vec<String> {
        let mut values: Vec<String> = Vec::new();
        for (value, by) in &self.0 {
            if by.stands(undone) && !values.contains(value) {
                values.push(value.clone());
            }
        }
        values
    }

    /// Adds a value; a value that is given again is confirmed.
    pub(crate) fn give(&mut self, value: &str, by: By) {
        self.0.push((value.to_owned(), by));
    }
}

/// The log of everything that imports ever gave to a contact.
#[derive(Clone, Debug, Default)]
pub(crate) struct Life {
    /// The imports that created or found the contact.
    pub(crate) users: BTreeSet<usize>,
    pub(crate) phones: Elements,
    pub(crate) emails: Elements,
    pub(crate) first_phone: Scalar,
    pub(crate) first_email: Scalar,
    pub(crate) landline: Scalar,
    pub(crate) cpf: Scalar,
    pub(crate) name: Scalar,
    pub(crate) city: Scalar,
    pub(crate) tags: Elements,
    pub(crate) lists: Elements,
    /// The imports that gave a yes while there was no no. 'A yes that a no kept out does not come
    /// to life when the no is undone', so it is not here.
    yeses: Vec<usize>,
    /// The imports that said no, in the order of their answers.
    noes: Vec<usize>,
    /// 'A no that was kept at an undo stays for good.'
    kept_no: bool,
}

impl Life {
    /// Returns true when the contact exists: an import that created or found it was not undone, or
    /// it has a no that 'stays for good'.
    pub(crate) fn stands(&self, undone: &Undone) -> bool {
        self.kept_no || !self.users.is_subset(undone)
    }

    /// Returns the permission for a channel: a no of any import that was not undone outweighs every
    /// yes.
    pub(crate) fn permission(&self, undone: &Undone) -> Option<bool> {
        let any = |of: &[usize]| of.iter().any(|import| !undone.contains(import));
        if self.kept_no || any(&self.noes) {
            Some(false)
        } else {
            any(&self.yeses).then_some(true)
        }
    }

    /// Notes an answer. 'A no is never turned into a yes by a file.'
    pub(crate) fn answer(&mut self, yes: bool, import: usize, undone: &Undone) {
        if !yes {
            self.noes.push(import);
        } else if self.permission(undone) != Some(false) {
            self.yeses.push(import);
        }
    }

    /// Decides about the noes of an import that is to be undone. It takes back 'its noes only when
    /// no other import … has said no since'; 'an import that was undone counts neither as later'.
    pub(crate) fn keep_no(&mut self, import: usize, undone: &Undone) {
        let first = self.noes.iter().position(|&no| no == import);
        let since = first.map_or(&[][..], |first| &self.noes[first + 1..]);
        let other = |no: &usize| *no != import && !undone.contains(no);
        self.kept_no |= since.iter().any(other);
    }

    /// Returns the contact as it is shown.
    pub(crate) fn contact(&self, undone: &Undone) -> Contact {
        let text = |scalar: &Scalar| scalar.value(undone).map(str::to_owned);
        Contact {
            phones: first_first(&self.phones, &self.first_phone, undone),
            emails: first_first(&self.emails, &self.first_email, undone),
            landline: text(&self.landline),
            cpf: text(&self.cpf),
            name: text(&self.name),
            city: text(&self.city),
            tags: self.tags.standing(undone).into_iter().collect(),
            lists: self.lists.standing(undone).into_iter().collect(),
            whatsapp: self.permission(undone),
        }
    }
}

/// Lists phones or addresses, the first one first. When the first one is gone and none was first
/// before it, the earliest given of the others is first.
fn first_first(elements: &Elements, first: &Scalar, undone: &Undone) -> Vec<String> {
    let mut values = elements.standing(undone);
    let first = first.value(undone);
    // A stable sort: false comes before true.
    values.sort_by_key(|value| Some(value.as_str()) != first);
    values
}
