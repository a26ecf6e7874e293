//! The card of a contact: its values with their origins, its permissions, and its transactions.

use std::collections::HashMap;

use alta_domain::{
    BuiltInField, CardTransaction, CardValue, Channel, ChannelPermission, ContactCard, ContactId,
    EditKind, ErrorCode, Field, FieldTarget, ImportState, Origin, PermissionAnswer,
    TransactionStatus,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::bin_days::erased_from;
use super::consents::{ConsentState, of_contacts};
use super::fields;
use super::history::Part;
use super::search::entry;
use super::state::ContactState;
use super::timeline::{Most, timeline};
use crate::Store;
use crate::access::{Member, Own};
use crate::entity::missed::is_there;
use crate::entity::{
    connection, contact, contact_change, contact_edit, import, line_item, product, source_contact,
    transaction, user,
};
use crate::error::{Result, StoreError};

/// How much of a contact's history a card shows.
const ON_CARD: Most = Most {
    parts: 500,
    events: 100,
    transactions: 50,
};

/// Reads the card of a contact.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the organization has no such contact.
pub async fn card(store: &Store, member: &Member, id: ContactId) -> Result<ContactCard> {
    card_with(store, member, id, ON_CARD).await
}

/// Reads the card of a contact as [`card`] does, with this much of its history.
pub(crate) async fn card_with(
    store: &Store,
    member: &Member,
    id: ContactId,
    most: Most,
) -> Result<ContactCard> {
    let row = member
        .own::<contact::Entity>()
        .filter(contact::Column::Id.eq(id.0))
        .one(store.read())
        .await?
        .ok_or(ErrorCode::NotFound)?;
    let entry = entry(&row);
    let origins = Origins::of(store.read(), &row).await?;
    let fields = fields::all(store, member).await?;
    let permissions = permissions(store.read(), id).await?;
    let history = timeline(store, member, &row, most).await?;
    let deleted_at = row.deleted_at;
    let erased_from = match deleted_at {
        Some(at) => Some(erased_from(store, at).await?),
        None => None,
    };
    let values = ContactState::values(row).into_iter();
    Ok(ContactCard {
        entry,
        values: values
            .map(|(word, value)| card_value(&word, value, &fields, &origins))
            .collect(),
        permissions,
        transactions: transactions(store.read(), id, most.transactions).await?,
        history,
        fields,
        deleted_at,
        erased_from,
    })
}

/// Returns a value of a contact, by the word of its field, with its origin. The word of a custom
/// field is its id.
fn card_value(word: &str, value: String, fields: &[Field], origins: &Origins) -> CardValue {
    if let Some(field) = BuiltInField::parse(word) {
        return CardValue {
            field: Ok(field),
            target: Some(FieldTarget::BuiltIn(field)),
            value,
            origin: origins.of_value(word),
        };
    }
    let custom = fields.iter().find(|field| field.id.to_string() == word);
    CardValue {
        field: Err(custom.map_or_else(|| word.to_owned(), |field| field.name.clone())),
        target: custom.map(|field| FieldTarget::Custom {
            id: field.id,
            kind: field.kind,
        }),
        value,
        origin: origins.of_value(&format!("custom.{word}")),
    }
}

/// Reads for each channel the answer that is in force for a contact.
async fn permissions(db: &impl ConnectionTrait, id: ContactId) -> Result<Vec<ChannelPermission>> {
    let states = of_contacts(db, &[id.0]).await?.remove(&id.0);
    let mut answers = answers(db, states.unwrap_or_default()).await?;
    let mut of = |channel: Channel| {
        let at = answers.iter().position(|(of, _)| *of == channel);
        (channel, at.map(|at| answers.swap_remove(at).1))
    };
    Ok(Channel::ALL.map(&mut of).to_vec())
}

/// Returns answers about permission with the names of the imports that brought them.
pub(crate) async fn answers(
    db: &impl ConnectionTrait,
    states: Vec<ConsentState>,
) -> Result<Vec<(Channel, PermissionAnswer)>> {
    let ids = states.iter().filter_map(|state| Some(state.import?.0));
    let names: HashMap<i64, String> = import::Entity::find()
        .filter(import::Column::Id.is_in(ids))
        .all(db)
        .await?
        .into_iter()
        .map(|import| (import.id, import.file_name))
        .collect();
    let answer = |state: ConsentState| {
        let answer = PermissionAnswer {
            granted: state.granted,
            basis: state.basis,
            source: state.source,
            at: state.since,
            is_of_erased: state.is_of_erased,
            import: state.import.map(|import| {
                let name = names.get(&import.0).cloned();
                (import, name.unwrap_or_default())
            }),
        };
        (state.channel, answer)
    };
    Ok(states.into_iter().map(answer).collect())
}

/// The imports and edits from which the values of a contact came.
struct Origins {
    /// The import or edit that created the contact; `None` when the import was undone.
    created: Option<Origin>,
    /// The import or edit that changed a value last, by the value's name in the contact's history.
    changed: HashMap<String, Origin>,
}

impl Origins {
    async fn of(db: &impl ConnectionTrait, row: &contact::Model) -> Result<Self> {
        let changes = contact_change::Entity::find()
            .filter(contact_change::Column::ContactId.eq(row.id))
            .order_by_asc(contact_change::Column::Write)
            .all(db)
            .await?;
        let ids: Vec<i64> = changes.iter().map(|change| change.import_id).collect();
        let by_hand = origins_by_hand(db, row.id).await?;
        let all = ids.into_iter().chain(row.created_import_id).collect();
        let mut imports = origins_of(db, all).await?;
        let edit = by_hand.iter().find(|(_, is_adding, _)| *is_adding);
        let edit = edit.filter(|_| row.created_import_id.is_none());
        let addition = edit.map(|(.., origin)| origin.clone());
        imports.extend(by_hand.into_iter().map(|(id, _, origin)| (-id, origin)));
        let mut origin_by_field = HashMap::new();
        for change in changes {
            if let Some(origin) = imports.get(&change.import_id) {
                let names = Part::read(&change)?.entry.set.into_keys();
                origin_by_field.extend(names.map(|name| (name, origin.clone())));
            }
        }
        let created = row.created_import_id.and_then(|id| imports.get(&id));
        Ok(Self {
            created: created.cloned().or(addition),
            changed: origin_by_field,
        })
    }

    /// Returns the origin of the value with this name in a history: the import or edit that changed
    /// it last, else the one that created the contact; `None` when neither is known.
    fn of_value(&self, name: &str) -> Option<Origin> {
        self.changed.get(name).or(self.created.as_ref()).cloned()
    }
}

/// Reads the edits of a contact that were not taken back: for each its id, true when it added the
/// contact, and the origin that values from it have.
async fn origins_by_hand(
    db: &impl ConnectionTrait,
    contact: i64,
) -> Result<Vec<(i64, bool, Origin)>> {
    let edits = contact_edit::Entity::find()
        .filter(contact_edit::Column::ContactId.eq(contact))
        .filter(contact_edit::Column::TakenBackAt.is_null())
        .all(db)
        .await?;
    let users = user::Entity::find()
        .filter(user::Column::Id.is_in(edits.iter().map(|edit| edit.user_id)))
        .all(db)
        .await?;
    let names: HashMap<i64, String> = users.into_iter().map(|row| (row.id, row.name)).collect();
    let origin = |edit: contact_edit::Model| {
        let origin = Origin {
            name: names.get(&edit.user_id).cloned().unwrap_or_default(),
            system: None,
            at: edit.at,
        };
        let is_adding = edit.kind == EditKind::Added.as_str();
        (edit.id, is_adding, origin)
    };
    Ok(edits.into_iter().map(origin).collect())
}

/// Reads the imports with these ids as origins, by id. Imports that were undone are left out.
async fn origins_of(db: &impl ConnectionTrait, ids: Vec<i64>) -> Result<HashMap<i64, Origin>> {
    let imports = import::Entity::find()
        .filter(import::Column::Id.is_in(ids))
        .filter(import::Column::State.ne(ImportState::Undone.as_str()))
        .all(db)
        .await?;
    let connections = connection::Entity::find()
        .filter(
            connection::Column::Id.is_in(imports.iter().filter_map(|import| import.connection_id)),
        )
        .all(db)
        .await?;
    let systems: HashMap<i64, String> = connections
        .into_iter()
        .map(|row| (row.id, row.slug))
        .collect();
    let origin = |import: import::Model| {
        let system = import
            .connection_id
            .and_then(|id| systems.get(&id).cloned());
        let origin = Origin {
            name: import.file_name,
            system,
            at: import.started_at,
        };
        (import.id, origin)
    };
    Ok(imports.into_iter().map(origin).collect())
}

/// Reads the last transactions of a contact in all systems, the newest first.
async fn transactions(
    db: &impl ConnectionTrait,
    id: ContactId,
    most: u64,
) -> Result<Vec<CardTransaction>> {
    let sources = source_contact::Entity::find()
        .filter(source_contact::Column::ContactId.eq(id.0))
        .all(db)
        .await?;
    let mut found = Vec::new();
    for source in sources {
        found.extend(transactions_of(db, &source, most).await?);
    }
    found.sort_by_key(|sale| std::cmp::Reverse(sale.made_at));
    found.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok(found)
}

/// Reads the last transactions of a contact in one system.
async fn transactions_of(
    db: &impl ConnectionTrait,
    source: &source_contact::Model,
    most: u64,
) -> Result<Vec<CardTransaction>> {
    let connection = connection::Entity::find_by_id(source.connection_id)
        .one(db)
        .await?;
    // Between the two queries the connection may have been deleted, with its transactions.
    let Some(connection) = connection else {
        return Ok(Vec::new());
    };
    let sales = transaction::Entity::find()
        .filter(transaction::Column::ConnectionId.eq(source.connection_id))
        .filter(transaction::Column::ContactExternalId.eq(&source.external_id))
        .filter(is_there(transaction::Column::Missed))
        .order_by_desc(transaction::Column::MadeAt)
        .limit(most)
        .all(db)
        .await?;
    let mut items = items(db, source.connection_id, &sales).await?;
    let sale = |sale: transaction::Model| {
        let status = TransactionStatus::parse(&sale.status)
            .ok_or_else(|| StoreError::Broken(format!("transaction status {}", sale.status)))?;
        Ok(CardTransaction {
            items: items.remove(&sale.external_id).unwrap_or_default(),
            number: sale.number,
            made_at: sale.made_at,
            status,
            total: sale.total,
            currency: sale.currency,
            system: connection.slug.clone(),
        })
    };
    sales.into_iter().map(sale).collect()
}

/// The items of transactions by the transaction's id in its system: quantity, name, and total in
/// minor units of the currency.
type Items = HashMap<String, Vec<(String, String, i64)>>;

/// Reads the items of transactions of a connection. An item without a name gets the name of its
/// product.
async fn items(
    db: &impl ConnectionTrait,
    connection: i64,
    sales: &[transaction::Model],
) -> Result<Items> {
    let lines = line_item::Entity::find()
        .filter(line_item::Column::ConnectionId.eq(connection))
        .filter(
            line_item::Column::TransactionExternalId
                .is_in(sales.iter().map(|sale| sale.external_id.as_str())),
        )
        .order_by_asc(line_item::Column::Position)
        .all(db)
        .await?;
    let nameless = lines
        .iter()
        .filter(|line| line.name.is_empty())
        .filter_map(|line| line.product_external_id.as_deref());
    let products = product::Entity::find()
        .filter(product::Column::ConnectionId.eq(connection))
        .filter(product::Column::ExternalId.is_in(nameless))
        .all(db)
        .await?;
    let products: HashMap<String, String> = products
        .into_iter()
        .map(|product| (product.external_id, product.name))
        .collect();
    let mut items = Items::new();
    for line in lines {
        let product = line.product_external_id.and_then(|id| products.get(&id));
        let name = match product {
            Some(product) if line.name.is_empty() => product.clone(),
            _ => line.name,
        };
        items
            .entry(line.transaction_external_id)
            .or_default()
            .push((line.quantity, name, line.total));
    }
    Ok(items)
}
