//! The data of the home page. It comes from all other modules, so this module may use each of them.

use alta_domain::{Home, ImportEntry, ImportSummary, Invitation, OnboardingState, Role};

use crate::access::Member;
use crate::account::invitations;
use crate::contacts::{self, lists};
use crate::error::Result;
use crate::{Store, imports, onboarding};

/// The number of imports that the home page lists below the one that it shows in full.
const EARLIER_IMPORTS: u64 = 2;

/// Reads the home page: the contacts, the last imports, and for Admins the onboarding and the
/// invitations. The systems that the organization uses are returned beside the page, as slugs and
/// names; the caller looks up their logos in the catalogue.
///
/// # Errors
/// When the database fails.
pub async fn home(store: &Store, member: Member) -> Result<(Home, alta_domain::SystemChoice)> {
    // The parts are read side by side: one after another, each would wait its turn under a load.
    let (mut lists, contacts, imports, systems, for_admin) = tokio::try_join!(
        lists::all(store, &member),
        contacts::count(store, &member),
        last_imports(store, &member),
        onboarding::systems_of(store, member.organization),
        for_admin(store, &member),
    )?;
    let (last_import, earlier_imports) = imports;
    let (invitations, onboarding) = for_admin.unwrap_or_default();
    lists.sort_by_key(|list| std::cmp::Reverse(list.contacts));
    Ok((
        Home {
            contacts,
            lists,
            last_import,
            earlier_imports,
            invitations,
            systems: Vec::new(),
            onboarding,
        },
        systems,
    ))
}

/// Reads what only Admins see: the invitations that wait, and the state of the first steps. Returns
/// `None` for other members.
async fn for_admin(
    store: &Store,
    member: &Member,
) -> Result<Option<(Vec<Invitation>, Option<OnboardingState>)>> {
    if member.role() != Role::Admin {
        return Ok(None);
    }
    let admin = member.clone().admin()?;
    let invitations = invitations::pending(store, &admin).await?;
    let onboarding = onboarding::state(store, &admin).await?;
    Ok(Some((invitations, Some(onboarding))))
}

/// Reads the import that the page shows in full, and the last other ones, of files and of systems.
async fn last_imports(
    store: &Store,
    member: &Member,
) -> Result<(Option<ImportSummary>, Vec<ImportEntry>)> {
    let filter = imports::ImportFilter::default();
    let (shown, mut last) = tokio::try_join!(
        imports::last(store, member),
        imports::all(store, member, &filter, EARLIER_IMPORTS + 1),
    )?;
    last.retain(|entry| Some(entry.summary.id) != shown.as_ref().map(|shown| shown.id));
    last.truncate(usize::try_from(EARLIER_IMPORTS).unwrap_or(usize::MAX));
    Ok((shown, last))
}
