//! The editor of one cell. The new text goes to that cell or, when the admin says so, to all equal
//! cells of its column.

use alta_domain::Fix;
use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::html::Input;
use leptos::prelude::*;

use super::cell::CellPlace;
use crate::importer::session::{GridRows, use_session};
use crate::reader::use_i18n;
use crate::ui::{Button, on_event};
use crate::words::text;

/// The cell that is edited, as the file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct EditedCell {
    /// The record, counted from 1.
    record: u32,
    /// The line of the file where the record starts, counted from 1.
    line: u32,
    /// The column, counted from 0.
    column: u32,
    text: String,
}

impl EditedCell {
    /// The cell at a place; none when its row is not loaded.
    pub(super) fn at(rows: GridRows, place: CellPlace) -> Option<Self> {
        let row = untrack(|| rows.row(place.row))?;
        let text = row.cells.get(place.column)?.text.clone();
        Some(Self {
            record: row.record,
            line: row.line,
            column: u32::try_from(place.column).ok()?,
            text,
        })
    }

    /// The decision that gives the cell another text, and all equal cells of its column too when
    /// `everywhere`. An empty cell is changed alone: others that are empty need not mean the same.
    fn replaced_by(self, text: String, everywhere: bool) -> Fix {
        if everywhere && !self.text.trim().is_empty() {
            Fix::Replace {
                column: self.column,
                from: self.text,
                to: text,
            }
        } else {
            Fix::SetCell {
                record: self.record,
                line: self.line,
                column: self.column,
                text,
            }
        }
    }
}

/// The form; `close` removes it.
#[component]
pub(super) fn CellEditor(edited: EditedCell, close: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let (input, everywhere) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    let value = edited.text.clone();
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            input.set_value(&value);
            let _ = input.focus();
            input.select();
        }
    });
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let (Some(input), Some(everywhere)) = (input.get_untracked(), everywhere.get_untracked())
        else {
            return;
        };
        let text = input.value();
        close.run(());
        if text != edited.text {
            session.decide(edited.clone().replaced_by(text, everywhere.checked()));
        }
    };
    let keys = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            close.run(());
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
                <input class="checkbox" type="checkbox" node_ref=everywhere />
                {text!(i18n, grid.edit_all)}
            </label>
            <Button small=true submit=true>
                {text!(i18n, grid.save)}
            </Button>
            <Button small=true on_press=close>
                {text!(i18n, grid.cancel)}
            </Button>
        </form>
    }
}
