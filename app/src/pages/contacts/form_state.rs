//! The state of the form that adds, changes or removes one value of a contact.

use alta_domain::{
    BuiltInField, EditAnswer, ErrorCode, FieldKind, FieldTarget, ProblemCode, ValueEdit,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::card_state::CardState;
use crate::api::contacts::{edit_contact, make_first};
use crate::words::{self, Reader, word};

/// Returns true when the values of a field are yes or no.
pub(super) fn is_yes_or_no(target: FieldTarget) -> bool {
    matches!(
        target,
        FieldTarget::Custom {
            kind: FieldKind::Boolean,
            ..
        }
    )
}

/// The state of the form.
#[derive(Clone, Copy)]
pub(super) struct Form {
    pub(super) i18n: Reader,
    pub(super) state: CardState,
    pub(super) target: FieldTarget,
    pub(super) opener: StoredValue<String>,
    pub(super) old: StoredValue<Option<String>>,
    pub(super) text: RwSignal<String>,
    pub(super) answer: RwSignal<Option<EditAnswer>>,
    pub(super) error: RwSignal<Option<ErrorCode>>,
}

impl Form {
    /// Sends the typed text; an empty text removes the value. A text that was not changed is not
    /// sent.
    pub(super) fn save(self) {
        if !self.state.is_dirty.get_untracked() {
            self.close();
            return;
        }
        let typed = self.text.get_untracked();
        let is_blank = typed.trim().is_empty();
        if is_blank && self.old.with_value(Option::is_none) {
            return;
        }
        self.send(Some(typed).filter(|_| !is_blank));
    }

    pub(super) fn send(self, new: Option<String>) {
        if self.state.busy.get_untracked() {
            return;
        }
        let edit = ValueEdit {
            contact: self.state.id,
            target: self.target,
            old: self.old.get_value(),
            new,
        };
        self.begin();
        spawn_local(async move {
            match edit_contact(edit).await {
                Ok(EditAnswer::Saved(notices)) => self.saved(&notices).await,
                Ok(answer) => {
                    if let EditAnswer::ChangedMeanwhile(current) = &answer {
                        self.old.set_value(current.clone());
                    }
                    self.answer.set(Some(answer));
                    self.state.busy.set(false);
                }
                Err(failed) => self.fail(failed.code),
            }
        });
    }

    pub(super) fn make_first(self, field: BuiltInField) {
        if self.state.busy.get_untracked() {
            return;
        }
        let value = self.old.get_value().unwrap_or_default();
        self.begin();
        spawn_local(async move {
            match make_first(self.state.id, field, value).await {
                Ok(()) => self.saved(&[]).await,
                Err(failed) => self.fail(failed.code),
            }
        });
    }

    fn begin(self) {
        self.state.busy.set(true);
        self.state.news.set(String::new());
        self.answer.set(None);
        self.error.set(None);
    }

    fn fail(self, code: ErrorCode) {
        self.error.set(Some(code));
        self.state.busy.set(false);
    }

    /// Closes the form, reads the card again, and says that the value is saved, with the notices of
    /// the check that the member should look at.
    async fn saved(self, notices: &[ProblemCode]) {
        let doubtful = notices.iter().find(|code| is_doubtful(**code));
        self.state.news.set(match doubtful {
            Some(code) => word!(
                self.i18n,
                contacts.saved_check,
                problem = words::problem(self.i18n, *code)
            ),
            None => word!(self.i18n, contacts.saved).to_owned(),
        });
        self.state.reload(self.opener.get_value()).await;
    }

    /// Closes the form. While an answer is awaited it stays open.
    pub(super) fn close(self) {
        if !self.state.busy.get_untracked() {
            self.state.close_form(self.opener.get_value());
        }
    }

    pub(super) fn type_text(self, text: String) {
        self.text.set(text);
        self.state.is_dirty.set(true);
    }
}

/// Returns true for a notice that says that the stored value may be wrong.
fn is_doubtful(code: ProblemCode) -> bool {
    matches!(
        code,
        ProblemCode::SuspectDomain
            | ProblemCode::LostLetters
            | ProblemCode::Mojibake
            | ProblemCode::Entities
            | ProblemCode::ExtraText
    )
}
