//! The counts of a check and of an import, as the segments of a bar.

use alta_domain::{CheckLedger, ImportLedger};
use leptos::prelude::*;

use super::session::use_session;
use crate::reader::use_i18n;
use crate::ui::{LedgerBar, Segment, Show, reactive_attr};
use crate::words::{Reader, plural_text, word};

/// The counts of the last check: ready, repeated, rejected; nothing before a check has ended.
#[component]
pub(crate) fn CheckLedgerBar() -> impl IntoView {
    let i18n = use_i18n();
    let check = use_session().check;
    let ledger = move || check.ledger().unwrap_or_default();
    view! {
        <Show when=move || check.has_report()>
            <div
                class="transition-opacity"
                class:opacity-60=reactive_attr(move || check.is_running())
            >
                <LedgerBar
                    label=plural_text!(i18n, ledger.label, records = ledger().records)
                    segments=Signal::derive(move || check_segments(i18n, ledger()))
                />
            </div>
        </Show>
    }
}

/// The segments of a check's counts.
fn check_segments(i18n: Reader, ledger: CheckLedger) -> Vec<Segment> {
    let mut segments = vec![
        Segment {
            name: word!(i18n, ledger.ready).to_owned(),
            records: ledger.ready,
            look: "bg-good",
            icon: "icon-[lucide--check]",
            key: "ready",
        },
        merged(i18n, ledger.merged),
        rejected(i18n, ledger.rejected),
    ];
    segments.extend(dropped(i18n, ledger.dropped));
    segments
}

/// The segments of an import's counts.
pub(crate) fn import_segments(i18n: Reader, ledger: ImportLedger) -> Vec<Segment> {
    let mut segments = vec![
        Segment {
            name: word!(i18n, ledger.new).to_owned(),
            records: ledger.new,
            look: "bg-good",
            icon: "icon-[lucide--user-plus]",
            key: "new",
        },
        Segment {
            name: word!(i18n, ledger.updated).to_owned(),
            records: ledger.updated,
            look: "bg-primary",
            icon: "icon-[lucide--user-pen]",
            key: "updated",
        },
        Segment {
            name: word!(i18n, ledger.unchanged).to_owned(),
            records: ledger.unchanged,
            look: "bg-quiet",
            icon: "icon-[lucide--equal]",
            key: "unchanged",
        },
        merged(i18n, ledger.merged),
        rejected(i18n, ledger.rejected),
    ];
    segments.extend(dropped(i18n, ledger.dropped));
    segments
}

/// Records that are the same person as an earlier one.
fn merged(i18n: Reader, records: u32) -> Segment {
    Segment {
        name: word!(i18n, ledger.merged).to_owned(),
        records,
        look: "bg-mended",
        icon: "icon-[lucide--users]",
        key: "merged",
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
    })
}
