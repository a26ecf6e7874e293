use super::*;
use crate::clock::now;

static RULES: Rules = Rules {
    anonymous: Anonymous::NoId,
    suppliers: true,
    typed_items: true,
    ..Rules::new(
        (10, 10, 10),
        &[
            Status::Invoiced,
            Status::Open,
            Status::Cancelled,
            Status::Returned,
        ],
    )
};

fn world() -> World {
    World::new(
        &Settings {
            contacts: 60,
            transactions: 400,
            products: 30,
            seed: 3,
            speed: 1,
        },
        &RULES,
    )
}

#[test]
fn sales_add_up_to_the_cent() {
    for sale in world().sales {
        assert!((1..=5).contains(&sale.items.len()));
        assert!(
            sale.items
                .iter()
                .all(|item| item.quantity * item.unit_price % 1000 == 0)
        );
        assert_eq!(sale.shares().iter().sum::<i64>(), sale.discount);
        assert!(
            sale.items
                .iter()
                .zip(sale.shares())
                .all(|(item, share)| (0..=item.gross()).contains(&share))
        );
        assert_eq!(sale.total(), sale.gross() - sale.discount + sale.freight);
        assert!(sale.updated >= sale.at && sale.updated < crate::clock::END_OF_SEED);
    }
}

#[test]
fn a_small_base_has_every_odd_case() {
    let world = world();
    let people = |fits: fn(&Person) -> bool| world.people.iter().any(fits);
    assert!(people(|one| one.role == Role::Supplier) && people(|one| one.role == Role::Both));
    assert!(
        people(|one| one.email.is_empty())
            && people(|one| one.email.contains(';'))
            && people(|one| one.email.contains(','))
    );
    assert!(
        people(|one| one.name.contains('&'))
            && people(|one| !one.name.is_ascii())
            && people(|one| one.tax_id.is_empty())
    );
    let sales = |fits: fn(&Sale) -> bool| world.sales.iter().any(fits);
    assert!(
        RULES
            .statuses
            .iter()
            .all(|status| world.sales.iter().any(|sale| sale.status == *status))
    );
    assert!(
        sales(|sale| sale.contact.is_none())
            && sales(|sale| sale.items.iter().any(|item| item.product.is_none()))
    );
    assert!(
        sales(|sale| sale.percent.is_some()) && sales(|sale| sale.updated >= sale.at.plus_days(30))
    );
}

#[test]
fn the_same_seed_gives_the_same_records() {
    let names = |world: World| {
        world
            .people
            .into_iter()
            .map(|person| (person.id, person.name, person.email))
            .collect::<Vec<_>>()
    };
    assert_eq!(names(world()), names(world()));
}

#[test]
fn changes_raise_the_version_and_keep_the_order() {
    let (mut world, now) = (world(), now());
    let highest = world.version;
    let changed = world.change(List::Transactions, 5, now);
    let added = world.add(List::Transactions, now, true);
    assert!(world.sales.windows(2).all(|pair| pair[0].id < pair[1].id));
    let young: Vec<u64> = world
        .sales
        .iter()
        .filter(|sale| sale.version > highest)
        .map(|sale| sale.id)
        .collect();
    assert!(
        young.len() == 6 && young.contains(&added) && changed.iter().all(|id| young.contains(id))
    );
}
