//! Tests of changes of contacts by hand: edits, new contacts, the bin, and taking back.

mod bin;
mod erase;
mod erase_traces;

use alta_domain::ExistingPolicy::Update;
use alta_domain::{
    AddAnswer, BuiltInField as F, ChangedPart, ContactCard, ContactId, EditAnswer, EditId,
    EditKind, ErrorCode, EventSource, FieldTarget, ListTarget, ProblemCode, TakeBackAnswer,
    ValueEdit,
};
use alta_store::access::Editor;
use alta_store::contacts::{self, Place, edits};
use alta_store::{db_test, imports};

use crate::support::{Person, ana, facts, plan, row};

const BIA: &str = "5551999990001";
const BIRTHDAY: F = F::BirthDate;

impl Person {
    async fn editor(&self) -> Editor {
        self.account().await.editor().unwrap()
    }

    /// Finds the contact of this name in a place.
    async fn find_in(&self, place: Place, name: &str) -> Option<ContactId> {
        let member = self.member().await;
        let found = contacts::search(&self.store, &member, place, name, None);
        found.await.unwrap().first().map(|entry| entry.id)
    }

    async fn id(&self, name: &str) -> ContactId {
        self.find_in(Place::Base, name).await.unwrap()
    }

    async fn card(&self, id: ContactId) -> ContactCard {
        let member = self.member().await;
        contacts::card(&self.store, &member, id).await.unwrap()
    }

    /// Changes a value: `old` and `new` are empty for no value. The notices are left out.
    async fn edits(&self, id: ContactId, field: F, old: &str, new: &str) -> EditAnswer {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let edit = ValueEdit {
            contact: id,
            target: FieldTarget::BuiltIn(field),
            old: some(old),
            new: some(new),
        };
        let editor = self.editor().await;
        match edits::edit(&self.store, &editor, &edit).await.unwrap() {
            EditAnswer::Saved(_) => SAVED,
            other => other,
        }
    }

    async fn adds(&self, typed: &[(F, &str)]) -> AddAnswer {
        let typed: Vec<(FieldTarget, String)> = typed
            .iter()
            .map(|(field, text)| (FieldTarget::BuiltIn(*field), (*text).to_owned()))
            .collect();
        edits::add(&self.store, &self.editor().await, &typed)
            .await
            .unwrap()
    }

    async fn deletes(&self, id: ContactId) {
        let editor = self.editor().await;
        edits::delete(&self.store, &editor, id).await.unwrap();
    }

    /// Takes back the last edit of a contact.
    async fn takes_back(&self, id: ContactId) -> TakeBackAnswer {
        let history = self.card(id).await.history;
        let last = history.iter().find_map(|event| match event.source {
            EventSource::Edit {
                id,
                taken_back_at: None,
                ..
            } => Some(id),
            _ => None,
        });
        let editor = self.editor().await;
        edits::take_back(&self.store, &editor, id, last.unwrap())
            .await
            .unwrap()
    }

    /// Returns the values of a field of a contact.
    async fn has(&self, id: ContactId, field: F) -> Vec<String> {
        let values = self.card(id).await.values.into_iter();
        let of_field = values.filter(|value| value.field == Ok(field));
        of_field.map(|value| value.value).collect()
    }

    async fn count(&self) -> u64 {
        let member = self.member().await;
        contacts::count(&self.store, &member).await.unwrap()
    }
}

/// Imports Bia with a phone, an e-mail address and a birthday, and returns her id.
async fn bia(ana: &Person) -> ContactId {
    let cells = [BIA, "bia@example.com", "Bia Souza", "31/12/1990"];
    ana.imports(Update, &[row(1, cells)]).await;
    ana.id("Bia").await
}

const SAVED: EditAnswer = EditAnswer::Saved(Vec::new());

db_test! {
    async fn an_edit_is_read_by_the_rules_of_an_import(database) {
        let ana = ana(database).await;
        let id = bia(&ana).await;
        assert_eq!(ana.edits(id, BIRTHDAY, "1990-12-31", "1/2/1991").await, SAVED);
        assert_eq!(ana.has(id, BIRTHDAY).await, ["1991-02-01"]);
        let refused = ana.edits(id, BIRTHDAY, "1991-02-01", "31/02/1991").await;
        assert_eq!(refused, EditAnswer::Refused(ProblemCode::InvalidDate));
        let landline = ana.edits(id, F::Phone, "", "(51) 3234-5678").await;
        assert_eq!(landline, EditAnswer::OtherField(F::Landline));
        assert_eq!(ana.edits(id, F::City, "", "Porto Alegre").await, SAVED);
        let card = ana.card(id).await;
        let city = card.values.iter().find(|value| value.field == Ok(F::City)).unwrap();
        assert_eq!(city.origin.as_ref().unwrap().name, "Ana Silva");
    }

    async fn a_doubtful_value_is_saved_with_a_notice(database) {
        let ana = ana(database).await;
        let edit = ValueEdit {
            contact: bia(&ana).await,
            target: FieldTarget::BuiltIn(F::Email),
            old: None,
            new: Some("bia@gmial.com".into()),
        };
        let answer = edits::edit(&ana.store, &ana.editor().await, &edit).await.unwrap();
        assert_eq!(answer, EditAnswer::Saved(vec![ProblemCode::SuspectDomain]));
    }

    async fn two_who_edit_one_value_are_shown_both(database) {
        let ana = ana(database).await;
        let id = bia(&ana).await;
        assert_eq!(ana.edits(id, F::Name, "Bia Souza", "Beatriz Souza").await, SAVED);
        let second = ana.edits(id, F::Name, "Bia Souza", "B. Souza").await;
        assert_eq!(second, EditAnswer::ChangedMeanwhile(Some("Beatriz Souza".into())));
        assert_eq!(ana.has(id, F::Name).await, ["Beatriz Souza"]);
        assert_eq!(ana.edits(id, F::Email, "bia@example.com", "").await, SAVED);
        let second = ana.edits(id, F::Email, "bia@example.com", "b@example.com").await;
        assert_eq!(second, EditAnswer::ChangedMeanwhile(None));
    }

    async fn a_key_goes_with_the_edit(database) {
        let ana = ana(database).await;
        let id = bia(&ana).await;
        assert_eq!(ana.edits(id, F::Phone, BIA, "51 98888-0002").await, SAVED);
        assert_eq!(ana.has(id, F::Phone).await, ["5551988880002"]);
        // The old number is free at once.
        let other = ana.adds(&[(F::Name, "Caio"), (F::Phone, "51 99999-0001")]).await;
        let AddAnswer::Added(caio) = other else { panic!("{other:?}") };
        let taken = ana.edits(caio, F::Phone, "", "51 98888-0002").await;
        let EditAnswer::BelongsTo(entry) = taken else { panic!("{taken:?}") };
        assert_eq!((entry.id, entry.name.as_str()), (id, "Bia Souza"));
        let ledger = ana.imports(Update, &[row(1, ["5551988880002", "", "Bia Souza", ""])]).await;
        assert_eq!((ledger.new, ledger.unchanged), (0, 1));
    }

    async fn the_first_phone_is_chosen_and_the_last_key_stays(database) {
        let ana = ana(database).await;
        let id = bia(&ana).await;
        assert_eq!(ana.edits(id, F::Phone, "", "51 98888-0002").await, SAVED);
        assert_eq!(ana.has(id, F::Phone).await, [BIA, "5551988880002"]);
        let editor = ana.editor().await;
        let (store, other) = (&ana.store, "5551988880002");
        edits::make_first(store, &editor, id, F::Phone, other).await.unwrap();
        assert_eq!(ana.has(id, F::Phone).await, [other, BIA]);
        let nobodys = edits::make_first(store, &editor, id, F::Phone, "5511999999999").await;
        assert_eq!(nobodys.unwrap_err().code(), ErrorCode::NotFound);
        for (field, value) in [(F::Phone, BIA), (F::Email, "bia@example.com")] {
            assert_eq!(ana.edits(id, field, value, "").await, SAVED);
        }
        assert_eq!(ana.edits(id, F::Phone, other, "").await, EditAnswer::LastKey);
        assert_eq!(ana.has(id, F::Phone).await, [other]);
    }

    async fn an_edit_is_taken_back_with_its_key(database) {
        let ana = ana(database).await;
        let id = bia(&ana).await;
        assert_eq!(ana.edits(id, F::Phone, "", "51 97777-0003").await, SAVED);
        assert_eq!(ana.edits(id, F::Phone, BIA, "51 98888-0002").await, SAVED);
        assert_eq!(ana.has(id, F::Phone).await, ["5551988880002", "5551977770003"]);
        assert_eq!(ana.takes_back(id).await, TakeBackAnswer::TakenBack);
        assert_eq!(ana.has(id, F::Phone).await, [BIA, "5551977770003"]);
        let free = ana.adds(&[(F::Name, "Caio"), (F::Phone, "51 98888-0002")]).await;
        assert!(matches!(free, AddAnswer::Added(_)), "{free:?}");
        let events = ana.card(id).await.history;
        let taken = |event: &alta_domain::HistoryEvent| matches!(event.source,
            EventSource::Edit { taken_back_at: Some(_), .. });
        assert_eq!(events.iter().filter(|event| taken(event)).count(), 1);
    }

    async fn a_value_that_was_changed_since_is_not_taken_back(database) {
        let ana = ana(database).await;
        let id = bia(&ana).await;
        assert_eq!(ana.edits(id, F::Name, "Bia Souza", "Beatriz").await, SAVED);
        let first = ana.card(id).await.history.iter().find_map(|event| match event.source {
            EventSource::Edit { id, .. } => Some(id),
            _ => None,
        });
        assert_eq!(ana.edits(id, F::Name, "Beatriz", "Beatriz Souza").await, SAVED);
        let editor = ana.editor().await;
        let answer = edits::take_back(&ana.store, &editor, id, first.unwrap()).await.unwrap();
        assert_eq!(answer, TakeBackAnswer::ChangedSince);
        assert_eq!(ana.has(id, F::Name).await, ["Beatriz Souza"]);
        assert_eq!(ana.takes_back(id).await, TakeBackAnswer::TakenBack);
        assert_eq!(ana.has(id, F::Name).await, ["Beatriz"]);
        let nobodys = edits::take_back(&ana.store, &editor, id, EditId(9999)).await;
        assert_eq!(nobodys.unwrap_err().code(), ErrorCode::NotFound);
    }

    async fn a_removed_phone_whose_number_another_has_now_does_not_come_back(database) {
        let ana = ana(database).await;
        let id = bia(&ana).await;
        assert_eq!(ana.edits(id, F::Phone, BIA, "").await, SAVED);
        ana.adds(&[(F::Name, "Caio"), (F::Phone, "51 99999-0001")]).await;
        assert_eq!(ana.takes_back(id).await, TakeBackAnswer::KeyTaken);
        assert_eq!(ana.has(id, F::Phone).await, [""; 0]);
    }

    async fn a_corrected_phone_stays_when_the_old_one_is_anothers(database) {
        let ana = ana(database).await;
        let id = bia(&ana).await;
        assert_eq!(ana.edits(id, F::Phone, BIA, "51 98888-0002").await, SAVED);
        ana.adds(&[(F::Name, "Caio"), (F::Phone, "51 99999-0001")]).await;
        assert_eq!(ana.takes_back(id).await, TakeBackAnswer::KeyTaken);
        assert_eq!(ana.has(id, F::Phone).await, ["5551988880002"]);
        let ledger = ana.imports(Update, &[row(1, ["5551988880002", "", "Bia Souza", ""])]).await;
        assert_eq!((ledger.new, ledger.unchanged), (0, 1));
    }

    async fn a_removed_phone_that_an_import_gives_again_goes_with_its_undo(database) {
        let ana = ana(database).await;
        let id = bia(&ana).await;
        assert_eq!(ana.edits(id, F::Phone, BIA, "").await, SAVED);
        let cells = [BIA, "bia@example.com", "Bia Souza", ""];
        let again = ana.imports_plan(&plan(Update, ListTarget::None), &[row(1, cells)]).await;
        assert_eq!(ana.has(id, F::Phone).await, [BIA]);
        ana.undoes(again).await.unwrap();
        assert_eq!(ana.has(id, F::Phone).await, [""; 0]);
    }

    async fn a_name_does_not_take_another_household(database) {
        let ana = ana(database).await;
        let landline = (F::Landline, "(51) 3234-5678");
        let AddAnswer::Added(one) = ana.adds(&[(F::Name, "Ana Luz"), landline]).await else {
            panic!()
        };
        let AddAnswer::Added(two) = ana.adds(&[(F::Name, "Bia Luz"), landline]).await else {
            panic!()
        };
        let taken = ana.edits(two, F::Name, "Bia Luz", "Ana Luz").await;
        assert!(matches!(&taken, EditAnswer::BelongsTo(entry) if entry.id == one), "{taken:?}");
        assert_eq!(ana.edits(one, F::Name, "Ana Luz", "Eva Luz").await, SAVED);
        assert_eq!(ana.edits(two, F::Name, "Bia Luz", "Ana Luz").await, SAVED);
        // The name from before belongs to the other one now.
        assert_eq!(ana.takes_back(one).await, TakeBackAnswer::KeyTaken);
    }

    async fn tags_are_edited_one_by_one(database) {
        let ana = ana(database).await;
        let id = bia(&ana).await;
        assert_eq!(ana.edits(id, F::Tags, "", "VIP, Sul").await, SAVED);
        assert_eq!(ana.edits(id, F::Tags, "VIP, Sul", "Sul, Loja").await, SAVED);
        assert_eq!(ana.has(id, F::Tags).await, ["Sul, Loja"]);
        assert_eq!(ana.takes_back(id).await, TakeBackAnswer::TakenBack);
        assert_eq!(ana.has(id, F::Tags).await, ["Sul, VIP"]);
    }

    async fn an_undo_spares_what_was_edited_since(database) {
        let ana = ana(database).await;
        let id = bia(&ana).await;
        let update = ana.begins_plan(&plan(Update, ListTarget::None), &facts("b.csv", 8)).await;
        let update = update.unwrap().import;
        let cells = [BIA, "b@example.com", "Bia Souza", "01/01/1991"];
        ana.sends(update, 0, &[row(1, cells)]).await;
        ana.finishes(update).await;
        assert_eq!(ana.edits(id, BIRTHDAY, "1991-01-01", "02/01/1991").await, SAVED);
        let undone = ana.undoes(update).await.unwrap().undone.unwrap();
        assert_eq!((undone.spared, undone.why.changed_since), (1, 1));
        assert_eq!(ana.has(id, BIRTHDAY).await, ["1991-01-02"]);
        assert_eq!(ana.has(id, F::Email).await, ["bia@example.com"]);
    }

    async fn the_undo_of_the_import_that_created_an_edited_contact_spares_it(database) {
        let ana = ana(database).await;
        let id = bia(&ana).await;
        assert_eq!(ana.edits(id, F::City, "", "Porto Alegre").await, SAVED);
        let import = imports::last(&ana.store, &ana.member().await).await.unwrap().unwrap().id;
        let undone = ana.undoes(import).await.unwrap().undone.unwrap();
        assert_eq!((undone.removed, undone.why.relied_on), (0, 1));
        assert_eq!(ana.has(id, F::Name).await, ["Bia Souza"]);
    }

    async fn a_contact_is_added_by_hand_and_known_by_imports(database) {
        let ana = ana(database).await;
        let typed = [(F::Name, "Caio Lima"), (F::Phone, "51 98888-0002"), (F::Tags, "VIP")];
        let AddAnswer::Added(id) = ana.adds(&typed).await else { panic!() };
        assert_eq!(ana.has(id, F::Phone).await, ["5551988880002"]);
        assert_eq!(ana.adds(&[(F::Name, "X")]).await, AddAnswer::NoKey);
        assert_eq!(
            ana.adds(&[(F::Name, "X"), (F::Phone, "12")]).await,
            AddAnswer::Refused(vec![(1, ProblemCode::InvalidPhone)])
        );
        let again = ana.adds(&typed).await;
        assert!(matches!(&again, AddAnswer::BelongsTo(entry) if entry.id == id), "{again:?}");
        let cells = ["5551988880002", "", "Caio Lima", "01/01/1991"];
        let ledger = ana.imports(Update, &[row(1, cells)]).await;
        assert_eq!((ledger.new, ledger.updated), (0, 1));
        let import = imports::last(&ana.store, &ana.member().await).await.unwrap().unwrap().id;
        let undone = ana.undoes(import).await.unwrap().undone.unwrap();
        assert_eq!((undone.removed, undone.restored), (0, 1));
        let history = ana.card(id).await.history;
        assert!(history.last().unwrap().is_creation);
        assert_eq!(history.last().unwrap().by.as_deref(), Some("Ana Silva"));
    }

    async fn a_history_names_who_did_what(database) {
        let ana = ana(database).await;
        let id = bia(&ana).await;
        assert_eq!(ana.edits(id, F::City, "", "Recife").await, SAVED);
        ana.deletes(id).await;
        let events = ana.card(id).await.history;
        let kinds: Vec<Option<EditKind>> = events.iter().map(|event| match event.source {
            EventSource::Edit { kind, .. } => Some(kind),
            _ => None,
        }).collect();
        assert_eq!(kinds, [Some(EditKind::Deleted), Some(EditKind::Edited), None]);
        assert!(events.iter().all(|event| event.by.as_deref() == Some("Ana Silva")));
        assert_eq!(events[1].changes[0].part, ChangedPart::Field(F::City));
        assert_eq!(events[1].changes[0].after.as_deref(), Some("Recife"));
        assert!(events[2].is_creation);
    }
}
