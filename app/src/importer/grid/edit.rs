//! One cell of the grid gets another text, and with it all equal cells of its column, if the admin
//! says so.

use alta_domain::Fix;
use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::html::Input;
use leptos::prelude::*;

use crate::importer::use_session;
use crate::reader::use_i18n;
use crate::ui::{Button, on_event};
use crate::words::text;

/// The cell that is changed: its record, its column, its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edited {
    pub(super) record: u32,
    pub(super) line: u32,
    pub(super) column: u32,
    pub(super) text: String,
}

/// The form; `leave` closes it.
#[component]
#[expect(clippy::too_many_lines, reason = "a view that waits to be split")]
pub(super) fn CellEditor(edited: Edited, leave: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let (input, all) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    let Edited {
        record,
        line,
        column,
        text: before,
    } = edited;
    let value = before.clone();
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            input.set_value(&value);
            let _ = input.focus();
            input.select();
        }
    });
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let (Some(input), Some(all)) = (input.get_untracked(), all.get_untracked()) else {
            return;
        };
        let text = input.value();
        leave.run(());
        if text == before {
            return;
        }
        session.decide(if all.checked() && !before.trim().is_empty() {
            Fix::Replace {
                column,
                from: before.clone(),
                to: text,
            }
        } else {
            Fix::SetCell {
                record,
                line,
                column,
                text,
            }
        });
    };
    let keys = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            leave.run(());
        }
    };
    view! {
        <form
            class="panel flex flex-wrap items-center gap-3 p-4"
            id="cell-editor"
            on:submit=on_event(save)
            on:keydown=on_event(keys)
        >
            <input
                class="input min-h-11 min-w-0 flex-1 basis-56"
                id="cell-text"
                type="text"
                aria-label=text!(i18n, grid.edit)
                node_ref=input
            />
            <label class="flex min-h-11 items-center gap-2 text-sm">
                <input class="checkbox" type="checkbox" node_ref=all />
                {text!(i18n, grid.edit_all)}
            </label>
            <Button small=true submit=true>
                {text!(i18n, grid.save)}
            </Button>
            <Button small=true on_press=leave>
                {text!(i18n, grid.cancel)}
            </Button>
        </form>
    }
}
