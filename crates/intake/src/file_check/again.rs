//! The second reading, of the records that share keys with others: it identifies the person of
//! each.

use std::collections::{HashMap, HashSet};

use alta_domain::worker::CheckReport;
use alta_domain::{
    BuiltInField, CellProblem, FieldTarget, KeyKind, KeyRole, ProblemCode, Repeated, Severity,
    SharedKeyRemedy,
};

use super::FileCheck;
use super::found::Found;
use super::reread::{Again, Remedies, Stretch, candidate, detail, nobodys_before};
use super::rows::{FoundRows, SPACING};
use crate::check::{Checker, Verdict};
use crate::identity::KeyMark;
use crate::identity::persons::{Candidate, FileKey, Identified, Left, Who, persons};
use crate::incoming::Incoming;
use crate::record::Reader;
use crate::understand::Slice;

/// The notice of a duplicate: for a record that is merged into an earlier one of its person, and
/// for a value that gives way to another record's value of the same person.
const DUPLICATE: CellProblem = CellProblem {
    code: ProblemCode::Duplicate,
    severity: Severity::Notice,
};
/// The most checkpoints of a stretch. A stretch is held in memory.
const LONGEST: usize = 128;

impl FileCheck {
    /// Returns the parts of the file that must be read again before the check ends, because records
    /// in them share keys. The caller gives each to [`Self::reread`], in this order.
    #[must_use]
    pub fn stretches(&mut self) -> Vec<Stretch> {
        if self.again.is_some() {
            return Vec::new();
        }
        self.date_orders = self.decide_date_orders();
        self.mapping.set_date_orders(&self.date_orders);
        self.again = Some(Again {
            checker: Checker::new(&self.mapping),
            candidates: Vec::new(),
            details: Vec::new(),
        });
        let records = self.found.records;
        self.found.concerned = std::mem::take(&mut self.sharing).concerned(records);
        if self.found.concerned.is_empty() {
            return Vec::new();
        }
        self.concerned_stretches()
    }

    /// Returns the stretches with records that share keys; neighbouring stretches are joined.
    fn concerned_stretches(&self) -> Vec<Stretch> {
        let checkpoints = &self.found.index.checkpoints;
        let mut stretches: Vec<Stretch> = Vec::new();
        let mut length = 0;
        for (at, (start, line)) in checkpoints.iter().copied().enumerate() {
            let before = u32::try_from(at)
                .unwrap_or(u32::MAX)
                .saturating_mul(SPACING);
            let last = before.saturating_add(SPACING).min(self.found.records);
            if !self.found.concerned.has_between(before + 1, last) {
                continue;
            }
            let end = checkpoints.get(at + 1).map(|(offset, _)| *offset);
            match stretches.last_mut() {
                Some(previous) if previous.end == Some(start) && length < LONGEST => {
                    previous.end = end;
                    length += 1;
                }
                _ => {
                    length = 1;
                    stretches.push(Stretch {
                        start,
                        end,
                        line,
                        before,
                    });
                }
            }
        }
        stretches
    }

    /// Reads a stretch again, from its bytes.
    pub fn reread(&mut self, stretch: Stretch, bytes: &[u8]) {
        let Self {
            again: Some(again),
            mapping,
            found,
            ..
        } = self
        else {
            return;
        };
        let Stretch {
            start,
            line,
            before,
            ..
        } = stretch;
        let Again {
            checker,
            candidates,
            details,
        } = again;
        let reader = Reader::from(&mapping.shape, start, line);
        let mut slice = Slice::new(mapping, checker, found, reader, before);
        slice.push(bytes, true);
        let is_concerned = |record: u32| {
            let is_used = !found.is_rejected(record) && !found.is_dropped(record);
            is_used && found.concerned.contains(record)
        };
        while let Some((record, cells)) = slice.next_cells_of(is_concerned) {
            let wanted: Vec<&str> = checker
                .targets()
                .map(|(index, _)| cells.get(index as usize).map_or("", String::as_str))
                .collect();
            let verdict = checker.row(record, &wanted);
            if verdict.verdict != Verdict::Ready {
                continue;
            }
            let incoming = Incoming::of(checker, &verdict);
            candidates.push(candidate(checker, record, &verdict, &incoming));
            details.push(detail(checker, incoming));
        }
    }

    /// Reads the necessary parts again, from the whole file in memory, and ends the check.
    #[must_use]
    pub fn finish_from(mut self, file: &[u8]) -> (CheckReport, FoundRows) {
        for stretch in self.stretches() {
            let start = usize::try_from(stretch.start).unwrap_or(usize::MAX);
            let end = stretch.end.and_then(|end| usize::try_from(end).ok());
            let bytes = file.get(start..end.unwrap_or(file.len()));
            self.reread(stretch, bytes.unwrap_or_default());
        }
        self.finish()
    }

    /// Decides which records are the same person, and stores the results.
    pub(super) fn identify(&mut self) {
        let Some(again) = self.again.take() else {
            return;
        };
        let fixes = std::mem::take(&mut self.mapping.fixes);
        let remedies = Remedies::of(&fixes);
        // No remedy gives a key to its first record when the key is nobody's from the beginning.
        let mut given: HashSet<KeyMark> = nobodys_before(&self.mapping).collect();
        let (verdicts, decided) = persons(&again.candidates, given.clone(), |at, key| {
            remedies.about(key, || again.text(at, key)) == Some(SharedKeyRemedy::OnePerson)
        });
        for key in &decided.nobodys {
            self.found.roles_of_all.insert(*key, KeyRole::Nobodys);
        }
        let mut people: HashMap<u32, Vec<usize>> = HashMap::new();
        for (at, verdict) in verdicts.iter().enumerate() {
            self.note(verdict, at, &again, &remedies, &mut given);
            match verdict.who {
                Who::First => people.entry(verdict.record).or_default().push(at),
                Who::Later(first, _) => people.entry(first).or_default().push(at),
                Who::Nobody => {}
            }
        }
        self.shared_pairs = self.pairs(&verdicts, &again, &remedies);
        self.found.rejected.sort_unstable();
        let mut people: Vec<(u32, Vec<usize>)> = people.into_iter().collect();
        people.retain(|(_, records)| records.len() > 1);
        people.sort_unstable();
        let mut gave_way: Vec<(Option<u32>, u32)> = Vec::new();
        for (first, records) in people {
            self.join(first, &records, &again, &verdicts, &mut gave_way);
        }
        self.note_gave_way(gave_way);
    }

    /// Counts, by column, the records whose value gives way to the value of another record of the
    /// person. `gave_way` has pairs of a column (`None` for no single column) and a record.
    fn note_gave_way(&mut self, mut gave_way: Vec<(Option<u32>, u32)>) {
        gave_way.sort_unstable();
        gave_way.dedup();
        for of_column in gave_way.chunk_by(|(one, _), (other, _)| one == other) {
            let mut found = Found::default();
            for (_, record) in of_column {
                found.add(*record, self.found.line(*record).unwrap_or_default());
            }
            let column = of_column.first().and_then(|(column, _)| *column);
            self.problems.of(DUPLICATE, column).join(found);
        }
    }

    /// Stores the verdict on one record: its person, and its keys that are left out.
    fn note(
        &mut self,
        verdict: &Identified,
        at: usize,
        again: &Again,
        remedies: &Remedies<'_>,
        given: &mut HashSet<KeyMark>,
    ) {
        let record = verdict.record;
        let severity = match verdict.who {
            Who::Nobody => Severity::Error,
            _ => Severity::Warning,
        };
        if verdict.who == Who::Nobody {
            self.found.rejected.push(record);
        }
        if let Who::Later(first, by) = verdict.who {
            self.found.merged.push((record, first));
            let column = by.map(|key| key.column).or_else(|| self.landline_column());
            self.notice(record, column);
        }
        for (key, left) in &verdict.left {
            if *left == Left::OfAnother {
                self.notice(record, Some(key.column));
                let roles = self.found.roles.entry(record).or_default();
                roles.push((key.mark, KeyRole::LeftOut));
                continue;
            }
            let problem = CellProblem {
                code: ProblemCode::SharedKey,
                severity,
            };
            let line = self.found.line(record).unwrap_or_default();
            let found = self.problems.of(problem, Some(key.column));
            if found.records.last() != Some(&record) {
                found.add(record, line);
            }
            let text = again.text(at, key);
            found.texts.add(&text);
            let remedy = remedies.about(key, || text);
            let is_given = *left == Left::Nobodys
                && remedy == Some(SharedKeyRemedy::First)
                && is_known_by_keys(verdict, &again.candidates[at]);
            // The first record that has the key gets it, if other keys make its person known; later
            // records do not.
            if !is_given || given.insert(key.mark) {
                self.remedy(record, key, *left, remedy);
            }
        }
    }

    /// Stores which [`KeyRole`] a shared key gets in a record by the remedy that was `decided`;
    /// without a remedy the key is left out.
    fn remedy(&mut self, record: u32, key: &FileKey, left: Left, decided: Option<SharedKeyRemedy>) {
        let all = &mut self.found.roles_of_all;
        let roles = self.found.roles.entry(record).or_default();
        match (left, decided) {
            (Left::Nobodys, Some(SharedKeyRemedy::First)) => {
                roles.push((key.mark, KeyRole::GivenOnly));
            }
            (Left::Nobodys, _) => {}
            (_, Some(SharedKeyRemedy::LeaveOut)) => {
                all.insert(key.mark, KeyRole::AskedOnly);
                roles.push((key.mark, KeyRole::LeftOut));
            }
            _ => roles.push((key.mark, KeyRole::LeftOut)),
        }
    }

    fn notice(&mut self, record: u32, column: Option<u32>) {
        let line = self.found.line(record).unwrap_or_default();
        let found = self.problems.of(DUPLICATE, column);
        if found.records.last() != Some(&record) {
            found.add(record, line);
        }
    }

    fn landline_column(&self) -> Option<u32> {
        let is_landline = |target: &FieldTarget| {
            matches!(
                target,
                FieldTarget::BuiltIn(BuiltInField::Landline | BuiltInField::Phone)
            )
        };
        let mut targets = self.checker.targets();
        targets
            .find(|(_, target)| is_landline(target))
            .map(|(index, _)| index)
    }

    /// Stores what the later records of a person add, and counts the values that are replaced.
    fn join(
        &mut self,
        first: u32,
        records: &[usize],
        again: &Again,
        verdicts: &[Identified],
        gave_way: &mut Vec<(Option<u32>, u32)>,
    ) {
        let later = again.later(records, verdicts, self.repeated == Repeated::Last);
        self.found.later.insert(first, later);
        let mut order: Vec<usize> = records.to_vec();
        if self.repeated == Repeated::Last {
            order.reverse();
        }
        let mut standing: HashMap<u32, u64> = HashMap::new();
        let columns: Vec<(u32, FieldTarget)> = self.checker.targets().collect();
        for (nth, at) in order.iter().enumerate() {
            let record = again.candidates[*at].record;
            for (place, hash) in &again.details[*at].values {
                match standing.get(place) {
                    Some(value) if value != hash => {
                        let column = columns.get(*place as usize);
                        gave_way.push((column.map(|(index, _)| *index), record));
                    }
                    Some(_) => {}
                    None if self.repeated == Repeated::First && nth > 0 => {}
                    None => {
                        standing.insert(*place, *hash);
                    }
                }
            }
        }
        if self.repeated == Repeated::Last {
            self.yield_to_later(records, again, &columns);
        }
    }

    /// Stores, under 'keep last', for each record of a person the columns in which a later record
    /// of the same person has a value too.
    fn yield_to_later(&mut self, records: &[usize], again: &Again, columns: &[(u32, FieldTarget)]) {
        let place_of = |field| {
            let target = FieldTarget::BuiltIn(field);
            let place = columns.iter().position(|(_, known)| *known == target)?;
            u32::try_from(place).ok()
        };
        let (phones, emails) = (place_of(BuiltInField::Phone), place_of(BuiltInField::Email));
        let tax_ids = place_of(BuiltInField::TaxId);
        let mut said: Vec<u32> = Vec::new();
        for at in records.iter().rev() {
            let candidate = &again.candidates[*at];
            let found = &self.found;
            let is_left = |key: &&FileKey| {
                let role = found.role(candidate.record, key.mark);
                role.is_some_and(|role| role != KeyRole::GivenOnly)
            };
            let given = candidate.keys.iter().filter(|key| !is_left(key));
            let has = |kind| given.clone().any(|key| key.kind == kind);
            let mut left = candidate.keys.iter().filter(is_left);
            let lacks_cpf = left.any(|key| key.kind == KeyKind::Cpf);
            let own = again.details[*at].values.iter().map(|(place, _)| *place);
            let own: Vec<u32> = own
                .filter(|place| !lacks_cpf || Some(*place) != tax_ids)
                .chain(phones.filter(|_| has(KeyKind::Phone)))
                .chain(emails.filter(|_| has(KeyKind::Email)))
                .collect();
            let yields = own.iter().copied().filter(|place| said.contains(place));
            let yields: Vec<u32> = yields.collect();
            said.extend(own);
            if !yields.is_empty() {
                self.found.yields.insert(candidate.record, yields);
            }
        }
    }
}

/// Returns true when the record's person has a key of its own or was found by one, and is not known
/// by landline and name alone.
fn is_known_by_keys(verdict: &Identified, candidate: &Candidate) -> bool {
    match verdict.who {
        Who::First => candidate.keys.len() > verdict.left.len(),
        Who::Later(_, by) => by.is_some(),
        Who::Nobody => false,
    }
}
