//! The data kept of a checked file, so that any of its rows can be shown or sent.

use std::collections::HashMap;

use alta_domain::worker::{CheckPlace, RowFilter};
use alta_domain::{KeyRole, LaterRecords, ProblemCode, ProblemFilter, Severity};

use crate::identity::KeyMark;
use crate::identity::sharing::Records;

/// The number of records from one checkpoint to the next.
pub(super) const SPACING: u32 = 64;

/// The places of records in the file, one in 64.
#[derive(Clone, Debug, Default)]
pub struct RowIndex {
    /// The offsets and lines of records 1, 65, 129, ...
    pub(super) checkpoints: Vec<(u64, u32)>,
}

impl RowIndex {
    /// Returns the last checkpoint that is not after a record (counted from 1): the number, offset
    /// and line of the checkpoint's record, and the offset of the next checkpoint.
    #[must_use]
    pub fn locate(&self, record: u32) -> Option<(u32, u64, u32, Option<u64>)> {
        let at = (record.checked_sub(1)? / SPACING) as usize;
        let (offset, line) = *self.checkpoints.get(at)?;
        let next = self.checkpoints.get(at + 1).map(|(offset, _)| *offset);
        Some((u32::try_from(at).ok()? * SPACING + 1, offset, line, next))
    }
}

/// The rows of a checked file, with the results of the check.
#[derive(Clone, Debug, Default)]
pub struct FoundRows {
    /// The places in the file of one record in 64, from which the records between are found.
    pub index: RowIndex,
    /// The number of records in the file.
    pub records: u32,
    /// The records that share a key with another record.
    pub(super) concerned: Records,
    /// The later records of persons, each with the person's first record, in the file's order.
    pub(super) merged: Vec<(u32, u32)>,
    /// The records that can't be used, in the file's order.
    pub(super) rejected: Vec<u32>,
    /// The records that the Admin leaves out, in the file's order.
    pub(super) dropped: Vec<u32>,
    /// The physical line of each record.
    pub(super) lines: Vec<u32>,
    /// The roles of those keys that have the same [`KeyRole`] in every record.
    pub(super) roles_of_all: HashMap<KeyMark, KeyRole>,
    /// The [`KeyRole`]s of keys that differ from record to record, by record.
    pub(super) roles: HashMap<u32, Vec<(KeyMark, KeyRole)>>,
    /// What later records of a person add, by the person's first record.
    pub(super) later: HashMap<u32, LaterRecords>,
    /// The columns whose value a later record of the person replaces, by record.
    pub(super) yields: HashMap<u32, Vec<u32>>,
    pub(super) by_problem: HashMap<ProblemFilter, Vec<u32>, foldhash::fast::RandomState>,
}

impl FoundRows {
    /// Returns the first record of the same person; `None` for a record that is not a later one.
    #[must_use]
    pub fn same_as(&self, record: u32) -> Option<u32> {
        self.merged
            .binary_search_by_key(&record, |(record, _)| *record)
            .ok()
            .map(|at| self.merged[at].1)
    }

    /// Returns the role of a key of a record; `None` when the key simply belongs to the record's
    /// person.
    pub(crate) fn role(&self, record: u32, key: KeyMark) -> Option<KeyRole> {
        let own = self.roles.get(&record).into_iter().flatten();
        own.copied()
            .find(|(mark, _)| *mark == key)
            .map(|(_, role)| role)
            .or_else(|| self.roles_of_all.get(&key).copied())
    }

    /// Returns true for a key that a remedy leaves out of all records: people are still looked up
    /// by it, but no contact gets it ([`KeyRole::AskedOnly`]).
    pub(crate) fn is_asked_only(&self, key: KeyMark) -> bool {
        self.roles_of_all.get(&key) == Some(&KeyRole::AskedOnly)
    }

    /// Returns true when a key of the record may have a role.
    pub(crate) fn may_have_roles(&self, record: u32) -> bool {
        self.concerned.contains(record)
            && (!self.roles_of_all.is_empty() || self.roles.contains_key(&record))
    }

    /// Returns what later records of a person add, by the person's first record.
    pub(crate) fn later(&self, record: u32) -> Option<&LaterRecords> {
        self.later.get(&record)
    }

    /// Returns the columns whose value a later record of the person replaces.
    pub(crate) fn yields(&self, record: u32) -> &[u32] {
        self.yields.get(&record).map_or(&[], Vec::as_slice)
    }

    /// Returns true when the record can't be used.
    #[must_use]
    pub fn is_rejected(&self, record: u32) -> bool {
        self.rejected.binary_search(&record).is_ok()
    }

    /// Returns true when the Admin leaves the record out.
    #[must_use]
    pub fn is_dropped(&self, record: u32) -> bool {
        self.dropped.binary_search(&record).is_ok()
    }

    /// Returns the physical line on which a record starts; `None` for an unknown record.
    #[must_use]
    pub fn line(&self, record: u32) -> Option<u32> {
        self.lines.get(record.checked_sub(1)? as usize).copied()
    }

    /// Returns up to `count` records that a filter shows, from its row `first` on; all records
    /// count without a filter.
    #[must_use]
    pub fn shown(&self, filter: Option<&RowFilter>, first: u32, count: u32) -> Vec<u32> {
        let page = |records: &[u32]| -> Vec<u32> {
            let from = records.iter().skip(first as usize);
            from.take(count as usize).copied().collect()
        };
        match filter {
            None => (first + 1..=self.records.min(first.saturating_add(count))).collect(),
            Some(RowFilter::Problem(filter)) => self
                .by_problem
                .get(filter)
                .map(|records| page(records))
                .unwrap_or_default(),
            Some(RowFilter::Place(CheckPlace::Rejected)) => page(&self.rejected),
            Some(RowFilter::Place(CheckPlace::Dropped)) => page(&self.dropped),
            Some(RowFilter::Place(CheckPlace::Merged)) => {
                let from = self.merged.iter().skip(first as usize);
                let page = from.take(count as usize);
                page.map(|(record, _)| *record).collect()
            }
            // The session that searches keeps the results of its searches.
            Some(RowFilter::Search(_)) => Vec::new(),
            Some(RowFilter::Place(CheckPlace::Ready)) => {
                let from = self.ready().skip(first as usize);
                from.take(count as usize).collect()
            }
        }
    }

    /// Returns the nearest record after or before another one that has a problem. Notices do not
    /// count, and neither do problems that no cell of the record shows: shared keys and damaged
    /// bytes.
    #[must_use]
    pub fn next_problem(&self, record: u32, backwards: bool) -> Option<u32> {
        let open = self.by_problem.iter().filter(|(problem, _)| {
            problem.severity != Severity::Notice
                && !matches!(
                    problem.code,
                    ProblemCode::SharedKey | ProblemCode::BadEncoding
                )
        });
        let nearest = open.filter_map(|(_, records)| {
            if backwards {
                let before = records.partition_point(|other| *other < record);
                records.get(before.checked_sub(1)?)
            } else {
                records.get(records.partition_point(|other| *other <= record))
            }
        });
        if backwards {
            nearest.max().copied()
        } else {
            nearest.min().copied()
        }
    }

    /// Returns the records that can be imported as they are, in the file's order.
    fn ready(&self) -> impl Iterator<Item = u32> {
        let mut merged = self.merged.iter().map(|(record, _)| *record).peekable();
        let mut rejected = self.rejected.iter().copied().peekable();
        let mut dropped = self.dropped.iter().copied().peekable();
        (1..=self.records).filter(move |record| {
            let is_merged = merged.next_if_eq(record).is_some();
            let is_rejected = rejected.next_if_eq(record).is_some();
            let is_dropped = dropped.next_if_eq(record).is_some();
            !(is_merged || is_rejected || is_dropped)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_problem_is_the_nearest_that_is_no_notice() {
        let filter = |code, severity| ProblemFilter {
            code,
            column: Some(0),
            severity,
        };
        let found = FoundRows {
            records: 9,
            by_problem: HashMap::from_iter([
                (
                    filter(ProblemCode::InvalidPhone, Severity::Error),
                    vec![2, 7],
                ),
                (
                    filter(ProblemCode::InvalidEmail, Severity::Warning),
                    vec![4],
                ),
                (filter(ProblemCode::ExtraText, Severity::Notice), vec![3, 8]),
            ]),
            ..FoundRows::default()
        };
        assert_eq!(found.next_problem(0, false), Some(2));
        assert_eq!(found.next_problem(2, false), Some(4));
        assert_eq!(found.next_problem(7, false), None);
        assert_eq!(found.next_problem(9, true), Some(7));
        assert_eq!(found.next_problem(7, true), Some(4));
        assert_eq!(found.next_problem(2, true), None);
    }

    #[test]
    fn each_record_is_shown_in_one_place_of_the_ledger() {
        let found = FoundRows {
            records: 7,
            merged: vec![(3, 1), (4, 1)],
            rejected: vec![2],
            dropped: vec![7],
            ..FoundRows::default()
        };
        let shown = |place, first| found.shown(Some(&RowFilter::Place(place)), first, 2);
        assert_eq!(shown(CheckPlace::Ready, 0), [1, 5]);
        assert_eq!(shown(CheckPlace::Ready, 2), [6]);
        assert_eq!(shown(CheckPlace::Merged, 1), [4]);
        assert_eq!(shown(CheckPlace::Rejected, 0), [2]);
        assert_eq!(shown(CheckPlace::Dropped, 0), [7]);
    }
}
