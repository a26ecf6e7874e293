//! Tests that imports can be undone in any order, and that the right values remain.

use super::*;
use crate::contacts::state::{ContactState, Given, MostKeys, NewContact};
use crate::contacts::values::elements;
use alta_domain::{BuiltInField, FieldPolicy, FieldTarget};

/// A contact, and the imports that were undone.
struct Case {
    state: ContactState,
    undone: HashSet<i64>,
    write: i64,
}

impl Case {
    fn new(given: &Given) -> Self {
        let contact = NewContact {
            id: 1,
            organization_id: 1,
            import_id: 1,
            created_at: 100,
        };
        let mut state = ContactState::new(contact, 0);
        state.give(given, |_| FieldPolicy::Update, MostKeys(100));
        Self {
            state,
            undone: HashSet::new(),
            write: 1,
        }
    }

    fn import(&mut self, import: i64, given: &Given, policy: FieldPolicy) {
        let history = self.state.history.clone();
        let mut state = ContactState::of(self.state.row.clone(), history, import, 0);
        state.is_found = true;
        let (changed, _) = state.give(given, |_| policy, MostKeys(100));
        self.write += 1;
        if changed {
            state.stamp(100 + self.write);
        }
        let part = state.part(self.write, 0);
        state.history.extend(part);
        self.state = state;
    }

    fn undo(&mut self, import: i64) -> TakenOut {
        self.undone.insert(import);
        let mut parts = self.state.history.clone();
        let taken = take_out(
            &mut self.state.row,
            &mut parts,
            import,
            &self.undone,
            |_, _| true,
        );
        self.state.history = parts;
        taken
    }

    fn city(&self) -> &str {
        self.state.row.city.as_deref().unwrap_or_default()
    }

    fn phones(&self) -> String {
        elements(&self.state.row, MultiValueField::Phones).join("+")
    }
}

fn city(value: &str) -> Given {
    Given {
        values: vec![(FieldTarget::BuiltIn(BuiltInField::City), value.to_owned())],
        ..Given::default()
    }
}

fn phones(values: &[&str]) -> Given {
    Given {
        phones: values.iter().map(|value| (*value).to_owned()).collect(),
        ..Given::default()
    }
}

#[test]
fn imports_are_taken_out_in_whatever_order() {
    for order in [[2, 3, 4], [4, 3, 2], [3, 2, 4], [2, 4, 3], [3, 4, 2]] {
        let mut case = Case::new(&city("Lima"));
        let before = case.state.row.clone();
        case.import(2, &city("Cusco"), FieldPolicy::Update);
        case.import(3, &city("Quito"), FieldPolicy::Update);
        case.import(4, &city("Quito"), FieldPolicy::Update);
        for import in order {
            case.undo(import);
        }
        assert_eq!(case.state.row, before, "{order:?}");
    }
}

#[test]
fn what_was_changed_or_confirmed_since_stays() {
    let mut case = Case::new(&city("Lima"));
    case.import(2, &city("Cusco"), FieldPolicy::Update);
    case.import(3, &city("Quito"), FieldPolicy::Update);
    assert!(case.undo(2).changed_since);
    assert_eq!(case.city(), "Quito");
    case.import(4, &city("Quito"), FieldPolicy::Fill);
    assert!(case.undo(3).confirmed);
    assert_eq!(case.city(), "Quito");
    assert!(case.undo(4).restored);
    assert_eq!(case.city(), "Lima");
}

#[test]
fn a_further_phone_stays_while_somebody_says_it() {
    let mut case = Case::new(&phones(&["1"]));
    case.import(2, &phones(&["2", "3"]), FieldPolicy::Update);
    assert_eq!(case.phones(), "2+1+3");
    case.import(3, &phones(&["3"]), FieldPolicy::Fill);
    case.undo(2);
    assert_eq!(case.phones(), "1+3");
    case.undo(3);
    assert_eq!(case.phones(), "1");
}

#[test]
fn the_first_phone_is_the_old_one_again() {
    let mut case = Case::new(&phones(&["1", "2", "3"]));
    let before = case.state.row.clone();
    case.import(2, &phones(&["3"]), FieldPolicy::Update);
    assert_eq!(case.phones(), "3+1+2");
    case.undo(2);
    assert_eq!(case.state.row, before);
}

#[test]
fn tags_are_taken_off_one_by_one() {
    let tags = |value: &str| Given {
        values: vec![(FieldTarget::BuiltIn(BuiltInField::Tags), value.to_owned())],
        ..Given::default()
    };
    let mut case = Case::new(&tags("a"));
    case.import(2, &tags("VIP"), FieldPolicy::Update);
    case.import(3, &tags("vip, b"), FieldPolicy::Fill);
    case.undo(2);
    assert_eq!(case.state.row.tags.as_deref(), Some("a, VIP, b"));
    case.undo(3);
    assert_eq!(case.state.row.tags.as_deref(), Some("a"));
}
