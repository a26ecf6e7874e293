//! Mails that wait to be sent. The link of a mail is made when the mail is sent, so that the
//! database holds only its hash. Several servers may send; each leases the mail that it sends.

use alta_domain::{ErrorCode, InvitationId, Language, MailState, UserId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::links::{
    EMAIL_CHANGE_VALID, PASSWORD_RESET_VALID, new_email_link, new_invitation_link,
    new_password_link,
};
use super::lookup::{stored_language, user_of};
use crate::entity::{invitation, mail, organization, user};
use crate::error::Result;
use crate::{HOUR, Store, now};

/// Milliseconds that a server has to send a mail before another may take it.
const LEASE: i64 = 60_000;
/// The longest wait between two tries, in milliseconds: an hour.
const LONGEST_WAIT: i64 = HOUR;
/// Characters of a mail server's refusal that are kept.
const REFUSAL_LENGTH: usize = 300;

/// The purpose of a mail, with the values that its text needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Letter {
    /// An invitation to join.
    Invitation {
        /// The organization's name.
        organization: String,
        /// The name of the member who invites.
        inviter: String,
    },
    /// A link for a new password.
    Password,
    /// A link that confirms a new address.
    Email,
    /// A warning to the present address of an account: somebody asked to replace it.
    EmailWarning {
        /// The address that was asked for.
        new_email: String,
    },
}

/// A mail to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The id of the mail.
    pub id: i64,
    /// The address of the recipient.
    pub to: String,
    /// The language of the mail's text.
    pub language: Language,
    /// The purpose of the mail.
    pub letter: Letter,
    /// The token of the mail's link; empty for a mail whose link needs none.
    pub token: String,
}

/// Queues the mail of an invitation, in place of one that waits already.
pub(super) async fn queue_invitation(
    connection: &impl ConnectionTrait,
    invitation: InvitationId,
) -> Result<()> {
    cancel_of_invitation(connection, invitation).await?;
    let row = mail::ActiveModel {
        invitation_id: Set(Some(invitation.0)),
        ..waiting()
    };
    insert(connection, row).await
}

/// Cancels the mail of an invitation: it would bring a new link, and the one that was handed over
/// would stop being valid.
pub(super) async fn cancel_of_invitation(
    connection: &impl ConnectionTrait,
    invitation: InvitationId,
) -> Result<()> {
    mail::Entity::delete_many()
        .filter(mail::Column::InvitationId.eq(invitation.0))
        .exec(connection)
        .await?;
    Ok(())
}

/// Cancels the mails of a user, for a new password and for a new address. A warning stays: its
/// reader must learn of the change, most of all when it was made quickly.
pub(super) async fn cancel_of_user(connection: &impl ConnectionTrait, user: i64) -> Result<()> {
    mail::Entity::delete_many()
        .filter(mail::Column::UserId.eq(user))
        .filter(mail::Column::WarnedEmail.is_null())
        .exec(connection)
        .await?;
    Ok(())
}

/// Queues the mail with a link for a new password, in place of one that waits already.
pub(super) async fn queue_reset(store: &Store, user: UserId) -> Result<()> {
    mail::Entity::delete_many()
        .filter(mail::Column::UserId.eq(user.0))
        .filter(mail::Column::NewEmail.is_null())
        .exec(store.write())
        .await?;
    let row = mail::ActiveModel {
        user_id: Set(Some(user.0)),
        ..waiting()
    };
    insert(store.write(), row).await
}

/// Queues the mail that asks a new address for its confirmation, in place of one that waits
/// already, and the one that warns the old address.
///
/// # Errors
/// [`ErrorCode::TooManyChanges`]: whoever knows a password could send mails to anybody.
pub(super) async fn queue_email_change(
    store: &Store,
    user: UserId,
    old_email: &str,
    new_email: &str,
) -> Result<()> {
    let transaction = store.begin().await?;
    // Of two requests at once the second counts the first.
    user::Entity::find_by_id(user.0)
        .lock_exclusive()
        .one(&transaction)
        .await?;
    let warned = mail::Entity::find()
        .filter(mail::Column::UserId.eq(user.0))
        .filter(mail::Column::WarnedEmail.is_not_null())
        .filter(mail::Column::CreatedAt.gt(now() - HOUR))
        .count(&transaction)
        .await?;
    if warned >= u64::from(store.limits.address_changes) {
        return Err(ErrorCode::TooManyChanges.into());
    }
    mail::Entity::delete_many()
        .filter(mail::Column::UserId.eq(user.0))
        .filter(mail::Column::NewEmail.is_not_null())
        .filter(mail::Column::WarnedEmail.is_null())
        .exec(&transaction)
        .await?;
    // A change that is asked for again is one change: the old address is warned once. The row of
    // the warning stays, because it counts as a request.
    mail::Entity::update_many()
        .col_expr(mail::Column::SentAt, Expr::value(now()))
        .filter(mail::Column::UserId.eq(user.0))
        .filter(mail::Column::NewEmail.eq(new_email))
        .filter(mail::Column::WarnedEmail.is_not_null())
        .filter(mail::Column::SentAt.is_null())
        .exec(&transaction)
        .await?;
    let question = mail::ActiveModel {
        user_id: Set(Some(user.0)),
        new_email: Set(Some(new_email.to_owned())),
        ..waiting()
    };
    let warning = mail::ActiveModel {
        warned_email: Set(Some(old_email.to_owned())),
        ..question.clone()
    };
    insert(&transaction, question).await?;
    insert(&transaction, warning).await?;
    transaction.commit().await?;
    Ok(())
}

/// Returns the row of a mail that is due at once, without its purpose.
fn waiting() -> mail::ActiveModel {
    mail::ActiveModel {
        invitation_id: Set(None),
        user_id: Set(None),
        created_at: Set(now()),
        tries: Set(0),
        next_try_at: Set(now()),
        leased_until: Set(0),
        sent_at: Set(None),
        refused: Set(None),
        new_email: Set(None),
        warned_email: Set(None),
        ..Default::default()
    }
}

async fn insert(connection: &impl ConnectionTrait, row: mail::ActiveModel) -> Result<()> {
    mail::Entity::insert(row)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Leases the next mail that is due and makes its link; returns `None` when no mail is due.
///
/// # Errors
/// When the database fails.
pub async fn lease_next(store: &Store) -> Result<Option<Mail>> {
    loop {
        let due = Condition::all()
            .add(mail::Column::SentAt.is_null())
            .add(mail::Column::Refused.is_null())
            .add(mail::Column::NextTryAt.lte(now()))
            .add(mail::Column::LeasedUntil.lt(now()));
        let Some(row) = mail::Entity::find()
            .filter(due)
            .order_by_asc(mail::Column::Id)
            .one(store.read())
            .await?
        else {
            return Ok(None);
        };
        let leased = mail::Entity::update_many()
            .col_expr(mail::Column::LeasedUntil, Expr::value(now() + LEASE))
            .filter(mail::Column::Id.eq(row.id))
            .filter(mail::Column::LeasedUntil.eq(row.leased_until))
            .exec(store.write())
            .await?;
        // Another server was first.
        if leased.rows_affected == 0 {
            continue;
        }
        if let Some(mail) = compose(store, &row).await? {
            return Ok(Some(mail));
        }
        // Its invitation or its user is gone, or its link would be too old.
        mail::Entity::delete_by_id(row.id)
            .exec(store.write())
            .await?;
    }
}

/// Makes the mail of a row, with its link; returns `None` when there is no reason to send it any
/// more.
async fn compose(store: &Store, row: &mail::Model) -> Result<Option<Mail>> {
    match row.invitation_id {
        Some(invitation) => compose_invitation(store, row.id, InvitationId(invitation)).await,
        None => compose_for_user(store, row).await,
    }
}

async fn compose_invitation(store: &Store, id: i64, of: InvitationId) -> Result<Option<Mail>> {
    let Some(invitation) = invitation::Entity::find_by_id(of.0)
        .one(store.read())
        .await?
        .filter(|found| found.expires_at > now())
    else {
        return Ok(None);
    };
    let organization = organization::Entity::find_by_id(invitation.organization_id)
        .one(store.read())
        .await?;
    let inviter = user::Entity::find_by_id(invitation.invited_by)
        .one(store.read())
        .await?;
    let account = user_of(store.read(), &invitation.email).await?;
    let (Some(organization), Some(inviter)) = (organization, inviter) else {
        return Ok(None);
    };
    let language = account.map_or(organization.language, |account| account.language);
    Ok(Some(Mail {
        id,
        to: invitation.email,
        language: stored_language(&language)?,
        letter: Letter::Invitation {
            organization: organization.name,
            inviter: inviter.name,
        },
        token: new_invitation_link(store.write(), of).await?,
    }))
}

async fn compose_for_user(store: &Store, row: &mail::Model) -> Result<Option<Mail>> {
    // Nobody waits any more for a link that was asked for longer ago than it would be valid.
    let valid_for = if row.new_email.is_some() {
        EMAIL_CHANGE_VALID
    } else {
        PASSWORD_RESET_VALID
    };
    // A warning has no link, and is never too late.
    if row.warned_email.is_none() && row.created_at + valid_for < now() {
        return Ok(None);
    }
    let user = match row.user_id {
        Some(id) => user::Entity::find_by_id(id).one(store.read()).await?,
        None => None,
    };
    let Some(user) = user else { return Ok(None) };
    let language = stored_language(&user.language)?;
    Ok(Some(match (&row.new_email, &row.warned_email) {
        (Some(new_email), Some(warned)) => Mail {
            id: row.id,
            to: warned.clone(),
            language,
            letter: Letter::EmailWarning {
                new_email: new_email.clone(),
            },
            token: String::new(),
        },
        (Some(email), None) => Mail {
            id: row.id,
            to: email.clone(),
            language,
            letter: Letter::Email,
            token: new_email_link(store, user.id, email).await?,
        },
        (None, _) => Mail {
            id: row.id,
            to: user.email,
            language,
            letter: Letter::Password,
            token: new_password_link(store, user.id).await?,
        },
    }))
}

/// Marks a mail as accepted by the mail server.
///
/// # Errors
/// When the database fails.
pub async fn mark_sent(store: &Store, id: i64) -> Result<()> {
    mail::Entity::update_many()
        .col_expr(mail::Column::SentAt, Expr::value(now()))
        .filter(mail::Column::Id.eq(id))
        .exec(store.write())
        .await?;
    Ok(())
}

/// Marks a mail as refused for good, with the mail server's reason.
///
/// # Errors
/// When the database fails.
pub async fn mark_refused(store: &Store, id: i64, reason: &str) -> Result<()> {
    let reason: String = reason.chars().take(REFUSAL_LENGTH).collect();
    mail::Entity::update_many()
        .col_expr(mail::Column::Refused, Expr::value(reason))
        .filter(mail::Column::Id.eq(id))
        .exec(store.write())
        .await?;
    Ok(())
}

/// Ends the lease of a mail that could not be sent yet, and sets the time of its next try: after
/// one second at first, then after twice the time each time, up to an hour.
///
/// # Errors
/// When the database fails.
pub async fn retry_later(store: &Store, id: i64) -> Result<()> {
    let Some(row) = mail::Entity::find_by_id(id).one(store.read()).await? else {
        return Ok(());
    };
    let wait = (1000_i64 << row.tries.clamp(0, 12)).min(LONGEST_WAIT);
    mail::Entity::update_many()
        .col_expr(mail::Column::Tries, Expr::value(row.tries + 1))
        .col_expr(mail::Column::NextTryAt, Expr::value(now() + wait))
        .col_expr(mail::Column::LeasedUntil, Expr::value(0_i64))
        .filter(mail::Column::Id.eq(id))
        .exec(store.write())
        .await?;
    Ok(())
}

/// Reads the state of an invitation's mail from its row.
pub(super) fn state(row: Option<&mail::Model>) -> MailState {
    match row {
        Some(mail::Model {
            refused: Some(reason),
            ..
        }) => MailState::Refused(reason.clone()),
        Some(mail::Model {
            sent_at: Some(at), ..
        }) => MailState::Sent(*at),
        Some(_) => MailState::Waiting,
        None => MailState::NotSent,
    }
}
