//! The check's accounts as a bar.

use leptos::prelude::*;

use super::use_session;
use crate::reader::use_i18n;
use crate::ui::{LedgerBar, Segment, Show, reactive_attr};
use crate::words::{Reader, plural_text, word};

/// Ready, repeated, rejected; nothing before the first check has ended.
#[component]
pub(crate) fn CheckLedgerBar() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let segments = move || {
        let ledger = session.report.with(|report| {
            report
                .as_ref()
                .map(|report| report.ledger)
                .unwrap_or_default()
        });
        let mut segments = vec![
            Segment {
                name: word!(i18n, ledger.ready).to_owned(),
                records: ledger.ready,
                look: "bg-good",
                icon: "icon-[lucide--check]",
                key: "ready",
            },
            Segment {
                name: word!(i18n, ledger.merged).to_owned(),
                records: ledger.merged,
                look: "bg-mended",
                icon: "icon-[lucide--users]",
                key: "merged",
            },
            Segment {
                name: word!(i18n, ledger.rejected).to_owned(),
                records: ledger.rejected,
                look: "bg-bad",
                icon: "icon-[lucide--x]",
                key: "rejected",
            },
        ];
        segments.extend(dropped(i18n, ledger.dropped));
        segments
    };
    let records = move || {
        session.report.with(|report| {
            report
                .as_ref()
                .map_or(0, |report| u64::from(report.ledger.records))
        })
    };
    view! {
        <Show when=move || session.report.with(Option::is_some)>
            <div
                class="transition-opacity"
                class:opacity-60=reactive_attr(move || session.checking.get())
            >
                <LedgerBar
                    label=plural_text!(i18n, ledger.label, records = records())
                    segments=Signal::derive(segments)
                />
            </div>
        </Show>
    }
}

/// The segments of an import's ledger.
pub(crate) fn import_segments(i18n: Reader, ledger: alta_domain::ImportLedger) -> Vec<Segment> {
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
        Segment {
            name: word!(i18n, ledger.merged).to_owned(),
            records: ledger.merged,
            look: "bg-mended",
            icon: "icon-[lucide--users]",
            key: "merged",
        },
        Segment {
            name: word!(i18n, ledger.rejected).to_owned(),
            records: ledger.rejected,
            look: "bg-bad",
            icon: "icon-[lucide--x]",
            key: "rejected",
        },
    ];
    segments.extend(dropped(i18n, ledger.dropped));
    segments
}

/// What the admin left out; named only when there is something.
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
