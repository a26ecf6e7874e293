//! The rules of one vendor: which records its base may hold.

use super::List;
use crate::data::Status;

/// The rules for the records of a vendor's base.
pub(crate) struct Rules {
    pub(crate) first_contact: u64,
    pub(crate) first_product: u64,
    pub(crate) first_sale: u64,
    /// The statuses of sales. Each entry is equally likely, so a frequent status is in the list
    /// several times.
    pub(crate) statuses: &'static [Status],
    pub(crate) anonymous: Anonymous,
    pub(crate) suppliers: bool,
    /// True when lines of a sale may have no product.
    pub(crate) typed_items: bool,
    /// The lists whose deleted records stay, marked as deleted.
    pub(crate) tombstones: &'static [List],
    /// True when sales are made in a shop: no freight, and returned goods are a document of their
    /// own, at the price paid.
    pub(crate) shop: bool,
}

impl Rules {
    /// Makes rules out of the first ids of contacts, products and sales, and the statuses of sales.
    /// Everybody is a client with a name, and buys goods by order.
    pub(crate) const fn new(
        (first_contact, first_product, first_sale): (u64, u64, u64),
        statuses: &'static [Status],
    ) -> Self {
        let anonymous = Anonymous::Never;
        let (suppliers, typed_items, shop, tombstones): (_, _, _, &[List]) =
            (false, false, false, &[]);
        Self {
            first_contact,
            first_product,
            first_sale,
            statuses,
            anonymous,
            suppliers,
            typed_items,
            tombstones,
            shop,
        }
    }
}

/// The way in which a vendor shows that a buyer left no name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anonymous {
    Never,
    NoId,
    /// By a contact that stands for such buyers, or by no id.
    Record,
}
