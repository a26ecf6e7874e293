//! Proofs of who calls. They can't be made outside this crate: they come from a session.
//!
//! A session gives an [`Account`]: whose it is, and that person's own account. What belongs to the
//! organization takes a [`Member`], which a session does not give while it owes the second factor
//! that the organization requires; [`Editor`] and [`Admin`] are members with a role.

mod own;

use alta_domain::{Country, ErrorCode, Language, Me, OrganizationId, Permission, Role, UserId};

use crate::error::Result;

pub(crate) use own::Own;

/// The account of a session: reaches what is its owner's own, and no data of the organization.
#[derive(Clone, Debug)]
pub struct Account {
    pub(crate) user: UserId,
    pub(crate) organization: OrganizationId,
    pub(crate) role: Role,
    pub(crate) me: Me,
    /// The network address of the request.
    pub(crate) from: Option<String>,
    /// Their organization requires a second factor of Admins, and they have none yet.
    pub(crate) needs_factor: bool,
}

impl Account {
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

    /// Returns the proof that they are a member who may read what the organization has.
    ///
    /// # Errors
    /// [`ErrorCode::SecondFactorNeeded`] before they have the second factor that their organization
    /// requires.
    pub fn member(self) -> Result<Member> {
        if self.needs_factor {
            return Err(ErrorCode::SecondFactorNeeded.into());
        }
        Ok(Member(self))
    }

    /// Returns the proof that they may change contacts by hand.
    ///
    /// # Errors
    /// As [`Account::admin`].
    pub fn editor(self) -> Result<Editor> {
        if !self.role.may(Permission::Contacts) {
            return Err(ErrorCode::Forbidden.into());
        }
        self.member().map(Editor)
    }

    /// Returns the proof that they are an Admin.
    ///
    /// # Errors
    /// [`ErrorCode::Forbidden`] for other roles; as [`Account::member`].
    pub fn admin(self) -> Result<Admin> {
        if !self.is_admin() {
            return Err(ErrorCode::Forbidden.into());
        }
        self.member().map(Admin)
    }
}

impl Own for Account {
    fn organization_id(&self) -> OrganizationId {
        self.organization
    }
}

/// A signed-in member of an organization who has given all that it asks of them.
#[derive(Clone, Debug)]
pub struct Member(Account);

impl std::ops::Deref for Member {
    type Target = Account;

    fn deref(&self) -> &Account {
        &self.0
    }
}

impl Member {
    /// Returns the proof that they are an Admin.
    ///
    /// # Errors
    /// [`ErrorCode::Forbidden`] for other roles.
    pub fn admin(self) -> Result<Admin> {
        self.0.admin()
    }
}

/// A signed-in Admin: may do the onboarding, and all that concerns the team.
#[derive(Clone, Debug)]
pub struct Admin(Member);

impl std::ops::Deref for Admin {
    type Target = Member;

    fn deref(&self) -> &Member {
        &self.0
    }
}

/// A signed-in member who may change contacts by hand.
#[derive(Clone, Debug)]
pub struct Editor(Member);

impl std::ops::Deref for Editor {
    type Target = Member;

    fn deref(&self) -> &Member {
        &self.0
    }
}
