//! The counts of a check and of an import, as the segments of a bar.

use alta_domain::worker::{CheckPlace, RowFilter};
use alta_domain::{CheckLedger, ImportId, ImportLedger, ImportSummary};
use leptos::prelude::*;

use super::session::{GridRows, use_session};
use crate::reader::use_i18n;
use crate::ui::{LedgerBar, Opens, Segment, Show, reactive_attr};
use crate::words::{Reader, plural_text, word};

/// The counts of the last check: ready, repeated, rejected; nothing before a check has ended.
#[component]
pub(crate) fn CheckLedgerBar(
    /// The page has the grid, so that a number can show its rows in it.
    #[prop(optional)]
    opens_rows: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let check = use_session().check;
    let rows = opens_rows.then(|| check.rows());
    let ledger = move || check.ledger().unwrap_or_default();
    view! {
        <Show when=move || check.has_report()>
            <div
                class="transition-opacity"
                class:opacity-60=reactive_attr(move || check.is_running())
            >
                <LedgerBar
                    label=plural_text!(i18n, ledger.label, records = ledger().records)
                    segments=Signal::derive(move || check_segments(i18n, ledger(), rows))
                />
            </div>
        </Show>
    }
}

/// The segments of a check's counts. Each shows its rows in the grid, where there is one.
fn check_segments(i18n: Reader, ledger: CheckLedger, rows: Option<GridRows>) -> Vec<Segment> {
    let mut segments = vec![
        Segment {
            name: word!(i18n, ledger.ready).to_owned(),
            records: ledger.ready,
            look: "bg-good",
            icon: "icon-[lucide--check]",
            key: "ready",
            opens: None,
        },
        merged(i18n, ledger.merged),
        rejected(i18n, ledger.rejected),
    ];
    segments.extend(dropped(i18n, ledger.dropped));
    for segment in &mut segments {
        segment.opens = rows.and_then(|rows| shows(rows, segment.key));
    }
    segments
}

/// Shows the rows of a segment in the grid, and all of them when it is pressed again.
fn shows(rows: GridRows, key: &str) -> Option<Opens> {
    let place = match key {
        "ready" => CheckPlace::Ready,
        "merged" => CheckPlace::Merged,
        "rejected" => CheckPlace::Rejected,
        "dropped" => CheckPlace::Dropped,
        _ => return None,
    };
    let filter = RowFilter::Place(place);
    Some(Opens::Rows {
        toggle: Callback::new(move |()| rows.toggle_filter(filter)),
        is_shown: Signal::derive(move || rows.filter() == Some(filter)),
    })
}

/// The import whose page the numbers open, and who reads them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LedgerOf {
    import: ImportId,
    /// Records of the file are for an Admin.
    is_admin: bool,
}

impl LedgerOf {
    /// None for an import of before, whose numbers open nothing.
    pub(crate) fn new(summary: &ImportSummary, is_admin: bool) -> Option<Self> {
        summary.has_rows.then_some(Self {
            import: summary.id,
            is_admin,
        })
    }
}

/// The segments of an import's counts. Each opens its rows on the import's page; none before the
/// import has a page.
pub(crate) fn import_segments(
    i18n: Reader,
    ledger: ImportLedger,
    of: Option<LedgerOf>,
) -> Vec<Segment> {
    let mut segments = vec![
        Segment {
            name: word!(i18n, ledger.new).to_owned(),
            records: ledger.new,
            look: "bg-good",
            icon: "icon-[lucide--user-plus]",
            key: "new",
            opens: None,
        },
        Segment {
            name: word!(i18n, ledger.updated).to_owned(),
            records: ledger.updated,
            look: "bg-primary",
            icon: "icon-[lucide--user-pen]",
            key: "updated",
            opens: None,
        },
        Segment {
            name: word!(i18n, ledger.unchanged).to_owned(),
            records: ledger.unchanged,
            look: "bg-quiet",
            icon: "icon-[lucide--equal]",
            key: "unchanged",
            opens: None,
        },
        merged(i18n, ledger.merged),
        rejected(i18n, ledger.rejected),
    ];
    segments.extend(dropped(i18n, ledger.dropped));
    for segment in &mut segments {
        segment.opens = of.and_then(|of| opens(of, segment.key));
    }
    segments
}

/// The page with the rows of a segment.
fn opens(of: LedgerOf, key: &str) -> Option<Opens> {
    let holds_contacts = matches!(key, "new" | "updated" | "unchanged");
    let href = format!("/imports?id={}&show={key}#rows", of.import);
    (of.is_admin || holds_contacts).then_some(Opens::Page(href))
}

/// Records that are the same person as an earlier one.
fn merged(i18n: Reader, records: u32) -> Segment {
    Segment {
        name: word!(i18n, ledger.merged).to_owned(),
        records,
        look: "bg-mended",
        icon: "icon-[lucide--users]",
        key: "merged",
        opens: None,
    }
}

/// Records that can't be imported.
fn rejected(i18n: Reader, records: u32) -> Segment {
    Segment {
        name: word!(i18n, ledger.rejected).to_owned(),
        records,
        look: "bg-bad",
        icon: "icon-[lucide--x]",
        key: "rejected",
        opens: None,
    }
}

/// Records that the admin left out; none without any.
fn dropped(i18n: Reader, records: u32) -> Option<Segment> {
    let name = word!(i18n, ledger.dropped).to_owned();
    (records > 0).then_some(Segment {
        name,
        records,
        look: "bg-quiet",
        icon: "icon-[lucide--circle-slash]",
        key: "dropped",
        opens: None,
    })
}
