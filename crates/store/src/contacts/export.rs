//! Contacts with everything that is stored about them, for files and for the command line.

use std::collections::{BTreeMap, HashMap};

use alta_domain::{BuiltInField, Channel, ContactId};
use alta_intake::tags;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;

use super::bulk::integers;
use super::consents::of_contacts;
use super::search::{Place, is_in, matches, searched};
use super::values::{MultiValueField, built_in, elements};
use crate::Store;
use crate::access::{Member, Own};
use crate::entity::{contact, field, list, list_member};
use crate::error::Result;

/// A contact with everything that is stored about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExportedContact {
    /// The id of the contact.
    pub id: ContactId,
    /// Mobile phones as E.164 digits, the first one first.
    pub phones: Vec<String>,
    /// The landline.
    pub landline: Option<String>,
    /// E-mail addresses, the first one first.
    pub emails: Vec<String>,
    /// The other built-in fields by their words; empty ones are left out.
    pub fields: BTreeMap<&'static str, String>,
    /// Custom fields by their names.
    pub custom: BTreeMap<String, String>,
    /// Tags.
    pub tags: Vec<String>,
    /// Names of lists.
    pub lists: Vec<String>,
    /// By channel: true when the contact may be written to, false when it refused, `None` without
    /// an answer.
    pub permissions: BTreeMap<Channel, Option<bool>>,
}

/// Reads the next contacts in the order of their ids, above the id `after`: at most `most`, and
/// only those that match `text` as a search does ([`super::search()`]); all when it is empty.
///
/// # Errors
/// When the database fails.
pub async fn page(
    store: &Store,
    member: &Member,
    text: &str,
    after: ContactId,
    most: u64,
) -> Result<Vec<ExportedContact>> {
    let db = store.read();
    let text = searched(text);
    let _turn = if text.is_empty() {
        None
    } else {
        Some(store.searches.turn(member.user).await)
    };
    let rows = member
        .own::<contact::Entity>()
        .filter(is_in(Place::Base))
        .filter(matches(member, &text))
        .filter(contact::Column::Id.gt(after.0))
        .order_by_asc(contact::Column::Id)
        .limit(most)
        .all(db)
        .await?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut consents = of_contacts(db, &ids).await?;
    let mut lists = lists_of(store, member, &ids).await?;
    let names: HashMap<String, String> = member
        .own::<field::Entity>()
        .all(db)
        .await?
        .into_iter()
        .map(|field| (field.id.to_string(), field.name))
        .collect();
    let export = |row: contact::Model| {
        let answers = consents.remove(&row.id).unwrap_or_default();
        let answer = |channel| {
            let state = answers.iter().find(|state| state.channel == channel);
            (channel, state.map(|state| state.granted))
        };
        ExportedContact {
            id: ContactId(row.id),
            permissions: Channel::ALL.into_iter().map(answer).collect(),
            lists: lists.remove(&row.id).unwrap_or_default(),
            ..values(&row, &names)
        }
    };
    Ok(rows.into_iter().map(export).collect())
}

/// Returns the values of a contact, without lists and permissions.
fn values(row: &contact::Model, names: &HashMap<String, String>) -> ExportedContact {
    use BuiltInField as F;
    let is_apart = |field: F| matches!(field, F::Phone | F::Landline | F::Email | F::Tags);
    let fields = BuiltInField::ALL
        .into_iter()
        .filter(|field| !is_apart(*field))
        .filter_map(|field| Some((field.as_str(), built_in(row, field)?.to_owned())));
    let custom = row.custom.as_ref().and_then(|custom| custom.as_object());
    let custom = custom.into_iter().flatten().filter_map(|(id, value)| {
        let name = names.get(id).unwrap_or(id);
        Some((name.clone(), value.as_str()?.to_owned()))
    });
    ExportedContact {
        id: ContactId(row.id),
        phones: elements(row, MultiValueField::Phones),
        landline: row.landline.clone(),
        emails: elements(row, MultiValueField::Emails),
        fields: fields.collect(),
        custom: custom.collect(),
        tags: tags(row.tags.as_deref().unwrap_or_default())
            .map(str::to_owned)
            .collect(),
        lists: Vec::new(),
        permissions: BTreeMap::new(),
    }
}

/// Reads the names of the lists that contacts are on, by contact.
pub(crate) async fn lists_of(
    store: &Store,
    member: &Member,
    contacts: &[i64],
) -> Result<HashMap<i64, Vec<String>>> {
    let db = store.read();
    let backend = db.get_database_backend();
    let names: HashMap<i64, String> = member
        .own::<list::Entity>()
        .all(db)
        .await?
        .into_iter()
        .map(|list| (list.id, list.name))
        .collect();
    let members: Vec<(i64, i64)> = list_member::Entity::find()
        .select_only()
        .column(list_member::Column::ContactId)
        .column(list_member::Column::ListId)
        .distinct()
        .filter(integers(backend, "contact_id", contacts)?)
        .into_tuple()
        .all(db)
        .await?;
    let mut lists: HashMap<i64, Vec<String>> = HashMap::new();
    for (contact, list) in members {
        if let Some(name) = names.get(&list) {
            lists.entry(contact).or_default().push(name.clone());
        }
    }
    for names in lists.values_mut() {
        names.sort_unstable();
    }
    Ok(lists)
}
