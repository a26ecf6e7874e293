//! Tests of positions.

use super::run::{DAY, SHORTEST_WINDOW};
use super::{Position, RunRules, restart_position};
use crate::manifest::Pages;

fn pages(text: &str) -> Pages {
    toml::from_str(text).unwrap()
}

fn rules(window_from: Option<i64>, full_every: Option<i64>) -> RunRules {
    RunRules {
        window_from,
        full_every,
    }
}

#[test]
fn a_kept_position_that_can_not_be_read_is_an_error_and_is_restarted_as_a_new_one() {
    assert_eq!(Position::read("").unwrap(), Position::default());
    assert!(Position::read("{\"since\": \"yesterday\"}").is_err());
    let restarted = Position::read(&restart_position("{", 2000)).unwrap();
    assert_eq!(restarted, Position::default());
}

#[test]
fn a_run_goes_back_behind_its_start_and_behind_what_it_saw() {
    let pages = pages("kind = 'page'");
    let mut at = Position::default();
    at.begin_run(&pages, 1_000_000, rules(None, None));
    at.seen = Some(400_000);
    assert!(at.advance(&pages, 100, None));
    assert_eq!((at.page, at.offset), (2, 100));
    assert!(at.finish_window(&pages, 100, true));
    assert_eq!(
        at,
        Position {
            since: Some(300_000),
            full_at: Some(1_000_000),
            ..Position::default()
        }
    );
    at.begin_run(&pages, 2_000_000, rules(None, None));
    assert!(at.finish_window(&pages, 100, true));
    assert_eq!(at.since, Some(300_000), "nothing new was seen");
    at.begin_run(&pages, 3_000_000, rules(None, None));
    at.seen = Some(9_000_000);
    assert!(at.finish_window(&pages, 100, true));
    assert_eq!(
        at.since,
        Some(2_900_000),
        "a record from the future does not hide what comes before it"
    );
    at.begin_run(&pages, 4_000_000, rules(None, None));
    assert!(at.finish_window(&pages, 100, false));
    assert_eq!(
        at.since,
        Some(3_900_000),
        "records that tell no change: the run's own time"
    );
}

#[test]
fn a_place_that_is_left_keeps_what_was_read_to_its_end_and_nothing_of_the_run() {
    let pages = pages("kind = 'cursor'\nnext = 'x'");
    let mut at = Position {
        since: Some(500),
        full_at: Some(400),
        ..Position::default()
    };
    at.begin_run(&pages, 1000, rules(None, None));
    assert!(at.advance(&pages, 100, Some("dead".into())));
    let left = Position::read(&restart_position(&at.write(), 2000)).unwrap();
    assert_eq!(
        left,
        Position {
            since: Some(500),
            full_at: Some(2000),
            ..Position::default()
        }
    );
}

#[test]
fn a_reading_of_everything_that_does_not_end_in_a_day_gives_way_to_what_changed() {
    let pages = pages("kind = 'page'");
    let mut at = Position {
        since: Some(500),
        full_at: Some(400),
        ..Position::default()
    };
    at.begin_run(&pages, DAY, rules(None, Some(3600)));
    assert_eq!((at.since, at.before), (None, Some(500)));
    assert!(at.advance(&pages, 100, None));
    at.begin_run(&pages, 2 * DAY, rules(None, Some(3600)));
    assert_eq!((at.since, at.page), (None, 2), "it goes on where it was");
    at.begin_run(&pages, 2 * DAY + 1, rules(None, Some(3600)));
    assert_eq!(
        (at.since, at.page, at.full_at),
        (Some(500), 1, Some(2 * DAY + 1))
    );
}

#[test]
fn an_empty_window_is_read_whole_and_a_page_that_is_gone_is_not() {
    let windows = pages("kind = 'page'\nwindow_days = 30");
    let mut at = Position::default();
    at.begin_run(&windows, 45 * DAY, rules(Some(0), None));
    at.note_total(&windows, 10);
    assert!(at.advance(&windows, 10, None));
    assert!(!at.finish_window(&windows, 0, true));
    at.note_no_page(&windows);
    assert_eq!(at.whole(), Some(45 * DAY));
    let list = pages("kind = 'page'");
    let mut at = Position::default();
    at.begin_run(&list, 1000, rules(None, None));
    at.note_total(&list, 501);
    assert!(at.advance(&list, 500, None));
    at.note_no_page(&list);
    assert_eq!(
        (at.whole(), at.shrank),
        (None, true),
        "the last record has moved to the first page"
    );
    let mut at = Position::default();
    at.begin_run(&list, 1000, rules(None, None));
    at.note_no_page(&list);
    assert_eq!(at.whole(), None, "nothing at all may be a fault");
}

#[test]
fn a_window_that_ended_too_early_is_not_read_whole() {
    let windows = pages("kind = 'page'\nwindow_days = 30");
    let mut at = Position::default();
    at.begin_run(&windows, 45 * DAY, rules(Some(0), None));
    at.note_total(&windows, 300);
    assert!(at.advance(&windows, 100, None));
    assert!(!at.finish_window(&windows, 0, true));
    at.note_total(&windows, 7);
    assert!(at.advance(&windows, 7, None));
    assert_eq!(at.whole(), None);
}

#[test]
fn a_list_that_got_shorter_while_it_was_read_is_read_again_once() {
    let pages = pages("kind = 'page'");
    let mut at = Position::default();
    for (now, totals, since, whole) in [
        (1_000_000, [200, 199], None, None),
        (2_000_000, [199, 199], Some(1_990_000), Some(2_000_000)),
        (3_000_000, [40, 39], Some(1_990_000), None),
        (4_000_000, [5, 4], Some(3_990_000), None),
        (5_000_000, [5, 6], Some(4_990_000), None),
    ] {
        at.begin_run(&pages, now, rules(None, None));
        for total in totals {
            at.note_total(&pages, total);
            assert!(at.advance(&pages, 100, None));
        }
        assert_eq!(at.whole(), whole, "{now}");
        assert!(at.finish_window(&pages, 10, false));
        assert_eq!(at.since, since, "{now}");
    }
}

#[test]
fn all_is_read_again_after_its_time() {
    let pages = pages("kind = 'page'");
    let mut at = Position::default();
    for (now, since) in [
        (1_000_000, None),
        (1_500_000, Some(990_000)),
        (2_000_000, None),
    ] {
        at.begin_run(&pages, now, rules(None, Some(1000)));
        assert_eq!(at.since, since, "{now}");
        assert!(at.finish_window(&pages, 10, false));
    }
}

#[test]
fn windows_follow_one_another_and_are_split() {
    let pages = pages("kind = 'offset'\nwindow_days = 30");
    let mut at = Position::default();
    at.begin_run(&pages, 50 * DAY, rules(Some(0), None));
    assert_eq!(at.window, Some((0, 30 * DAY)));
    assert!(at.halve_window(&pages));
    assert_eq!(at.window, Some((0, 15 * DAY)));
    assert!(!at.finish_window(&pages, 0, true));
    assert_eq!(at.window, Some((15 * DAY, 45 * DAY)));
    assert!(!at.finish_window(&pages, 0, true));
    assert_eq!(at.window, Some((45 * DAY, 50 * DAY)));
    assert!(at.finish_window(&pages, 0, true));
    let mut short = Position {
        window: Some((0, SHORTEST_WINDOW)),
        ..Position::default()
    };
    assert!(!short.halve_window(&pages));
}

#[test]
fn a_cursor_that_stands_still_is_seen_and_one_that_is_kept_comes_back() {
    let pages = pages("kind = 'cursor'\nkeeps = true\nnext = 'x'");
    let mut at = Position {
        mark: Some("5".into()),
        ..Position::default()
    };
    at.begin_run(&pages, 1, rules(None, None));
    assert_eq!(at.next.as_deref(), Some("5"));
    assert!(at.advance(&pages, 3, Some("9".into())));
    assert!(!at.advance(&pages, 1, Some("9".into())));
    assert!(at.finish_window(&pages, 0, false));
    assert_eq!(at.mark.as_deref(), Some("9"));
    at.begin_run(&pages, 2_000_000, rules(None, Some(1000)));
    assert_eq!((&at.next, &at.mark), (&None, &None), "all is read again");
}
