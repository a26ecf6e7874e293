//! The rows of contacts that are erased, and the refusals that stay.

use std::collections::{BTreeSet, HashMap};

use alta_domain::{Channel, Country, OrganizationId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::home;
use super::traces::Traces;
use crate::access::Own;
use crate::contacts::bulk::integers;
use crate::contacts::consents::of_contacts;
use crate::contacts::history::Part;
use crate::contacts::keys::{keys_of, stored};
use crate::contacts::people::histories;
use crate::contacts::refusals::Refusals;
use crate::entity::{
    consent, contact, contact_change, contact_edit, contact_key, import_merged, list_member,
};
use crate::error::Result;
use crate::now;
use crate::vault::Vault;

/// The most keys of one statement.
const KEYS: usize = 2000;

/// Contacts with their histories.
pub(super) struct People {
    pub(super) organization: OrganizationId,
    pub(super) home: Country,
    pub(super) rows: Vec<contact::Model>,
    pub(super) histories: HashMap<i64, Vec<Part>>,
}

impl People {
    /// Reads those of the contacts that exist, with their histories.
    pub(super) async fn read(
        db: &impl ConnectionTrait,
        organization: OrganizationId,
        ids: &[i64],
    ) -> Result<Self> {
        let backend = db.get_database_backend();
        let rows = organization
            .own::<contact::Entity>()
            .filter(integers(backend, "id", ids)?)
            .all(db)
            .await?;
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        Ok(Self {
            organization,
            home: home(db, organization).await?,
            histories: histories(db, &ids).await?,
            rows,
        })
    }

    pub(super) fn ids(&self) -> Vec<i64> {
        self.rows.iter().map(|row| row.id).collect()
    }

    /// Collects the values by which the people can be found in other places.
    pub(super) async fn traces(&self, db: &impl ConnectionTrait) -> Result<Traces> {
        let mut all = Traces::new(self.home);
        for row in &self.rows {
            let parts = self.histories.get(&row.id).into_iter().flatten();
            all.join(Traces::of(db, self.organization, self.home, row, parts).await?);
        }
        Ok(all)
    }

    /// Keeps the refusals of each contact for its phones and e-mail addresses, those of before
    /// included. Returns the channels.
    pub(super) async fn keep_refusals(
        &self,
        transaction: &DatabaseTransaction,
        vault: &Vault,
    ) -> Result<Vec<Channel>> {
        let answers = of_contacts(transaction, &self.ids()).await?;
        let mut all: BTreeSet<Channel> = BTreeSet::new();
        for row in &self.rows {
            let own = answers.get(&row.id).into_iter().flatten();
            let refused = own.filter(|answer| !answer.granted);
            let channels: Vec<Channel> = refused.map(|answer| answer.channel).collect();
            if channels.is_empty() {
                continue;
            }
            let refusals = Refusals::load_or_create(transaction, vault, self.organization).await?;
            let parts = self.histories.get(&row.id).into_iter().flatten();
            let traces = Traces::of(transaction, self.organization, self.home, row, parts).await?;
            let keys: Vec<String> = traces.keys().cloned().collect();
            let kept = refusals.keep(transaction, &keys, &channels, now()).await?;
            all.extend(channels.into_iter().filter(|_| kept > 0));
        }
        Ok(all.into_iter().collect())
    }

    /// Deletes the contacts with their keys, their histories, their answers about permission and
    /// their memberships of lists.
    pub(super) async fn delete(&self, transaction: &DatabaseTransaction) -> Result<()> {
        let backend = transaction.get_database_backend();
        let ids = self.ids();
        let of_contacts = || integers(backend, "contact_id", &ids);
        self.delete_keys(transaction).await?;
        contact_change::Entity::delete_many()
            .filter(of_contacts()?)
            .exec(transaction)
            .await?;
        self.organization
            .own_delete::<contact_edit::Entity>()
            .filter(of_contacts()?)
            .exec(transaction)
            .await?;
        consent::Entity::delete_many()
            .filter(of_contacts()?)
            .exec(transaction)
            .await?;
        list_member::Entity::delete_many()
            .filter(of_contacts()?)
            .exec(transaction)
            .await?;
        import_merged::Entity::update_many()
            .col_expr(import_merged::Column::ContactId, Expr::value(0_i64))
            .filter(of_contacts()?)
            .exec(transaction)
            .await?;
        self.organization
            .own_delete::<contact::Entity>()
            .filter(integers(backend, "id", &ids)?)
            .exec(transaction)
            .await?;
        Ok(())
    }

    /// Deletes the keys of the contacts. A key that is another contact's by now stays.
    async fn delete_keys(&self, transaction: &DatabaseTransaction) -> Result<()> {
        let own = self.rows.iter().flat_map(|row| keys_of(row, self.home));
        let own: Vec<String> = own.map(|key| stored(&key)).collect();
        let backend = transaction.get_database_backend();
        for keys in own.chunks(KEYS) {
            self.organization
                .own_delete::<contact_key::Entity>()
                .filter(contact_key::Column::Key.is_in(keys))
                .filter(integers(backend, "contact_id", &self.ids())?)
                .exec(transaction)
                .await?;
        }
        Ok(())
    }
}
