//! Types that prove who calls. Only this crate can make them, from a session.
//!
//! A session gives an [`Account`], which gives access to the user's own account. Functions over the
//! data of the organization take a [`Member`], which a session does not give while the user lacks
//! the second factor that the organization requires. [`Editor`] and [`Admin`] are members with a
//! role.

mod own;

use alta_domain::{Country, ErrorCode, Language, Me, OrganizationId, Permission, Role, UserId};

use crate::error::Result;

pub(crate) use own::Own;

/// The user of a session, in an organization. It gives access to the user's own account, and to no
/// data of the organization.
#[derive(Clone, Debug)]
pub struct Account {
    pub(crate) user: UserId,
    pub(crate) organization: OrganizationId,
    pub(crate) role: Role,
    pub(crate) me: Me,
    /// The network address of the request.
    pub(crate) from: Option<String>,
    /// True when the organization requires a second factor of Admins, and this Admin has none yet.
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

    /// Returns the user as the pages show them.
    #[must_use]
    pub fn me(&self) -> &Me {
        &self.me
    }

    /// Returns the user's role, which decides what the user may do.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }

    /// Returns true when the user's role has every permission of an Admin.
    pub(crate) fn is_admin(&self) -> bool {
        self.role.may(Permission::Onboarding) && self.role.may(Permission::Team)
    }

    /// Returns true when the organization requires a second factor that the user does not have yet.
    /// Such a user reaches only their own account.
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

    /// Returns the proof that the user is a member, who may read the data of the organization.
    ///
    /// # Errors
    /// [`ErrorCode::SecondFactorNeeded`] before the user has the second factor that the
    /// organization requires.
    pub fn member(self) -> Result<Member> {
        if self.needs_factor {
            return Err(ErrorCode::SecondFactorNeeded.into());
        }
        Ok(Member(self))
    }

    /// Returns the proof that the user may change contacts by hand.
    ///
    /// # Errors
    /// [`ErrorCode::Forbidden`] for a role that may not change contacts; as [`Account::member`].
    pub fn editor(self) -> Result<Editor> {
        if !self.role.may(Permission::Contacts) {
            return Err(ErrorCode::Forbidden.into());
        }
        self.member().map(Editor)
    }

    /// Returns the proof that the user is an Admin.
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

/// A signed-in member of an organization, with the second factor where the organization requires
/// one.
#[derive(Clone, Debug)]
pub struct Member(Account);

impl std::ops::Deref for Member {
    type Target = Account;

    fn deref(&self) -> &Account {
        &self.0
    }
}

impl Member {
    /// Returns the proof that the user is an Admin.
    ///
    /// # Errors
    /// [`ErrorCode::Forbidden`] for other roles.
    pub fn admin(self) -> Result<Admin> {
        self.0.admin()
    }
}

/// A signed-in Admin, who may do the onboarding and manage the team.
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
