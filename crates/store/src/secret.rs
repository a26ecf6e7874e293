//! Tokens and password hashes. A token is 256 random bits; only its SHA-256 is stored.

use alta_domain::{ErrorCode, PASSWORD_LENGTH};
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::error::{Result, StoreError};

/// Makes a token to hand out, and the hash of it to store.
pub(crate) fn new_token() -> (String, String) {
    let bytes: [u8; 32] = rand::random();
    let token = URL_SAFE_NO_PAD.encode(bytes);
    let hash = token_hash(&token);
    (token, hash)
}

/// Hashes a token, as it is stored.
pub(crate) fn token_hash(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(token.as_bytes()))
}

/// Limits how many passwords are hashed at the same time, because each takes 19 MiB of memory.
static HASHED_AT_ONCE: Semaphore = Semaphore::const_new(8);

/// Hashes a password by Argon2id with the crate's defaults (19 MiB, two passes: OWASP's first
/// recommendation).
///
/// # Errors
/// [`ErrorCode::InvalidPassword`] for a password that is too short or too long.
pub(crate) async fn hash_password(password: String) -> Result<String> {
    if !PASSWORD_LENGTH.contains(&password.chars().count()) {
        return Err(ErrorCode::InvalidPassword.into());
    }
    let permit = HASHED_AT_ONCE.acquire().await;
    let hash = tokio::task::spawn_blocking(move || {
        // Held until the work ends, also when nobody waits for it any more.
        let _permit = permit;
        Argon2::default()
            .hash_password(password.as_bytes())
            .map(|hash| hash.to_string())
    });
    hash.await
        .map_err(|error| StoreError::Broken(error.to_string()))?
        .map_err(|error| StoreError::Broken(error.to_string()))
}

/// Returns true for a hash that was made with other settings than [`hash_password`] has today.
pub(crate) fn is_outdated(hash: &str) -> bool {
    let today = Argon2::default();
    let made = PasswordHash::new(hash).ok();
    let settings = made.and_then(|hash| {
        let is_argon2id = hash.algorithm == Algorithm::Argon2id.ident();
        is_argon2id.then(|| Params::try_from(&hash).ok()).flatten()
    });
    settings.is_none_or(|settings| {
        let of = |settings: &Params| (settings.m_cost(), settings.t_cost(), settings.p_cost());
        of(&settings) != of(today.params())
    })
}

/// Returns true when the password is the one that was hashed. Without a hash it does the same work
/// and returns false, so that the time does not tell who has an account.
pub(crate) async fn verify_password(password: String, hash: Option<String>) -> bool {
    // A hash that belongs to no account.
    const DUMMY_HASH: &str = concat!(
        "$argon2id$v=19$m=19456,t=2,p=1$YWx0YWFsdGFhbHRhYWx0YQ",
        "$cCxU2ekRqUmYkVfBpjXnZrnCSZyHVQTnhLHzBvcQcpo",
    );
    let has_account = hash.is_some();
    let permit = HASHED_AT_ONCE.acquire().await;
    let check = move || {
        let _permit = permit;
        let hash = hash.as_deref().unwrap_or(DUMMY_HASH);
        PasswordHash::new(hash).is_ok_and(|parsed| {
            Argon2::default()
                .verify_password(password.as_bytes(), &parsed)
                .is_ok()
        })
    };
    tokio::task::spawn_blocking(check).await.unwrap_or(false) && has_account
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_by_its_hash_and_nobody_by_none() {
        let hash = hash_password("correct horse".into()).await.unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        assert!(!is_outdated(&hash));
        assert!(verify_password("correct horse".into(), Some(hash.clone())).await);
        assert!(!verify_password("wrong horse".into(), Some(hash)).await);
        assert!(!verify_password("correct horse".into(), None).await);
    }

    #[tokio::test]
    async fn a_short_password_is_refused() {
        assert_eq!(
            hash_password("seven77".into()).await.unwrap_err().code(),
            ErrorCode::InvalidPassword
        );
    }
}
