//! Problems of one kind, grouped: the panel shows each kind once, with its columns inside.

use alta_domain::ProblemReport;

/// The problems of one kind, each with its place in the report.
pub(super) struct Group<'a> {
    pub(super) problems: Vec<(usize, &'a ProblemReport)>,
}

impl Group<'_> {
    /// Returns the number of values that have the problem, over all columns; for a problem of whole
    /// records, the number of records.
    pub(super) fn records(&self) -> u64 {
        let records = self.problems.iter().map(|(_, problem)| problem.records);
        records.map(u64::from).sum()
    }
}

/// Groups problems by kind, sorted by severity and then by the number of records, the most first.
pub(super) fn groups<K: PartialEq>(
    problems: &[ProblemReport],
    kind: impl Fn(&ProblemReport) -> K,
) -> Vec<Group<'_>> {
    let mut groups: Vec<(K, Group<'_>)> = Vec::new();
    for (place, problem) in problems.iter().enumerate() {
        let own = kind(problem);
        match groups.iter_mut().find(|(kind, _)| *kind == own) {
            Some((_, group)) => group.problems.push((place, problem)),
            None => groups.push((
                own,
                Group {
                    problems: vec![(place, problem)],
                },
            )),
        }
    }
    let mut groups: Vec<Group<'_>> = groups.into_iter().map(|(_, group)| group).collect();
    groups.sort_by_key(|group| {
        let severity = group.problems.first().map(|(_, problem)| problem.severity);
        (severity, std::cmp::Reverse(group.records()))
    });
    groups
}

#[cfg(test)]
mod tests {
    use alta_domain::{ProblemCode, Severity};

    use super::*;

    fn problem(code: ProblemCode, severity: Severity, records: u32) -> ProblemReport {
        ProblemReport {
            code,
            severity,
            column: None,
            records,
            lines: Vec::new(),
            remedies: Vec::new(),
            sample: None,
        }
    }

    #[test]
    fn a_kind_stands_once_and_the_worst_stands_first() {
        let problems = [
            problem(ProblemCode::ExtraText, Severity::Notice, 90),
            problem(ProblemCode::InvalidPhone, Severity::Error, 2),
            problem(ProblemCode::InvalidEmail, Severity::Warning, 5),
            problem(ProblemCode::InvalidPhone, Severity::Error, 3),
            problem(ProblemCode::InvalidPhone, Severity::Warning, 7),
        ];
        let groups = groups(&problems, |problem| (problem.code, problem.severity));
        let places: Vec<Vec<usize>> = groups
            .iter()
            .map(|group| group.problems.iter().map(|(place, _)| *place).collect())
            .collect();
        assert_eq!(places, [vec![1, 3], vec![4], vec![2], vec![0]]);
        assert_eq!(groups[0].records(), 5);
    }
}
