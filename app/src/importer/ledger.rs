//! The counts of a check and of an import, as the segments of a bar.

use alta_domain::worker::{CheckPlace, RowFilter};
use alta_domain::{CheckLedger, ImportId, ImportLedger, ImportSummary};
use leptos::prelude::*;

use super::session::{GridRows, use_session};
use crate::reader::use_i18n;
use crate::ui::{LedgerBar, Opens, Segment, Show, reactive_attr};
use crate::words::{Reader, plural_text, word};

/// The counts of the last check: records that are ready, merged, rejected or left out. Nothing
/// before a check has ended.
#[component]
pub(crate) fn CheckLedgerBar(
    /// True when the page has the grid, so that a number can show its rows in the grid.
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

/// Returns the segments of a check's counts. Each segment shows its rows in the grid, when the page
/// has one.
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

/// Returns the action of a segment: it shows the segment's rows in the grid, or all rows when it is
/// pressed again. Returns `None` for a segment without such an action.
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

/// The import whose page the numbers open, and the rights of the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LedgerOf {
    import: ImportId,
    /// True when the reader is an Admin, who alone may see records of the file.
    is_admin: bool,
}

impl LedgerOf {
    /// Returns the import of a summary; `None` for an import from before histories were kept, which
    /// has no rows to open.
    pub(crate) fn new(summary: &ImportSummary, is_admin: bool) -> Option<Self> {
        summary.has_rows.then_some(Self {
            import: summary.id,
            is_admin,
        })
    }
}

/// Returns the segments of an import's counts. Each segment opens its rows on the import's page;
/// without `of` it opens nothing.
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

/// Returns the link to the page with the rows of a segment; `None` when the reader may not see
/// these rows.
fn opens(of: LedgerOf, key: &str) -> Option<Opens> {
    let holds_contacts = matches!(key, "new" | "updated" | "unchanged");
    let href = format!("/imports?id={}&show={key}#rows", of.import);
    (of.is_admin || holds_contacts).then_some(Opens::Page(href))
}

/// Returns the segment of records that are the same person as an earlier record.
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

/// Returns the segment of records that can't be imported.
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

/// Returns the segment of records that the Admin left out; `None` when there are none.
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
