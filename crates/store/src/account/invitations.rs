//! Invitations to join an organization.

use alta_domain::{
    AuditAction, Email, ErrorCode, Invitation, InvitationId, InvitationOffer, InvitationResult,
    InviteOutcome, Language, OrganizationId, Role, UserId,
};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::links::{INVITATION_VALID, new_invitation_link};
use super::lookup::{MemberId, member_access, stored_role, user_of};
use super::rules::checked_password;
use super::{mail, sessions};
use crate::access::{Admin, Own};
use crate::entity::{audit_entry, invitation, mail as mail_row, membership, organization, user};
use crate::error::{Result, StoreError};
use crate::names::checked_name;
use crate::secret::{hash_password, token_hash, verify_password};
use crate::{HOUR, Store, audit, now};

/// The most addresses that are invited at once.
const MOST_INVITED: usize = 200;
/// The most invitations that are listed.
const MOST_LISTED: u64 = 500;

/// Lists the pending invitations, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn pending(store: &Store, admin: &Admin) -> Result<Vec<Invitation>> {
    let rows = admin
        .own::<invitation::Entity>()
        .order_by_desc(invitation::Column::CreatedAt)
        .order_by_desc(invitation::Column::Id)
        .limit(MOST_LISTED)
        .all(store.read())
        .await?;
    let ids = rows.iter().map(|row| row.id);
    let mails = mail_row::Entity::find()
        .filter(mail_row::Column::InvitationId.is_in(ids))
        .all(store.read())
        .await?;
    let read = |row: invitation::Model| Invitation {
        id: InvitationId(row.id),
        email: row.email,
        expires_at: row.expires_at,
        expired: row.expires_at <= now(),
        mail: mail::state(mails.iter().find(|mail| mail.invitation_id == Some(row.id))),
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Invites addresses as Admins; returns one result an address, in their order.
///
/// # Errors
/// [`ErrorCode::TooLarge`] for more than 200 at once; [`ErrorCode::TooManyInvitations`] when that
/// would be too many mails within an hour: nobody is invited then.
pub async fn invite(
    store: &Store,
    admin: &Admin,
    addresses: &[String],
) -> Result<Vec<InvitationResult>> {
    if addresses.len() > MOST_INVITED {
        return Err(ErrorCode::TooLarge.into());
    }
    let transaction = store.begin().await?;
    let mut results = Vec::with_capacity(addresses.len());
    for address in addresses {
        let address = address.trim();
        let outcome = match Email::parse(address) {
            None => InviteOutcome::Invalid,
            Some(email) => invite_one(&transaction, admin, email.as_str()).await?,
        };
        results.push(InvitationResult {
            email: address.to_owned(),
            outcome,
        });
    }
    check_mails(store, &transaction, admin).await?;
    transaction.commit().await?;
    Ok(results)
}

/// Refuses the mails of a transaction when the organization would have sent too many within an
/// hour. They are counted by the audit log, which has an entry for each, and for each new link
/// that an Admin hands over.
async fn check_mails(
    store: &Store,
    transaction: &DatabaseTransaction,
    admin: &Admin,
) -> Result<()> {
    let mails = [AuditAction::Invited, AuditAction::InvitedAgain].map(AuditAction::as_str);
    let sent = admin
        .own::<audit_entry::Entity>()
        .filter(audit_entry::Column::At.gt(now() - HOUR))
        .filter(audit_entry::Column::Action.is_in(mails))
        .count(transaction)
        .await?;
    if sent > u64::from(store.limits.invitation_mails) {
        return Err(ErrorCode::TooManyInvitations.into());
    }
    Ok(())
}

/// Invites one address and queues its mail, unless it belongs to a member or is invited already.
async fn invite_one(
    transaction: &DatabaseTransaction,
    admin: &Admin,
    email: &str,
) -> Result<InviteOutcome> {
    if is_member(transaction, admin, email).await? {
        return Ok(InviteOutcome::AlreadyMember);
    }
    let row = invitation::ActiveModel {
        organization_id: Set(admin.organization.0),
        email: Set(email.to_owned()),
        role: Set(Role::Admin.as_str().to_owned()),
        invited_by: Set(admin.user.0),
        created_at: Set(now()),
        expires_at: Set(now() + INVITATION_VALID),
        ..Default::default()
    };
    let once = OnConflict::columns([
        invitation::Column::OrganizationId,
        invitation::Column::Email,
    ])
    .do_nothing()
    .to_owned();
    let added = invitation::Entity::insert(row)
        .on_conflict(once)
        .exec_without_returning(transaction)
        .await?;
    if added == 0 {
        return Ok(InviteOutcome::AlreadyInvited);
    }
    let new = admin
        .own::<invitation::Entity>()
        .filter(invitation::Column::Email.eq(email));
    if let Some(new) = new.one(transaction).await? {
        mail::queue_invitation(transaction, InvitationId(new.id)).await?;
    }
    audit::record(transaction, admin, AuditAction::Invited, email).await?;
    Ok(InviteOutcome::Invited)
}

/// Returns true when the address belongs to a member of the organization.
async fn is_member(connection: &impl ConnectionTrait, admin: &Admin, email: &str) -> Result<bool> {
    let Some(user) = user_of(connection, email).await? else {
        return Ok(false);
    };
    let member = membership::Entity::find_by_id((admin.organization.0, user.id))
        .one(connection)
        .await?;
    Ok(member.is_some())
}

/// Deletes an invitation: its link is not valid any more.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the organization has none of this id.
pub async fn revoke(store: &Store, admin: &Admin, id: InvitationId) -> Result<()> {
    let row = own_invitation(store, admin, id).await?;
    let transaction = store.begin().await?;
    admin
        .own_delete::<invitation::Entity>()
        .filter(invitation::Column::Id.eq(id.0))
        .exec(&transaction)
        .await?;
    audit::record(
        &transaction,
        admin,
        AuditAction::InvitationRevoked,
        &row.email,
    )
    .await?;
    transaction.commit().await?;
    Ok(())
}

/// Sends an invitation again, valid for another seven days. The link sent before is valid until the
/// new one is sent.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the organization has none of this id;
/// [`ErrorCode::TooManyInvitations`] when too many mails were sent within the hour.
pub async fn resend(store: &Store, admin: &Admin, id: InvitationId) -> Result<()> {
    let row = own_invitation(store, admin, id).await?;
    let transaction = store.begin().await?;
    extend(&transaction, id).await?;
    mail::queue_invitation(&transaction, id).await?;
    audit::record(&transaction, admin, AuditAction::InvitedAgain, &row.email).await?;
    check_mails(store, &transaction, admin).await?;
    transaction.commit().await?;
    Ok(())
}

/// Makes a link that the Admin hands over, valid for another seven days, in place of the link
/// before and of a mail that waits; returns its token.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the organization has none of this id.
pub async fn link(store: &Store, admin: &Admin, id: InvitationId) -> Result<String> {
    let row = own_invitation(store, admin, id).await?;
    let transaction = store.begin().await?;
    extend(&transaction, id).await?;
    mail::cancel_of_invitation(&transaction, id).await?;
    let token = new_invitation_link(&transaction, id).await?;
    audit::record(&transaction, admin, AuditAction::InvitedAgain, &row.email).await?;
    transaction.commit().await?;
    Ok(token)
}

/// Makes an invitation valid for seven days from now.
async fn extend(connection: &impl ConnectionTrait, id: InvitationId) -> Result<()> {
    let until = Expr::value(now() + INVITATION_VALID);
    invitation::Entity::update_many()
        .col_expr(invitation::Column::ExpiresAt, until)
        .filter(invitation::Column::Id.eq(id.0))
        .exec(connection)
        .await?;
    Ok(())
}

/// Finds an invitation of the Admin's organization.
async fn own_invitation(
    store: &Store,
    admin: &Admin,
    id: InvitationId,
) -> Result<invitation::Model> {
    let row = admin
        .own::<invitation::Entity>()
        .filter(invitation::Column::Id.eq(id.0))
        .one(store.write())
        .await?;
    row.ok_or_else(|| ErrorCode::NotFound.into())
}

/// Finds the invitation of a link that is valid.
async fn invitation_of_link(store: &Store, token: &str) -> Result<invitation::Model> {
    let valid = invitation::Column::TokenHash
        .eq(token_hash(token))
        .and(invitation::Column::ExpiresAt.gt(now()));
    invitation::Entity::find()
        .filter(valid)
        .one(store.write())
        .await?
        .ok_or_else(|| ErrorCode::BadLink.into())
}

/// Reads the invitation that the holder of a link sees.
///
/// # Errors
/// [`ErrorCode::BadLink`] for one that is too old, was used, replaced or revoked.
pub async fn offer(store: &Store, token: &str) -> Result<InvitationOffer> {
    let row = invitation_of_link(store, token).await?;
    let organization = organization::Entity::find_by_id(row.organization_id)
        .one(store.read())
        .await?
        .ok_or(ErrorCode::BadLink)?;
    let account = user_of(store.read(), &row.email).await?;
    Ok(InvitationOffer {
        organization: organization.name,
        role: stored_role(&row.role)?,
        has_account: account.is_some(),
        email: row.email,
    })
}

/// Accepts an invitation with a new account; returns the token of its session.
///
/// # Errors
/// [`ErrorCode::BadLink`]; [`ErrorCode::NameTaken`] when the address has an account: then [`join`]
/// is right; those of the rules for names and passwords.
pub async fn accept(
    store: &Store,
    token: &str,
    name: &str,
    password: String,
    language: Language,
) -> Result<String> {
    let row = invitation_of_link(store, token).await?;
    let name = checked_name(name)?;
    let organization = offer(store, token).await?.organization;
    let password = checked_password(password, &[&name, &row.email, &organization])?;
    let hash = hash_password(password).await?;
    let transaction = store.begin().await?;
    use_up(&transaction, token).await?;
    let account = user::ActiveModel {
        email: Set(row.email.clone()),
        name: Set(name),
        password_hash: Set(hash),
        language: Set(language.as_str().to_owned()),
        created_at: Set(now()),
        ..Default::default()
    };
    let added = user::Entity::insert(account).exec(&transaction).await;
    let user = added
        .map_err(|error| StoreError::on_taken(error, ErrorCode::NameTaken))?
        .last_insert_id;
    let member = add_member(&transaction, &row, UserId(user)).await?;
    transaction.commit().await?;
    open_session(store, member, &row.email).await
}

/// Accepts an invitation with the account that its address has; returns the token of a session in
/// the organization.
///
/// # Errors
/// [`ErrorCode::BadLink`]; [`ErrorCode::BadCredentials`] for a wrong password.
pub async fn join(store: &Store, token: &str, password: String) -> Result<String> {
    let row = invitation_of_link(store, token).await?;
    let account = user_of(store.read(), &row.email).await?;
    let hash = account
        .as_ref()
        .map(|account| account.password_hash.clone());
    let is_right = verify_password(password, hash).await;
    let Some(account) = account.filter(|_| is_right) else {
        return Err(ErrorCode::BadCredentials.into());
    };
    let transaction = store.begin().await?;
    use_up(&transaction, token).await?;
    let member = add_member(&transaction, &row, UserId(account.id)).await?;
    transaction.commit().await?;
    open_session(store, member, &row.email).await
}

/// Deletes the invitation of a link. Of two requests with one link only one succeeds.
async fn use_up(transaction: &DatabaseTransaction, token: &str) -> Result<()> {
    let spent = invitation::Entity::delete_many()
        .filter(invitation::Column::TokenHash.eq(token_hash(token)))
        .exec(transaction)
        .await?;
    if spent.rows_affected == 0 {
        Err(ErrorCode::BadLink.into())
    } else {
        Ok(())
    }
}

/// Adds a user to the organization of an invitation. A user who is a member already keeps role and
/// state.
async fn add_member(
    transaction: &DatabaseTransaction,
    row: &invitation::Model,
    user: UserId,
) -> Result<MemberId> {
    let member = membership::ActiveModel {
        organization_id: Set(row.organization_id),
        user_id: Set(user.0),
        role: Set(row.role.clone()),
        active: Set(true),
    };
    let once = OnConflict::columns([
        membership::Column::OrganizationId,
        membership::Column::UserId,
    ])
    .do_nothing()
    .to_owned();
    membership::Entity::insert(member)
        .on_conflict(once)
        .exec_without_returning(transaction)
        .await?;
    Ok(MemberId {
        organization: OrganizationId(row.organization_id),
        user,
    })
}

/// Opens the session of a new member, and records in the audit log that they joined; returns its
/// token.
async fn open_session(store: &Store, member: MemberId, email: &str) -> Result<String> {
    let session = sessions::open(store, member).await?;
    if let Some(account) = member_access(store, member).await? {
        audit::record(store.write(), &account, AuditAction::Joined, email).await?;
    }
    Ok(session)
}
