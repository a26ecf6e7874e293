//! An import as a line: in the list, on the home page, and on its own page.

use alta_domain::{ImportEntry, ImportLedger, ImportState};
use leptos::prelude::*;

use crate::format;
use crate::reader::use_i18n;
use crate::ui::{Icon, PageLink, reactive};
use crate::words::{Reader, plural, word};

/// An import in the list, as a link to its page.
#[component]
pub(crate) fn ImportRow(entry: ImportEntry) -> impl IntoView {
    let i18n = use_i18n();
    let (icon, name) = (icon(&entry), name_of(&entry));
    let ImportEntry {
        summary, lists, by, ..
    } = entry;
    let (id, state, started) = (summary.id, summary.state, summary.started_at);
    let lists = lists.join(", ");
    let counts = move || counts(i18n, summary.ledger);
    view! {
        <li class="py-1" data-import=id.to_string()>
            <PageLink
                href=format!("/imports?id={id}")
                class="link-row flex min-h-11 flex-col gap-0.5 py-2"
            >
                <span class="flex flex-wrap items-center gap-x-3">
                    <Icon name=icon class="text-soft" />
                    <span class="min-w-0 font-medium break-words">{name}</span>
                    <span class="text-sm font-medium">
                        {reactive(move || state_words(i18n, state))}
                    </span>
                </span>
                <span class="text-sm text-soft">
                    {reactive(move || format::moment(i18n.language(), started))}" · "{by}
                    {(!lists.is_empty()).then(|| format!(" · {lists}"))}
                </span>
                <span class="text-sm tabular-nums">{reactive(counts)}</span>
            </PageLink>
        </li>
    }
}

/// Returns the name of an import: the name of its file, or of the system and the account in it.
pub(super) fn name_of(entry: &ImportEntry) -> String {
    match &entry.system {
        Some(system) => format!("{system} · {}", entry.summary.file_name),
        None => entry.summary.file_name.clone(),
    }
}

fn icon(entry: &ImportEntry) -> &'static str {
    match entry.system {
        Some(_) => "icon-[lucide--plug]",
        None => "icon-[lucide--file-spreadsheet]",
    }
}

/// Returns the counts of an import that are not zero, in a line.
fn counts(i18n: Reader, ledger: ImportLedger) -> String {
    let places = [
        (ledger.new, word!(i18n, ledger.new)),
        (ledger.updated, word!(i18n, ledger.updated)),
        (ledger.unchanged, word!(i18n, ledger.unchanged)),
        (ledger.merged, word!(i18n, ledger.merged)),
        (ledger.rejected, word!(i18n, ledger.rejected)),
        (ledger.dropped, word!(i18n, ledger.dropped)),
    ];
    let counted = places.into_iter().filter(|(records, _)| *records > 0);
    let parts: Vec<String> = counted
        .map(|(records, name)| {
            let number = format::number(i18n.language(), u64::from(records));
            format!("{name}: {number}")
        })
        .collect();
    let rows = plural!(i18n, file.rows, n = ledger.records);
    std::iter::once(rows)
        .chain(parts)
        .collect::<Vec<_>>()
        .join(" · ")
}

/// Returns the name of an import's state; empty for an import that has ended normally.
pub(super) fn state_words(i18n: Reader, state: ImportState) -> &'static str {
    match state {
        ImportState::Finished => "",
        ImportState::Running => word!(i18n, imports.running),
        ImportState::Stopped => word!(i18n, home.stopped),
        ImportState::Undoing => word!(i18n, home.undoing),
        ImportState::Undone => word!(i18n, home.undone),
    }
}
