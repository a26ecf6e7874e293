//! Everything that is stored about one person, for the person who asks for it.

use alta_domain::{AuditAction, ContactId, PersonData, SystemRecord};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::rejects::find_rejects;
use super::rows::People;
use crate::access::{Admin, Own};
use crate::contacts::consents::all_of_contact;
use crate::contacts::export::lists_of;
use crate::contacts::timeline::Most;
use crate::contacts::{answers, card_with};
use crate::entity::{connection, source_contact, transaction};
use crate::error::Result;
use crate::{Store, audit};

/// All of a contact's history.
const ALL: Most = Most {
    parts: 100_000,
    events: 100_000,
    transactions: 10_000,
};

/// Reads everything that is stored about a contact, and notes it in the audit log.
///
/// # Errors
/// [`alta_domain::ErrorCode::NotFound`] when the organization has no such contact.
pub async fn person_data(store: &Store, admin: &Admin, id: ContactId) -> Result<PersonData> {
    let card = card_with(store, admin, id, ALL).await?;
    let subject = format!("#{id}");
    let action = AuditAction::ContactExported;
    audit::record(store.write(), admin, action, &subject).await?;
    let db = store.read();
    let states = all_of_contact(db, id.0).await?;
    let lists = lists_of(store, admin, &[id.0]).await?.remove(&id.0);
    Ok(PersonData {
        card,
        lists: lists.unwrap_or_default(),
        answers: answers(db, states).await?,
        records: records(store, admin, id).await?,
        rejects: rejects(store, admin, id).await?,
    })
}

/// Reads what connected systems have sent about a contact: the contact, and what it has bought.
async fn records(store: &Store, admin: &Admin, id: ContactId) -> Result<Vec<SystemRecord>> {
    let db = store.read();
    let sources = source_contact::Entity::find()
        .filter(source_contact::Column::ContactId.eq(id.0))
        .all(db)
        .await?;
    let connections = admin
        .own::<connection::Entity>()
        .filter(connection::Column::Id.is_in(sources.iter().map(|row| row.connection_id)))
        .all(db)
        .await?;
    let mut records = Vec::new();
    for source in sources {
        let of = |row: &&connection::Model| row.id == source.connection_id;
        let Some(connection) = connections.iter().find(of) else {
            continue;
        };
        let record = |id: String, raw: String| SystemRecord {
            system: connection.slug.clone(),
            account: connection.account.clone(),
            id,
            raw,
        };
        let sales = admin
            .own::<transaction::Entity>()
            .filter(transaction::Column::ConnectionId.eq(source.connection_id))
            .filter(transaction::Column::ContactExternalId.eq(&source.external_id))
            .all(db)
            .await?;
        records.push(record(source.external_id, source.raw));
        records.extend(
            sales
                .into_iter()
                .map(|sale| record(sale.external_id, sale.raw)),
        );
    }
    Ok(records)
}

/// Reads the cells of the rejected records that are about a contact.
async fn rejects(store: &Store, admin: &Admin, id: ContactId) -> Result<Vec<Vec<String>>> {
    let db = store.read();
    let organization = admin.organization;
    let people = People::read(db, organization, &[id.0]).await?;
    let traces = people.traces(db).await?;
    let found = find_rejects(db, organization, &traces).await?;
    Ok(found.into_iter().map(|reject| reject.cells).collect())
}

/// Notes in the audit log that contacts were downloaded as a file.
///
/// # Errors
/// When the database fails.
pub async fn note_download(store: &Store, admin: &Admin) -> Result<()> {
    audit::record(store.write(), admin, AuditAction::ContactsExported, "").await
}
