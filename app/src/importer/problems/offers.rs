//! The remedies that the panel offers first, and the problems that an Admin should look at.

use alta_domain::{Fix, ProblemCode, ProblemReport, Remedy, Severity};

use super::groups::Group;

/// Returns true when an Admin should look at a kind of problem. Returns false for problems that
/// were mended without loss and leave nothing to decide, except people who are in the file more
/// than once.
pub(super) fn needs_eyes(group: &Group<'_>) -> bool {
    group.problems.iter().any(|(_, problem)| {
        problem.severity != Severity::Notice
            || problem.code == ProblemCode::Duplicate
            || !problem.remedies.is_empty()
    })
}

/// Returns the number of remedies, from the beginning of the list, that the panel shows as buttons
/// at once: 1 for a remedy that mends values, 2 for the two orders of dates, because neither is
/// better, and 0 when the first remedy only takes values or rows away.
pub(super) fn shown_at_once(problem: &ProblemReport, offered: &[(usize, &Remedy)]) -> usize {
    let mends = |remedy: &Remedy| {
        !matches!(
            remedy.fix,
            Fix::Drop(_) | Fix::LeaveOut { .. } | Fix::Repeated(_)
        )
    };
    let mending = offered.iter().take_while(|(_, remedy)| mends(remedy));
    let most = if problem.code == ProblemCode::AmbiguousDate {
        2
    } else {
        1
    };
    mending.take(most).count()
}

/// Returns the area code that a remedy adds; `None` when it adds none.
pub(super) fn area(remedy: &Remedy) -> Option<&str> {
    match &remedy.fix {
        Fix::ReadPhones { area, .. } if !area.is_empty() => Some(area),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use alta_domain::{Country, DateOrder, ProblemFilter};

    use super::*;

    fn problem(code: ProblemCode, severity: Severity, fixes: Vec<Fix>) -> ProblemReport {
        let remedy = |fix| Remedy {
            fix,
            records: 1,
            at_least: false,
            sample: None,
        };
        ProblemReport {
            code,
            severity,
            column: Some(0),
            records: 1,
            lines: vec![2],
            remedies: fixes.into_iter().map(remedy).collect(),
            sample: None,
        }
    }

    fn first(problem: &ProblemReport) -> usize {
        let offered: Vec<_> = problem.remedies.iter().enumerate().collect();
        shown_at_once(problem, &offered)
    }

    #[test]
    fn what_takes_away_and_what_is_guessed_are_never_offered_first() {
        let drop = Fix::Drop(ProblemFilter {
            code: ProblemCode::InvalidPhone,
            column: Some(0),
            severity: Severity::Error,
        });
        let guess = Fix::ReadPhones {
            column: 0,
            country: Country::BRAZIL,
            area: "31".to_owned(),
        };
        let code = ProblemCode::InvalidPhone;
        let guessed = problem(code, Severity::Error, vec![drop.clone(), guess.clone()]);
        assert_eq!(first(&guessed), 0);
        let proved = problem(code, Severity::Error, vec![guess.clone(), guess, drop]);
        assert_eq!(first(&proved), 1, "the best alone");
        assert_eq!(area(&proved.remedies[0]), Some("31"));
        assert_eq!(area(&proved.remedies[2]), None);
    }

    #[test]
    fn neither_order_of_dates_is_the_better() {
        let order = |order| Fix::ReadDates { column: 0, order };
        let orders = vec![order(DateOrder::Dmy), order(DateOrder::Mdy)];
        let dates = problem(ProblemCode::AmbiguousDate, Severity::Warning, orders);
        assert_eq!(first(&dates), 2);
    }

    #[test]
    fn only_what_leaves_nothing_to_decide_is_put_away() {
        let eyes = |problem: &ProblemReport| {
            needs_eyes(&Group {
                problems: vec![(0, problem)],
            })
        };
        let notice = |code| problem(code, Severity::Notice, Vec::new());
        assert!(!eyes(&notice(ProblemCode::CountryCodeAdded)));
        assert!(eyes(&notice(ProblemCode::Duplicate)));
        assert!(eyes(&problem(
            ProblemCode::LostLetters,
            Severity::Warning,
            Vec::new()
        )));
    }
}
