//! The keys by which contacts are found; each has a row in the table `contact_key`.

use std::collections::HashMap;

use alta_domain::{BuiltInField, Country, Key, KeyKind, OrganizationId};
use alta_intake::{Name, household, is_cpf_of};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, QueryFilter, Statement,
};

use super::bulk::ROWS;
use super::values::{built_in, lines};
use crate::access::Own;
pub(crate) use crate::entity::contact_key::stored;
use crate::entity::{contact, contact_key};
use crate::error::Result;

/// Returns the name by which a contact is compared.
pub(crate) fn name_of(row: &contact::Model) -> Name {
    Name::of_parts(
        row.name.as_deref(),
        row.first_name.as_deref(),
        row.last_name.as_deref(),
    )
}

/// Returns the CPF of a contact: its tax id, when that is a CPF. `home` is the organization's
/// country.
pub(crate) fn cpf_of(row: &contact::Model, home: Country) -> Option<&str> {
    let id = row.tax_id.as_deref()?;
    is_cpf_of(id, row.country.as_deref(), home).then_some(id)
}

/// Returns the keys of a contact: its phones, its e-mails, its CPF; without any of these its
/// landline together with its name.
pub(crate) fn keys_of(row: &contact::Model, home: Country) -> Vec<Key> {
    let phones = row.phone.iter().map(String::as_str);
    let phones = phones.chain(lines(row.more_phones.as_deref()));
    let emails = row.email.iter().map(String::as_str);
    let emails = emails.chain(lines(row.more_emails.as_deref()));
    let mut keys: Vec<Key> = phones.map(|text| Key::new(KeyKind::Phone, text)).collect();
    keys.extend(emails.map(|text| Key::new(KeyKind::Email, text)));
    keys.extend(cpf_of(row, home).map(|text| Key::new(KeyKind::Cpf, text)));
    if keys.is_empty()
        && let Some(landline) = built_in(row, BuiltInField::Landline)
    {
        keys.push(household(landline, &name_of(row)));
    }
    keys
}

/// Finds the contacts that these keys belong to, by key.
pub(crate) async fn owners(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    keys: Vec<String>,
) -> Result<HashMap<String, i64>> {
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let backend = connection.get_database_backend();
    let statement = if backend == DbBackend::Postgres {
        let sql = "SELECT key, contact_id FROM contact_key \
                   WHERE organization_id = $1 AND key = ANY($2)";
        Statement::from_sql_and_values(backend, sql, [organization.0.into(), keys.into()])
    } else {
        let sql = "SELECT key, contact_id FROM contact_key \
                   WHERE organization_id = ? AND key IN (SELECT value FROM json_each(?))";
        let keys = serde_json::to_string(&keys)?;
        Statement::from_sql_and_values(backend, sql, [organization.0.into(), keys.into()])
    };
    let rows = connection.query_all_raw(statement).await?;
    let mut owners = HashMap::with_capacity(rows.len());
    for row in rows {
        owners.insert(row.try_get("", "key")?, row.try_get("", "contact_id")?);
    }
    Ok(owners)
}

/// Gives keys to contacts. A key that has a contact already stays with that contact.
pub(crate) async fn insert(
    transaction: &DatabaseTransaction,
    organization: i64,
    keys: &[(String, i64)],
) -> Result<()> {
    if keys.is_empty() {
        return Ok(());
    }
    let backend = transaction.get_database_backend();
    if backend == DbBackend::Postgres {
        let sql = "INSERT INTO contact_key (organization_id, key, contact_id) \
                   SELECT $1, key, id FROM UNNEST($2::text[], $3::bigint[]) AS t(key, id) \
                   ON CONFLICT DO NOTHING";
        let (texts, ids): (Vec<String>, Vec<i64>) = keys.iter().cloned().unzip();
        let values = [organization.into(), texts.into(), ids.into()];
        let statement = Statement::from_sql_and_values(backend, sql, values);
        transaction.execute_raw(statement).await?;
        return Ok(());
    }
    for keys in keys.chunks(ROWS) {
        let places = vec!["(?,?,?)"; keys.len()].join(",");
        let sql = format!(
            "INSERT INTO contact_key (organization_id, key, contact_id) VALUES {places} \
             ON CONFLICT DO NOTHING"
        );
        let values = keys
            .iter()
            .flat_map(|(key, id)| [organization.into(), key.clone().into(), (*id).into()]);
        let statement = Statement::from_sql_and_values(backend, sql, values);
        transaction.execute_raw(statement).await?;
    }
    Ok(())
}

/// Takes keys away from contacts, so that other contacts can have them.
pub(crate) async fn delete(
    transaction: &DatabaseTransaction,
    organization: i64,
    keys: Vec<String>,
) -> Result<()> {
    for keys in keys.chunks(ROWS) {
        OrganizationId(organization)
            .own_delete::<contact_key::Entity>()
            .filter(contact_key::Column::Key.is_in(keys))
            .exec(transaction)
            .await?;
    }
    Ok(())
}
