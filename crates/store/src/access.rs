//! Proofs of who calls. They can't be made outside this crate: they come from a session.

mod own;

use alta_domain::{Country, ErrorCode, Language, Me, OrganizationId, Permission, Role, UserId};

use crate::error::Result;

pub(crate) use own::Own;

/// A signed-in member of an organization.
#[derive(Clone, Debug)]
pub struct Access {
    pub(crate) user: UserId,
    pub(crate) organization: OrganizationId,
    pub(crate) role: Role,
    pub(crate) me: Me,
    /// The network address of the request.
    pub(crate) from: Option<String>,
    /// Their organization requires a second factor of Admins, and they have none yet.
    pub(crate) needs_factor: bool,
}

impl Access {
    /// Sets the network address of the request, which the audit log keeps.
    #[must_use]
    pub fn from_address(self, address: String) -> Self {
        Self {
            from: Some(address),
            ..self
        }
    }

    /// Returns the user as the page shows them.
    #[must_use]
    pub fn me(&self) -> &Me {
        &self.me
    }

    /// Returns the role, which decides what they may do.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }

    /// Returns true when their role may do all that an Admin does.
    pub(crate) fn is_admin(&self) -> bool {
        self.role.may(Permission::Onboarding) && self.role.may(Permission::Team)
    }

    /// Returns true when their organization requires a second factor that they do not have yet;
    /// until they have it, they reach only their account.
    #[must_use]
    pub fn needs_factor(&self) -> bool {
        self.needs_factor
    }

    /// Returns the country of the organization, by which national phone numbers are read.
    #[must_use]
    pub fn country(&self) -> Country {
        self.me.country
    }

    /// Returns the language that the user chose.
    #[must_use]
    pub fn language(&self) -> Language {
        self.me.language
    }

    /// Returns the proof that they may change contacts by hand.
    ///
    /// # Errors
    /// As [`Access::admin`].
    pub fn editor(self) -> Result<Editor> {
        match (self.role.may(Permission::Contacts), self.needs_factor) {
            (true, false) => Ok(Editor(self)),
            (true, true) => Err(ErrorCode::SecondFactorNeeded.into()),
            (false, _) => Err(ErrorCode::Forbidden.into()),
        }
    }

    /// Returns the proof that they are an Admin.
    ///
    /// # Errors
    /// [`ErrorCode::Forbidden`] for other roles; [`ErrorCode::SecondFactorNeeded`] before they have
    /// the second factor that their organization requires.
    pub fn admin(self) -> Result<Admin> {
        match (self.is_admin(), self.needs_factor) {
            (true, false) => Ok(Admin(self)),
            (true, true) => Err(ErrorCode::SecondFactorNeeded.into()),
            (false, _) => Err(ErrorCode::Forbidden.into()),
        }
    }
}

impl Own for Access {
    fn organization_id(&self) -> OrganizationId {
        self.organization
    }
}

/// A signed-in Admin: may do the onboarding, and all that concerns the team.
#[derive(Clone, Debug)]
pub struct Admin(Access);

impl std::ops::Deref for Admin {
    type Target = Access;

    fn deref(&self) -> &Access {
        &self.0
    }
}

/// A signed-in member who may change contacts by hand.
#[derive(Clone, Debug)]
pub struct Editor(Access);

impl std::ops::Deref for Editor {
    type Target = Access;

    fn deref(&self) -> &Access {
        &self.0
    }
}
