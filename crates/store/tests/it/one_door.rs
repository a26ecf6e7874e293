//! Tests that queries over the rows of an organization start at `access.own::<Entity>()`. A source
//! that names the column `OrganizationId` by hand is an exception, and must be in a list here.

use crate::sources::sources;

/// The sources that may name the column: the file, the largest number of times, and the reason.
const EXCEPTIONS: [(&str, usize, &str); 6] = [
    ("access/own.rs", 1, "the door itself"),
    (
        "account/invitations.rs",
        2,
        "columns of a unique index in ON CONFLICT",
    ),
    (
        "contacts/refusals.rs",
        1,
        "columns of a primary key in ON CONFLICT",
    ),
    (
        "onboarding.rs",
        1,
        "columns of a unique index in ON CONFLICT",
    ),
    (
        "person/erasure.rs",
        1,
        "the organizations that have contacts to erase",
    ),
    (
        "systems/connections.rs",
        6,
        "not moved through the door yet",
    ),
];

/// Counts how often a source names the column: `Column::OrganizationId`, and a filter by it under
/// another name, such as `C::OrganizationId.eq`.
fn named_by_hand(source: &str) -> usize {
    let columns = source.matches("Column::OrganizationId").count();
    let filters = source.matches("OrganizationId.").count();
    columns + filters - source.matches("Column::OrganizationId.").count()
}

#[test]
fn the_organization_is_asked_for_by_one_door() {
    for (name, source) in sources("crates/store") {
        let most = EXCEPTIONS
            .iter()
            .find(|(file, ..)| *file == name)
            .map_or(0, |(_, most, _)| *most);
        let found = named_by_hand(&source);
        assert!(
            found <= most,
            "{name} names the column OrganizationId {found} times, {most} are allowed: \
             start the query by `access.own::<Entity>()`"
        );
    }
}

#[test]
fn a_filter_by_hand_is_counted() {
    let source = "contact::Entity::find().filter(contact::Column::OrganizationId.eq(id))";
    assert_eq!(named_by_hand(source), 1);
    assert_eq!(named_by_hand("find().filter(C::OrganizationId.eq(id))"), 1);
    assert_eq!(
        named_by_hand("OnConflict::column(Column::OrganizationId)"),
        1
    );
    assert_eq!(named_by_hand("access.own::<contact::Entity>()"), 0);
}
