//! What we understood of the file, each part correctable.

use alta_domain::worker::Preview;
use alta_domain::{DateOrder, Delimiter, Encoding, HeaderChoice, ShapeChoice};
use leptos::prelude::*;

use crate::importer::use_session;
use crate::reader::use_i18n;
use crate::ui::{Icon, Show, on_event, reactive, reactive_attr};
use crate::words::{Reader, plural, plural_text, text, word};

fn encoding_words(i18n: Reader, encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Utf8 => word!(i18n, file.encoding_utf8),
        Encoding::Windows1252 => word!(i18n, file.encoding_1252),
        Encoding::Macintosh => word!(i18n, file.encoding_mac),
        Encoding::Utf16Le => "UTF-16LE",
        Encoding::Utf16Be => "UTF-16BE",
    }
}

fn delimiter_words(i18n: Reader, delimiter: Delimiter) -> &'static str {
    match delimiter {
        Delimiter::Comma => word!(i18n, file.comma),
        Delimiter::Semicolon => word!(i18n, file.semicolon),
        Delimiter::Tab => word!(i18n, file.tab),
        Delimiter::Pipe => word!(i18n, file.pipe),
    }
}

/// Encoding, delimiter and header as choices; the dates' order with its proof.
#[component]
#[expect(clippy::too_many_lines, reason = "a view that waits to be split")]
pub(super) fn ShapeChips() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let shape = move || {
        session.mapping.with(|mapping| {
            mapping
                .as_ref()
                .map(|mapping| mapping.shape)
                .unwrap_or_default()
        })
    };
    let encoding = move |value: Encoding| {
        view! {
            <option value=value.as_str() selected=reactive_attr(move || shape().encoding == value)>
                {reactive(move || encoding_words(i18n, value))}
            </option>
        }
        .into_any()
    };
    let delimiter = move |value: Delimiter| {
        let byte = value.byte().to_string();
        view! {
            <option value=byte selected=reactive_attr(move || shape().delimiter == Some(value))>
                {reactive(move || delimiter_words(i18n, value))}
            </option>
        }
        .into_any()
    };
    let header = move || {
        let head = session.preview.with(|preview: &Option<Preview>| {
            preview
                .as_ref()
                .map(|preview| preview.head.clone())
                .unwrap_or_default()
        });
        let option = move |(line, text): (u32, String)| {
            let text: String = text.chars().take(60).collect();
            view! {
                <option
                    value=line.to_string()
                    selected=reactive_attr(move || shape().header_line == Some(line))
                >
                    {text!(i18n, file.header_line, line = line, text = text.clone())}
                </option>
            }
            .into_any()
        };
        head.into_iter().map(option).collect_view()
    };
    let is_text = move || {
        session.preview.with(|preview| {
            preview
                .as_ref()
                .is_some_and(|preview| preview.sheets.is_none())
        })
    };
    view! {
        <section class="flex flex-col gap-3" aria-labelledby="understood">
            <h2 class="text-lg font-semibold" id="understood">
                {text!(i18n, file.understood)}
            </h2>
            <div class="grid gap-3 sm:grid-cols-3">
                <SheetChoice />
                <Choice
                    icon="icon-[lucide--table-2]"
                    label=text!(i18n, file.header)
                    name="header"
                    choose=move |choice, chosen| {
                        choice.header = Some(
                            chosen.parse().map_or(HeaderChoice::Absent, HeaderChoice::Line),
                        );
                    }
                >
                    <option
                        value="none"
                        selected=reactive_attr(move || shape().header_line.is_none())
                    >
                        {text!(i18n, file.header_none)}
                    </option>
                    {reactive(header)}
                </Choice>
                <Show when=is_text>
                    <Choice
                        icon="icon-[lucide--separator-vertical]"
                        label=text!(i18n, file.delimiter)
                        name="delimiter"
                        choose=move |choice, chosen| {
                            choice.delimiter = chosen.parse().ok().and_then(Delimiter::of);
                        }
                    >
                        <Show when=move || shape().delimiter.is_none()>
                            <option value="" selected=true>
                                {text!(i18n, file.one_column)}
                            </option>
                        </Show>
                        {Delimiter::ALL.map(delimiter).collect_view()}
                    </Choice>
                    <Choice
                        icon="icon-[lucide--case-sensitive]"
                        label=text!(i18n, file.encoding)
                        name="encoding"
                        choose=move |choice, chosen| choice.encoding = Encoding::parse(chosen)
                    >
                        {Encoding::ALL.map(encoding).collect_view()}
                    </Choice>
                </Show>
            </div>
            <Facts />
        </section>
    }
}

/// How much there is, and what proves the order of dates.
#[component]
fn Facts() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let records = move || {
        session.report.with(|report| {
            report
                .as_ref()
                .map(|report| u64::from(report.ledger.records))
        })
    };
    let columns = move || {
        session
            .mapping
            .with(|mapping| mapping.as_ref().map_or(0, |mapping| mapping.columns.len()))
    };
    let proof = move |(_, order, line): (u32, DateOrder, u32)| {
        let order = match order {
            DateOrder::Dmy => word!(i18n, file.dmy),
            DateOrder::Mdy => word!(i18n, file.mdy),
        };
        view! { <li class="fact">{word!(i18n, file.date_proof, order = order, line = line)}</li> }
            .into_any()
    };
    view! {
        <ul class="flex flex-wrap gap-2 text-sm">
            {reactive(move || {
                records()
                    .map(|records| {
                        view! { <li class="fact">{plural!(i18n, file.rows, n = records)}</li> }
                            .into_any()
                    })
            })} <li class="fact">{plural_text!(i18n, file.columns_n, n = columns())}</li>
            {reactive(move || {
                session
                    .report
                    .with(|report| report.as_ref().map(|report| report.date_orders.clone()))
                    .unwrap_or_default()
                    .into_iter()
                    .map(proof)
                    .collect_view()
            })}
        </ul>
    }
}

/// A part of the shape to choose.
#[component]
fn Choice(
    icon: &'static str,
    #[prop(into)] label: Signal<String>,
    name: &'static str,
    choose: fn(&mut ShapeChoice, &str),
    children: Children,
) -> impl IntoView {
    let session = use_session();
    let chosen = move |event| {
        let value = event_target_value(&event);
        session.correct(|choice| choose(choice, &value));
    };
    view! {
        <label class="flex min-w-0 flex-col gap-1 text-sm">
            <span class="flex items-center gap-1.5 text-soft">
                <Icon name=icon class="size-4" />
                {reactive(move || label.get())}
            </span>
            <select class="select h-11 w-full" name=name on:change=on_event(chosen)>
                {children()}
            </select>
        </label>
    }
}

/// Which sheet of a workbook is read; nothing for a text.
#[component]
fn SheetChoice() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    reactive(move || {
        let (names, chosen) = session
            .preview
            .with(|preview| preview.as_ref().and_then(|preview| preview.sheets.clone()))?;
        let option = |(place, name): (u32, String)| {
            view! {
                <option value=place.to_string() selected=place == chosen>
                    {name}
                </option>
            }
            .into_any()
        };
        let choose = move |event| {
            let sheet = event_target_value(&event).parse().ok();
            session.correct(|choice| {
                *choice = ShapeChoice {
                    sheet,
                    ..ShapeChoice::default()
                }
            });
        };
        Some(
            view! {
                <label class="flex min-w-0 flex-col gap-1 text-sm">
                    <span class="flex items-center gap-1.5 text-soft">
                        <Icon name="icon-[lucide--sheet]" class="size-4" />
                        {text!(i18n, file.sheet)}
                    </span>
                    <select class="select h-11 w-full" name="sheet" on:change=on_event(choose)>
                        {(0..).zip(names).map(option).collect_view()}
                    </select>
                </label>
            }
            .into_any(),
        )
    })
}
