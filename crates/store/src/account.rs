//! Accounts: who may sign in, how they prove who they are, and who belongs to an organization.
//!
//! Each of these modules uses only those before it:
//!
//! 1. `rules`: passwords that are good enough; `lookup`: users and memberships; `links`: the tokens
//!    of links that go out by mail.
//! 2. [`mail`]: the mails that wait to be sent; [`sessions`]: who is signed in.
//! 3. [`emails`], [`passkeys`]: a new address, keys in a phone or a computer.
//! 4. [`passwords`], [`second_factor`], [`invitations`], [`accounts`], [`team`].
//! 5. [`setup`]: the first organization and its Admin.

pub mod accounts;
pub mod emails;
pub mod invitations;
mod links;
mod lookup;
pub mod mail;
pub mod passkeys;
pub mod passwords;
mod rules;
pub mod second_factor;
pub mod sessions;
pub mod setup;
pub mod team;
