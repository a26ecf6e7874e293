//! Passkeys (`WebAuthn` 3): a key in the phone or the computer of its owner. It signs only for this
//! web site, and only after its owner has unlocked it with finger, face or screen lock. Those are
//! two factors, so a sign-in with a passkey needs no other.

use alta_domain::{AuditAction, ErrorCode, Passkey, PasskeyChallenge};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;
use serde::de::DeserializeOwned;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, PasskeyRegistration, PublicKeyCredential, Url, Uuid, WebauthnError,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};
use webauthn_rs_proto::ResidentKeyRequirement;

use super::lookup::{active_membership, check_own_password};
use super::sessions;
use crate::access::Account;
use crate::entity::{passkey, passkey_challenge};
use crate::error::{Result, StoreError};
use crate::secret::{new_token, token_hash};
use crate::{Store, audit, now};

/// Milliseconds that the browser has to answer a challenge: 5 minutes.
const ANSWER_WITHIN: i64 = 5 * 60 * 1000;

/// The site that passkeys are made for, by its address (`WebAuthn`'s relying party).
#[derive(Debug)]
pub struct RelyingParty(Webauthn);

impl RelyingParty {
    /// Makes the relying party of the address that people see, such as `https://alta.example.com`.
    /// Returns `None` for a host without a name, for which browsers make no passkeys (`WebAuthn` 3,
    /// 5.1.3).
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

/// Lists the passkeys of the user, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(store: &Store, account: &Account) -> Result<Vec<Passkey>> {
    let own = passkey::Entity::find().filter(passkey::Column::UserId.eq(account.user.0));
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

/// Begins to make a new passkey: returns the challenge for the browser.
///
/// # Errors
/// [`ErrorCode::BadCredentials`] for a wrong password.
pub async fn begin(
    store: &Store,
    party: &RelyingParty,
    account: &Account,
    password: String,
) -> Result<PasskeyChallenge> {
    check_own_password(store, account, password).await?;
    let existing = list(store, account).await?;
    let ids = existing
        .iter()
        .filter_map(|passkey| URL_SAFE_NO_PAD.decode(&passkey.id).ok())
        .collect();
    let (mut options, state) = party
        .0
        .start_passkey_registration(
            handle_of(account.user.0),
            &account.me.email,
            &account.me.name,
            Some(ids),
        )
        .map_err(|error| broken(&error))?;
    // Only a key that stores the handle of its owner can sign in before a name is typed.
    if let Some(wanted) = &mut options.public_key.authenticator_selection {
        wanted.resident_key = Some(ResidentKeyRequirement::Required);
        wanted.require_resident_key = true;
    }
    new_challenge(store, Some(account.user.0), &state, &options).await
}

/// Stores the new passkey from the browser's answer to the challenge of this token.
///
/// # Errors
/// [`ErrorCode::BadPasskey`]; [`ErrorCode::NameTaken`] when it is stored already.
pub async fn finish(
    store: &Store,
    party: &RelyingParty,
    account: &Account,
    token: &str,
    answer: &str,
    browser: Option<String>,
) -> Result<()> {
    let state: PasskeyRegistration = use_challenge(store, Some(account.user.0), token).await?;
    let answer = serde_json::from_str(answer).map_err(|_| ErrorCode::BadPasskey)?;
    let made = party
        .0
        .finish_passkey_registration(&answer, &state)
        .map_err(|error| refused(&error))?;
    let row = passkey::ActiveModel {
        id: Set(URL_SAFE_NO_PAD.encode(made.cred_id())),
        user_id: Set(account.user.0),
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
    audit::record(&transaction, account, AuditAction::PasskeyAdded, "").await?;
    transaction.commit().await?;
    Ok(())
}

/// Removes a passkey of the user.
///
/// # Errors
/// [`ErrorCode::BadCredentials`] for a wrong password; [`ErrorCode::NotFound`] when the passkey is
/// not theirs.
pub async fn remove(store: &Store, account: &Account, id: &str, password: String) -> Result<()> {
    check_own_password(store, account, password).await?;
    let transaction = store.begin().await?;
    let own = passkey::Entity::delete_by_id(id).filter(passkey::Column::UserId.eq(account.user.0));
    if own.exec(&transaction).await?.rows_affected == 0 {
        return Err(ErrorCode::NotFound.into());
    }
    audit::record(&transaction, account, AuditAction::PasskeyRemoved, "").await?;
    transaction.commit().await?;
    Ok(())
}

/// Removes all passkeys of a user.
pub(super) async fn remove_all(transaction: &DatabaseTransaction, user: i64) -> Result<()> {
    passkey::Entity::delete_many()
        .filter(passkey::Column::UserId.eq(user))
        .exec(transaction)
        .await?;
    Ok(())
}

/// Begins a sign-in: returns a challenge, which any passkey of this web site may sign.
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
    new_challenge(store, None, &state, &options).await
}

/// Opens a session for the owner of the passkey that signed the challenge; returns its token.
///
/// # Errors
/// [`ErrorCode::BadPasskey`]; [`ErrorCode::BadCredentials`] when its owner may not sign in.
pub async fn sign_in(
    store: &Store,
    party: &RelyingParty,
    token: &str,
    answer: &str,
) -> Result<String> {
    let state: DiscoverableAuthentication = use_challenge(store, None, token).await?;
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
    let mut credential: webauthn_rs::prelude::Passkey = serde_json::from_str(&row.credential)?;
    let proof = party
        .0
        .finish_discoverable_authentication_v2(&answer, state, &credential)
        .map_err(|error| refused(&error))?;
    credential.update_credential(&proof);
    let member = active_membership(store, row.user_id)
        .await?
        .ok_or(ErrorCode::BadCredentials)?;
    passkey::Entity::update_many()
        .col_expr(passkey::Column::Credential, Expr::value(json(&credential)?))
        .col_expr(passkey::Column::UsedAt, Expr::value(now()))
        .filter(passkey::Column::Id.eq(row.id))
        .exec(store.write())
        .await?;
    sessions::open_with_factor(store, member).await
}

/// Returns the handle under which a passkey stores its owner: a number that means nothing to other
/// sites.
fn handle_of(user: i64) -> Uuid {
    Uuid::from_u128(u128::from(user.unsigned_abs()))
}

/// Stores the state that the browser's answer is checked against, and returns the challenge with
/// its token. `user` is `None` for a sign-in, whose user is not known yet.
async fn new_challenge(
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
        expires_at: Set(now() + ANSWER_WITHIN),
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

/// Uses up the challenge of a token and returns the state that the answer is checked against. Of
/// two answers with one token only one passes.
async fn use_challenge<T: DeserializeOwned>(
    store: &Store,
    user: Option<i64>,
    token: &str,
) -> Result<T> {
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
    Ok(serde_json::from_str(&row.state)?)
}

fn json(value: &impl Serialize) -> Result<String> {
    Ok(serde_json::to_string(value)?)
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
