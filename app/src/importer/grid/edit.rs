//! The editor of a cell, in the cell's place. The new text goes to that cell alone; afterwards it
//! can go to all equal cells of the column.

use leptos::ev::{FocusEvent, KeyboardEvent};
use leptos::html::Input;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::edited::{EditedCell, LastEdit};
use super::state::{Grid, use_grid};
use crate::reader::use_i18n;
use crate::ui::{Button, ButtonKind, Show, on_event, reactive, reactive_attr};
use crate::words::{text, word};

/// What gets the focus when the editor of a cell closes.
#[derive(Clone, Copy)]
enum Next {
    /// The reader has moved the focus elsewhere.
    Elsewhere,
    Grid,
    Problem {
        backwards: bool,
    },
}

impl Grid {
    /// Closes the editor, and stores the decision that gives its cell another text. `None` or the
    /// same text changes nothing.
    fn end_editing(self, text: Option<String>, next: Next) {
        let Some(cell) = self.editing.get_untracked() else {
            return;
        };
        self.editing.set(None);
        if let Some(text) = text.filter(|text| *text != cell.text) {
            let check = self.session.check;
            check.rows().show_text(cell.record, cell.column, &text);
            let before = check.edit_of(cell.record, cell.column);
            let edit = LastEdit { cell, text, before };
            self.session.decide(edit.of_cell());
            self.last_edit.set(Some(edit));
        }
        match next {
            Next::Elsewhere => {}
            Next::Grid => self.focus(),
            Next::Problem { backwards } => {
                self.focus();
                self.edit_next_problem(backwards);
            }
        }
    }

    /// Undoes the last decision, whatever it was about.
    pub(super) fn undo_last(self) {
        let last = self.session.check.decisions().checked_sub(1);
        let place = untrack(|| self.last_edit_place());
        if place.is_some() && place == last {
            self.undo_last_edit();
        } else if let Some(last) = last {
            self.session.undo_decision(last);
        }
    }

    /// Returns the index, in the list of decisions, of the change of a cell that was made last;
    /// `None` when that change was undone.
    fn last_edit_place(self) -> Option<usize> {
        let fix = self
            .last_edit
            .with(|edit| edit.as_ref().map(LastEdit::of_cell))?;
        self.session.check.place_of(&fix)
    }

    /// Undoes the last change of a cell, which gets back the text that it had before.
    fn undo_last_edit(self) {
        if let Some(place) = untrack(|| self.last_edit_place()) {
            self.session.undo_decision(place);
            let before = self.last_edit.get_untracked().and_then(|edit| edit.before);
            self.last_edit.set(None);
            if let Some(before) = before {
                self.session.decide(before);
            }
        }
    }
}

/// The editor over the active cell.
#[component]
pub(super) fn CellEditor(cell: EditedCell) -> impl IntoView {
    let grid = use_grid();
    let i18n = use_i18n();
    let input = NodeRef::<Input>::new();
    let value = cell.text;
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            input.set_value(&value);
            let _ = input.focus();
            input.select();
        }
    });
    let typed = move || input.get_untracked().map(|input| input.value());
    let keys = move |event: KeyboardEvent| {
        event.stop_propagation();
        let next = match event.key().as_str() {
            "Tab" => Next::Problem {
                backwards: event.shift_key(),
            },
            "Enter" | "Escape" => Next::Grid,
            _ => return,
        };
        event.prevent_default();
        let text = typed().filter(|_| event.key() != "Escape");
        grid.end_editing(text, next);
    };
    let leave = move |_: FocusEvent| grid.end_editing(typed(), Next::Elsewhere);
    let place = move || {
        let active = grid.active.get();
        let cell = document().get_element_by_id(&active.id());
        let cell = cell.and_then(|cell| cell.dyn_into::<HtmlElement>().ok());
        let (left, width) = cell.map_or((0, 0), |cell| (cell.offset_left(), cell.offset_width()));
        let top = grid.scroll.place(active.row);
        format!("left: {left}px; inline-size: {width}px; transform: translateY({top}px)")
    };
    view! {
        <div class="cell-editor" id="cell-editor" role="row" style=reactive_attr(place)>
            <span role="gridcell">
                <input
                    id="cell-text"
                    type="text"
                    autocomplete="off"
                    aria-label=text!(i18n, grid.edit)
                    aria-describedby="editor-keys"
                    node_ref=input
                    on:keydown=on_event(keys)
                    on:blur=on_event(leave)
                />
            </span>
        </div>
    }
}

/// The last change of a cell, with a button that makes it in all equal cells and one that undoes
/// it.
#[component]
pub(super) fn LastChange() -> impl IntoView {
    let grid = use_grid();
    let i18n = use_i18n();
    let everywhere = Callback::new(move |()| {
        let edit = grid.last_edit.get_untracked();
        if let Some(fix) = edit.and_then(|edit| edit.of_equals()) {
            grid.session.decide(fix);
            grid.last_edit.set(None);
            grid.focus();
        }
    });
    let undo = Callback::new(move |()| {
        grid.undo_last_edit();
        grid.focus();
    });
    let has_equals = move || {
        grid.last_edit
            .with(|edit| edit.as_ref().is_some_and(|edit| edit.of_equals().is_some()))
    };
    view! {
        <Show when=move || grid.last_edit_place().is_some()>
            <div class="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm" id="last-change">
                <p class="min-w-0 break-words" aria-live="polite">
                    {reactive(move || {
                        grid.last_edit
                            .get()
                            .map(|edit| {
                                word!(
                                    i18n, grid.changed, line = edit.cell.line, from = edit.cell
                                    .text, to = edit.text
                                )
                            })
                    })}
                </p>
                <Show when=has_equals>
                    <Button small=true on_press=everywhere>
                        {text!(i18n, grid.edit_all)}
                    </Button>
                </Show>
                <Button small=true kind=ButtonKind::Quiet on_press=undo>
                    {text!(i18n, remedy.undo)}
                </Button>
            </div>
        </Show>
    }
}
