//! The rules of one vendor: what its base may hold.

use super::List;
use crate::data::Status;

/// What a vendor's base may hold.
pub(crate) struct Rules {
    pub(crate) first_contact: u64,
    pub(crate) first_product: u64,
    pub(crate) first_sale: u64,
    /// Drawn from evenly: a status that is often seen stands here often.
    pub(crate) statuses: &'static [Status],
    pub(crate) anonymous: Anonymous,
    pub(crate) suppliers: bool,
    /// Lines of a sale without a product are possible.
    pub(crate) typed_items: bool,
    /// Lists whose deleted records stay and say so.
    pub(crate) tombstones: &'static [List],
    /// Sales are rung up in a shop: no freight, and what comes back is a document of its own, at
    /// the price paid.
    pub(crate) shop: bool,
}

impl Rules {
    /// The first ids of contacts, products and sales, and where sales stand; everybody is a client
    /// with a name, and buys goods by order.
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

/// How a vendor tells that a buyer left no name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anonymous {
    Never,
    NoId,
    /// By a contact of its own, or no id.
    Record,
}
