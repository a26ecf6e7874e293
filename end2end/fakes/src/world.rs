//! The records of one system, and their changes.

mod rules;

use std::collections::HashSet;

use crate::Settings;
use crate::clock::Moment;
use crate::data::{Person, Product, Role, Sale, Standing, Status};
use crate::generate::{self, Shelf};
use crate::names::LAST;
use crate::rng::Rng;

pub(crate) use rules::{Anonymous, Rules};

/// One of the three lists of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum List {
    Contacts,
    Transactions,
    Products,
}

/// The records of a system, each list in the order of ids.
pub(crate) struct World {
    pub(crate) people: Vec<Person>,
    pub(crate) products: Vec<Product>,
    pub(crate) sales: Vec<Sale>,
    rules: &'static Rules,
    rng: Rng,
    version: u64,
    lines: u64,
    made: [usize; 3],
}

impl World {
    pub(crate) fn new(settings: &Settings, rules: &'static Rules) -> Self {
        let rng = Rng::new(settings.seed);
        let lines = rules.first_sale * 3;
        let (people, products, sales) = (Vec::new(), Vec::new(), Vec::new());
        let mut world = Self {
            people,
            products,
            sales,
            rules,
            rng,
            version: 512_000_100,
            lines,
            made: [0; 3],
        };
        world.seed(settings);
        world.stamp_all();
        world
    }

    fn seed(&mut self, settings: &Settings) {
        if self.rules.anonymous == Anonymous::Record {
            self.people.push(generate::anonymous(1));
        }
        let mut births: Vec<Moment> = (0..settings.contacts)
            .map(|_| generate::past(&mut self.rng))
            .collect();
        births.sort_unstable();
        for at in births {
            let id = self.next_id(List::Contacts);
            let person = generate::person(&mut self.rng, self.rules, self.made[0], id, at);
            self.made[0] += 1;
            self.people.push(person);
        }
        for _ in 0..settings.products {
            let at = generate::past(&mut self.rng);
            self.add_product(at, false);
        }
        let mut sales: Vec<Moment> = (0..settings.transactions)
            .map(|_| generate::past(&mut self.rng))
            .collect();
        sales.sort_unstable();
        for at in sales {
            self.add_sale(at, false);
        }
    }

    /// Sets the versions of the seeded records, in the order of their last changes, as a real
    /// system would have counted them.
    fn stamp_all(&mut self) {
        let mut people: Vec<&mut Person> = self.people.iter_mut().collect();
        people.sort_by_key(|person| person.updated);
        for person in people {
            self.version += 1;
            person.version = self.version;
        }
        let mut products: Vec<&mut Product> = self.products.iter_mut().collect();
        products.sort_by_key(|product| product.updated);
        for product in products {
            self.version += 1;
            product.version = self.version;
        }
        let mut sales: Vec<&mut Sale> = self.sales.iter_mut().collect();
        sales.sort_by_key(|sale| sale.updated);
        for sale in sales {
            sale.version = self.version + 1;
            self.version += sale.items.len() as u64;
        }
    }

    /// Returns an id above all others, with room below it for ids that come later.
    fn next_id(&mut self, list: List) -> u64 {
        let step = 3 + self.rng.below(38);
        let (highest, first) = match list {
            List::Contacts => (
                self.people.last().map(|person| person.id),
                self.rules.first_contact,
            ),
            List::Transactions => (self.sales.last().map(|sale| sale.id), self.rules.first_sale),
            List::Products => (
                self.products.last().map(|product| product.id),
                self.rules.first_product,
            ),
        };
        highest.map_or(first, |id| (id + step).max(first))
    }

    /// Returns an id between two others. In a list in the order of ids, the records after it move
    /// on by one.
    fn gap_id(&mut self, list: List) -> u64 {
        let ids: Vec<u64> = match list {
            List::Contacts => self.people.iter().map(|person| person.id).collect(),
            List::Transactions => self.sales.iter().map(|sale| sale.id).collect(),
            List::Products => self.products.iter().map(|product| product.id).collect(),
        };
        let gaps: Vec<u64> = ids
            .windows(2)
            .filter(|pair| pair[0] + 1 < pair[1] && pair[0] > 1)
            .map(|pair| pair[0] + 1)
            .collect();
        if gaps.is_empty() {
            self.next_id(list)
        } else {
            *self.rng.pick(&gaps)
        }
    }

    fn new_id(&mut self, list: List, in_gap: bool) -> u64 {
        if in_gap {
            self.gap_id(list)
        } else {
            self.next_id(list)
        }
    }

    fn add_person(&mut self, at: Moment, in_gap: bool) -> u64 {
        let id = self.new_id(List::Contacts, in_gap);
        let mut person = generate::person(&mut self.rng, self.rules, self.made[0], id, at);
        person.role = Role::Client;
        person.updated = at;
        self.made[0] += 1;
        self.version += 1;
        person.version = self.version;
        let place = self.people.partition_point(|other| other.id < id);
        self.people.insert(place, person);
        id
    }

    fn add_product(&mut self, at: Moment, in_gap: bool) -> u64 {
        let id = self.new_id(List::Products, in_gap);
        let mut product = generate::product(&mut self.rng, self.made[2], id, at);
        self.made[2] += 1;
        self.version += 1;
        product.version = self.version;
        let place = self.products.partition_point(|other| other.id < id);
        self.products.insert(place, product);
        id
    }

    fn add_sale(&mut self, at: Moment, in_gap: bool) -> u64 {
        let id = self.new_id(List::Transactions, in_gap);
        let stock = Shelf {
            people: &self.people,
            products: &self.products,
            rules: self.rules,
        };
        let mut sale = generate::sale(&mut self.rng, &stock, self.made[1], id, at);
        self.made[1] += 1;
        for item in &mut sale.items {
            self.lines += 1;
            item.id = self.lines;
        }
        sale.version = self.version + 1;
        self.version += sale.items.len() as u64;
        let place = self.sales.partition_point(|other| other.id < id);
        self.sales.insert(place, sale);
        id
    }

    pub(crate) fn person(&self, id: u64) -> Option<&Person> {
        self.people
            .binary_search_by_key(&id, |person| person.id)
            .ok()
            .map(|place| &self.people[place])
    }

    pub(crate) fn product(&self, id: u64) -> Option<&Product> {
        self.products
            .binary_search_by_key(&id, |product| product.id)
            .ok()
            .map(|place| &self.products[place])
    }

    pub(crate) fn sale(&self, id: u64) -> Option<&Sale> {
        self.sales
            .binary_search_by_key(&id, |sale| sale.id)
            .ok()
            .map(|place| &self.sales[place])
    }

    pub(crate) fn clients(&self) -> impl Iterator<Item = &Person> {
        self.people.iter().filter(|person| person.is_client())
    }

    /// Returns the sales that the vendor shows: without those in its trash and without estimates.
    pub(crate) fn shown_sales(&self) -> impl Iterator<Item = &Sale> {
        let is_shown = |sale: &&Sale| sale.status != Status::NoSale && !sale.deleted;
        self.sales.iter().filter(is_shown)
    }

    /// Returns the products that are not deleted.
    pub(crate) fn goods(&self) -> impl Iterator<Item = &Product> {
        self.products
            .iter()
            .filter(|product| !product.standing.is_deleted())
    }

    /// Returns the buyer. `None` when the buyer left no name.
    pub(crate) fn buyer(&self, sale: &Sale) -> Option<&Person> {
        self.person(sale.contact?)
    }

    /// Adds a record of today, and returns its id. Its status is never final, so that it counts as
    /// a sale.
    pub(crate) fn add(&mut self, list: List, now: Moment, in_gap: bool) -> u64 {
        let id = match list {
            List::Contacts => self.add_person(now, in_gap),
            List::Transactions => self.add_sale(now, in_gap),
            List::Products => self.add_product(now, in_gap),
        };
        if let Some(sale) = self
            .sales
            .iter_mut()
            .find(|sale| list == List::Transactions && sale.id == id)
        {
            sale.updated = now;
            if sale.status.is_final() {
                sale.status = self
                    .rules
                    .statuses
                    .iter()
                    .copied()
                    .find(|status| !status.is_final())
                    .unwrap_or(Status::Open);
            }
        }
        if let Some(product) = self
            .products
            .iter_mut()
            .find(|product| list == List::Products && product.id == id)
        {
            product.updated = now;
        }
        id
    }

    /// Changes up to `count` records that ought to be imported. Returns their ids.
    pub(crate) fn change(&mut self, list: List, count: usize, now: Moment) -> Vec<u64> {
        let places = match list {
            List::Contacts => places(&self.people, Person::is_client),
            List::Transactions => {
                places(&self.sales, |sale| !sale.status.is_final() && !sale.deleted)
            }
            List::Products => places(&self.products, |product| !product.standing.is_deleted()),
        };
        let chosen = self.rng.choose(places, count);
        chosen
            .into_iter()
            .map(|place| self.change_one(list, place, now))
            .collect()
    }

    /// Deletes up to `count` records. People who have bought and products that were sold stay.
    pub(crate) fn delete(&mut self, list: List, count: usize, now: Moment) {
        let buyers: HashSet<u64> = self.sales.iter().filter_map(|sale| sale.contact).collect();
        let sold: HashSet<u64> = self
            .sales
            .iter()
            .flat_map(|sale| &sale.items)
            .filter_map(|item| item.product)
            .collect();
        let places = match list {
            List::Contacts => places(&self.people, |person| {
                person.is_client() && !buyers.contains(&person.id)
            }),
            List::Transactions => places(&self.sales, |sale| !sale.deleted),
            List::Products => places(&self.products, |product| {
                !product.standing.is_deleted() && !sold.contains(&product.id)
            }),
        };
        let mut chosen = self.rng.choose(places, count);
        chosen.sort_unstable();
        for place in chosen.into_iter().rev() {
            self.version += 1;
            let (stays, version) = (self.rules.tombstones.contains(&list), self.version);
            match list {
                List::Contacts if stays => {
                    let person = &mut self.people[place];
                    (person.standing, person.updated, person.version) =
                        (Standing::Deleted, now, version);
                }
                List::Products if stays => {
                    let product = &mut self.products[place];
                    (product.standing, product.updated, product.version) =
                        (Standing::Deleted, now, version);
                }
                List::Transactions if stays => {
                    let sale = &mut self.sales[place];
                    (sale.deleted, sale.updated, sale.version) = (true, now, version);
                }
                List::Contacts => drop(self.people.remove(place)),
                List::Products => drop(self.products.remove(place)),
                List::Transactions => drop(self.sales.remove(place)),
            }
        }
    }

    fn change_one(&mut self, list: List, place: usize, now: Moment) -> u64 {
        self.version += 1;
        match list {
            List::Contacts => {
                let person = &mut self.people[place];
                let first = person.name.split(' ').next().unwrap_or_default().to_owned();
                person.name = format!("{first} {} {}", self.rng.pick(&LAST), self.rng.pick(&LAST));
                let earlier = person.mobile.replace(generate::mobile(&mut self.rng, "11"));
                person.earlier_mobiles.push(earlier);
                (person.updated, person.version) = (now, self.version);
                person.id
            }
            List::Transactions => {
                let sale = &mut self.sales[place];
                let others: Vec<Status> = self
                    .rules
                    .statuses
                    .iter()
                    .copied()
                    .filter(|status| movable(*status) && *status != sale.status)
                    .collect();
                sale.status = if others.is_empty() {
                    sale.status
                } else {
                    *self.rng.pick(&others)
                };
                (sale.updated, sale.version) = (now, self.version);
                self.version += sale.items.len() as u64;
                sale.id
            }
            List::Products => {
                let product = &mut self.products[place];
                product.price += 10 * (1 + self.rng.below_signed(50));
                (product.updated, product.version) = (now, self.version);
                product.id
            }
        }
    }
}

/// Returns true when the status of a sale may change. A sale can be cancelled, but does not become
/// a return, which is a document of its own.
fn movable(status: Status) -> bool {
    !matches!(status, Status::Returned | Status::NoSale)
}

fn places<T>(list: &[T], fits: impl Fn(&T) -> bool) -> Vec<usize> {
    list.iter()
        .enumerate()
        .filter(|(_, record)| fits(record))
        .map(|(place, _)| place)
        .collect()
}

#[cfg(test)]
mod tests;
