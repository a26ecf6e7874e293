//! Invitations to join an organization (G21, G22).

use alta_domain::{
    AuditAction, Email, ErrorCode, Invitation, InvitationId, InvitationOffer, InvitationResult,
    InviteOutcome, Language, Role,
};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use crate::access::{Admin, Own};
use crate::accounts::name;
use crate::entity::{invitation, mail as mail_row, membership, organization, user};
use crate::error::{Result, StoreError};
use crate::passwords::fit;
use crate::secret::{hash_password, new_token, token_hash, verify_password};
use crate::{Store, audit, mail, now, sessions};

/// How long an invitation is valid, in milliseconds: 7 days.
pub const VALID_FOR: i64 = 7 * 24 * 60 * 60 * 1000;
/// Addresses taken at once.
const MOST: usize = 200;

/// The pending invitations, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn pending(store: &Store, admin: &Admin) -> Result<Vec<Invitation>> {
    let rows = admin
        .own::<invitation::Entity>()
        .order_by_desc(invitation::Column::CreatedAt)
        .order_by_desc(invitation::Column::Id)
        .limit(500)
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

/// Invites addresses as Admins; one result per address, in their order.
///
/// # Errors
/// [`ErrorCode::TooLarge`] for more than 200 at once.
pub async fn invite(
    store: &Store,
    admin: &Admin,
    addresses: &[String],
) -> Result<Vec<InvitationResult>> {
    if addresses.len() > MOST {
        return Err(ErrorCode::TooLarge.into());
    }
    let organization = admin.organization.0;
    let transaction = store.begin().await?;
    let mut results = Vec::with_capacity(addresses.len());
    for address in addresses {
        let address = address.trim();
        let outcome = match Email::parse(address) {
            None => InviteOutcome::Invalid,
            Some(email) => {
                let member = user::Entity::find()
                    .filter(user::Column::Email.eq(email.as_str()))
                    .one(&transaction)
                    .await?;
                let is_member = match member {
                    Some(user) => membership::Entity::find_by_id((organization, user.id))
                        .one(&transaction)
                        .await?
                        .is_some(),
                    None => false,
                };
                if is_member {
                    InviteOutcome::AlreadyMember
                } else {
                    let row = invitation::ActiveModel {
                        organization_id: Set(organization),
                        email: Set(email.to_string()),
                        role: Set(Role::Admin.as_str().to_owned()),
                        invited_by: Set(admin.user.0),
                        created_at: Set(now()),
                        expires_at: Set(now() + VALID_FOR),
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
                        .exec_without_returning(&transaction)
                        .await?;
                    if added == 0 {
                        InviteOutcome::AlreadyInvited
                    } else {
                        let new = admin
                            .own::<invitation::Entity>()
                            .filter(invitation::Column::Email.eq(email.as_str()));
                        if let Some(new) = new.one(&transaction).await? {
                            mail::queue_invitation(&transaction, new.id).await?;
                        }
                        audit::record(&transaction, admin, AuditAction::Invited, email.as_str())
                            .await?;
                        InviteOutcome::Invited
                    }
                }
            }
        };
        results.push(InvitationResult {
            email: address.to_owned(),
            outcome,
        });
    }
    transaction.commit().await?;
    Ok(results)
}

/// Takes an invitation back: its link is not valid any more.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the organization has none of this id.
pub async fn revoke(store: &Store, admin: &Admin, id: InvitationId) -> Result<()> {
    let row = one(store, admin, id).await?;
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

/// Sends an invitation again, for another seven days; the link sent before is not valid any more
/// once the new one is sent.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the organization has none of this id.
pub async fn resend(store: &Store, admin: &Admin, id: InvitationId) -> Result<()> {
    let row = one(store, admin, id).await?;
    let transaction = store.begin().await?;
    extend(&transaction, id).await?;
    mail::queue_invitation(&transaction, id.0).await?;
    audit::record(&transaction, admin, AuditAction::InvitedAgain, &row.email).await?;
    transaction.commit().await?;
    Ok(())
}

/// A link to hand over, in place of the one before and of a mail that waits, for another seven
/// days; answers with its token.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the organization has none of this id.
pub async fn link(store: &Store, admin: &Admin, id: InvitationId) -> Result<String> {
    let row = one(store, admin, id).await?;
    let transaction = store.begin().await?;
    extend(&transaction, id).await?;
    mail::forget_invitation(&transaction, id.0).await?;
    let token = new_link(&transaction, id.0).await?;
    audit::record(&transaction, admin, AuditAction::InvitedAgain, &row.email).await?;
    transaction.commit().await?;
    Ok(token)
}

/// Makes a link in place of the one before; answers with its token.
pub(crate) async fn new_link(connection: &impl ConnectionTrait, id: i64) -> Result<String> {
    let (token, hash) = new_token();
    let change = invitation::Entity::update_many()
        .col_expr(invitation::Column::TokenHash, Expr::value(hash));
    change
        .filter(invitation::Column::Id.eq(id))
        .exec(connection)
        .await?;
    Ok(token)
}

async fn extend(connection: &impl ConnectionTrait, id: InvitationId) -> Result<()> {
    let change = invitation::Entity::update_many().col_expr(
        invitation::Column::ExpiresAt,
        Expr::value(now() + VALID_FOR),
    );
    change
        .filter(invitation::Column::Id.eq(id.0))
        .exec(connection)
        .await?;
    Ok(())
}

async fn one(store: &Store, admin: &Admin, id: InvitationId) -> Result<invitation::Model> {
    let row = admin
        .own::<invitation::Entity>()
        .filter(invitation::Column::Id.eq(id.0))
        .one(store.write())
        .await?;
    row.ok_or_else(|| ErrorCode::NotFound.into())
}

/// The invitation of a link that is valid.
async fn of_link(store: &Store, token: &str) -> Result<invitation::Model> {
    let valid = invitation::Column::TokenHash
        .eq(token_hash(token))
        .and(invitation::Column::ExpiresAt.gt(now()));
    invitation::Entity::find()
        .filter(valid)
        .one(store.write())
        .await?
        .ok_or_else(|| ErrorCode::BadLink.into())
}

/// What the holder of a link is offered.
///
/// # Errors
/// [`ErrorCode::BadLink`] for one that is too old, was used, replaced or taken back.
pub async fn offer(store: &Store, token: &str) -> Result<InvitationOffer> {
    let row = of_link(store, token).await?;
    let organization = organization::Entity::find_by_id(row.organization_id)
        .one(store.read())
        .await?
        .ok_or(ErrorCode::BadLink)?;
    let account = user::Entity::find()
        .filter(user::Column::Email.eq(&row.email))
        .one(store.read())
        .await?;
    Ok(InvitationOffer {
        organization: organization.name,
        role: Role::parse(&row.role).ok_or(ErrorCode::BadLink)?,
        has_account: account.is_some(),
        email: row.email,
    })
}

/// Takes an invitation up with a new account; answers with the token of its session.
///
/// # Errors
/// [`ErrorCode::BadLink`]; [`ErrorCode::NameTaken`] when the address has an account: then [`join`];
/// what is wrong with name or password.
pub async fn accept(
    store: &Store,
    token: &str,
    person: &str,
    password: String,
    language: Language,
) -> Result<String> {
    let row = of_link(store, token).await?;
    let person = name(person)?;
    let hash = hash_password(fit(password, &[&person, &row.email])?).await?;
    let transaction = store.begin().await?;
    spend(&transaction, token).await?;
    let account = user::ActiveModel {
        email: Set(row.email.clone()),
        name: Set(person),
        password_hash: Set(hash),
        language: Set(language.as_str().to_owned()),
        created_at: Set(now()),
        ..Default::default()
    };
    let added = user::Entity::insert(account).exec(&transaction).await;
    let user = added
        .map_err(|error| StoreError::on_taken(error, ErrorCode::NameTaken))?
        .last_insert_id;
    enter(&transaction, &row, user).await?;
    transaction.commit().await?;
    entered(store, &row, user).await
}

/// Takes an invitation up with the account that its address has; answers with the token of a
/// session in the organization.
///
/// # Errors
/// [`ErrorCode::BadLink`]; [`ErrorCode::BadCredentials`] for a wrong password.
pub async fn join(store: &Store, token: &str, password: String) -> Result<String> {
    let row = of_link(store, token).await?;
    let account = user::Entity::find()
        .filter(user::Column::Email.eq(&row.email))
        .one(store.read())
        .await?;
    let known = verify_password(
        password,
        account
            .as_ref()
            .map(|account| account.password_hash.clone()),
    )
    .await;
    let Some(account) = account.filter(|_| known) else {
        return Err(ErrorCode::BadCredentials.into());
    };
    let transaction = store.begin().await?;
    spend(&transaction, token).await?;
    enter(&transaction, &row, account.id).await?;
    transaction.commit().await?;
    entered(store, &row, account.id).await
}

/// Of two requests with one link one gets past here.
async fn spend(transaction: &DatabaseTransaction, token: &str) -> Result<()> {
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

async fn enter(
    transaction: &DatabaseTransaction,
    row: &invitation::Model,
    user: i64,
) -> Result<()> {
    let member = membership::ActiveModel {
        organization_id: Set(row.organization_id),
        user_id: Set(user),
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
    Ok(())
}

async fn entered(store: &Store, row: &invitation::Model, user: i64) -> Result<String> {
    let session = sessions::open(store, user, row.organization_id).await?;
    if let Some(access) = sessions::of_member(store, row.organization_id, user).await? {
        audit::record(store.write(), &access, AuditAction::Joined, &row.email).await?;
    }
    Ok(session)
}
