//! The shape of the file as the engine understood it; the Admin can correct each part.

use alta_domain::{DateOrder, Delimiter, Encoding, HeaderChoice, ShapeChoice};
use leptos::prelude::*;

use crate::importer::use_session;
use crate::reader::use_i18n;
use crate::ui::{Icon, Show, on_event, reactive, reactive_attr};
use crate::words::{Reader, plural, plural_text, text, word};

/// The number of characters of a line that its option shows.
const LINE_LENGTH: usize = 60;

fn encoding_words(i18n: Reader, encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Utf8 => word!(i18n, file.encoding_utf8),
        Encoding::Windows1252 => word!(i18n, file.encoding_1252),
        Encoding::Macintosh => word!(i18n, file.encoding_mac),
        Encoding::Ibm850 => word!(i18n, file.encoding_dos),
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

/// The sheet, header, delimiter and encoding as choices, and the facts of the content.
#[component]
pub(super) fn ShapeChoices() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    view! {
        <section class="flex flex-col gap-3" aria-labelledby="understood">
            <h2 class="text-lg font-semibold" id="understood">
                {text!(i18n, file.understood)}
            </h2>
            <div class="grid gap-3 sm:grid-cols-3">
                <SheetChoice />
                <HeaderLineChoice />
                <Show when=move || session.file.is_text()>
                    <DelimiterChoice />
                    <EncodingChoice />
                </Show>
            </div>
            <Facts />
        </section>
    }
}

/// The choice of the header: a line among the first lines of the file, or no line.
#[component]
fn HeaderLineChoice() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let is_header = move |line| session.check.shape().header_line == Some(line);
    let option = move |(line, text): (u32, String)| {
        let text: String = text.chars().take(LINE_LENGTH).collect();
        view! {
            <option value=line.to_string() selected=reactive_attr(move || is_header(line))>
                {text!(i18n, file.header_line, line = line, text = text.clone())}
            </option>
        }
        .into_any()
    };
    let lines = move || {
        let lines = session.file.first_lines().into_iter();
        lines.map(option).collect_view()
    };
    view! {
        <Choice
            icon="icon-[lucide--table-2]"
            label=text!(i18n, file.header)
            name="header"
            choose=move |choice, chosen| {
                let line = chosen.parse();
                choice.header = Some(line.map_or(HeaderChoice::Absent, HeaderChoice::Line));
            }
        >
            <option
                value="none"
                selected=reactive_attr(move || session.check.shape().header_line.is_none())
            >
                {text!(i18n, file.header_none)}
            </option>
            {reactive(lines)}
        </Choice>
    }
}

/// The choice of the character between two cells; a file of one column has no such character.
#[component]
fn DelimiterChoice() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let delimiter = move || session.check.shape().delimiter;
    let option = move |value: Delimiter| {
        let byte = value.byte().to_string();
        view! {
            <option value=byte selected=reactive_attr(move || delimiter() == Some(value))>
                {reactive(move || delimiter_words(i18n, value))}
            </option>
        }
        .into_any()
    };
    view! {
        <Choice
            icon="icon-[lucide--separator-vertical]"
            label=text!(i18n, file.delimiter)
            name="delimiter"
            choose=move |choice, chosen| {
                choice.delimiter = chosen.parse().ok().and_then(Delimiter::of);
            }
        >
            <Show when=move || delimiter().is_none()>
                <option value="" selected=true>
                    {text!(i18n, file.one_column)}
                </option>
            </Show>
            {Delimiter::ALL.map(option).collect_view()}
        </Choice>
    }
}

/// The choice of the character encoding.
#[component]
fn EncodingChoice() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let option = move |value: Encoding| {
        let is_chosen = move || session.check.shape().encoding == value;
        view! {
            <option value=value.as_str() selected=reactive_attr(is_chosen)>
                {reactive(move || encoding_words(i18n, value))}
            </option>
        }
        .into_any()
    };
    view! {
        <Choice
            icon="icon-[lucide--case-sensitive]"
            label=text!(i18n, file.encoding)
            name="encoding"
            choose=move |choice, chosen| choice.encoding = Encoding::parse(chosen)
        >
            {Encoding::ALL.map(option).collect_view()}
        </Choice>
    }
}

/// The numbers of rows and columns, and the line that proves the order of each column's dates.
#[component]
fn Facts() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let rows = move || {
        session.check.ledger().map(|ledger| {
            view! { <li class="fact">{plural!(i18n, file.rows, n = ledger.records)}</li> }
                .into_any()
        })
    };
    let proof = move |(_, order, line): (u32, DateOrder, u32)| {
        let order = match order {
            DateOrder::Dmy => word!(i18n, file.dmy),
            DateOrder::Mdy => word!(i18n, file.mdy),
        };
        view! { <li class="fact">{word!(i18n, file.date_proof, order = order, line = line)}</li> }
            .into_any()
    };
    let proofs = move || {
        let orders = session.check.date_orders().into_iter();
        orders.map(proof).collect_view()
    };
    view! {
        <ul class="flex flex-wrap gap-2 text-sm">
            {reactive(rows)}
            <li class="fact">
                {plural_text!(i18n, file.columns_n, n = session.check.column_count())}
            </li> {reactive(proofs)}
        </ul>
    }
}

/// One part of the shape as a labelled choice; `choose` stores the chosen value.
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
        session.correct_shape(|choice| choose(choice, &value));
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

/// The choice of the sheet that is read from a workbook; nothing for a text file.
#[component]
fn SheetChoice() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    reactive(move || {
        let (names, chosen) = session.file.sheets()?;
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
            session.correct_shape(|choice| {
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
