//! The refusals that are kept of contacts which were erased. Whoever comes again with one of their
//! phones or e-mail addresses is a new contact, but has refused.
//!
//! A phone is one of few numbers, so a plain hash could be reversed by trying them all. The hashes
//! are keyed, and the key is sealed by the vault.

use std::collections::{BTreeSet, HashMap};

use alta_domain::{Channel, KeyKind, OrganizationId};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, ModelTrait, QueryFilter,
};
use sha2::Sha256;

use super::bulk::{ROWS, integers};
use super::keys;
use crate::Store;
use crate::access::Own;
use crate::entity::consent::{self, OF_ERASED};
use crate::entity::{contact_key, kept_refusal, refusal_key};
use crate::error::{Result, StoreError};
use crate::vault::{Vault, refusals_purpose};

/// The kept refusals of an organization, with the key of their hashes.
pub(crate) struct Refusals {
    organization: OrganizationId,
    key: [u8; 32],
}

impl Refusals {
    /// Loads the key of an organization's kept refusals; returns `None` when it has none.
    pub(crate) async fn load(
        connection: &impl ConnectionTrait,
        vault: &Vault,
        organization: OrganizationId,
    ) -> Result<Option<Self>> {
        let row = organization
            .own::<refusal_key::Entity>()
            .one(connection)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let key = vault.open(&refusals_purpose(organization.0), &row.sealed)?;
        let broken = || StoreError::Broken("the key of kept refusals".to_owned());
        let key = key.try_into().map_err(|_| broken())?;
        Ok(Some(Self { organization, key }))
    }

    /// Loads the key of an organization's kept refusals, and makes one when there is none.
    pub(crate) async fn load_or_create(
        transaction: &DatabaseTransaction,
        vault: &Vault,
        organization: OrganizationId,
    ) -> Result<Self> {
        if let Some(known) = Self::load(transaction, vault, organization).await? {
            return Ok(known);
        }
        let key: [u8; 32] = rand::random();
        let sealed = vault.seal(&refusals_purpose(organization.0), &key)?;
        let row = refusal_key::ActiveModel {
            organization_id: Set(organization.0),
            sealed: Set(sealed),
        };
        refusal_key::Entity::insert(row)
            .exec_without_returning(transaction)
            .await?;
        Ok(Self { organization, key })
    }

    /// Returns the keyed hash of a stored key; `None` for a key that is no phone and no e-mail
    /// address.
    fn hash(&self, stored: &str) -> Option<String> {
        let kind = contact_key::read(stored)?.kind;
        if !matches!(kind, KeyKind::Phone | KeyKind::Email) {
            return None;
        }
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).ok()?;
        mac.update(stored.as_bytes());
        Some(URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
    }

    /// Keeps that nobody may write to these stored keys by these channels. `at` is milliseconds
    /// since 1970. Returns the number of phones and e-mail addresses among the keys.
    pub(crate) async fn keep(
        &self,
        transaction: &DatabaseTransaction,
        keys: &[String],
        channels: &[Channel],
        at: i64,
    ) -> Result<usize> {
        let hashes: Vec<String> = keys.iter().filter_map(|key| self.hash(key)).collect();
        let row = |hash: &String, channel: &Channel| kept_refusal::ActiveModel {
            organization_id: Set(self.organization.0),
            hash: Set(hash.clone()),
            channel: Set(channel.as_str().to_owned()),
            at: Set(at),
        };
        let rows: Vec<kept_refusal::ActiveModel> = hashes
            .iter()
            .flat_map(|hash| channels.iter().map(move |channel| row(hash, channel)))
            .collect();
        let known = [
            kept_refusal::Column::OrganizationId,
            kept_refusal::Column::Hash,
            kept_refusal::Column::Channel,
        ];
        for rows in rows.chunks(ROWS) {
            kept_refusal::Entity::insert_many(rows.to_vec())
                .on_conflict(OnConflict::columns(known).do_nothing().to_owned())
                .exec_without_returning(transaction)
                .await?;
        }
        Ok(hashes.len())
    }

    /// Finds the refusals that were kept for stored keys which contacts have just got, and stores
    /// them as those contacts' own. Each key comes with its contact. Returns the contacts that have
    /// refused so, with the channels.
    async fn apply(
        &self,
        transaction: &DatabaseTransaction,
        gained: &[(String, i64)],
        at: i64,
    ) -> Result<Vec<(i64, Channel)>> {
        let mut refused = Vec::new();
        let contacts: HashMap<String, i64> = gained
            .iter()
            .filter_map(|(key, contact)| Some((self.hash(key)?, *contact)))
            .collect();
        let hashes: Vec<&String> = contacts.keys().collect();
        for hashes in hashes.chunks(ROWS) {
            let kept = self
                .organization
                .own::<kept_refusal::Entity>()
                .filter(kept_refusal::Column::Hash.is_in(hashes.iter().copied()))
                .all(transaction)
                .await?;
            // Two people whose keys one contact has got may have refused the same channel.
            let answers: BTreeSet<(i64, String)> = kept
                .into_iter()
                .filter_map(|row| Some((*contacts.get(&row.hash)?, row.channel)))
                .collect();
            if answers.is_empty() {
                continue;
            }
            refused.extend(
                answers
                    .iter()
                    .filter_map(|(contact, channel)| Some((*contact, Channel::parse(channel)?))),
            );
            let rows = answers
                .into_iter()
                .map(|(contact, channel)| consent::ActiveModel {
                    contact_id: Set(contact),
                    channel: Set(channel),
                    import_id: Set(OF_ERASED),
                    granted: Set(false),
                    at: Set(at),
                    basis: Set(None),
                    source: Set(String::new()),
                    kept: Set(true),
                });
            let known = [
                consent::Column::ContactId,
                consent::Column::Channel,
                consent::Column::ImportId,
            ];
            // A contact that gets the keys of one more such person refuses anew.
            let mut on_conflict = OnConflict::columns(known);
            on_conflict.update_column(consent::Column::At);
            consent::Entity::insert_many(rows)
                .on_conflict(on_conflict)
                .exec_without_returning(transaction)
                .await?;
        }
        Ok(refused)
    }

    /// Takes kept refusals away from contacts that have lost the phones and e-mail addresses for
    /// which they were kept. Each contact comes with the stored keys that it has left.
    async fn release(
        &self,
        transaction: &DatabaseTransaction,
        contacts: &[(i64, Vec<String>)],
    ) -> Result<()> {
        let backend = transaction.get_database_backend();
        let ids: Vec<i64> = contacts.iter().map(|(id, _)| *id).collect();
        let answers = consent::Entity::find()
            .filter(integers(backend, "contact_id", &ids)?)
            .filter(consent::Column::ImportId.eq(OF_ERASED))
            .all(transaction)
            .await?;
        for answer in answers {
            let keys = contacts.iter().find(|(id, _)| *id == answer.contact_id);
            let keys = keys.into_iter().flat_map(|(_, keys)| keys);
            let hashes: Vec<String> = keys.filter_map(|key| self.hash(key)).collect();
            let kept = self
                .organization
                .own::<kept_refusal::Entity>()
                .filter(kept_refusal::Column::Hash.is_in(hashes))
                .filter(kept_refusal::Column::Channel.eq(&answer.channel))
                .one(transaction)
                .await?;
            if kept.is_none() {
                answer.delete(transaction).await?;
            }
        }
        Ok(())
    }
}

/// Gives stored keys to contacts, each key with its contact, and the refusals that were kept of
/// contacts which had these keys and were erased. Returns the contacts that have refused so, with
/// the channels.
pub(crate) async fn give_keys(
    transaction: &DatabaseTransaction,
    vault: &Vault,
    organization: OrganizationId,
    gained: &[(String, i64)],
    at: i64,
) -> Result<Vec<(i64, Channel)>> {
    if gained.is_empty() {
        return Ok(Vec::new());
    }
    keys::insert(transaction, organization.0, gained).await?;
    match Refusals::load(transaction, vault, organization).await? {
        Some(refusals) => refusals.apply(transaction, gained, at).await,
        None => Ok(Vec::new()),
    }
}

/// Takes kept refusals away from contacts that have lost keys. Each contact comes with the stored
/// keys that it has left.
pub(crate) async fn release_refusals(
    transaction: &DatabaseTransaction,
    vault: &Vault,
    organization: OrganizationId,
    contacts: &[(i64, Vec<String>)],
) -> Result<()> {
    if contacts.is_empty() {
        return Ok(());
    }
    match Refusals::load(transaction, vault, organization).await? {
        Some(refusals) => refusals.release(transaction, contacts).await,
        None => Ok(()),
    }
}

/// Forgets all kept refusals whose key this server can't open, of all organizations: the key of
/// their hashes is lost with the key that sealed it. Returns the number of organizations.
///
/// # Errors
/// When the database fails.
pub async fn forget_unreadable(store: &Store) -> Result<u64> {
    let mut forgotten = 0;
    for row in refusal_key::Entity::find().all(store.read()).await? {
        let organization = OrganizationId(row.organization_id);
        let purpose = refusals_purpose(organization.0);
        if store.vault.open(&purpose, &row.sealed).is_ok() {
            continue;
        }
        let transaction = store.begin().await?;
        organization
            .own_delete::<kept_refusal::Entity>()
            .exec(&transaction)
            .await?;
        organization
            .own_delete::<refusal_key::Entity>()
            .exec(&transaction)
            .await?;
        transaction.commit().await?;
        forgotten += 1;
    }
    Ok(forgotten)
}
