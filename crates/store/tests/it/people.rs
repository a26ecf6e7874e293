//! Helpers for the tests of accounts: what users do.

use alta_domain::{ErrorCode, InvitationId, Role, UserId};
use alta_store::account::{accounts, invitations, sessions, team};

use crate::support::Person;

/// Ana's password.
pub(crate) const PASSWORD: &str = "correct horse";

/// Returns the code of an error that a function of the store must return.
pub(crate) fn refusal<T: std::fmt::Debug>(result: alta_store::Result<T>) -> ErrorCode {
    result.unwrap_err().code()
}

/// Signs Ana in once more; returns the token of the session.
pub(crate) async fn signs_in(ana: &Person) -> String {
    sessions::sign_in(&ana.store, "ana@example.com", PASSWORD.into())
        .await
        .unwrap()
}

/// Returns true when the session of a token gives access.
pub(crate) async fn is_in(person: &Person, token: &str) -> bool {
    sessions::account(&person.store, token)
        .await
        .unwrap()
        .is_some()
}

/// Reads the role of a session's owner; `None` when the session has ended.
pub(crate) async fn role_of(person: &Person, token: &str) -> Option<Role> {
    sessions::account(&person.store, token)
        .await
        .unwrap()
        .map(|access| access.role())
}

/// Adds a user to the organization, with the password 'primeros pasos'.
pub(crate) async fn adds(person: &Person, email: &str, role: Role) -> UserId {
    accounts::add(
        &person.store,
        email,
        "Bia Souza",
        "primeros pasos".into(),
        role,
    )
    .await
    .unwrap();
    let members = team::members(&person.store, &person.admin().await)
        .await
        .unwrap();
    members
        .into_iter()
        .find(|member| member.email == email)
        .unwrap()
        .user
}

/// Invites an address.
pub(crate) async fn invites(person: &Person, email: &str) -> InvitationId {
    invitations::invite(&person.store, &person.admin().await, &[email.to_owned()])
        .await
        .unwrap();
    let pending = invitations::pending(&person.store, &person.admin().await)
        .await
        .unwrap();
    pending
        .into_iter()
        .find(|invitation| invitation.email == email)
        .unwrap()
        .id
}
