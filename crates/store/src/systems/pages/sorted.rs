//! Sorts the records of a page by kind.

use std::collections::HashMap;

use alta_domain::{Price, Product, SetAside, SourceRecord, Sourced, Transaction};

use crate::systems::contacts::SystemContact;

/// A record of one kind.
pub(super) struct PageRecord<T> {
    /// The id that the record has in its system.
    pub(super) external_id: String,
    pub(super) value: T,
    /// The record as the system sent it, as JSON.
    pub(super) raw: String,
}

/// The records of a page, sorted by kind.
#[derive(Default)]
pub(super) struct SortedPage {
    pub(super) contacts: Vec<SystemContact>,
    pub(super) transactions: Vec<PageRecord<Transaction>>,
    pub(super) products: Vec<PageRecord<Product>>,
    /// Prices by the id of their product.
    pub(super) prices: HashMap<String, Price>,
    /// Records that could not be read, with the reason.
    pub(super) set_aside: Vec<PageRecord<SetAside>>,
    /// Ids of the records that their system says it has deleted.
    pub(super) deleted: Vec<String>,
    /// The ids of records that the page contains but that are not written: unreadable or unchanged
    /// ones.
    pub(super) present: Vec<String>,
    /// The ids of all records of the page, of whatever kind.
    pub(super) ids: Vec<String>,
}

impl SortedPage {
    /// Sorts the records of a page, each of which has another id.
    pub(super) fn new(records: Vec<Sourced>) -> Self {
        let mut page = Self::default();
        for record in records {
            page.add(record);
        }
        page
    }

    fn add(&mut self, Sourced { id, record, raw }: Sourced) {
        self.ids.push(id.clone());
        match record {
            Ok(SourceRecord::Contact(contact)) => self.contacts.push(SystemContact {
                external_id: id,
                cells: contact.cells,
                raw,
            }),
            Ok(SourceRecord::Transaction(value)) => self.transactions.push(PageRecord {
                external_id: id,
                value,
                raw,
            }),
            Ok(SourceRecord::Product(value)) => self.products.push(PageRecord {
                external_id: id,
                value,
                raw,
            }),
            Ok(SourceRecord::Price(price)) => drop(self.prices.insert(id, price)),
            Ok(SourceRecord::Gone) => self.deleted.push(id),
            Ok(SourceRecord::Unwanted) => self.present.push(id),
            Err(value) => {
                self.present.push(id.clone());
                self.set_aside.push(PageRecord {
                    external_id: id,
                    value,
                    raw,
                });
            }
        }
    }
}
