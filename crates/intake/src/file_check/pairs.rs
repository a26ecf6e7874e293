//! The pairs of people who share a key, for the Admin to compare side by side.

use std::collections::HashMap;

use alta_domain::{Key, PersonSample, ProblemCode, ProblemFilter, Severity, SharedPair};

use super::FileCheck;
use super::reread::{Again, Remedies};
use crate::identity::KeyMark;
use crate::identity::persons::{FileKey, Identified, Left, Who};

/// The most pairs of a column in a report.
const MOST_PAIRS: usize = 20;

impl FileCheck {
    /// Returns at most [`MOST_PAIRS`] pairs of people of each column, in the file's order. The
    /// first of a pair keeps the key, and the second loses it. Keys on which the Admin has decided
    /// are left out.
    pub(super) fn pairs(
        &self,
        verdicts: &[Identified],
        again: &Again,
        remedies: &Remedies<'_>,
    ) -> Vec<SharedPair> {
        let losers = losers(verdicts, again, remedies);
        let holders = holders(verdicts, again, &losers);
        let sample = |at: usize| {
            let candidate = &again.candidates[at];
            let key = |key: &FileKey| Key::new(key.kind, again.text(at, key));
            PersonSample {
                line: self.found.line(candidate.record).unwrap_or_default(),
                name: again.details[at].name.clone(),
                keys: candidate.keys.iter().map(key).collect(),
            }
        };
        let pair = |(at, key): &(usize, FileKey)| {
            let severity = match verdicts[*at].who {
                Who::Nobody => Severity::Error,
                _ => Severity::Warning,
            };
            Some(SharedPair {
                problem: ProblemFilter {
                    code: ProblemCode::SharedKey,
                    column: Some(key.column),
                    severity,
                },
                key: Key::new(key.kind, again.text(*at, key)),
                first: sample(*holders.get(&key.mark)?),
                second: sample(*at),
            })
        };
        losers.iter().filter_map(pair).collect()
    }
}

/// Returns the first records that lose a key to another person, by their indexes, each with the
/// key.
fn losers(
    verdicts: &[Identified],
    again: &Again,
    remedies: &Remedies<'_>,
) -> Vec<(usize, FileKey)> {
    let lost = verdicts.iter().enumerate().flat_map(|(at, verdict)| {
        let shared = verdict
            .left
            .iter()
            .filter(|(_, left)| *left == Left::Shared);
        shared.map(move |(key, _)| (at, *key))
    });
    let undecided = lost.filter(|(at, key)| {
        let decided = remedies.about(key, || again.text(*at, key));
        decided.is_none()
    });
    let mut taken: HashMap<u32, usize> = HashMap::new();
    let first = undecided.filter(|(_, key)| {
        let of_column = taken.entry(key.column).or_default();
        *of_column += 1;
        *of_column <= MOST_PAIRS
    });
    first.collect()
}

/// Returns the index of the record that keeps each of the keys: the first record that has it.
fn holders(
    verdicts: &[Identified],
    again: &Again,
    losers: &[(usize, FileKey)],
) -> HashMap<KeyMark, usize> {
    let mut holders = HashMap::new();
    let Some((last, _)) = losers.last() else {
        return holders;
    };
    for (at, candidate) in again.candidates.iter().enumerate().take(*last) {
        for key in &candidate.keys {
            let is_wanted = losers.iter().any(|(_, lost)| lost.mark == key.mark);
            let is_left = || {
                let mut left = verdicts[at].left.iter();
                left.any(|(other, _)| other.mark == key.mark)
            };
            if is_wanted && !is_left() {
                holders.entry(key.mark).or_insert(at);
            }
        }
    }
    holders
}
