//! The data of the home page. It comes from all other modules, so this module may use each of them.

use alta_domain::{Home, ImportEntry, ImportSummary, Role};

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
    let mut lists = lists::all(store, &member).await?;
    lists.sort_by_key(|list| std::cmp::Reverse(list.contacts));
    let contacts = contacts::count(store, &member).await?;
    let last_import = imports::last(store, &member).await?;
    let earlier_imports = earlier_imports(store, &member, last_import.as_ref()).await?;
    let systems = onboarding::systems_of(store, member.organization).await?;
    let (invitations, onboarding) = if member.role() == Role::Admin {
        let admin = member.admin()?;
        (
            invitations::pending(store, &admin).await?,
            Some(onboarding::state(store, &admin).await?),
        )
    } else {
        (Vec::new(), None)
    };
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

/// Reads the last imports, of files and of systems, except `shown`, which the page shows in full.
async fn earlier_imports(
    store: &Store,
    member: &Member,
    shown: Option<&ImportSummary>,
) -> Result<Vec<ImportEntry>> {
    let filter = imports::ImportFilter::default();
    let mut last = imports::all(store, member, &filter, EARLIER_IMPORTS + 1).await?;
    last.retain(|entry| Some(entry.summary.id) != shown.map(|shown| shown.id));
    last.truncate(usize::try_from(EARLIER_IMPORTS).unwrap_or(usize::MAX));
    Ok(last)
}
