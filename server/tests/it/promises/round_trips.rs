//! Lists of rejects that are imported again, corrected in part or unchanged.

use alta_store::db_test;
use alta_store::testing::TestDatabase;

use super::contact::{Contact, difference};
use super::organization::{Ledger, Organization};
use super::rejects::{Rejects, cells};

/// One good record and two that are rejected.
const FILE: &str = "Celular;E-mail;Nome\n51999990001;;Ana\n123;;Bia\n456;;Caio\n";
const ANA: &str = "| 5551999990001 |  | Ana |  |";
const BIA: &str = "| 5551999990002 |  | Bia |  |";
const CAIO: &str = "| 5551999990003 |  | Caio |  |";

/// Makes an organization and imports the file; returns the organization, the import's id and its
/// list of rejects.
async fn imported(database: &TestDatabase) -> (Organization, String, Rejects) {
    let organization = Organization::make(database, 1).await;
    let file = organization.write("x.csv", FILE.as_bytes()).unwrap();
    let imported = organization.import(&file, None).unwrap();
    assert_eq!(imported.ledger, ledger([1, 0, 0, 0, 2]));
    let rejects = organization.rejects(&imported.id).unwrap();
    assert_eq!(rejects.len(), 2);
    (organization, imported.id, rejects)
}

fn ledger(counts: [u64; 5]) -> Ledger {
    Ledger { records: 3, counts }
}

fn cells_of(row: &str) -> Vec<String> {
    cells(row, b';').unwrap().remove(0)
}

/// Asserts that the organization has these contacts, and that its one import has this ledger.
fn assert_base(organization: &Organization, import: &str, rows: &[&str], counts: [u64; 5]) {
    let expected: Vec<Contact> = rows
        .iter()
        .map(|row| Contact::from_row(row).unwrap())
        .collect();
    assert_eq!(
        difference(&expected, organization.contacts().unwrap()),
        None
    );
    assert_eq!(organization.ledger(import).unwrap(), ledger(counts));
    let imports = organization.imports().unwrap();
    assert_eq!(imports.len(), 1, "a correction joins its import");
    assert_eq!(imports[0]["state"], "finished");
}

db_test! {
    async fn one_of_two_rejects_is_corrected_and_the_other_stays(database) {
        let (organization, import, mut rejects) = imported(database).await;
        let (bia, caio) = (cells_of("123;;Bia"), cells_of("456;;Caio"));
        rejects.correct(&bia, &cells_of("51999990002;;Bia")).unwrap();
        organization.bring_back("first.csv", &rejects).unwrap();
        assert_base(&organization, &import, &[ANA, BIA], [2, 0, 0, 0, 1]);

        let mut rest = organization.rejects(&import).unwrap();
        assert_eq!((rest.len(), rest.has(&bia), rest.has(&caio)), (1, false, true));
        rest.correct(&caio, &cells_of("51999990003;;Caio")).unwrap();
        organization.bring_back("second.csv", &rest).unwrap();
        assert_base(&organization, &import, &[ANA, BIA, CAIO], [3, 0, 0, 0, 0]);

        organization.undo(&import).unwrap();
        assert_eq!(organization.contacts().unwrap(), [], "corrections are undone with it");
    }

    async fn a_list_of_rejects_that_nobody_corrected_changes_nothing(database) {
        let (organization, import, rejects) = imported(database).await;
        for name in ["once.csv", "again.csv"] {
            organization.bring_back(name, &rejects).unwrap();
            assert_base(&organization, &import, &[ANA], [1, 0, 0, 0, 2]);
            assert_eq!(organization.rejects(&import).unwrap(), rejects);
        }
    }
}
