//! Invitations to join an organization (G21, G22).

use alta_domain::{Email, ErrorCode, Invitation, InvitationId, InvitationResult, InviteOutcome, Role};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::access::Admin;
use crate::entity::{invitation, membership, user};
use crate::error::Result;
use crate::{Store, now};

/// How long an invitation is valid, in milliseconds: 7 days.
pub const VALID_FOR: i64 = 7 * 24 * 60 * 60 * 1000;
/// Addresses taken at once.
const MOST: usize = 200;

/// The pending invitations, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn pending(store: &Store, admin: &Admin) -> Result<Vec<Invitation>> {
    let rows = invitation::Entity::find()
        .filter(invitation::Column::OrganizationId.eq(admin.organization.0))
        .order_by_desc(invitation::Column::CreatedAt)
        .order_by_desc(invitation::Column::Id)
        .limit(500)
        .all(store.read())
        .await?;
    Ok(rows.into_iter().map(|row| Invitation { id: InvitationId(row.id), email: row.email, expires_at: row.expires_at }).collect())
}

/// Invites addresses as Admins; one result per address, in their order.
///
/// # Errors
/// [`ErrorCode::TooLarge`] for more than 200 at once.
pub async fn invite(store: &Store, admin: &Admin, addresses: &[String]) -> Result<Vec<InvitationResult>> {
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
                let member = user::Entity::find().filter(user::Column::Email.eq(email.as_str())).one(&transaction).await?;
                let is_member = match member {
                    Some(user) => membership::Entity::find_by_id((organization, user.id)).one(&transaction).await?.is_some(),
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
                    let once = OnConflict::columns([invitation::Column::OrganizationId, invitation::Column::Email]).do_nothing().to_owned();
                    let added = invitation::Entity::insert(row).on_conflict(once).exec_without_returning(&transaction).await?;
                    if added == 0 { InviteOutcome::AlreadyInvited } else { InviteOutcome::Invited }
                }
            }
        };
        results.push(InvitationResult { email: address.to_owned(), outcome });
    }
    transaction.commit().await?;
    Ok(results)
}

/// Takes an invitation back.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the organization has none of this id.
pub async fn revoke(store: &Store, admin: &Admin, id: InvitationId) -> Result<()> {
    let of_organization = invitation::Column::OrganizationId.eq(admin.organization.0);
    let gone =
        invitation::Entity::delete_many().filter(of_organization).filter(invitation::Column::Id.eq(id.0)).exec(store.write()).await?;
    if gone.rows_affected == 0 { Err(ErrorCode::NotFound.into()) } else { Ok(()) }
}
