//! Answers that a member notes by hand, because the contact has called, written, or come in.

use alta_domain::{AuditAction, Channel, ContactId, ErrorCode, LegalBasis, SOURCE_LENGTH};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::access::{Editor, Own};
use crate::contacts::search::name;
use crate::db::lock_organization;
use crate::entity::consent::{self, BY_HAND};
use crate::entity::contact;
use crate::error::Result;
use crate::{Store, audit, now};

/// Notes the answer of a contact about a channel: with a legal basis (`yes`) the contact may be
/// written to, without one it must not. `source` is the place where the answer was given. The
/// answer outweighs all earlier answers, until a file brings a refusal or a member notes another
/// answer.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the organization has no such contact; [`ErrorCode::TooLong`] for a
/// source of more than 200 characters.
pub async fn note(
    store: &Store,
    editor: &Editor,
    id: ContactId,
    channel: Channel,
    yes: Option<LegalBasis>,
    source: &str,
) -> Result<()> {
    let source = source.trim();
    if source.chars().count() > SOURCE_LENGTH {
        return Err(ErrorCode::TooLong.into());
    }
    let transaction = store.begin().await?;
    lock_organization(&transaction, editor.organization).await?;
    let row = editor
        .own::<contact::Entity>()
        .filter(contact::Column::Id.eq(id.0))
        .one(&transaction)
        .await?
        .ok_or(ErrorCode::NotFound)?;
    let answer = consent::ActiveModel {
        contact_id: Set(id.0),
        channel: Set(channel.as_str().to_owned()),
        import_id: Set(BY_HAND),
        granted: Set(yes.is_some()),
        at: Set(now()),
        basis: Set(yes.map(|basis| basis.as_str().to_owned())),
        source: Set(source.to_owned()),
        kept: Set(false),
    };
    let key = [
        consent::Column::ContactId,
        consent::Column::Channel,
        consent::Column::ImportId,
    ];
    let values = [
        consent::Column::Granted,
        consent::Column::At,
        consent::Column::Basis,
        consent::Column::Source,
    ];
    consent::Entity::insert(answer)
        .on_conflict(OnConflict::columns(key).update_columns(values).to_owned())
        .exec_without_returning(&transaction)
        .await?;
    let answer = yes.map_or("no", LegalBasis::as_str);
    let parts = [
        audit::contact_subject(name(&row).as_deref(), row.id),
        format!("{}: {answer}", channel.as_str()),
        source.to_owned(),
    ];
    let subject = parts.join(audit::PART);
    audit::record(&transaction, editor, AuditAction::PermissionNoted, &subject).await?;
    transaction.commit().await?;
    Ok(())
}
