//! The zone in which a file is dropped; a drop anywhere on the page counts too.

use leptos::ev;
use leptos::html::Input;
use leptos::prelude::*;

use crate::format;
use crate::importer::use_session;
use crate::reader::use_i18n;
use crate::ui::{Button, ButtonKind, Icon, Show, on_event, reactive_attr};
use crate::words::{text, word};

/// The zone over the whole width with the rules for files. Once a file is chosen, only the hidden
/// input is left.
#[component]
pub(super) fn DropZone() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let input = NodeRef::<Input>::new();
    let over = RwSignal::new(false);
    let take = move |files: Option<web_sys::FileList>| {
        if let Some(file) = files.and_then(|files| files.get(0)) {
            session.open_file(&file);
        }
    };
    open_dropped_files(over, take);
    open_pasted_cells();
    let choose = Callback::new(move |()| {
        if let Some(input) = input.get_untracked() {
            input.set_value("");
            input.click();
        }
    });
    view! {
        <input
            node_ref=input
            class="sr-only"
            id="file"
            type="file"
            tabindex="-1"
            accept=".csv,.txt,.tsv,.xlsx,.ods,.xls,text/csv,text/plain"
            aria-label=text!(i18n, file.choose)
            on:change=on_event(move |_| take(input.get_untracked().and_then(|input| input.files())))
        />
        <Show
            when=move || !session.file.is_open()
            fallback=move || {
                view! {
                    <Show when=move || session.file.refusal().is_none()>
                        <div class="hidden" class:drop-veil=reactive_attr(move || over.get())>
                            {text!(i18n, file.drop)}
                        </div>
                    </Show>
                }
            }
        >
            <EmptyZone over=over choose=choose />
        </Show>
    }
}

/// Opens cells that were copied from a spreadsheet and are pasted on the page, as if they were a
/// file. A text of one line is not opened, because it is no table, and neither is a text pasted
/// into an input.
fn open_pasted_cells() {
    let i18n = use_i18n();
    let session = use_session();
    Effect::new(move |_| {
        let paste = window_event_listener(ev::paste, move |event| {
            let is_typing = document()
                .active_element()
                .is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA"));
            let data = event.clipboard_data();
            let text = data.and_then(|data| data.get_data("text/plain").ok());
            let text = text.unwrap_or_default();
            let is_table = text.trim().contains('\n');
            if is_typing || !is_table || session.file.is_open_untracked() {
                return;
            }
            let name = format!("{}.txt", word!(i18n, file.pasted));
            let parts = js_sys::Array::of1(&text.into());
            if let Ok(file) = web_sys::File::new_with_str_sequence(&parts, &name) {
                event.prevent_default();
                session.open_file(&file);
            }
        });
        on_cleanup(move || paste.remove());
    });
}

/// Listens to files that are dropped anywhere on the page: calls `take` with them, and sets `over`
/// to true while one is dragged over the page.
fn open_dropped_files(
    over: RwSignal<bool>,
    take: impl Fn(Option<web_sys::FileList>) + Copy + 'static,
) {
    Effect::new(move |_| {
        let drag = window_event_listener(ev::dragover, move |event| {
            event.prevent_default();
            over.set(true);
        });
        let leave = window_event_listener(ev::dragleave, move |event| {
            if event.related_target().is_none() {
                over.set(false);
            }
        });
        let drop = window_event_listener(ev::drop, move |event| {
            event.prevent_default();
            over.set(false);
            take(event.data_transfer().and_then(|data| data.files()));
        });
        on_cleanup(move || {
            drag.remove();
            leave.remove();
            drop.remove();
        });
    });
}

/// The button, the rules for files, and an example.
#[component]
fn EmptyZone(over: RwSignal<bool>, choose: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let max_bytes = use_session().file.max_bytes();
    view! {
        <section
            class="drop-zone"
            class:is-over=reactive_attr(move || over.get())
            aria-label=text!(i18n, file.drop)
        >
            <Icon name="icon-[lucide--file-up]" class="size-10 text-primary" />
            <p class="text-xl font-semibold">{text!(i18n, file.drop)}</p>
            <p class="text-soft">{text!(i18n, file.or)}</p>
            <Button kind=ButtonKind::Primary on_press=choose>
                {text!(i18n, file.choose)}
            </Button>
            <p class="text-sm text-soft">{text!(i18n, file.paste)}</p>
            <ul class="rules">
                <li>{text!(i18n, file.rule_delimiter)}</li>
                <li>{text!(i18n, file.rule_identity)}</li>
                <li>{text!(i18n, file.rule_header)}</li>
                <li>
                    {text!(i18n, file.rule_size, size = format::bytes(i18n.language(), max_bytes))}
                </li>
            </ul>
        </section>
        <div class="flex flex-wrap items-center justify-between gap-3 text-sm">
            <p class="flex items-center gap-2 text-soft">
                <Icon name="icon-[lucide--shield-check]" />
                {text!(i18n, file.private)}
            </p>
            <a class="link" href="/example.csv" download="alta.csv" rel="external">
                {text!(i18n, file.example)}
            </a>
        </div>
    }
}
