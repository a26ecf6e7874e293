//! The home page: it reads from all other modules, so it stands on top of them.

use alta_domain::{Home, Role};

use crate::access::Access;
use crate::account::invitations;
use crate::contacts::{self, lists};
use crate::error::Result;
use crate::{Store, imports, onboarding};

/// Reads the home page: the contacts, the last import, and for Admins the onboarding and the
/// invitations. The systems stand beside it, as slugs and names; the caller looks up their logos in
/// the catalogue.
///
/// # Errors
/// When the database fails.
pub async fn home(store: &Store, access: Access) -> Result<(Home, alta_domain::SystemChoice)> {
    let mut lists = lists::all(store, &access).await?;
    lists.sort_by_key(|list| std::cmp::Reverse(list.contacts));
    let contacts = contacts::count(store, &access).await?;
    let last_import = imports::last(store, &access).await?;
    let systems = onboarding::systems_of(store, access.organization).await?;
    let (invitations, onboarding) = if access.role() == Role::Admin {
        let admin = access.admin()?;
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
            invitations,
            systems: Vec::new(),
            onboarding,
        },
        systems,
    ))
}
