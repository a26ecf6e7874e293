//! Passkeys (`WebAuthn` 3): a key in the phone or the computer of its owner, which signs only for
//! this address and only after it has seen their finger, their face or their screen lock. That is
//! two factors, so nothing else is asked.

use alta_domain::{AuditAction, ErrorCode, Passkey, PasskeyChallenge};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;
use serde::de::DeserializeOwned;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, PasskeyRegistration, PublicKeyCredential, Url, Uuid, WebauthnError,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};
use webauthn_rs_proto::ResidentKeyRequirement;

use crate::access::Access;
use crate::entity::{membership, passkey, passkey_challenge};
use crate::error::{Result, StoreError};
use crate::secret::{new_token, token_hash};
use crate::{Store, audit, now, second_factor, sessions};

/// How long an answer may take, in milliseconds: 5 minutes.
const WITHIN: i64 = 5 * 60 * 1000;

/// The address that passkeys are made for.
#[derive(Debug)]
pub struct RelyingParty(Webauthn);

impl RelyingParty {
    /// By the address people see; none where browsers make no passkeys: a host without a name
    /// (`WebAuthn` 3, 5.1.3).
    #[must_use]
    pub fn new(base: &str) -> Option<Self> {
        let origin = Url::parse(base).ok()?;
        let built = WebauthnBuilder::new(origin.domain()?, &origin)
            .map(|builder| builder.rp_name("Alta"))
            .and_then(WebauthnBuilder::build);
        built
            .map(Self)
            .map_err(|error| tracing::warn!(%error, "no passkeys at this address"))
            .ok()
    }
}

/// Passkeys of the user, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(store: &Store, access: &Access) -> Result<Vec<Passkey>> {
    let own = passkey::Entity::find().filter(passkey::Column::UserId.eq(access.user.0));
    let rows = own
        .order_by_desc(passkey::Column::CreatedAt)
        .all(store.read())
        .await?;
    let read = |row: passkey::Model| Passkey {
        id: row.id,
        browser: row.browser,
        added_at: row.created_at,
        used_at: row.used_at,
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Asks for a new passkey.
///
/// # Errors
/// [`ErrorCode::BadCredentials`] for a wrong password.
pub async fn begin(
    store: &Store,
    party: &RelyingParty,
    access: &Access,
    password: String,
) -> Result<PasskeyChallenge> {
    second_factor::own_password(store, access, password).await?;
    let known = list(store, access).await?;
    let ids = known
        .iter()
        .filter_map(|passkey| URL_SAFE_NO_PAD.decode(&passkey.id).ok())
        .collect();
    let (mut options, state) = party
        .0
        .start_passkey_registration(
            handle_of(access.user.0),
            &access.me.email,
            &access.me.name,
            Some(ids),
        )
        .map_err(|error| broken(&error))?;
    // Only a key that knows its owner signs in without a name typed.
    if let Some(wanted) = &mut options.public_key.authenticator_selection {
        wanted.resident_key = Some(ResidentKeyRequirement::Required);
        wanted.require_resident_key = true;
    }
    ask(store, Some(access.user.0), &state, &options).await
}

/// Keeps the new passkey, by the browser's answer.
///
/// # Errors
/// [`ErrorCode::BadPasskey`]; [`ErrorCode::NameTaken`] when it is known already.
pub async fn finish(
    store: &Store,
    party: &RelyingParty,
    access: &Access,
    token: &str,
    answer: &str,
    browser: Option<String>,
) -> Result<()> {
    let state: PasskeyRegistration = asked(store, Some(access.user.0), token).await?;
    let answer = serde_json::from_str(answer).map_err(|_| ErrorCode::BadPasskey)?;
    let made = party
        .0
        .finish_passkey_registration(&answer, &state)
        .map_err(|error| refused(&error))?;
    let row = passkey::ActiveModel {
        id: Set(URL_SAFE_NO_PAD.encode(made.cred_id())),
        user_id: Set(access.user.0),
        browser: Set(browser),
        credential: Set(json(&made)?),
        created_at: Set(now()),
        used_at: Set(None),
    };
    let transaction = store.begin().await?;
    let kept = passkey::Entity::insert(row)
        .exec_without_returning(&transaction)
        .await;
    kept.map_err(|error| StoreError::on_taken(error, ErrorCode::NameTaken))?;
    audit::record(&transaction, access, AuditAction::PasskeyAdded, "").await?;
    transaction.commit().await?;
    Ok(())
}

/// Removes a passkey of the user.
///
/// # Errors
/// [`ErrorCode::NotFound`] when it is not theirs.
pub async fn remove(store: &Store, access: &Access, id: &str) -> Result<()> {
    let transaction = store.begin().await?;
    let own = passkey::Entity::delete_by_id(id).filter(passkey::Column::UserId.eq(access.user.0));
    if own.exec(&transaction).await?.rows_affected == 0 {
        return Err(ErrorCode::NotFound.into());
    }
    audit::record(&transaction, access, AuditAction::PasskeyRemoved, "").await?;
    transaction.commit().await?;
    Ok(())
}

/// Removes all of a user.
pub(crate) async fn forget(connection: &impl ConnectionTrait, user: i64) -> Result<()> {
    passkey::Entity::delete_many()
        .filter(passkey::Column::UserId.eq(user))
        .exec(connection)
        .await?;
    Ok(())
}

/// Asks any passkey of this address to sign in.
///
/// # Errors
/// When the database fails.
pub async fn begin_sign_in(store: &Store, party: &RelyingParty) -> Result<PasskeyChallenge> {
    let (mut options, state) = party
        .0
        .start_discoverable_authentication()
        .map_err(|error| broken(&error))?;
    // People press a button: the browser need not wait for a field.
    options.mediation = None;
    ask(store, None, &state, &options).await
}

/// Opens a session for the owner of the passkey that signed; answers with its token.
///
/// # Errors
/// [`ErrorCode::BadPasskey`]; [`ErrorCode::BadCredentials`] when its owner may not sign in.
pub async fn sign_in(
    store: &Store,
    party: &RelyingParty,
    token: &str,
    answer: &str,
) -> Result<String> {
    let state: DiscoverableAuthentication = asked(store, None, token).await?;
    let answer: PublicKeyCredential =
        serde_json::from_str(answer).map_err(|_| ErrorCode::BadPasskey)?;
    let (handle, id) = party
        .0
        .identify_discoverable_authentication(&answer)
        .map_err(|error| refused(&error))?;
    let row = passkey::Entity::find_by_id(URL_SAFE_NO_PAD.encode(id))
        .one(store.read())
        .await?;
    let row = row
        .filter(|row| handle == handle_of(row.user_id))
        .ok_or(ErrorCode::BadPasskey)?;
    let mut known: webauthn_rs::prelude::Passkey = serde_json::from_str(&row.credential)
        .map_err(|error| StoreError::Broken(error.to_string()))?;
    let proof = party
        .0
        .finish_discoverable_authentication_v2(&answer, state, &known)
        .map_err(|error| refused(&error))?;
    known.update_credential(&proof);
    let active = membership::Column::Active.eq(true);
    let member = membership::Entity::find()
        .filter(membership::Column::UserId.eq(row.user_id))
        .filter(active)
        .one(store.read())
        .await?;
    let member = member.ok_or(ErrorCode::BadCredentials)?;
    passkey::Entity::update_many()
        .col_expr(passkey::Column::Credential, Expr::value(json(&known)?))
        .col_expr(passkey::Column::UsedAt, Expr::value(now()))
        .filter(passkey::Column::Id.eq(row.id))
        .exec(store.write())
        .await?;
    sessions::open_with_factor(store, row.user_id, member.organization_id).await
}

/// What a passkey calls its owner: a number that says nothing elsewhere.
fn handle_of(user: i64) -> Uuid {
    Uuid::from_u128(u128::from(user.unsigned_abs()))
}

/// Keeps what the answer must fit.
async fn ask(
    store: &Store,
    user: Option<i64>,
    state: &impl Serialize,
    options: &impl Serialize,
) -> Result<PasskeyChallenge> {
    let (token, hash) = new_token();
    let row = passkey_challenge::ActiveModel {
        token_hash: Set(hash),
        user_id: Set(user),
        state: Set(json(state)?),
        expires_at: Set(now() + WITHIN),
    };
    let ended = passkey_challenge::Entity::delete_many()
        .filter(passkey_challenge::Column::ExpiresAt.lte(now()));
    ended.exec(store.write()).await?;
    passkey_challenge::Entity::insert(row)
        .exec_without_returning(store.write())
        .await?;
    Ok(PasskeyChallenge {
        token,
        options: json(options)?,
    })
}

/// What an answer must fit: of two answers with one token one gets past here.
async fn asked<T: DeserializeOwned>(store: &Store, user: Option<i64>, token: &str) -> Result<T> {
    let open = passkey_challenge::Entity::find_by_id(token_hash(token))
        .filter(passkey_challenge::Column::ExpiresAt.gt(now()));
    let row = open
        .one(store.write())
        .await?
        .filter(|row| row.user_id == user)
        .ok_or(ErrorCode::BadPasskey)?;
    let spent = passkey_challenge::Entity::delete_by_id(&row.token_hash)
        .exec(store.write())
        .await?;
    if spent.rows_affected == 0 {
        return Err(ErrorCode::BadPasskey.into());
    }
    serde_json::from_str(&row.state).map_err(|error| StoreError::Broken(error.to_string()))
}

fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| StoreError::Broken(error.to_string()))
}

fn broken(error: &WebauthnError) -> StoreError {
    StoreError::Broken(error.to_string())
}

fn refused(error: &WebauthnError) -> StoreError {
    tracing::warn!(%error, "a passkey was refused");
    ErrorCode::BadPasskey.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_host_with_a_name_makes_passkeys() {
        assert!(RelyingParty::new("https://alta.example.com").is_some());
        assert!(RelyingParty::new("http://localhost:8080").is_some());
        assert!(RelyingParty::new("http://127.0.0.1:8080").is_none());
        assert!(RelyingParty::new("https://[::1]:8443").is_none());
    }
}
