//! The state of a contact's card: what is shown, and how it is read again after a change.

use alta_domain::{ContactCard, ContactId, Country, ErrorCode};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;

use crate::api::contacts::{bin_contact, contact};

/// The id of the input of the open form.
pub(super) const VALUE_INPUT: &str = "value-input";
/// The id of the element that opens the form for a new value.
pub(super) const VALUE_ADD: &str = "value-add";
/// The place of the form for a new value.
pub(super) const NEW_VALUE: usize = usize::MAX;

/// The card of one contact.
#[derive(Clone, Copy)]
pub(super) struct CardState {
    pub(super) id: ContactId,
    pub(super) card: RwSignal<ContactCard>,
    /// True when the reader may change the contact.
    pub(super) may_edit: bool,
    /// The country of the organization.
    pub(super) country: Country,
    /// The place of the value whose form is open; `None` when no form is open.
    pub(super) open: RwSignal<Option<usize>>,
    /// True when the text of the open form was changed.
    pub(super) is_dirty: RwSignal<bool>,
    /// What the last change did, for the reader and for screen readers.
    pub(super) news: RwSignal<String>,
    pub(super) error: RwSignal<Option<ErrorCode>>,
    pub(super) busy: RwSignal<bool>,
}

impl CardState {
    pub(super) fn new(card: ContactCard, country: Country, may_edit: bool) -> Self {
        Self {
            id: card.entry.id,
            card: RwSignal::new(card),
            may_edit,
            country,
            open: RwSignal::new(None),
            is_dirty: RwSignal::new(false),
            news: RwSignal::new(String::new()),
            error: RwSignal::new(None),
            busy: RwSignal::new(false),
        }
    }

    /// Returns true when the reader may change values: nobody changes those of a contact in the
    /// bin.
    pub(super) fn may_edit_values(self) -> bool {
        self.may_edit && self.card.with(|card| card.deleted_at.is_none())
    }

    /// Opens the form of the value in this place. A form with a changed text stays open and gets
    /// the focus instead, so that no text is lost; then returns false.
    pub(super) fn open_form(self, place: usize) -> bool {
        let is_kept = self.open.get_untracked().is_some() && self.is_dirty.get_untracked();
        if is_kept {
            focus_soon(VALUE_INPUT.to_owned());
        } else {
            self.open.set(Some(place));
        }
        !is_kept
    }

    /// Closes the open form, and gives the focus to the element with this id.
    pub(super) fn close_form(self, focus: String) {
        self.is_dirty.set(false);
        self.open.set(None);
        focus_soon(focus);
    }

    /// Reads the card again, and gives the focus to the element with this id.
    pub(super) async fn reload(self, focus: String) {
        match contact(self.id).await {
            Ok(card) => {
                self.card.set(card);
                self.close_form(focus);
            }
            Err(failed) => self.error.set(Some(failed.code)),
        }
        self.busy.set(false);
    }

    /// Moves the contact to the bin, or takes it out of the bin.
    pub(super) fn move_to_bin(self, is_deleted: bool) {
        self.busy.set(true);
        self.error.set(None);
        spawn_local(async move {
            match bin_contact(self.id, is_deleted).await {
                Ok(()) => self.reload("card-bin".to_owned()).await,
                Err(failed) => {
                    self.error.set(Some(failed.code));
                    self.busy.set(false);
                }
            }
        });
    }
}

/// Gives the focus to an element once the page has drawn it. When the element is gone, because its
/// value was removed, the way to a new value gets the focus.
pub(super) fn focus_soon(id: String) {
    request_animation_frame(move || {
        let found = document().get_element_by_id(&id);
        let found = found.or_else(|| document().get_element_by_id(VALUE_ADD));
        let found = found.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(found) = found {
            let _ = found.focus();
        }
    });
}
