//! Secrets at rest: sealed with XChaCha20-Poly1305 under a key that is not in the database.

use std::io::{ErrorKind, Write};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ConnectionTrait, DbBackend, EntityTrait, IntoActiveModel};
use sha2::{Digest, Sha256};

use crate::Store;
use crate::entity::{connection, second_factor};
use crate::error::{Result, StoreError};

/// Bytes of a key.
const KEY: usize = 32;
/// Bytes by which a sealed text names its key.
const NAME: usize = 4;
/// Bytes of a nonce.
const NONCE: usize = 24;

/// The keys: the first seals, all of them open.
#[derive(Clone)]
pub struct Vault {
    keys: Vec<[u8; KEY]>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Vault of {} keys", self.keys.len())
    }
}

impl Vault {
    /// With a new key.
    #[must_use]
    pub fn random() -> Self {
        Self {
            keys: vec![rand::random()],
        }
    }

    /// Keys as they stand in a file or the environment: 32 bytes each in base64url, one a line or
    /// with commas between; the first one seals.
    ///
    /// # Errors
    /// [`StoreError::Broken`] for anything else.
    pub fn parse(text: &str) -> Result<Self> {
        let words = text
            .split([',', '\n'])
            .map(str::trim)
            .filter(|word| !word.is_empty());
        let keys = words.map(|word| {
            URL_SAFE_NO_PAD
                .decode(word)
                .ok()
                .and_then(|bytes| bytes.try_into().ok())
        });
        let keys: Option<Vec<[u8; KEY]>> = keys.collect();
        let keys = keys.filter(|keys| !keys.is_empty());
        keys.map(|keys| Self { keys })
            .ok_or_else(|| StoreError::Broken("a key is 32 bytes in base64url".to_owned()))
    }

    /// The keys of a file that only its owner may read; made with a new key when there is none.
    ///
    /// # Errors
    /// When it can't be read or made, or holds no keys.
    pub fn of_file(path: &Path) -> std::io::Result<Self> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text).map_err(std::io::Error::other),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let (new, beside) = (
                    Self::random(),
                    path.with_extension(format!("{:x}", rand::random::<u64>())),
                );
                new.save(&beside)?;
                // It gets its name when it is whole; of two servers that start at once one gives
                // it.
                let named = std::fs::hard_link(&beside, path);
                std::fs::remove_file(&beside)?;
                match named {
                    Err(error) if error.kind() == ErrorKind::AlreadyExists => Self::of_file(path),
                    named => named.map(|()| new),
                }
            }
            Err(error) => Err(error),
        }
    }

    /// Writes the keys in place of the file's.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn write(&self, path: &Path) -> std::io::Result<()> {
        let beside = path.with_extension("new");
        self.save(&beside)?;
        std::fs::rename(beside, path)
    }

    fn save(&self, path: &Path) -> std::io::Result<()> {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).truncate(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        let keys: String = self
            .keys
            .iter()
            .map(|key| URL_SAFE_NO_PAD.encode(key) + "\n")
            .collect();
        file.write_all(keys.as_bytes())?;
        file.sync_all()
    }

    /// The same with a new key in front.
    #[must_use]
    pub fn renewed(&self) -> Self {
        let keys = std::iter::once(rand::random())
            .chain(self.keys.iter().copied())
            .collect();
        Self { keys }
    }

    /// The key that seals, as [`Vault::parse`] takes it.
    #[must_use]
    pub fn to_text(&self) -> String {
        self.keys
            .iter()
            .take(1)
            .map(|key| URL_SAFE_NO_PAD.encode(key))
            .collect()
    }

    /// Only the key that seals.
    #[must_use]
    pub fn current(&self) -> Self {
        Self {
            keys: self.keys.iter().take(1).copied().collect(),
        }
    }

    /// Seals bytes for a purpose: what is sealed for one row opens for no other.
    pub(crate) fn seal(&self, purpose: &str, plain: &[u8]) -> Result<String> {
        let key = self
            .keys
            .first()
            .ok_or_else(|| StoreError::Broken("no key".to_owned()))?;
        let nonce: [u8; NONCE] = rand::random();
        let payload = Payload {
            msg: plain,
            aad: purpose.as_bytes(),
        };
        let sealed = cipher(key)
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|error| StoreError::Broken(error.to_string()))?;
        Ok(URL_SAFE_NO_PAD.encode([&name_of(key)[..], &nonce, &sealed].concat()))
    }

    /// What was sealed for this purpose.
    pub(crate) fn open(&self, purpose: &str, sealed: &str) -> Result<Vec<u8>> {
        let unknown =
            || StoreError::Broken("sealed with a key that this server does not have".to_owned());
        let bytes = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| unknown())?;
        let (name, rest) = bytes.split_at_checked(NAME).ok_or_else(unknown)?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE>().ok_or_else(unknown)?;
        let key = self
            .keys
            .iter()
            .find(|key| name_of(key) == name)
            .ok_or_else(unknown)?;
        cipher(key)
            .decrypt(
                &XNonce::from(*nonce),
                Payload {
                    msg: sealed,
                    aad: purpose.as_bytes(),
                },
            )
            .map_err(|_| unknown())
    }
}

fn cipher(key: &[u8; KEY]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.into())
}

fn name_of(key: &[u8; KEY]) -> [u8; NAME] {
    let hash = Sha256::digest(key);
    std::array::from_fn(|at| hash[at])
}

impl Store {
    /// Seals bytes for a purpose of the caller's, to be handed to somebody who must not read or
    /// change them.
    ///
    /// # Errors
    /// When there is no key.
    pub fn seal(&self, purpose: &str, plain: &[u8]) -> Result<String> {
        self.vault.seal(purpose, plain)
    }

    /// What was sealed for this purpose.
    ///
    /// # Errors
    /// [`StoreError::Broken`] for anything else.
    pub fn unseal(&self, purpose: &str, sealed: &str) -> Result<Vec<u8>> {
        self.vault.open(purpose, sealed)
    }

    /// Whether this server's keys open the database's secrets.
    ///
    /// # Errors
    /// [`StoreError::Broken`] when they do not: whoever has a second factor can't sign in here, and
    /// no system can be read.
    pub async fn check_vault(&self) -> Result<()> {
        for row in second_factor::Entity::find().all(self.read()).await? {
            self.vault
                .open(&crate::second_factor::purpose(row.user_id), &row.secret)?;
        }
        for row in connection::Entity::find().all(self.read()).await? {
            self.vault
                .open(&crate::systems::purpose(row.id), &row.secrets)?;
        }
        Ok(())
    }

    /// Seals everything with the first key, in one transaction; answers with how many secrets there
    /// were.
    ///
    /// # Errors
    /// When one was sealed with a key that is not among the vault's: nothing is changed then.
    pub async fn reseal(&self) -> Result<u64> {
        let transaction = self.begin().await?;
        let mut count = 0;
        for row in second_factor::Entity::find().all(&transaction).await? {
            let purpose = crate::second_factor::purpose(row.user_id);
            let sealed = self
                .vault
                .seal(&purpose, &self.vault.open(&purpose, &row.secret)?)?;
            let mut row = row.into_active_model();
            row.secret = Set(sealed);
            row.update(&transaction).await?;
            count += 1;
        }
        for row in connection::Entity::find().all(&transaction).await? {
            let purpose = crate::systems::purpose(row.id);
            let sealed = self
                .vault
                .seal(&purpose, &self.vault.open(&purpose, &row.secrets)?)?;
            let mut row = row.into_active_model();
            row.secrets = Set(sealed);
            row.update(&transaction).await?;
            count += 1;
        }
        transaction.commit().await?;
        // The old key may be forgotten after this: SQLite's log alone does not outlast a power cut.
        if self.write().get_database_backend() == DbBackend::Sqlite {
            self.write()
                .execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)")
                .await?;
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::Vault;

    #[test]
    fn what_is_sealed_opens_for_its_purpose_and_its_key_only() {
        let vault = Vault::random();
        let sealed = vault.seal("user 1", b"secret").unwrap();
        assert!(!sealed.contains("secret"));
        assert_eq!(vault.open("user 1", &sealed).unwrap(), b"secret");
        assert!(vault.open("user 2", &sealed).is_err());
        assert!(Vault::random().open("user 1", &sealed).is_err());
        assert_ne!(
            vault.seal("user 1", b"secret").unwrap(),
            sealed,
            "each with a nonce of its own"
        );
        assert_eq!(vault.renewed().open("user 1", &sealed).unwrap(), b"secret");
        assert!(vault.renewed().current().open("user 1", &sealed).is_err());
    }

    #[test]
    fn nothing_that_is_changed_or_cut_opens() {
        let vault = Vault::random();
        let sealed = vault.seal("user 1", b"secret").unwrap();
        for at in 0..sealed.len() {
            assert!(vault.open("user 1", &sealed[..at]).is_err());
            let mut bytes = sealed.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'Q' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            assert!(
                changed == sealed || vault.open("user 1", &changed).is_err(),
                "{at}"
            );
        }
    }

    #[test]
    fn a_file_is_made_once_for_its_owner_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("secret.key");
        let sealed = Vault::of_file(&path).unwrap().seal("x", b"y").unwrap();
        assert_eq!(
            Vault::of_file(&path).unwrap().open("x", &sealed).unwrap(),
            b"y"
        );
        #[cfg(unix)]
        assert_eq!(
            std::os::unix::fs::PermissionsExt::mode(
                &std::fs::metadata(&path).unwrap().permissions()
            ) & 0o777,
            0o600
        );
        std::fs::write(&path, "no key").unwrap();
        assert!(Vault::of_file(&path).is_err());
    }
}
