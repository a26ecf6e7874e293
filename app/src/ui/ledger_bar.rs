//! The ledger bar: a bar with a segment for each state of records, and the counts below it.

use leptos::prelude::*;

use super::{Icon, PageLink, on_event, reactive, reactive_attr};
use crate::format;
use crate::reader::use_i18n;

/// A segment of the bar.
#[derive(Clone)]
pub(crate) struct Segment {
    /// The segment's name in the reader's language.
    pub(crate) name: String,
    /// The number of records in the segment.
    pub(crate) records: u32,
    /// The segment's colour, a class of the style sheet.
    pub(crate) look: &'static str,
    /// The segment's icon, a class of the style sheet.
    pub(crate) icon: &'static str,
    /// The segment's name for tests and styles.
    pub(crate) key: &'static str,
    /// The rows that the segment's number opens; `None` when the number opens nothing.
    pub(crate) opens: Option<Opens>,
}

/// The place where the number of a segment shows its rows.
#[derive(Clone)]
pub(crate) enum Opens {
    /// A page, by its address.
    Page(String),
    /// The grid on the same page: a press shows the segment's rows, a second press all rows.
    Rows {
        toggle: Callback<()>,
        is_shown: Signal<bool>,
    },
}

/// A bar over all records, and its segments as a list.
#[component]
pub(crate) fn LedgerBar(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] segments: Signal<Vec<Segment>>,
) -> impl IntoView {
    let total = move || {
        segments.with(|segments| {
            segments
                .iter()
                .map(|segment| u64::from(segment.records))
                .sum::<u64>()
                .max(1)
        })
    };
    let bar = move || {
        let total = total();
        let part = |segment: Segment| {
            let per_mille = u64::from(segment.records) * 1000 / total;
            view! {
                <span
                    class=segment.look
                    style=format!(
                        "flex-grow: {per_mille}; min-width: {}px",
                        u8::from(segment.records > 0) * 4,
                    )
                ></span>
            }
            .into_any()
        };
        segments.get().into_iter().map(part).collect_view()
    };
    let list = move || {
        let item = |segment: Segment| {
            let (records, key, icon) = (segment.records, segment.key, segment.icon);
            view! {
                <div class="flex flex-col gap-0.5" data-segment=key>
                    <dt class="flex items-center gap-1.5 text-sm text-soft">
                        <Icon name=icon class="size-4" />
                        {segment.name.clone()}
                    </dt>
                    <dd class="text-xl font-semibold tabular-nums" data-records=records>
                        <Number segment=segment />
                    </dd>
                </div>
            }
            .into_any()
        };
        segments.get().into_iter().map(item).collect_view()
    };
    view! {
        <figure class="flex flex-col gap-3">
            <figcaption class="text-sm text-soft">{reactive(move || label.get())}</figcaption>
            <div
                class="flex h-3 gap-0.5 overflow-hidden rounded-full bg-base-300"
                aria-hidden="true"
            >
                {reactive(bar)}
            </div>
            <dl class="flex flex-wrap gap-x-8 gap-y-3">{reactive(list)}</dl>
        </figure>
    }
}

/// The number of a segment: a link or a button when the number opens something.
#[component]
fn Number(segment: Segment) -> impl IntoView {
    let i18n = use_i18n();
    let number = format::number(i18n.language(), u64::from(segment.records));
    let name = segment.name;
    match segment.opens.filter(|_| segment.records > 0) {
        None => number.into_any(),
        Some(Opens::Page(href)) => view! {
            <PageLink href=href class="link flex min-h-11 items-center">
                {number}
                <span class="sr-only">" "{name}</span>
            </PageLink>
        }
        .into_any(),
        Some(Opens::Rows { toggle, is_shown }) => view! {
            <button
                type="button"
                class="link flex min-h-11 items-center"
                data-does=format!("segment {}", segment.key)
                aria-pressed=reactive_attr(move || is_shown.get().to_string())
                on:click=on_event(move |_| toggle.run(()))
            >
                {number}
                <span class="sr-only">" "{name}</span>
            </button>
        }
        .into_any(),
    }
}
