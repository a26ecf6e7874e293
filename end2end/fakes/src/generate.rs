//! Makes records out of a seed: the same settings give the same records on every machine.

use crate::check_digits::{cnpj, cpf};
use crate::clock::{END_OF_SEED, Moment};
use crate::data::{Address, Item, Person, Phone, Product, Role, Sale, Standing, Status, Typed};
use crate::names::{CITIES, City, DISTRICTS, FEMALE, GOODS, LAST, MALE, SIZES, STREETS, TRADES};
use crate::rng::Rng;
use crate::world::{Anonymous, Rules};

/// The age of the oldest seeded sale: two years, in seconds.
const HISTORY: i64 = 730 * 86_400;

/// Makes the `index`-th person. Some indexes are always unusual cases, so that a small base has
/// them all.
#[expect(clippy::too_many_lines, reason = "a vendor's answer, field by field")]
pub(crate) fn person(
    rng: &mut Rng,
    rules: &Rules,
    index: usize,
    id: u64,
    created: Moment,
) -> Person {
    let company = index.is_multiple_of(5);
    let female = rng.percent(50);
    let last = *rng.pick(&LAST);
    let other = *rng.pick(&LAST);
    let first = *rng.pick(if female { &FEMALE } else { &MALE });
    let trade = *rng.pick(&TRADES);
    let (name, trade_name) = match (company, index % 10) {
        (false, _) => (format!("{first} {last} {other}"), String::new()),
        // The ampersand breaks code that builds XML or a query by hand.
        (true, 0) => (
            format!("{last} & Filhos Ltda"),
            format!("{trade} {last} & Filhos"),
        ),
        (true, _) => (
            format!("{trade} {last} {other} Ltda"),
            if index.is_multiple_of(3) {
                String::new()
            } else {
                format!("{trade} {last}")
            },
        ),
    };
    let city = rng.pick(&CITIES);
    let tax_id = match (index % 17, company) {
        (4, _) => String::new(),
        (_, true) => cnpj(&format!("{}0001", rng.digits(8))),
        (_, false) => cpf(&rng.digits(9)),
    };
    let role = if rules.suppliers && index % 33 == 5 {
        Role::Supplier
    } else if rules.suppliers && index % 40 == 12 {
        Role::Both
    } else {
        Role::Client
    };
    Person {
        id,
        company,
        role,
        email: email(rng, index, first, last),
        mobile: (!rng.percent(15)).then(|| mobile(rng, city.area)),
        landline: rng.percent(35).then(|| landline(rng, city.area)),
        earlier_mobiles: Vec::new(),
        tax_id,
        // The date is from 1950 on and never in January, where the vendors' dates for 'no date'
        // are.
        birth: (!company && !rng.percent(30)).then(|| {
            Moment::day(
                1950 + rng.below_signed(55),
                2 + rng.below_signed(11),
                1 + rng.below_signed(28),
            )
        }),
        female,
        address: if index % 9 == 7 {
            Address::default()
        } else {
            address(rng, city)
        },
        standing: Standing::of(index % 19 != 8),
        created,
        updated: later(rng, created),
        version: 0,
        name,
        trade_name,
    }
}

/// Makes the contact that stands for buyers without a name, as Microvix has it among the contacts.
pub(crate) fn anonymous(id: u64) -> Person {
    let created = Moment::day(2020, 2, 3);
    Person {
        id,
        company: false,
        role: Role::Anonymous,
        name: "CONSUMIDOR FINAL".into(),
        trade_name: String::new(),
        email: String::new(),
        mobile: None,
        landline: None,
        earlier_mobiles: Vec::new(),
        tax_id: String::new(),
        birth: None,
        female: false,
        address: Address::default(),
        standing: Standing::Active,
        created,
        updated: created,
        version: 0,
    }
}

fn email(rng: &mut Rng, index: usize, first: &str, last: &str) -> String {
    let plain = |text: &str| -> String {
        text.to_lowercase()
            .chars()
            .map(without_accent)
            .filter(char::is_ascii_alphanumeric)
            .collect()
    };
    let (first, last) = (plain(first), plain(last));
    if index % 11 == 3 {
        return String::new();
    }
    match index % 20 {
        0 => format!("contato.{last}{index}@example.com; financeiro.{last}{index}@example.com"),
        10 => format!("contato.{last}{index}@example.com,nfe.{last}{index}@example.com"),
        _ if rng.percent(5) => format!("{first}.{last}{index}@example.com").to_uppercase(),
        _ => format!("{first}.{last}{index}@example.com"),
    }
}

fn without_accent(letter: char) -> char {
    match letter {
        'á' | 'â' | 'ã' => 'a',
        'é' | 'ê' => 'e',
        'í' => 'i',
        'ó' | 'ô' | 'õ' => 'o',
        'ú' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        other => other,
    }
}

fn typed(rng: &mut Rng) -> Typed {
    match rng.below(10) {
        0 => Typed::Zero,
        1 => Typed::Country,
        2 | 3 => Typed::Plain,
        _ => Typed::Formatted,
    }
}

pub(crate) fn mobile(rng: &mut Rng, area: &str) -> Phone {
    // Old records still have mobile numbers from before the ninth digit.
    let ninth = if rng.percent(12) { "" } else { "9" };
    Phone {
        area: area.into(),
        number: format!("{ninth}{}{}", 6 + rng.below(4), rng.digits(7)),
        typed: typed(rng),
    }
}

fn landline(rng: &mut Rng, area: &str) -> Phone {
    Phone {
        area: area.into(),
        number: format!("{}{}", 2 + rng.below(4), rng.digits(7)),
        typed: typed(rng),
    }
}

fn address(rng: &mut Rng, city: &City) -> Address {
    Address {
        street: (*rng.pick(&STREETS)).into(),
        number: if rng.percent(8) {
            "S/N".into()
        } else {
            (1 + rng.below(2500)).to_string()
        },
        complement: if rng.percent(30) {
            format!("Ap {}", 1 + rng.below(180))
        } else {
            String::new()
        },
        district: (*rng.pick(&DISTRICTS)).into(),
        city: city.name.into(),
        city_code: city.code.into(),
        state: city.state.into(),
        postal_code: format!("{:05}{:03}", city.postal + rng.below(80), rng.below(1000)),
    }
}

/// Returns a later moment: mostly soon, sometimes after months, never after the seed's end.
fn later(rng: &mut Rng, at: Moment) -> Moment {
    let most = if rng.percent(20) {
        200 * 86_400
    } else {
        3 * 86_400
    };
    at.plus(60 + rng.below_signed(most))
        .min(END_OF_SEED.plus(-1))
        .max(at)
}

/// Returns a moment of the last two years, in opening hours.
pub(crate) fn past(rng: &mut Rng) -> Moment {
    END_OF_SEED
        .plus(-HISTORY + rng.below_signed(HISTORY - 86_400))
        .start_of_day()
        .plus(8 * 3600 + rng.below_signed(12 * 3600))
}

/// Makes the `index`-th product.
pub(crate) fn product(rng: &mut Rng, index: usize, id: u64, created: Moment) -> Product {
    let good = GOODS[index % GOODS.len()];
    let size = SIZES[index / GOODS.len() % SIZES.len()];
    Product {
        id,
        sku: format!("SKU-{}", 100 + index),
        name: format!("{good} {size}"),
        price: 150 + 10 * rng.below_signed(2500) + [0, 9, 5, 0][rng.index(4)],
        standing: Standing::of(index % 12 != 7),
        created,
        updated: later(rng, created),
        version: 0,
    }
}

/// The people, products and rules that a new sale is made from.
pub(crate) struct Shelf<'a> {
    pub(crate) people: &'a [Person],
    pub(crate) products: &'a [Product],
    pub(crate) rules: &'a Rules,
}

/// Makes the `index`-th sale. Its lines have no ids yet.
pub(crate) fn sale(rng: &mut Rng, shelf: &Shelf<'_>, index: usize, id: u64, at: Moment) -> Sale {
    let rules = shelf.rules;
    let named = !(rules.anonymous != Anonymous::Never && index % 12 == 9);
    let items: Vec<Item> = (0..=rng.index(5)).map(|_| item(rng, shelf)).collect();
    let gross: i64 = items.iter().map(Item::gross).sum();
    let status = if index < rules.statuses.len() {
        rules.statuses[index]
    } else {
        *rng.pick(rules.statuses)
    };
    // The sale has a percentage only where that comes to whole cents, so that nobody has to guess
    // how the vendor rounds.
    let percent = (index % 7 == 2 && gross % 10 == 0).then_some(10);
    let discount = match percent {
        _ if rules.shop && status.is_final() && status != Status::Cancelled => 0,
        Some(percent) => gross * percent / 100,
        None if rng.percent(30) => rng.below_signed(gross / 10),
        None => 0,
    };
    Sale {
        id,
        number: 1001 + index as u64,
        at,
        status,
        contact: if named {
            client(rng, shelf.people)
        } else {
            None
        },
        discount,
        percent,
        freight: if !rules.shop && rng.percent(60) {
            [1250, 1990, 900, 3475][rng.index(4)]
        } else {
            0
        },
        items,
        deleted: false,
        updated: if status == Status::Open {
            at
        } else {
            later(rng, at)
        },
        version: 0,
    }
}

/// Picks a client by chance. Suppliers are few, so a handful of tries finds one.
fn client(rng: &mut Rng, people: &[Person]) -> Option<u64> {
    (0..50)
        .filter(|_| !people.is_empty())
        .map(|_| rng.pick(people))
        .find(|person| person.is_client())
        .map(|person| person.id)
}

fn item(rng: &mut Rng, shelf: &Shelf<'_>) -> Item {
    let most = if rng.percent(10) { 40 } else { 4 };
    let whole = 1000 * (1 + rng.below_signed(most));
    if shelf.products.is_empty() || shelf.rules.typed_items && rng.percent(4) {
        let name = "Embrulho p/ presente & cartão".to_owned();
        return Item {
            id: 0,
            product: None,
            sku: String::new(),
            name,
            quantity: whole,
            unit_price: 500,
        };
    }
    let product = rng.pick(shelf.products);
    let part = [500, 1500, 2250][rng.index(3)];
    let quantity = if rng.percent(15) && part * product.price % 1000 == 0 {
        part
    } else {
        whole
    };
    Item {
        id: 0,
        product: Some(product.id),
        sku: product.sku.clone(),
        name: product.name.clone(),
        quantity,
        unit_price: product.price,
    }
}
