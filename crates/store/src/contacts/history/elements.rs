//! Elements in a history: phones, e-mail addresses and tags, each of which is added, confirmed and
//! removed on its own.

use std::collections::{BTreeMap, HashSet};

use super::part::{Part, TakenOut};
use crate::contacts::values::{
    MultiValueField, add_elements, elements, folded, set_elements, value_of,
};
use crate::entity::contact;

/// What happened to an element, in the order of the history.
struct Chain {
    /// The element as it is stored.
    text: String,
    /// Each event: the import, and true when it added or confirmed the element, false when it
    /// removed it. There is at least one.
    events: Vec<(i64, bool)>,
}

impl Chain {
    /// Returns true when the contact had the element before the first event: that event is a
    /// removal.
    fn was_there(&self) -> bool {
        self.events.first().is_some_and(|(_, is_given)| !is_given)
    }

    /// Returns true when the import has an event of this kind: with `is_given` it added or
    /// confirmed the element, without it it removed the element.
    fn has(&self, import: i64, is_given: bool) -> bool {
        self.events.contains(&(import, is_given))
    }
}

/// Reads the chains of a field's elements, by the form in which elements are compared.
fn chains(parts: &[Part], many: MultiValueField) -> BTreeMap<String, Chain> {
    let mut chains: BTreeMap<String, Chain> = BTreeMap::new();
    for part in parts {
        let entry = &part.entry;
        for (elements, is_given) in [
            (entry.removed.get(&many), false),
            (entry.added.get(&many), true),
            (entry.again.get(&many), true),
        ] {
            for element in elements.into_iter().flatten() {
                let chain = chains
                    .entry(folded(many, element))
                    .or_insert_with(|| Chain {
                        text: element.clone(),
                        events: Vec::new(),
                    });
                // A removal has the tag with its capital letters.
                if !is_given {
                    chain.text.clone_from(element);
                }
                chain.events.push((part.import, is_given));
            }
        }
    }
    chains
}

/// Takes an import out of the chains of a field's elements. The last event that was not undone says
/// whether the contact has the element; without such an event the element is there as it was before
/// the first one. Puts elements back into `row` that the import had removed. Returns the elements
/// that the contact must lose, in the form in which they are compared; the caller removes them.
pub(super) fn take_out_elements(
    row: &mut contact::Model,
    parts: &mut [Part],
    (import, undone): (i64, &HashSet<i64>),
    many: MultiValueField,
    is_free: &impl Fn(&str, &str) -> bool,
    taken: &mut TakenOut,
) -> HashSet<String> {
    let own: HashSet<String> = elements(row, many)
        .iter()
        .map(|element| folded(many, element))
        .collect();
    let (mut gone, mut back, mut forgotten) = (HashSet::new(), Vec::new(), HashSet::new());
    for (element, chain) in chains(parts, many) {
        let mut standing = chain.events.iter().rev();
        let last = standing.find(|(import, _)| !undone.contains(import));
        let stays = last.map_or(chain.was_there(), |(_, is_given)| *is_given);
        if stays {
            taken.confirmed |= last.is_some() && chain.has(import, true);
            if chain.has(import, false) && !own.contains(&element) {
                if is_free(many.name(), &chain.text) {
                    back.push(chain.text);
                    taken.restored = true;
                } else {
                    taken.key_taken = true;
                }
            }
        } else {
            taken.changed_since |= last.is_some() && chain.has(import, false);
            if last.is_none() || own.contains(&element) {
                gone.insert(element.clone());
                taken.restored = true;
            }
        }
        if last.is_none() {
            forgotten.insert(element);
        }
    }
    if !back.is_empty() {
        add_elements(row, many, back);
    }
    forget(parts, many, &forgotten);
    gone
}

/// Makes a phone or an e-mail address the first one when the contact has none: one from before its
/// history, else the one that was given earliest by an import that was not undone.
pub(super) fn settle_first_given(
    row: &mut contact::Model,
    parts: &[Part],
    many: MultiValueField,
    undone: &HashSet<i64>,
) {
    if value_of(row, many.field().as_str()).is_some() {
        return;
    }
    let all = elements(row, many);
    let chains = chains(parts, many);
    let was_there = |element: &&String| {
        let chain = chains.get(&folded(many, element));
        chain.is_none_or(Chain::was_there)
    };
    let standing = parts.iter().filter(|part| !undone.contains(&part.import));
    let given = standing.flat_map(|part| {
        let entry = &part.entry;
        let several = [entry.added.get(&many), entry.again.get(&many)];
        let offered = entry.offered.get(&many).into_iter();
        offered.chain(several.into_iter().flatten().flatten())
    });
    let first = all.iter().find(was_there);
    let first = first.or_else(|| given.into_iter().find(|given| all.contains(given)));
    let first = first.or(all.first()).cloned();
    set_elements(row, many, first.as_deref(), all);
}

/// Removes the events of these elements from a history.
fn forget(parts: &mut [Part], many: MultiValueField, forgotten: &HashSet<String>) {
    for part in parts {
        for kept in [&mut part.entry.added, &mut part.entry.removed] {
            if let Some(elements) = kept.get_mut(&many) {
                elements.retain(|element| !forgotten.contains(&folded(many, element)));
            }
            kept.retain(|_, elements| !elements.is_empty());
        }
    }
}
