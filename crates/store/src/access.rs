//! Proof of who calls. None of these can be made outside this crate: they come from a session.

use alta_domain::{Country, ErrorCode, Language, Me, OrganizationId, Permission, Role, UserId};

use crate::error::Result;

mod own;

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
    /// Their organization wants a second factor of Admins, and they have none yet.
    pub(crate) needs_factor: bool,
}

impl Access {
    /// The same, from this network address: the audit log keeps it.
    #[must_use]
    pub fn from_address(self, address: String) -> Self {
        Self {
            from: Some(address),
            ..self
        }
    }

    /// As the page shows them.
    #[must_use]
    pub fn me(&self) -> &Me {
        &self.me
    }

    /// What they may do.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }

    pub(crate) fn is_admin(&self) -> bool {
        self.role.may(Permission::Onboarding) && self.role.may(Permission::Team)
    }

    /// Whether their organization wants a second factor of them that they do not have yet: until
    /// then their account is all they reach.
    #[must_use]
    pub fn needs_factor(&self) -> bool {
        self.needs_factor
    }

    /// The country that decides how national numbers are read.
    #[must_use]
    pub fn country(&self) -> Country {
        self.me.country
    }

    /// The language they chose.
    #[must_use]
    pub fn language(&self) -> Language {
        self.me.language
    }

    /// The proof that they are an Admin.
    ///
    /// # Errors
    /// [`ErrorCode::Forbidden`] for other profiles; [`ErrorCode::SecondFactorNeeded`] before they
    /// have the one their organization wants.
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

/// An Admin: may do all of the onboarding, and all that concerns the team.
#[derive(Clone, Debug)]
pub struct Admin(Access);

impl std::ops::Deref for Admin {
    type Target = Access;

    fn deref(&self) -> &Access {
        &self.0
    }
}
