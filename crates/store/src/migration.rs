//! The migrations of the schema, in their order. A migration that was released is never changed.

mod m0001_first;
mod m0002_trust;
mod m0003_postgres_keys;
mod m0004_consent;
mod m0005_team;
mod m0006_second_factor;
mod m0007_passkeys;
mod m0008_connections;
mod m0009_notices;
mod m0010_missed;
mod m0011_accounts;
mod m0012_identity;
mod m0013_dropped;
mod m0014_warned;
mod m0015_by_hand;
mod m0016_tried_again;
mod m0017_refusals;

use sea_orm_migration::{MigrationTrait, MigratorTrait};

pub(crate) struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_first::Migration),
            Box::new(m0002_trust::Migration),
            Box::new(m0003_postgres_keys::Migration),
            Box::new(m0004_consent::Migration),
            Box::new(m0005_team::Migration),
            Box::new(m0006_second_factor::Migration),
            Box::new(m0007_passkeys::Migration),
            Box::new(m0008_connections::Migration),
            Box::new(m0009_notices::Migration),
            Box::new(m0010_missed::Migration),
            Box::new(m0011_accounts::Migration),
            Box::new(m0012_identity::Migration),
            Box::new(m0013_dropped::Migration),
            Box::new(m0014_warned::Migration),
            Box::new(m0015_by_hand::Migration),
            Box::new(m0016_tried_again::Migration),
            Box::new(m0017_refusals::Migration),
        ]
    }
}
