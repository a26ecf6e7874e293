//! The history of a contact: what each import found, changed and confirmed, in the order of the
//! writes. An import confirms a value when it gives the value that the contact has already. Undoing
//! an import removes its part; what later imports changed or confirmed stays.
//!
//! A member's edit is such a part too: it has the negative of its id in the place of an import's.
//!
//! A field has a chain of changes. A change is alive while its import was not undone, or while
//! another import that was not undone confirmed its value before the next change. The value of the
//! field is that of the last change that is alive, else the value before the first change. An
//! element (a further phone or e-mail, a tag) stays while an import that was not undone added or
//! confirmed it.

mod elements;
mod part;

use std::collections::HashSet;

use self::elements::{settle_first_given, take_out_elements};
pub(crate) use self::part::{Entry, Part, TakenOut};
use super::values::{DELETED_AT, MultiValueField, put_back, remove_elements, value_of};
use crate::entity::contact;

/// Takes an import out of the history of a contact: `row` gets the values that it would have
/// without the import, and the result says what became of them. `parts` are the whole history in
/// its order; `undone` are the imports that were undone, `import` among them. `is_free` returns
/// false for an old value that belongs to another contact now.
pub(crate) fn take_out(
    row: &mut contact::Model,
    parts: &mut Vec<Part>,
    import: i64,
    undone: &HashSet<i64>,
    is_free: impl Fn(&str, &str) -> bool,
) -> TakenOut {
    let mut taken = TakenOut::default();
    let fields: HashSet<String> = parts
        .iter()
        .flat_map(|part| part.entry.set.keys().cloned())
        .collect();
    // A removed phone must be back before it can be the first one again.
    let mut gone = Vec::new();
    for many in MultiValueField::ALL {
        let of_field = take_out_elements(row, parts, (import, undone), many, &is_free, &mut taken);
        gone.push((many, of_field));
    }
    for field in &fields {
        take_out_field(row, parts, (import, undone), field, &is_free, &mut taken);
    }
    for (many, gone) in &gone {
        remove_elements(row, *many, gone);
    }
    for many in [MultiValueField::Phones, MultiValueField::Emails] {
        settle_first_given(row, parts, many, undone);
    }
    for part in parts.iter_mut().filter(|part| part.import == import) {
        part.entry.confirmed.clear();
        part.entry.again.clear();
        part.entry.offered.clear();
        part.entry.said_custom.clear();
        part.said = 0;
    }
    parts.retain(|part| part.import != import || part.entry.has_changes());
    taken
}

/// Removes the changes that are not alive from the chain of a field, from the last to the first.
fn take_out_field(
    row: &mut contact::Model,
    parts: &mut [Part],
    (import, undone): (i64, &HashSet<i64>),
    field: &str,
    is_free: &impl Fn(&str, &str) -> bool,
    taken: &mut TakenOut,
) {
    let is_stamp = is_stamp(field);
    let chain: Vec<usize> = (0..parts.len())
        .filter(|at| parts[*at].entry.set.contains_key(field))
        .collect();
    for (nth, at) in chain.iter().enumerate().rev() {
        let next = chain.get(nth + 1..).and_then(|rest| {
            rest.iter()
                .copied()
                .find(|at| parts[*at].entry.set.contains_key(field))
        });
        let until = next.unwrap_or(parts.len());
        let stands = |part: &Part| !undone.contains(&part.import);
        // Whoever finds or edits a contact after it left the bin wants it out of the bin.
        let leaves_bin = field == DELETED_AT
            && parts[*at]
                .entry
                .set
                .get(field)
                .is_some_and(|(_, new)| new.is_none());
        let is_confirmed = parts[at + 1..until].iter().any(|part| {
            let confirms = part.entry.confirmed.iter().any(|known| known == field);
            stands(part) && (confirms || leaves_bin)
        });
        if stands(&parts[*at]) {
            continue;
        }
        let is_own = parts[*at].import == import && !is_stamp;
        if is_confirmed {
            taken.confirmed |= is_own;
            continue;
        }
        let Some((old, new)) = parts[*at].entry.set.get(field).cloned() else {
            continue;
        };
        if let Some(next) = next {
            taken.changed_since |= is_own;
            if let Some(change) = parts[next].entry.set.get_mut(field) {
                change.0 = old;
            }
        } else if value_of(row, field) != new {
            taken.changed_since |= is_own;
        } else if old.as_deref().is_some_and(|old| !is_free(field, old)) {
            taken.key_taken |= is_own;
        } else {
            put_back(row, field, old.clone());
            // A phone that the contact no longer has can't be the first one again.
            taken.restored |= !is_stamp && value_of(row, field) == old;
        }
        parts[*at].entry.set.remove(field);
    }
}

/// Returns true for the columns that hold the time and the import of a contact's last change.
fn is_stamp(field: &str) -> bool {
    matches!(field, "updated_at" | "last_import_id")
}

#[cfg(test)]
mod tests;
