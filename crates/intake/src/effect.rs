//! What an import would do to the contacts that exist, found in the browser: the server sends marks
//! of its contacts, and no row of the file leaves.
//!
//! A mark is a key or a value as a number, so that one can be compared and not read. Of a contact
//! there are, in little endian: its id (8 bytes), its phone, e-mail and tax id (8 bytes each, 0 for
//! none) and two bytes for each field of the plan; behind them, where tags are among these, the
//! number of tags and two bytes for each.

use alta_domain::{
    BuiltInField, ContactId, Effect, EffectSample, ExistingPolicy, FieldException, FieldPolicy,
    FieldTarget, RowInput, policy_of,
};

use crate::check::{Checker, Verdict};
use crate::fingerprint::of_text;
use crate::incoming::Incoming;
use crate::tags::tags;

/// Changes shown as they are.
const SAMPLES: usize = 5;
/// Bytes of a contact before those of its fields.
const HEAD: usize = 32;
/// The field of several values.
const TAGS: FieldTarget = FieldTarget::BuiltIn(BuiltInField::Tags);
/// Tags of a contact that are compared.
const MOST_TAGS: usize = 1000;

/// Writes the marks of a contact; `values` are those of the fields, in their order.
pub fn write_marks<'a>(
    out: &mut Vec<u8>,
    id: ContactId,
    keys: [Option<&str>; 3],
    values: impl Iterator<Item = (FieldTarget, Option<&'a str>)>,
) {
    out.extend(id.0.to_le_bytes());
    for key in keys {
        out.extend(key.map_or(0, of_text).to_le_bytes());
    }
    let mut all_tags = None;
    for (target, value) in values {
        let value = value.unwrap_or_default();
        out.extend(mark(value).to_le_bytes());
        if target == TAGS {
            all_tags = Some(value);
        }
    }
    if let Some(value) = all_tags {
        let marks: Vec<u16> = tag_marks(value).take(MOST_TAGS).collect();
        out.extend(u16::try_from(marks.len()).unwrap_or(u16::MAX).to_le_bytes());
        out.extend(marks.iter().flat_map(|mark| mark.to_le_bytes()));
    }
}

/// A value in two bytes, 0 for none: one change of 65,535 is overlooked.
fn mark(value: &str) -> u16 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a part of the number is its mark"
    )]
    let short = of_text(value) as u16;
    if value.is_empty() { 0 } else { short.max(1) }
}

fn tag_marks(value: &str) -> impl Iterator<Item = u16> {
    tags(value).map(|tag| mark(&tag.to_lowercase()))
}

/// The contacts that exist, as marks.
#[derive(Debug, Default)]
pub struct Base {
    fields: Vec<FieldTarget>,
    ids: Vec<i64>,
    marks: Vec<u16>,
    /// The marks of all tags, and where those of each contact end.
    tags: (Vec<u16>, Vec<u32>),
    /// Places among the ids by phone, e-mail and tax id.
    keys: [Vec<(u64, u32)>; 3],
}

impl Base {
    /// None yet, with marks of these fields.
    #[must_use]
    pub fn of(fields: Vec<FieldTarget>) -> Self {
        Self {
            fields,
            ..Self::default()
        }
    }

    /// Takes in marks of contacts.
    pub fn add(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while let Some((head, behind)) = rest.split_at_checked(HEAD) {
            let Some((marks, behind)) = behind.split_at_checked(2 * self.fields.len()) else {
                return;
            };
            rest = behind;
            let place = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
            let mut words = head
                .as_chunks::<8>()
                .0
                .iter()
                .map(|word| u64::from_le_bytes(*word));
            self.ids.push(words.next().unwrap_or(0).cast_signed());
            for (keys, key) in self.keys.iter_mut().zip(words) {
                if key != 0 {
                    keys.push((key, place));
                }
            }
            self.marks.extend(shorts(marks));
            if self.fields.contains(&TAGS) {
                let count = rest.get(..2).map_or(0, |count| {
                    usize::from(u16::from_le_bytes([count[0], count[1]]))
                });
                let Some((tags, behind)) = rest.split_at_checked(2 + 2 * count) else {
                    return;
                };
                rest = behind;
                self.tags.0.extend(shorts(&tags[2..]));
                self.tags
                    .1
                    .push(u32::try_from(self.tags.0.len()).unwrap_or(u32::MAX));
            }
        }
    }

    /// Whether a contact has all these tags.
    fn has_tags(&self, place: usize, value: &str) -> bool {
        let end = |place: usize| self.tags.1.get(place).map_or(0, |end| *end as usize);
        let own = self
            .tags
            .0
            .get(place.checked_sub(1).map_or(0, end)..end(place))
            .unwrap_or_default();
        tag_marks(value).all(|tag| own.contains(&tag))
    }

    /// All are there.
    pub fn complete(&mut self) {
        for keys in &mut self.keys {
            keys.sort_unstable();
        }
    }

    /// The places of the contacts that keys point at.
    fn find(&self, keys: [Option<&str>; 3]) -> impl Iterator<Item = u32> {
        self.keys.iter().zip(keys).filter_map(|(known, key)| {
            let key = of_text(key?);
            let at = known.binary_search_by_key(&key, |(known, _)| *known).ok()?;
            Some(known[at].1)
        })
    }
}

fn shorts(bytes: &[u8]) -> impl Iterator<Item = u16> {
    bytes
        .as_chunks::<2>()
        .0
        .iter()
        .map(|short| u16::from_le_bytes(*short))
}

/// Goes through the rows of an import without importing them. Each is held against the base as it
/// is: of two that are no one person in the file, but reach the same contact by different keys,
/// both count as changing it.
#[derive(Debug)]
pub struct Rehearsal<'a> {
    base: &'a Base,
    policies: Vec<FieldPolicy>,
    /// People known by a landline and their name who are not in the base: the file may have them
    /// twice.
    households: std::collections::HashSet<String>,
    /// What it would do so far.
    pub effect: Effect,
}

impl<'a> Rehearsal<'a> {
    /// Under a policy with its exceptions.
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
            households: std::collections::HashSet::new(),
            effect,
        }
    }

    /// Takes rows as they would be sent, with the number of those that are left out among them.
    pub fn take(&mut self, checker: &Checker, rows: &[RowInput], dropped: u32) {
        self.effect.ledger.dropped += dropped;
        self.effect.ledger.records += dropped;
        for row in rows {
            self.effect.ledger.records += 1;
            let verdict = checker.row(&row.cells);
            match verdict.verdict {
                Verdict::Rejected(_) => self.effect.ledger.rejected += 1,
                Verdict::Ready if row.same_as.is_some() => self.effect.ledger.merged += 1,
                Verdict::Ready => self.apply(row.line, &Incoming::of(checker, &verdict)),
            }
        }
    }

    fn apply(&mut self, line: u32, incoming: &Incoming) {
        let mut found = self.base.find(incoming.keys());
        let Some(first) = found.next() else {
            let household = incoming.phone_key.as_ref().filter(|key| key.contains('/'));
            match household {
                Some(key) if !self.households.insert(key.clone()) => {
                    self.effect.ledger.unchanged += 1;
                }
                _ => self.effect.ledger.new += 1,
            }
            return;
        };
        if found.any(|other| other != first) {
            self.effect.ledger.rejected += 1;
            self.effect.conflicts += 1;
            return;
        }
        if self.change(line, first as usize, incoming) {
            self.effect.ledger.updated += 1;
        } else {
            self.effect.ledger.unchanged += 1;
        }
    }

    fn change(&mut self, line: u32, place: usize, incoming: &Incoming) -> bool {
        let width = self.base.fields.len();
        let old = &self.base.marks[place * width..(place + 1) * width];
        let mut sample = None;
        for (at, field) in self.base.fields.iter().enumerate() {
            let Some((_, value)) = incoming.values.iter().find(|(target, _)| target == field)
            else {
                continue;
            };
            let changes = match self.policies[at] {
                FieldPolicy::Update => old[at] != mark(value),
                FieldPolicy::Fill => old[at] == 0,
                FieldPolicy::Merge => !self.base.has_tags(place, value),
                FieldPolicy::Keep => false,
            };
            if changes {
                self.effect.fields[at].1 += 1;
                sample.get_or_insert((*field, value));
            }
        }
        let Some((target, value)) = sample else {
            return false;
        };
        if self.effect.samples.len() < SAMPLES {
            let contact = ContactId(self.base.ids[place]);
            self.effect.samples.push(EffectSample {
                line,
                contact,
                target,
                value: value.clone(),
            });
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alta_domain::{ColumnPlan, Country, FileShape, Mapping};

    const FIELDS: [FieldTarget; 3] = [
        FieldTarget::BuiltIn(BuiltInField::Phone),
        FieldTarget::BuiltIn(BuiltInField::Email),
        FieldTarget::BuiltIn(BuiltInField::Tags),
    ];

    fn base(contacts: &[[&str; 3]]) -> Base {
        let mut bytes = Vec::new();
        for (contact, id) in contacts.iter().zip(1..) {
            let some = |at: usize| (!contact[at].is_empty()).then_some(contact[at]);
            write_marks(
                &mut bytes,
                ContactId(id),
                [some(0), some(1), None],
                FIELDS.into_iter().zip([some(0), some(1), some(2)]),
            );
        }
        let mut base = Base::of(FIELDS.to_vec());
        base.add(&bytes);
        base.complete();
        base
    }

    fn effect(policy: ExistingPolicy, rows: &[[&str; 3]]) -> Effect {
        let base = base(&[
            ["5551999990001", "bia@example.com", "vip, lima"],
            ["5551999990002", "", ""],
        ]);
        let columns = FIELDS
            .into_iter()
            .zip(0..)
            .map(|(target, index)| ColumnPlan {
                index,
                header: String::new(),
                target: Some(target),
                date_order: None,
            });
        let mapping = Mapping {
            shape: FileShape::default(),
            country: Country::BRAZIL,
            year: 2026,
            columns: columns.collect(),
            fixes: Vec::new(),
            correction: None,
        };
        let checker = Checker::new(&mapping);
        let rows: Vec<RowInput> = rows
            .iter()
            .zip(1..)
            .map(|(cells, record)| RowInput {
                record,
                line: record + 1,
                cells: cells.map(str::to_owned).to_vec(),
                rejected: None,
                same_as: None,
                corrects: None,
            })
            .collect();
        let mut rehearsal = Rehearsal::new(&base, policy, &[]);
        rehearsal.take(&checker, &rows, 0);
        rehearsal.effect
    }

    #[test]
    fn it_says_what_the_import_would_do_with_each_record() {
        let rows = [
            ["51 99999-0001", "", "VIP"],
            ["51 99999-0002", "caio@example.com", ""],
            ["51 99999-0003", "", ""],
            ["51 99999-0002", "bia@example.com", ""],
            ["12", "", ""],
        ];
        let found = effect(ExistingPolicy::Update, &rows);
        let ledger = found.ledger;
        assert_eq!(
            (
                ledger.new,
                ledger.updated,
                ledger.unchanged,
                ledger.rejected,
                found.conflicts
            ),
            (1, 1, 1, 2, 1)
        );
        assert!(ledger.adds_up());
        assert_eq!(
            found.fields,
            [(FIELDS[0], 0), (FIELDS[1], 1), (FIELDS[2], 0)]
        );
        let sample = &found.samples[0];
        assert_eq!(
            (sample.line, sample.contact, sample.value.as_str()),
            (3, ContactId(2), "caio@example.com")
        );
    }

    #[test]
    fn the_policy_decides_what_is_changed() {
        let rows = [["51 99999-0001", "other@example.com", "lima; cusco"]];
        let changed: Vec<u32> = effect(ExistingPolicy::Update, &rows)
            .fields
            .into_iter()
            .map(|(_, records)| records)
            .collect();
        assert_eq!(changed, [0, 1, 1]);
        assert_eq!(effect(ExistingPolicy::Fill, &rows).ledger.unchanged, 1);
        assert_eq!(effect(ExistingPolicy::Keep, &rows).ledger.unchanged, 1);
    }
}
