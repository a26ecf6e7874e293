//! The audit log: who did something, when, and from which network address.

use alta_domain::{AuditAction, AuditEntry, OrganizationId};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::access::{Account, Admin, Own};
use crate::entity::audit_entry;
use crate::error::{Result, StoreError};
use crate::{Store, now};

/// The most characters of a subject.
const SUBJECT: usize = 255;
/// The most characters of a contact's name in a subject.
const NAME: usize = 200;
/// What stands between the parts of a subject.
pub(crate) const PART: &str = " · ";

/// Writes an entry, in the transaction of the change itself: the entry exists exactly when the
/// change does.
pub(crate) async fn record(
    connection: &impl ConnectionTrait,
    account: &Account,
    action: AuditAction,
    subject: &str,
) -> Result<()> {
    let author = audit_entry::ActiveModel {
        user_id: Set(account.user.0),
        actor: Set(account.me.name.clone()),
        from_address: Set(account.from.clone()),
        ..Default::default()
    };
    insert(connection, author, account.organization, action, subject).await
}

/// Returns a contact as the audit log names it: its name and its id. A phone or an e-mail address
/// is never in the log. An erasure finds the entry by this form. So the name has none of the marks
/// that part the subject, and leaves room for the id.
pub(crate) fn contact_subject(name: Option<&str>, id: i64) -> String {
    match name {
        Some(name) => {
            let name: String = name.replace('·', ",").chars().take(NAME).collect();
            format!("{name} (#{id})")
        }
        None => format!("#{id}"),
    }
}

/// Returns the contact that the subject of an entry names, which may have more parts.
pub(crate) fn contact_of(subject: &str) -> Option<i64> {
    let named = subject.split(PART).next()?;
    let after_name = named.rsplit_once("(#").map(|(_, number)| number);
    let number = match after_name {
        Some(number) => number.strip_suffix(')')?,
        None => named.strip_prefix('#')?,
    };
    number.parse().ok()
}

/// Writes an entry about something that the server does by itself.
pub(crate) async fn record_automatic(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    action: AuditAction,
    subject: &str,
) -> Result<()> {
    let author = audit_entry::ActiveModel {
        user_id: Set(0),
        actor: Set("Alta".to_owned()),
        from_address: Set(None),
        ..Default::default()
    };
    insert(connection, author, organization, action, subject).await
}

/// Inserts an entry whose `author` has the user, the actor and the address.
async fn insert(
    connection: &impl ConnectionTrait,
    author: audit_entry::ActiveModel,
    organization: OrganizationId,
    action: AuditAction,
    subject: &str,
) -> Result<()> {
    let row = audit_entry::ActiveModel {
        organization_id: Set(organization.0),
        action: Set(action.as_str().to_owned()),
        subject: Set(subject.chars().take(SUBJECT).collect()),
        at: Set(now()),
        ..author
    };
    audit_entry::Entity::insert(row)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Lists the entries older than the one of id `before` (0: all), the newest first, at most `most`;
/// with `action` only those of this action.
///
/// # Errors
/// When the database fails.
pub async fn entries(
    store: &Store,
    admin: &Admin,
    action: Option<AuditAction>,
    before: i64,
    most: u64,
) -> Result<Vec<AuditEntry>> {
    let mut query = admin.own::<audit_entry::Entity>();
    if let Some(action) = action {
        query = query.filter(audit_entry::Column::Action.eq(action.as_str()));
    }
    if before > 0 {
        query = query.filter(audit_entry::Column::Id.lt(before));
    }
    let rows = query
        .order_by_desc(audit_entry::Column::Id)
        .limit(most)
        .all(store.read())
        .await?;
    let read = |row: audit_entry::Model| {
        Ok(AuditEntry {
            id: row.id,
            at: row.at,
            actor: row.actor,
            action: AuditAction::parse(&row.action)
                .ok_or_else(|| StoreError::Broken(format!("action {}", row.action)))?,
            subject: row.subject,
            from: row.from_address,
        })
    };
    rows.into_iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::{contact_of, contact_subject};

    #[test]
    fn the_subject_of_an_entry_names_its_contact() {
        for (subject, contact) in [
            ("Bia Souza (#12)", Some(12)),
            ("Bia (#3) Souza (#12)", Some(12)),
            ("#12", Some(12)),
            ("Bia Souza (#12) · whatsapp: no · call", Some(12)),
            ("#12 · whatsapp: no · call (#9)", Some(12)),
            ("clientes (12).csv", None),
        ] {
            assert_eq!(contact_of(subject), contact, "{subject}");
        }
    }

    #[test]
    fn a_contact_is_found_by_its_subject_whatever_its_name_is() {
        let long = "é".repeat(300);
        for name in [
            "Bia · Loja Centro",
            "Bia · · X",
            "Bia (#3) · X",
            "#4",
            long.as_str(),
        ] {
            let subject = contact_subject(Some(name), 12);
            assert!(subject.chars().count() <= 255);
            assert_eq!(contact_of(&subject), Some(12), "{name}");
        }
    }
}
