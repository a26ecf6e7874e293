//! The state of a contact's card: what is shown, and how it is read again after a change.

use alta_domain::{ContactCard, ContactId, ErrorCode};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;

use crate::api::contacts::{bin_contact, contact};

/// The card of one contact.
#[derive(Clone, Copy)]
pub(super) struct CardState {
    pub(super) id: ContactId,
    pub(super) card: RwSignal<ContactCard>,
    /// True when the reader may change the contact.
    pub(super) may_edit: bool,
    /// What the last change did, for the reader and for screen readers.
    pub(super) news: RwSignal<String>,
    pub(super) error: RwSignal<Option<ErrorCode>>,
    pub(super) busy: RwSignal<bool>,
}

impl CardState {
    pub(super) fn new(card: ContactCard, may_edit: bool) -> Self {
        Self {
            id: card.entry.id,
            card: RwSignal::new(card),
            may_edit,
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

    /// Reads the card again, and gives the focus to the element with this id.
    pub(super) async fn reload(self, focus: String) {
        match contact(self.id).await {
            Ok(card) => {
                self.card.set(card);
                focus_soon(focus);
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

/// Gives the focus to an element once the page has drawn it.
pub(super) fn focus_soon(id: String) {
    request_animation_frame(move || {
        let found = document().get_element_by_id(&id);
        let found = found.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(found) = found {
            let _ = found.focus();
        }
    });
}
