//! Mails that wait to be sent. A mail's link is made when it is sent, so that the database holds
//! only its hash; several servers may send, each with a lease.

use alta_domain::{Language, MailState};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::entity::{invitation, mail, organization, user};
use crate::error::Result;
use crate::{Store, emails, invitations, now, passwords};

/// How long a server may have a mail in hand, in milliseconds.
const LEASE: i64 = 60_000;
/// The longest wait between two tries, in milliseconds: an hour.
const MOST_WAIT: i64 = 60 * 60 * 1000;
/// Words of a mail server that are kept.
const REFUSAL_LENGTH: usize = 300;

/// What a mail is for, with what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Letter {
    /// An invitation to join.
    Invitation {
        /// The organization's name.
        organization: String,
        /// Who invites.
        inviter: String,
    },
    /// A link for a new password.
    Password,
    /// A link that confirms a new address.
    Email,
}

/// A mail in hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Its number.
    pub id: i64,
    /// To whom.
    pub to: String,
    /// In which language.
    pub language: Language,
    /// What it is for.
    pub letter: Letter,
    /// The token of its link.
    pub token: String,
}

/// Queues the mail of an invitation; one that waits already is sent at once.
pub(crate) async fn queue_invitation(
    connection: &impl ConnectionTrait,
    invitation: i64,
) -> Result<()> {
    forget_invitation(connection, invitation).await?;
    queue(connection, Some(invitation), None, None).await
}

/// Sends no mail of an invitation any more: it would bring a new link, and the one that was handed
/// over would be dead.
pub(crate) async fn forget_invitation(
    connection: &impl ConnectionTrait,
    invitation: i64,
) -> Result<()> {
    mail::Entity::delete_many()
        .filter(mail::Column::InvitationId.eq(invitation))
        .exec(connection)
        .await?;
    Ok(())
}

/// Sends no mail of a user any more: neither of a new password nor of a new address.
pub(crate) async fn forget_user(connection: &impl ConnectionTrait, user: i64) -> Result<()> {
    mail::Entity::delete_many()
        .filter(mail::Column::UserId.eq(user))
        .exec(connection)
        .await?;
    Ok(())
}

/// Queues the mail with a link for a new password.
pub(crate) async fn queue_reset(store: &Store, user: i64) -> Result<()> {
    let waiting = mail::Entity::delete_many()
        .filter(mail::Column::UserId.eq(user))
        .filter(mail::Column::NewEmail.is_null());
    waiting.exec(store.write()).await?;
    queue(store.write(), None, Some(user), None).await
}

/// Queues the mail that asks a new address for its confirmation.
pub(crate) async fn queue_email_change(store: &Store, user: i64, email: &str) -> Result<()> {
    let waiting = mail::Entity::delete_many()
        .filter(mail::Column::UserId.eq(user))
        .filter(mail::Column::NewEmail.is_not_null());
    waiting.exec(store.write()).await?;
    queue(store.write(), None, Some(user), Some(email)).await
}

async fn queue(
    connection: &impl ConnectionTrait,
    invitation: Option<i64>,
    user: Option<i64>,
    new_email: Option<&str>,
) -> Result<()> {
    let row = mail::ActiveModel {
        invitation_id: Set(invitation),
        user_id: Set(user),
        created_at: Set(now()),
        tries: Set(0),
        next_try_at: Set(now()),
        leased_until: Set(0),
        sent_at: Set(None),
        refused: Set(None),
        new_email: Set(new_email.map(str::to_owned)),
        ..Default::default()
    };
    mail::Entity::insert(row)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Takes the next mail that is due in hand, and makes its link; none when none is due.
///
/// # Errors
/// When the database fails.
pub async fn next(store: &Store) -> Result<Option<Mail>> {
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
        let taken = mail::Entity::update_many()
            .col_expr(mail::Column::LeasedUntil, Expr::value(now() + LEASE))
            .filter(mail::Column::Id.eq(row.id))
            .filter(mail::Column::LeasedUntil.eq(row.leased_until))
            .exec(store.write())
            .await?;
        // Another server was first.
        if taken.rows_affected == 0 {
            continue;
        }
        if let Some(mail) = write(store, &row).await? {
            return Ok(Some(mail));
        }
        // What it was for is gone.
        mail::Entity::delete_by_id(row.id)
            .exec(store.write())
            .await?;
    }
}

async fn write(store: &Store, row: &mail::Model) -> Result<Option<Mail>> {
    if let Some(id) = row.invitation_id {
        let Some(invitation) = invitation::Entity::find_by_id(id)
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
        let account = user::Entity::find()
            .filter(user::Column::Email.eq(&invitation.email))
            .one(store.read())
            .await?;
        let (Some(organization), Some(inviter)) = (organization, inviter) else {
            return Ok(None);
        };
        let language = account.map_or(organization.language, |account| account.language);
        return Ok(Some(Mail {
            id: row.id,
            to: invitation.email,
            language: Language::parse(&language).unwrap_or_default(),
            letter: Letter::Invitation {
                organization: organization.name,
                inviter: inviter.name,
            },
            token: invitations::new_link(store.write(), id).await?,
        }));
    }
    // Nobody waits any more for a link that was asked for longer ago than it would be valid.
    let valid_for = if row.new_email.is_some() {
        emails::VALID_FOR
    } else {
        passwords::VALID_FOR
    };
    if row.created_at + valid_for < now() {
        return Ok(None);
    }
    let user = match row.user_id {
        Some(id) => user::Entity::find_by_id(id).one(store.read()).await?,
        None => None,
    };
    let Some(user) = user else { return Ok(None) };
    let (to, letter, token) = match &row.new_email {
        Some(email) => (
            email.clone(),
            Letter::Email,
            emails::new_link(store, user.id, email).await?,
        ),
        None => (
            user.email,
            Letter::Password,
            passwords::new_link(store, user.id).await?,
        ),
    };
    Ok(Some(Mail {
        id: row.id,
        to,
        language: Language::parse(&user.language).unwrap_or_default(),
        letter,
        token,
    }))
}

/// The mail server took it.
///
/// # Errors
/// When the database fails.
pub async fn sent(store: &Store, id: i64) -> Result<()> {
    let change = mail::Entity::update_many().col_expr(mail::Column::SentAt, Expr::value(now()));
    change
        .filter(mail::Column::Id.eq(id))
        .exec(store.write())
        .await?;
    Ok(())
}

/// The mail server refused it for good.
///
/// # Errors
/// When the database fails.
pub async fn refused(store: &Store, id: i64, words: &str) -> Result<()> {
    let words: String = words.chars().take(REFUSAL_LENGTH).collect();
    let change = mail::Entity::update_many().col_expr(mail::Column::Refused, Expr::value(words));
    change
        .filter(mail::Column::Id.eq(id))
        .exec(store.write())
        .await?;
    Ok(())
}

/// The mail server could not be reached, or asked for patience: the mail is tried again, after
/// twice the time each time, up to an hour.
///
/// # Errors
/// When the database fails.
pub async fn again(store: &Store, id: i64) -> Result<()> {
    let Some(row) = mail::Entity::find_by_id(id).one(store.read()).await? else {
        return Ok(());
    };
    let wait = (1000_i64 << row.tries.clamp(0, 12)).min(MOST_WAIT);
    mail::Entity::update_many()
        .col_expr(mail::Column::Tries, Expr::value(row.tries + 1))
        .col_expr(mail::Column::NextTryAt, Expr::value(now() + wait))
        .col_expr(mail::Column::LeasedUntil, Expr::value(0_i64))
        .filter(mail::Column::Id.eq(id))
        .exec(store.write())
        .await?;
    Ok(())
}

/// What became of a mail.
pub(crate) fn state(row: Option<&mail::Model>) -> MailState {
    match row {
        Some(mail::Model {
            refused: Some(words),
            ..
        }) => MailState::Refused(words.clone()),
        Some(mail::Model {
            sent_at: Some(at), ..
        }) => MailState::Sent(*at),
        Some(_) => MailState::Waiting,
        None => MailState::NotSent,
    }
}
