//! Encryption of stored secrets: sealed with XChaCha20-Poly1305, under a key that is not in the
//! database.

mod stored;

use std::io::{ErrorKind, Write};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use sha2::{Digest, Sha256};

use crate::error::{Result, StoreError};

/// Bytes of a key.
const KEY_LENGTH: usize = 32;
/// Bytes of the hash by which a sealed text names its key.
const KEY_NAME_LENGTH: usize = 4;
/// Bytes of a nonce.
const NONCE_LENGTH: usize = 24;

/// Returns the purpose that the second factor of a user is sealed for.
pub(crate) fn second_factor_purpose(user: i64) -> String {
    format!("second factor of user {user}")
}

/// Returns the purpose that the credentials of a connection are sealed for.
pub(crate) fn connection_purpose(connection: i64) -> String {
    format!("connection {connection}")
}

/// Returns the purpose that the key of an organization's kept refusals is sealed for.
pub(crate) fn refusals_purpose(organization: i64) -> String {
    format!("refusals of organization {organization}")
}

/// The keys of stored secrets: the first one seals, and each opens what it has sealed.
#[derive(Clone)]
pub struct Vault {
    keys: Vec<[u8; KEY_LENGTH]>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Vault of {} keys", self.keys.len())
    }
}

impl Vault {
    /// Makes a vault with a new random key.
    #[must_use]
    pub fn random() -> Self {
        Self {
            keys: vec![rand::random()],
        }
    }

    /// Reads the keys from the text of a file or of an environment variable: 32 bytes each in
    /// base64url, one a line or separated by commas; the first one seals.
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
        let keys: Option<Vec<[u8; KEY_LENGTH]>> = keys.collect();
        let keys = keys.filter(|keys| !keys.is_empty());
        keys.map(|keys| Self { keys })
            .ok_or_else(|| StoreError::Broken("a key is 32 bytes in base64url".to_owned()))
    }

    /// Reads the keys from a file; makes the file, with a new key and readable only by its owner,
    /// when there is none.
    ///
    /// # Errors
    /// When the file can't be read or made, or holds no keys.
    pub fn of_file(path: &Path) -> std::io::Result<Self> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text).map_err(std::io::Error::other),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let (new, beside) = (
                    Self::random(),
                    path.with_extension(format!("{:x}", rand::random::<u64>())),
                );
                new.save(&beside)?;
                // The file gets its name when it is complete. Of two servers that start at once
                // only one can give it.
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

    /// Writes the keys to a file, in place of its old ones.
    ///
    /// # Errors
    /// When the file can't be written.
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

    /// Returns the same keys after a new random one, which seals from now on.
    #[must_use]
    pub fn renewed(&self) -> Self {
        let keys = std::iter::once(rand::random())
            .chain(self.keys.iter().copied())
            .collect();
        Self { keys }
    }

    /// Returns, as a text for [`Vault::parse`], the key that new secrets are sealed with.
    #[must_use]
    pub fn to_text(&self) -> String {
        self.keys
            .iter()
            .take(1)
            .map(|key| URL_SAFE_NO_PAD.encode(key))
            .collect()
    }

    /// Returns a vault with only the key that new secrets are sealed with.
    #[must_use]
    pub fn current(&self) -> Self {
        Self {
            keys: self.keys.iter().take(1).copied().collect(),
        }
    }

    /// Seals bytes for a purpose; they open only for the same purpose, so that the secret of one
    /// row is of no use in another.
    pub(crate) fn seal(&self, purpose: &str, plain: &[u8]) -> Result<String> {
        let key = self
            .keys
            .first()
            .ok_or_else(|| StoreError::Broken("no key".to_owned()))?;
        let nonce: [u8; NONCE_LENGTH] = rand::random();
        let payload = Payload {
            msg: plain,
            aad: purpose.as_bytes(),
        };
        let sealed = cipher(key)
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|error| StoreError::Broken(error.to_string()))?;
        Ok(URL_SAFE_NO_PAD.encode([&name_of(key)[..], &nonce, &sealed].concat()))
    }

    /// Opens a text that was sealed for this purpose.
    pub(crate) fn open(&self, purpose: &str, sealed: &str) -> Result<Vec<u8>> {
        let unknown =
            || StoreError::Broken("sealed with a key that this server does not have".to_owned());
        let bytes = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| unknown())?;
        let (name, rest) = bytes
            .split_at_checked(KEY_NAME_LENGTH)
            .ok_or_else(unknown)?;
        let (nonce, sealed) = rest
            .split_first_chunk::<NONCE_LENGTH>()
            .ok_or_else(unknown)?;
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

fn cipher(key: &[u8; KEY_LENGTH]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.into())
}

/// Returns the first bytes of a key's hash, by which a sealed text names its key.
fn name_of(key: &[u8; KEY_LENGTH]) -> [u8; KEY_NAME_LENGTH] {
    let hash = Sha256::digest(key);
    std::array::from_fn(|at| hash[at])
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
